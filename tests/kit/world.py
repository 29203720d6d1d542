"""A whole evwatch in a test: the real store, engine and pipeline between a scripted chat and feeds one talks to."""

import asyncio
import itertools
import shutil
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import rulebook
from bot.adapters import store as stores
from bot.domain.channels import Appetite, Cadence, Channel, ChannelRef, Subscription, SubscriptionId
from bot.domain.entries import ParsedEntry
from bot.domain.feeds import Feed, FeedSpec, Polled
from bot.domain.mutes import Mutable, Mute, MuteId
from bot.domain.rulebook import Rulebook
from bot.engine.reader import Reader
from bot.pipeline.catchup import NOTE, CatchUp
from bot.pipeline.deliver import Deliverer
from bot.pipeline.digest import send_digests
from bot.pipeline.heartbeat import Heartbeat
from bot.pipeline.keep import keep
from bot.pipeline.live import Live
from bot.pipeline.notices import Notices
from bot.pipeline.poll import Poller
from bot.ports import ChatPlatform
from bot.settings import duration
from tests.kit.chat import ScriptedChat
from tests.kit.clock import HandClock

DESK, OPERATORS = "C0EVDESK", "C0OPS"
INTERVAL = timedelta(minutes=1)
#: What is due is in the database, but for how long catching up waits.
_LONGEST_STEP, _WHILE_BEHIND = timedelta(hours=12), timedelta(minutes=30)


@lru_cache
def real_rules() -> tuple[Rulebook, Reader]:
    """The bundled rules, once for all tests."""
    book = rulebook.load([rulebook.bundled()])
    return book, Reader(book)


class FakeFeed:
    """A feed to publish in."""

    def __init__(self, spec: FeedSpec, clock: HandClock) -> None:
        self.spec = spec
        self.entries: list[ParsedEntry] = []
        self.polls: list[datetime] = []
        self._clock = clock
        self._faults: list[Exception] = []
        self._numbers = itertools.count(1)

    def publish(self, title: str, text: str = "", **values: Any) -> ParsedEntry:
        """Put an entry on top; link, guid, date and outlet are made up unless given."""
        number = next(self._numbers)
        link = f"https://{self.spec.id}.example/{number}"
        entry = ParsedEntry(link, link, title, text, self._clock.now(), self.spec.id.title())
        entry = replace(entry, **values)
        self.entries.insert(0, entry)
        return entry

    def fail_next(self, *errors: Exception) -> None:
        """The next polls raise these, in this order."""
        self._faults.extend(errors)

    def answer(self, feed: Feed) -> Polled:
        now = self._clock.now()
        self.polls.append(now)
        if self._faults:
            raise self._faults.pop(0)
        state = replace(feed.state, polled_at=now, parsed_at=now, failures=0, error=None, next_poll_at=None)
        return Polled(tuple(self.entries), state)


class FakeSource:
    """Hands out what was published."""

    def __init__(self) -> None:
        self.feeds: dict[str, FakeFeed] = {}

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def poll(self, feed: Feed) -> Polled:
        await asyncio.sleep(0)
        return self.feeds[feed.spec.id].answer(feed)


class World:
    """`world.feed("first").publish(...)`, `await world.run_for("5m")`, `world.slack.messages("C0EVDESK")`."""

    def __init__(self, folder: Path, *, desk: bool = True) -> None:
        self.clock = HandClock()
        self.slack = ScriptedChat(self.clock)
        self.platforms: dict[str, ChatPlatform] = {"slack": self.slack}
        self.source = FakeSource()
        self.broken: list[Exception] = []
        self.down: list[tuple[str, str]] = []
        self._file, self.heartbeat_file = folder / "world.db", folder / "heartbeat"
        self._url = stores.sqlite_url(self._file)
        self._desk = desk
        self._started = False
        self._holding = False
        self._synced = 0

    # what tests say

    def feed(self, name: str, **values: Any) -> FakeFeed:
        """The feed of this name, made at its first mention; everything of its first poll is told unless it says."""
        if name not in self.source.feeds:
            url = f"http://feeds.example:80/{name}"
            spec = FeedSpec(name, url, title=name.title(), interval=INTERVAL, backlog=None)
            self.source.feeds[name] = FakeFeed(replace(spec, **values), self.clock)
        return self.source.feeds[name]

    async def subscribe(self, room: str, *words: str, **values: Any) -> SubscriptionId:
        """A room hears of watch lists and companies; words about the room (quiet, budget ...) stay as they were."""
        await self._start()
        book = self.live.rulebook
        lists = tuple(w for w in words if w in book.watchlists)
        single = frozenset(words) - set(lists)
        assert single <= set(book.companies), single
        settings = ("language", "timezone", "digest_at", "quiet", "budget")
        channel = await self.set_channel(room, **{k: values.pop(k) for k in settings if k in values})
        watched = single.union(*(book.watchlists[w].companies for w in lists))
        subscription = Subscription(SubscriptionId(0), channel, lists, single, watched, **values)
        return await self.store.subscribe(subscription, self.clock.now())

    async def set_channel(self, room: str, **settings: Any) -> Channel:
        """Change a room's settings: language, timezone, digest_at, quiet, budget."""
        await self._start()
        ref = ChannelRef("slack", room)
        return await self.store.set_channel(Channel(ref, digest_at=time(8)), **settings)

    async def mute(self, name: str, period: str | None = "7d", room: str | None = DESK) -> Mute:
        """A company, `S1` or a watch list is muted in a room, or everywhere."""
        await self._start()
        now, lists = self.clock.now(), self.live.rulebook.watchlists
        what, companies = Mutable.COMPANY, frozenset({name})
        if name.startswith("S"):
            what, companies, name = Mutable.STORY, frozenset(), name[1:]
        elif name in lists:
            what, companies = Mutable.WATCHLIST, lists[name].companies
        until = now + duration(period) if period else None
        channel = ChannelRef("slack", room) if room else None
        return await self.store.mute(Mute(MuteId(0), channel, what, name, until, "slack:U0ME", now, companies))

    def now_local(self, timezone: str) -> datetime:
        """What the clock on the wall shows there."""
        return self.clock.now().astimezone(ZoneInfo(timezone))

    async def run_until(self, moment: datetime) -> None:
        """Let time pass until then, doing whatever becomes due."""
        await self.run_for(f"{int((moment - self.clock.now()).total_seconds())}s")

    async def run_for(self, period: str) -> None:
        """Let this much time pass, doing whatever becomes due."""
        await self._start()
        end = self.clock.now() + duration(period)
        while True:
            await self.settle()
            at = await self._next()
            if at > end:
                break
            self.clock.set(at)
        self.clock.set(end)
        await self.settle()

    async def settle(self) -> None:
        """Do what is due now, until nothing is."""
        await self._sync()
        await send_digests(self.store, self.clock, self.live, self.deliverer.wake)
        await self.catch_up.tick()
        await self.catch_up.look()
        while await self.poller.tick():
            await self.poller.idle()
        while not self._holding and await self.deliverer.turn():
            await self.deliverer.idle()
        if self.broken:
            raise self.broken[0]

    async def poll_now(self) -> None:
        """Poll every feed, due or not, and do what comes of it."""
        await self._start()
        await self._sync()
        await self.catch_up.look()
        await self.poller.tick(self.clock.now() + timedelta(days=30))
        await self.poller.idle()
        await self.settle()

    def hold_deliveries(self) -> None:
        """Nothing is sent until they are released, as if the deliverer were busy elsewhere."""
        self._holding = True

    def release_deliveries(self) -> None:
        self._holding = False

    async def restart(self) -> None:
        """Whatever was under way is lost; a new process opens the same data."""
        await self._stop()
        await self._go_on()

    async def back_up(self) -> None:
        """Copy the database's file, as people do."""
        await self._start()
        await self._stop()
        shutil.copy(self._file, self._file.with_suffix(".copy"))
        await self._go_on()

    async def put_back(self) -> None:
        """The copy takes the database's place; the heartbeat beside it stays."""
        await self._stop()
        for leftover in self._file.parent.glob(f"{self._file.name}-*"):
            leftover.unlink()
        shutil.copy(self._file.with_suffix(".copy"), self._file)
        await self._go_on()

    async def prune(self) -> dict[str, int]:
        return await keep(self.store, self.clock)

    async def counts(self) -> dict[str, int]:
        """Outbox rows by status, without the empty ones."""
        return {k: v for k, v in (await self.store.outbox_counts()).items() if v}

    async def close(self) -> None:
        if self._started:
            await self.deliverer.close(1)
            await self.poller.close(1)
            await self.store.close()

    # how it is done

    def _open(self) -> None:
        book, reader = real_rules()
        self.live = Live(book, reader)
        self.store = stores.create(self._url, clock=self.clock, fsync=False)
        self.notices = Notices(self.store, [ChannelRef("slack", OPERATORS)], lambda: None)
        self.heartbeat = Heartbeat(self.store, self.clock, self.heartbeat_file)
        self.deliverer = Deliverer(
            self.store,
            self.clock,
            self.live,
            self.platforms,
            self.notices,
            platform_down=lambda name, why: self.down.append((name, why)),
            broken=self.broken.append,
            telling=self.heartbeat.beat,
            jitter=lambda: 0.5,
        )
        self.catch_up = CatchUp(self.store, self.clock, self.live, self.deliverer.wake, self.heartbeat)
        self.poller = Poller(
            self.store,
            self.clock,
            self.live,
            self._source,
            self.notices,
            enqueued=self.deliverer.wake,
            broken=self.broken.append,
            floor=timedelta(minutes=15),
            allow_hosts={"feeds.example:80"},
            catching_up=self.catch_up.covers,
            jitter=lambda: 0.0,
        )

    async def _start(self) -> None:
        if self._started:
            return
        self._started = True
        await self._go_on()
        if self._desk:
            await self.subscribe(DESK, "all")

    async def _stop(self) -> None:
        for task in [*self.deliverer._tasks, *self.poller._hosts.values()]:
            task.cancel()
        await self.store.close()

    async def _go_on(self) -> None:
        self._open()
        await self.store.start()
        await self.store.reclaim()
        await self.heartbeat.start()
        await self.catch_up.start()

    async def _sync(self) -> None:
        if len(self.source.feeds) != self._synced:
            await self.store.sync_feeds({n: f.spec for n, f in self.source.feeds.items()}, self.clock.now())
            self._synced = len(self.source.feeds)

    async def _next(self) -> datetime:
        now = self.clock.now()
        due = (self.store.next_poll_at, self.store.next_delivery_at, self.store.next_digest_at)
        step = _LONGEST_STEP if await self.store.note(NOTE) is None else _WHILE_BEHIND
        times = [*[await when() for when in due], now + step]
        return max(min(t for t in times if t is not None), now + timedelta(seconds=1))

    async def _source(self, kind: str) -> FakeSource:
        return self.source


__all__ = ["DESK", "OPERATORS", "Appetite", "Cadence", "World"]
