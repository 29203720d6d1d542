"""Silence on the way to a channel: quiet hours, a day's budget, mutes; what is held is told later."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.channels import Cadence, ChannelRef, QuietHours, ReasonCode
from bot.domain.entries import ParsedEntry
from bot.errors import Rejected, Scope, Unavailable
from tests.kit.chat import Fault
from tests.kit.world import DESK, OPERATORS

HOURLY, OFTEN, DAILY = timedelta(hours=1), timedelta(minutes=20), timedelta(days=1)
NIGHT = QuietHours(time(22), time(7))
RUMOUR, DENIAL = "Xiaomi to build electric cars, sources say", "Xiaomi denies plans to build electric cars"
CONFIRMED = "Xiaomi bestätigt den Einstieg in den Bau von Elektroautos"
TITLES = [
    "BYD and Uber form EV joint venture",
    "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für Elektroautos",
    "蔚来与小鹏成立电动汽车合资公司",
]
MAKERS = ["BYD", "Geely", "NIO", "Xpeng", "Tesla", "Chery", "Changan", "Renault", "Leapmotor", "Zeekr", "BAIC", "GAC"]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of March 2026 as UTC, which is the desk's; the world begins on the 2nd at nine."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def digests(world, room=DESK):
    return [m for m in world.slack.messages(room) if m.key.startswith("digest:")]


def roots(world, room=DESK):
    return [m for m in world.slack.messages(room) if m.key.startswith("story:")]


async def codes(world, room=DESK):
    """What became of the entries in the room, oldest first."""
    return [d.reason.code for _, d in await world.store.decisions() if d.channel and d.channel.room == room][::-1]


# ------------------------------------------------------------ quiet hours


async def test_what_comes_at_night_is_in_the_mornings_digest(world):
    """Held, not dropped; a second outlet makes no message of it, and nobody hears of it twice."""
    await world.set_channel(DESK, quiet=NIGHT)
    await world.run_until(at(2, 23))
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_until(at(3, 3))
    world.feed("second", interval=HOURLY).publish("小米计划造电动汽车，知情人士称")
    await world.run_until(at(3, 7, 30))
    assert world.slack.keys == []
    assert await codes(world) == [ReasonCode.QUIET, ReasonCode.DIGEST]
    await world.run_until(at(4, 12))
    (digest,) = world.slack.messages(DESK)
    assert digest.key.startswith("digest:")
    assert len(digest.message.items) == 1


async def test_a_digest_hour_at_night_moves_to_their_end(world):
    """Five o'clock is seven o'clock."""
    await world.set_channel(DESK, quiet=NIGHT, digest_at=time(5))
    await world.run_until(at(2, 23))
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_until(at(3, 6, 59))
    assert world.slack.keys == []
    await world.run_until(at(3, 7, 1))
    assert len(digests(world)) == 1


async def test_a_change_at_night_edits_in_the_morning_and_is_a_line_of_the_digest(world):
    """The thread stays silent; message and digest say what holds now, later reports do not say it again."""
    await world.set_channel(DESK, quiet=NIGHT)
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_until(at(2, 23))
    feed.publish(DENIAL)
    await world.run_until(at(3, 6, 59))
    (told,) = world.slack.messages(DESK)
    assert told.edits == []
    await world.run_until(at(3, 7, 30))
    assert "Denied" in told.shown.first_line
    await world.run_until(at(3, 9))
    (digest,) = digests(world)
    assert ["Now: denied" in item.first_line for item in digest.message.items] == [True]
    world.feed("second", interval=HOURLY).publish("小米否认造车传闻，称没有生产电动汽车的计划")
    await world.run_until(at(4, 12))
    assert told.lines == []
    assert len(digests(world)) == 1


async def test_a_story_held_at_night_that_changes_by_day_is_told_at_once(world):
    """The message of its own comes before the digest, which then leaves it out."""
    await world.set_channel(DESK, quiet=NIGHT)
    await world.run_until(at(3, 5))
    feed = world.feed("first", interval=OFTEN)
    feed.publish(RUMOUR)
    await world.run_until(at(3, 7, 10))
    feed.publish(CONFIRMED)
    await world.run_until(at(4, 12))
    (told,) = world.slack.messages(DESK)
    assert told.key.startswith("story:")
    assert "Confirmed" in told.text


async def test_a_denial_by_day_of_what_was_held_by_night_is_a_line_not_a_digest(world):
    """Held as done, told as denied: what was held is no longer so."""
    await world.set_channel(DESK, quiet=NIGHT)
    feed = world.feed("first", interval=OFTEN)
    feed.publish(RUMOUR)
    await world.run_until(at(3, 5))
    feed.publish(DENIAL)
    await world.run_until(at(3, 7, 10))
    feed.publish(CONFIRMED)
    await world.run_until(at(4, 12))
    (told,) = world.slack.messages(DESK)
    assert ["Now: confirmed" in line.first_line for line in told.lines] == [True]


async def test_what_was_on_its_way_when_the_night_began_waits_for_its_end(world):
    """Message, edit and late digest alike, in their order, at what holds then."""
    await world.set_channel(DESK, quiet=NIGHT, digest_at=time(21, 55))
    feed = world.feed("first", interval=HOURLY)
    feed.publish("Tesla updates the software of its electric cars")
    await world.run_until(at(2, 21, 54))
    world.hold_deliveries()
    world.feed("second", interval=HOURLY).publish(RUMOUR)
    await world.run_for("90s")
    world.clock.set(at(2, 22, 5))
    world.release_deliveries()
    await world.run_until(at(3, 2))
    world.feed("third", interval=HOURLY).publish("小米计划造电动汽车，知情人士称")
    await world.run_until(at(3, 6, 59))
    assert world.slack.attempts == []
    await world.run_until(at(3, 7, 1))
    told, digest = world.slack.messages(DESK)
    assert (told.key, told.edits, len(told.shown.sources)) == ("story:2:r1:root", [], 2)
    assert digest.key.startswith("digest:")
    assert await world.counts() == {"sent": 2, "superseded": 1}


async def test_a_doubt_is_settled_at_night_but_nothing_is_sent(world):
    """Looking is silent; what had not arrived is sent in the morning, once."""
    await world.set_channel(DESK, quiet=NIGHT)
    await world.run_until(at(2, 21, 59) + timedelta(seconds=59))
    world.slack.fail_next(Fault.LOST_MESSAGE)
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_until(at(3, 6, 59))
    assert (len(world.slack.settled), world.slack.keys) == (1, [])
    await world.run_until(at(3, 7, 5))
    assert len(world.slack.keys) == 1


async def test_a_message_that_failed_before_the_night_waits_and_holds_nobody_up(world):
    """A notice to the same room comes at any hour."""
    await world.set_channel(OPERATORS, quiet=NIGHT)
    await world.subscribe(OPERATORS, "xiaomi", quiet=NIGHT)
    await world.run_until(at(2, 21, 59))
    world.slack.fail_next(*[Unavailable("503")] * 20)
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_until(at(2, 23, 30))
    await world.notices.tell("trouble", world.clock.now(), "a feed is gone")
    await world.run_until(at(2, 23, 59))
    assert world.slack.texts(OPERATORS) == ["a feed is gone"]
    await world.run_until(at(3, 7, 30))
    assert len(world.slack.texts(OPERATORS)) == 2


async def test_a_worker_that_died_before_it_rendered_blocks_no_night(world):
    """Nothing was sent, so nothing is in doubt: the row waits for the morning like the others."""
    await world.set_channel(DESK, quiet=NIGHT)
    await world.run_until(at(2, 21, 59))
    world.hold_deliveries()
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_for("10s")
    assert len(await world.store.claim_deliveries(world.clock.now(), HOURLY, 10)) == 1
    world.clock.set(at(2, 22, 30))
    await world.restart()
    world.release_deliveries()
    await world.notices.tell("trouble", world.clock.now(), "a feed is gone")
    await world.run_until(at(3, 6, 59))
    assert world.slack.texts(DESK) == []
    await world.run_until(at(3, 7, 5))
    assert len(world.slack.texts(DESK)) == 1


# ------------------------------------------------------------ budget


async def test_what_is_over_the_budget_waits_for_the_digest(world):
    """Two a day; tomorrow is a new day."""
    await world.set_channel(DESK, budget=2)
    feed = world.feed("first", interval=HOURLY)
    for title in TITLES:
        feed.publish(title)
        await world.run_for("2h")
    assert len(roots(world)) == 2
    assert await codes(world) == [ReasonCode.ROOT, ReasonCode.ROOT, ReasonCode.BUDGET]
    await world.run_until(at(3, 9))
    (digest,) = digests(world)
    assert len(digest.message.items) == 1
    feed.publish(RUMOUR)
    await world.run_for("2h")
    assert len(roots(world)) == 3


async def test_a_denial_breaks_the_budget(world):
    """Whoever read the rumour hears of its end today."""
    await world.set_channel(DESK, budget=1)
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_for("2h")
    feed.publish(DENIAL)
    await world.run_for("2h")
    (told,) = world.slack.messages(DESK)
    assert len(told.lines) == 1


async def test_a_day_is_the_channels_own(world):
    """In Auckland it is tomorrow at noon."""
    await world.set_channel(DESK, budget=1, timezone="Pacific/Auckland")
    feed = world.feed("first", interval=OFTEN)
    feed.publish(TITLES[0])
    await world.run_until(at(2, 10, 30))
    feed.publish(TITLES[1])
    await world.run_until(at(2, 11, 30))
    feed.publish(TITLES[2])
    await world.run_until(at(2, 12, 30))
    assert await codes(world) == [ReasonCode.ROOT, ReasonCode.BUDGET, ReasonCode.ROOT]


async def test_a_dearer_feed_shares_the_budget_with_the_others(world):
    """What is under way counts, whoever brought it."""
    await world.set_channel(DESK, budget=2)
    world.hold_deliveries()
    for n, title in enumerate(TITLES):
        world.feed(f"feed{n}", interval=HOURLY).publish(title)
        await world.run_for("10s")
    world.release_deliveries()
    await world.run_for("1h")
    assert len(roots(world)) == 2


# ------------------------------------------------------------ mutes


async def test_a_muted_company_is_silent_until_the_mute_is_over(world):
    """No message, no digest, no post; the next change is told as new."""
    await world.mute("xiaomi", "3d")
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_for("2d")
    assert world.slack.keys == []
    assert await codes(world) == [ReasonCode.MUTED]
    await world.run_for("2d")
    feed.publish(CONFIRMED)
    await world.run_for("2h")
    (told,) = world.slack.messages(DESK)
    assert told.key.startswith("story:1:r2:root")


async def test_a_muted_story_is_silent_in_its_channel_alone(world):
    """Everybody else goes on hearing of it."""
    await world.subscribe("C0OTHER", "xiaomi")
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_for("2h")
    await world.mute("S1")
    feed.publish(DENIAL)
    await world.run_for("2h")
    here, there = world.slack.messages(DESK)[0], world.slack.messages("C0OTHER")[0]
    assert (here.edits, here.lines) == ([], [])
    assert (len(there.edits), len(there.lines)) == (1, 1)
    details = [d.reason.detail for _, d in await world.store.decisions() if d.reason.code is ReasonCode.MUTED]
    assert details == ["M1 story S1 until 2026-03-09"]


@pytest.mark.parametrize("muted", ["xiaomi", "S1", "all"])
async def test_what_is_muted_before_the_digest_is_left_out_of_it(world, muted):
    """And is told as new should it change after the mute."""
    await world.set_channel(DESK, quiet=NIGHT)
    await world.run_until(at(3, 5))
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_until(at(3, 7, 30))
    await world.mute(muted, "1d")
    await world.run_until(at(4, 9))
    assert world.slack.keys == []
    assert await world.store.post(1, ChannelRef("slack", DESK)) is None
    world.feed("second", interval=HOURLY).publish("小米计划造电动汽车，知情人士称")
    await world.run_for("2h")
    (told,) = world.slack.messages(DESK)
    assert told.key == "story:1:r2:root"


async def test_a_mute_everywhere_is_named(world):
    """`why` says who is silenced, until when, and that it is for everybody."""
    await world.mute("xiaomi", "7d", room=None)
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_for("2h")
    details = [d.reason.detail for _, d in await world.store.decisions()]
    assert details == ["M1 company xiaomi until 2026-03-09 everywhere"]


# ------------------------------------------------------------ digests with their own hour


async def test_each_subscription_has_its_own_hour_and_day(world):
    """Daily at six in the evening, weekly on Wednesdays; each tells its own."""
    await world.subscribe("C0EVE", "xiaomi", cadence=Cadence.DAILY, digest_at=time(18))
    await world.subscribe("C0WEEK", "xiaomi", cadence=Cadence.WEEKLY, weekday=2)
    world.feed("first", interval=DAILY).publish(RUMOUR)
    await world.run_until(at(2, 18, 5))
    assert (len(digests(world, "C0EVE")), len(digests(world, "C0WEEK"))) == (1, 0)
    await world.run_until(at(4, 7, 55))
    assert digests(world, "C0WEEK") == []
    await world.run_until(at(12, 9))
    assert (len(digests(world, "C0EVE")), len(digests(world, "C0WEEK"))) == (1, 1)


async def test_two_subscriptions_of_a_channel_tell_a_story_once(world):
    """The first digest tells it; the second leaves it out."""
    await world.subscribe("C0TWO", "byd", cadence=Cadence.DAILY, digest_at=time(18))
    await world.subscribe("C0TWO", "uber", cadence=Cadence.DAILY, digest_at=time(20))
    world.feed("first", interval=DAILY).publish(TITLES[0])
    await world.run_for("2d")
    assert len(digests(world, "C0TWO")) == 1


# ------------------------------------------------------------ a room that is gone


async def test_the_notice_of_a_dead_channel_names_who_subscribed_there(world):
    """Somebody has to hear of it who knows why it was wanted."""
    await world.subscribe("C0GONE", "byd", by="slack:U0ANNA")
    await world.subscribe("C0GONE", "uber", by="slack:U0BO")
    world.slack.fail_next(Rejected("is_archived", scope=Scope.CHANNEL))
    await world.store.unsubscribe((await world.store.all_subscriptions())[0].id)
    world.feed("first", interval=HOURLY).publish(TITLES[0])
    await world.run_for("1h")
    (line,) = [t for t in world.slack.texts(OPERATORS) if "paused" in t]
    assert line.endswith("is_archived; its subscriptions are by slack:U0ANNA, slack:U0BO")


# ------------------------------------------------------------ a republished archive


async def test_a_republished_archive_with_new_guids_is_no_flood(world):
    """Links that stay are known; where all has changed, titles are, and the rest is one line and the digest."""
    feed = world.feed("first", burst=2, interval=DAILY)
    for name in MAKERS:
        feed.publish(f"{name} and Uber form EV joint venture", guid=f"http://old.example/{name}")
        await world.poll_now()
    assert len(roots(world)) == 12
    before = len(world.slack.keys)
    feed.entries = [replace(e, guid=f"https://new.example/{n}", link=None) for n, e in enumerate(feed.entries)]
    await world.run_for("2d")
    assert len(world.slack.keys) == before
    await world.run_for("20d")
    feed.entries = [
        ParsedEntry(
            f"https://other.example/{n}", f"https://other.example/{n}", f"{maker} and Foxconn form EV joint venture", ""
        )
        for n, maker in enumerate(MAKERS)
    ]
    await world.run_for("2d")
    new = world.slack.keys[before:]
    assert [k for _, k in new if k.startswith("overflow:")]
    assert sum(k.endswith(":root") for _, k in new) == 2
    assert sum(len(m.message.items) for m in digests(world)) == 10
