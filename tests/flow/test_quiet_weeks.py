"""Ninety days of news with quiet hours, budgets and digests, over the changes of the clocks on both continents."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from bot.domain.channels import HOLDING, Cadence, ChannelRef, Outgoing, Part, QuietHours, ReasonCode, Receipt
from tests.kit.chat import ScriptedChat
from tests.kit.world import DESK, real_rules

DAYS, STORIES = 45, 60
DAILY = timedelta(days=1)
PARTS = {Part.ROOT, Part.LINE, Part.EDIT, Part.DIGEST, Part.OVERFLOW}

#: What is said of two companies, in three languages, and what comes of it.
RUMOURS = (
    "{a} and {b} plan EV joint venture, sources say",
    "{a} und {b} planen Gemeinschaftsunternehmen für Elektroautos, berichten Insider",
    "知情人士称，{a}与{b}计划成立电动汽车合资公司",
)
PLANS = ("{a} and {b} form EV joint venture", "{a} und {b} gründen ein Gemeinschaftsunternehmen für Elektroautos")
ENDS = (
    "{a} denies EV joint venture with {b}",
    "{a} dementiert Gemeinschaftsunternehmen für Elektroautos mit {b}",
    "{a} confirms EV joint venture with {b}",
    "{a} and {b} have founded their electric car joint venture",
)


@dataclass(frozen=True)
class Room:
    """A room's promises."""

    name: str
    zone: str
    quiet: QuietHours
    budget: int

    def is_quiet(self, moment: datetime) -> bool:
        """By the clock on the wall alone."""
        shown, start, end = moment.astimezone(ZoneInfo(self.zone)).time(), self.quiet.start, self.quiet.end
        return start <= shown < end if start < end else shown >= start or shown < end

    def day(self, moment: datetime) -> object:
        return moment.astimezone(ZoneInfo(self.zone)).date()


ROOMS = (
    Room(DESK, "Europe/Berlin", QuietHours(time(22), time(7)), 3),
    Room("C0NIGHT", "Europe/Berlin", QuietHours(time(2, 30), time(5, 15)), 1),
    Room("C0NY", "America/New_York", QuietHours(time(21, 30), time(2, 30)), 2),
)


class WatchedChat(ScriptedChat):
    """Remembers when what arrived."""

    def __init__(self, clock) -> None:
        super().__init__(clock)
        self.log: list[tuple[datetime, Outgoing]] = []

    async def send(self, outgoing: Outgoing) -> Receipt:
        self.log.append((self._clock.now(), outgoing))
        return await super().send(outgoing)


def script(chance: random.Random, start: datetime) -> list[tuple[datetime, str, str]]:
    """What is published when by which outlet."""
    book, _ = real_rules()
    names = [book.companies[c].name for c in ("byd", "geely", "nio", "xpeng", "foxconn", "catl", "renault", "chery")]
    names += [book.companies[c].name for c in ("saic", "baic", "changan", "leapmotor", "zeekr", "gac", "northvolt")]
    pairs = list(combinations(names, 2))
    chance.shuffle(pairs)
    events = []
    for a, b in pairs[:STORIES]:
        first = start + timedelta(minutes=chance.randrange(DAYS * 24 * 60))
        told = [chance.choice(RUMOURS + PLANS)]
        told += chance.sample(RUMOURS, chance.randrange(2)) + chance.sample(ENDS, chance.choice((0, 0, 1, 1, 2)))
        for n, words in enumerate(told):
            when = first + timedelta(minutes=n * chance.choice((20, 240, 900, 3000)))
            events.append((when, f"Outlet {chance.randrange(9)}", words.format(a=a, b=b)))
    return sorted(events)


@pytest.mark.slow
@pytest.mark.parametrize(
    "start", [datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 10, 5, 9, tzinfo=UTC)], ids=["spring", "autumn"]
)
async def test_silence_holds_for_weeks_and_loses_nothing(world, start):
    """Nothing in quiet hours, no day over its budget, what was held told once, nothing twice."""
    world.clock.set(start)
    chat = world.slack = world.platforms["slack"] = WatchedChat(world.clock)
    for room in ROOMS:
        await world.set_channel(room.name, timezone=room.zone, quiet=room.quiet, budget=room.budget)
    await world.set_channel(DESK, digest_at=time(12))
    await world.subscribe("C0NIGHT", "byd", "geely", "nio", digest_at=time(3))
    await world.subscribe("C0NIGHT", "all", cadence=Cadence.WEEKLY, weekday=6, digest_at=time(2, 45))
    await world.subscribe("C0NY", "all", digest_at=time(2))
    feed = world.feed("first", interval=DAILY)
    for when, outlet, title in script(random.Random(20), start):
        await world.run_until(max(when, world.clock.now()))
        feed.publish(title, outlet_name=outlet)
        del feed.entries[20:]
        await world.poll_now()
    await world.run_for("10d")

    assert {r.name for r in ROOMS} == {o.ref.room for _, o in chat.log}
    for room in ROOMS:
        log = [(when, o) for when, o in chat.log if o.ref.room == room.name]
        assert [str(o.key) for when, o in log if room.is_quiet(when)] == []
        rings = Counter(room.day(when) for when, o in log if o.part in (Part.ROOT, Part.LINE) and not urgent(o))
        assert max(rings.values()) <= room.budget
        assert len({o.key for _, o in log}) == len(log)
        await nothing_is_lost(world, room, log)
    found = {d.reason.code for _, d in await world.store.decisions(limit=100_000)}
    assert found >= {ReasonCode.QUIET, ReasonCode.BUDGET, ReasonCode.DIGEST}
    assert set(await world.counts()) <= {"sent", "superseded"}
    assert {o.part for _, o in chat.log} == PARTS - {Part.OVERFLOW}


def urgent(o: Outgoing) -> bool:
    return o.part is Part.LINE and any(w in o.message.first_line for w in ("Now: confirmed", "Now: denied"))


async def nothing_is_lost(world, room: Room, log: list[tuple[datetime, Outgoing]]) -> None:
    """Every decision of the room came true."""
    told: dict[str, list[tuple[datetime, Outgoing]]] = {}
    in_digests: dict[str, list[tuple[datetime, str]]] = {}
    for when, o in log:
        if o.part in (Part.ROOT, Part.LINE):
            told.setdefault(o.key.split(":")[1], []).append((when, o))
        if o.part is Part.DIGEST:
            for item in o.message.items:
                in_digests.setdefault((item.story or "").removeprefix("S"), []).append((when, item.first_line))
    for story, messages in told.items():
        assert sum(o.part is Part.ROOT for _, o in messages) == 1, story
    for story, items in in_digests.items():
        assert len({line for _, line in items}) == len(items), story
        for when, line in items:
            before = [o for at, o in told.get(story, []) if at < when]
            said = [o for o in before if o.message.first_line == line or (o.part is Part.ROOT and "Now:" not in line)]
            assert said == [], story
    decisions = [(e, d) for e, d in await world.store.decisions(limit=100_000) if d.channel == ref(room)]
    for entry, decision in decisions:
        code, story = decision.reason.code, str(decision.story)
        if code in HOLDING:
            held_at = entry.entry.seen_at
            key = f"digest:{decision.reason.subscription}:"
            due = next(when for when, o in log if o.key.startswith(key) and when > held_at)
            heard = [when for when, _ in told.get(story, []) + in_digests.get(story, [])]
            assert any(held_at < when <= due + timedelta(minutes=5) for when in heard), (entry, decision)
        elif code in (ReasonCode.ROOT, ReasonCode.LINE):
            part = Part(code.value)
            assert [o for when, o in told[story] if o.part is part and when >= entry.entry.seen_at], (entry, decision)
    for message in world.slack.messages(room.name):
        if message.key.startswith("story:"):
            view = await world.store.story_view(int(message.key.split(":")[1]))
            assert message.shown.revision == view.story.revision


def ref(room: Room) -> ChannelRef:
    return ChannelRef("slack", room.name)
