"""Polling: the straight line from a feed to the outbox, in one transaction."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from bot.domain import identity
from bot.domain.channels import Subscription
from bot.domain.claims import Family, Reading
from bot.domain.entries import FreshEntry, ReadEntry, StoredEntry
from bot.domain.feeds import Feed, FeedState, Polled
from bot.domain.stories import StoryUpdate
from bot.engine import timing
from bot.engine.routing import route
from bot.engine.silence import Silence
from bot.engine.stories import assign, since
from bot.errors import FetchError, ParseError, PollError, StaleClaim, StoreError
from bot.pipeline.breath import Breath
from bot.pipeline.digest import schedule_digests
from bot.pipeline.live import Live, Read
from bot.pipeline.notices import Notices
from bot.ports import Clock, Source, Store, Transaction

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
#: A poll that takes longer has lost its way; well inside the lease.
PATIENCE = timedelta(minutes=2)
#: Claimed and waiting or being polled; and hosts asked at the same time.
MAX_CLAIMED, MAX_HOSTS = 400, 32
#: Failures in a row before the operators hear of it: one lost answer is no news.
TELL_AFTER = 2
_NO_FLOOR = timedelta(seconds=1)


class Poller:
    """Claims due feeds and polls them: hosts side by side, the feeds of one host one after the other."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        live: Live,
        source: Callable[[str], Awaitable[Source]],
        notices: Notices,
        *,
        enqueued: Callable[[], None],
        broken: Callable[[StoreError], None],
        floor: timedelta,
        allow_hosts: Collection[str] = (),
        catching_up: Callable[[Feed], bool] = lambda _: False,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._source = source
        self._notices = notices
        self._enqueued = enqueued
        self._broken = broken
        self._floor = floor
        self._allow_hosts = frozenset(allow_hosts)
        self._catching_up = catching_up
        self._jitter = jitter
        self._reading = asyncio.Lock()
        self._slots = asyncio.Semaphore(MAX_HOSTS)
        self._queues: dict[str, deque[tuple[Feed, datetime]]] = {}
        self._hosts: dict[str, asyncio.Task[None]] = {}
        self._claimed = 0
        self._closing = False

    # -------------------------------------------------------------------------------------------- the straight line

    async def poll_feed(self, feed: Feed) -> Polled:
        """Ask the feed, read what is new, write down all of it or none of it. Raises PollError, StoreError."""
        source = await self._source(feed.spec.kind)
        polled = await source.poll(feed)  # the only network call
        now = self._clock.now()
        fresh = await self._store.unseen(feed.id, polled.entries, now)  # a read, no lock
        readings = await self._read(feed, fresh, now)
        keys = [key for entry in identity.keys(polled.entries) for key in entry]
        languages = self._live.rulebook.languages
        async with self._store.begin() as tx:  # short: rows only
            await tx.fence(feed)  # a late worker is refused here
            while any(r.rulebook != self._live.rulebook.hash for r in readings):  # swapped while we waited
                readings = await self._read(feed, fresh, now)
            added = _news(await tx.add_entries(feed.id, readings, now), fresh)  # says which were really new
            await tx.touch_seen(feed.id, keys, now)
            await tx.lock_stories()
            companies, families = _touched(added)
            updates = assign(added, await tx.open_stories(companies, families, since(now)), now)
            stories = await tx.save_stories(updates)  # ids are the store's
            subs = await tx.subscriptions(_parties(companies, stories))
            posts = await tx.posts([s.story.id for s in stories])
            poll = str(feed.fence)
            silence = await self._silence(tx, subs, now, catch_up=self._catching_up(feed))
            routed = route(
                added, stories, subs, posts, now, feed=feed.spec, poll=poll, languages=languages, silence=silence
            )
            enqueued = await tx.enqueue(routed)
            await schedule_digests(tx, routed.held, subs, now)
            await tx.save_state(feed.id, self._polled_state(feed, polled, now))  # kept only if the alerts are
        if enqueued:
            self._enqueued()
        log.info("feed polled", feed=feed.spec.id, entries=len(polled.entries), new=len(added), deliveries=enqueued)
        return polled

    async def _read(self, feed: Feed, fresh: Sequence[FreshEntry], now: datetime) -> list[ReadEntry]:
        told = _told(feed, fresh, now)
        readings = []
        async with Breath(self._reading) as turn:
            for n, e in enumerate(fresh):
                reading, rules = _read_one(self._live.read, e, feed), self._live.rulebook.hash
                readings.append(ReadEntry(e, reading, silent=n not in told, rulebook=rules))
                await turn.breathe()
        return readings

    @staticmethod
    async def _silence(
        tx: Transaction, subscriptions: Sequence[Subscription], now: datetime, *, catch_up: bool
    ) -> Silence:
        channels = {s.channel.ref: s.channel for s in subscriptions}
        days = {ref: timing.day_start(now, c.timezone) for ref, c in channels.items() if c.budget is not None}
        return Silence(await tx.mutes(channels, now), await tx.told_since(days), catch_up)

    def _polled_state(self, feed: Feed, polled: Polled, now: datetime) -> FeedState:
        return replace(polled.state, next_poll_at=self._due(feed, polled.state, now))

    def _due(self, feed: Feed, state: FeedState, now: datetime, retry_after: float | None = None) -> datetime:
        """When to ask again; below the floor only where somebody wrote it down for a host of their own."""
        own = feed.spec.interval is not None and _host_port(feed.url) in self._allow_hosts
        return timing.next_poll_at(
            now,
            interval=feed.spec.interval,
            rhythm=state.rhythm,
            floor=_NO_FLOOR if own else self._floor,
            allowed_after=state.next_poll_at if not state.failures else None,
            failures=state.failures,
            retry_after=retry_after,
            jitter=self._jitter(),
        )

    # ------------------------------------------------------------------------------------------------------- working

    async def tick(self, due_by: datetime | None = None) -> int:
        """Claim what is due (by then, else by now), hand it to a task a host, and return; how many were claimed."""
        room = MAX_CLAIMED - self._claimed
        if self._closing or room <= 0:
            return 0
        now = self._clock.now()
        feeds = await self._store.claim_feeds(due_by or now, LEASE, room)
        for feed in feeds:
            host = _host(feed.url)
            self._queues.setdefault(host, deque()).append((feed, now))
            self._claimed += 1
            if host not in self._hosts:
                self._hosts[host] = asyncio.create_task(self._work(host), name=f"poll {host}")
        return len(feeds)

    async def idle(self) -> None:
        """Wait until nothing that was claimed is left."""
        while self._hosts:
            await asyncio.wait(list(self._hosts.values()))

    async def close(self, patience: float) -> None:
        """Claim no more; polls under way get `patience` seconds. A poll cut short has written nothing."""
        self._closing = True
        for queue in self._queues.values():
            self._claimed -= len(queue)
            queue.clear()
        tasks = list(self._hosts.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, host: str) -> None:
        """Poll everything claimed for one host, one after the other."""
        try:
            async with self._slots:
                queue = self._queues[host]
                while queue:
                    feed, claimed_at = queue.popleft()
                    try:
                        # A long queue outlives the lease: then the feed is due again and comes back by itself.
                        if self._clock.now() - claimed_at < LEASE - PATIENCE:
                            await self.attempt(feed)
                    finally:
                        self._claimed -= 1
        except StoreError as e:
            self._broken(e)
        finally:
            self._hosts.pop(host, None)
            self._claimed -= len(self._queues.pop(host, ()))

    async def attempt(self, feed: Feed) -> None:
        """Poll, and write down a failure as a later due time. Raises StoreError only where the store is broken."""
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await self.poll_feed(feed)
        except StaleClaim:
            log.info("claim lost", feed=feed.spec.id)
        except PollError as e:
            await self._failed(feed, e)
        except TimeoutError:
            await self._failed(feed, FetchError("took too long"))
        except Exception as e:  # a bug with this feed's entries must not stop the others
            log.exception("poll crashed", feed=feed.spec.id)
            if isinstance(e, StoreError):
                await self._store.outbox_counts()  # raises where it is the store that is broken, not this feed
            await self._failed(feed, ParseError(f"could not be taken in ({type(e).__name__})"))
        else:
            if feed.state.failures >= TELL_AFTER:
                await self._notices.tell(f"feed-back:{feed.spec.id}", self._clock.now(), f"{_named(feed)} is back")

    async def _failed(self, feed: Feed, error: PollError) -> None:
        now = self._clock.now()
        gone = isinstance(error, FetchError) and error.gone
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        state = replace(feed.state, failures=feed.state.failures + 1, error=str(error), polled_at=now)
        state = replace(state, next_poll_at=self._due(feed, state, now, retry_after))
        await self._store.fail_feed(feed, state, gone=gone)
        log.warning("poll failed", feed=feed.spec.id, error=str(error), failures=state.failures, gone=gone)
        if gone:
            line = f"{_named(feed)} is gone for good (410): it is polled no more"
            await self._notices.tell(f"feed-gone:{feed.spec.id}", now, line)
        elif state.failures == TELL_AFTER:
            line = f"{_named(feed)} cannot be read since its last {TELL_AFTER} polls: {error}"
            await self._notices.tell(f"feed-fails:{feed.spec.id}", now, line)


# ---------------------------------------------------------------------------------------------------------- decisions


def _read_one(read: Read, fresh: FreshEntry, feed: Feed) -> Reading:
    try:
        return read(fresh.entry)
    except Exception as e:  # one entry that cannot be read must not hold back the others
        log.exception("entry unread", feed=feed.spec.id, link=fresh.entry.link)
        return Reading(language=fresh.entry.language, unread=f"{type(e).__name__} while reading")


def _told(feed: Feed, fresh: Sequence[FreshEntry], now: datetime) -> Collection[int]:
    """Which of these may be told: all, but of a feed's first poll only the `backlog` newest."""
    backlog = feed.spec.backlog
    if feed.state.parsed_at is not None or backlog is None:
        return range(len(fresh))
    dates = [e.entry.published for e in fresh]
    order = list(range(len(fresh)))  # documents have the newest first, where no dates say otherwise
    if all(dates):
        order.sort(key=lambda n: dates[n] or now, reverse=True)
    return frozenset(order[:backlog])


def _news(added: Sequence[StoredEntry], fresh: Sequence[FreshEntry]) -> list[StoredEntry]:
    """What is decided about: of the edited entries those that only now make a claim."""
    edited = {e.edits for e in fresh}
    return [e for e in added if e.reading.claims or e.id not in edited]


def _touched(added: Sequence[StoredEntry]) -> tuple[frozenset[str], frozenset[Family]]:
    """Parties and families of every claim that was added."""
    claims = [c for e in added for c in e.reading.claims]
    return frozenset(p for c in claims for p in c.parties), frozenset(c.kind.family for c in claims)


def _parties(companies: Collection[str], stories: Sequence[StoryUpdate]) -> frozenset[str]:
    """The companies somebody may watch: those of the claims, and the stories' own, whose channels get the edit."""
    return frozenset(companies).union(*(s.story.parties for s in stories))


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return url


def _host_port(url: str) -> str:
    try:
        parts = urlsplit(url)
        return f"{(parts.hostname or '').lower()}:{parts.port or {'https': 443}.get(parts.scheme, 80)}"
    except ValueError:
        return ""


def _named(feed: Feed) -> str:
    return f"Feed {feed.spec.id}"
