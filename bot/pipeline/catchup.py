"""Catching up: a database that is behind tells what it missed in one digest a channel, not message by message."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain.channels import Channel
from bot.domain.feeds import Feed, FeedStatus
from bot.engine import timing
from bot.pipeline.digest import Digest, ToldAlready, put_digest
from bot.pipeline.heartbeat import Heartbeat
from bot.pipeline.live import Live
from bot.ports import Clock, Store

log = structlog.get_logger(__name__)

#: Written down in the store while it lasts: since when, and when it had been polled last before.
NOTE = "catch-up"
#: Feeds that do not answer are waited for no longer.
PATIENCE = timedelta(hours=1)


class CatchUp:
    """Finds out whether the database is behind, and tells what was missed once every feed was polled.

    It is behind after a start, a night's sleep of the machine or an outage of the network, if long enough.
    """

    def __init__(
        self, store: Store, clock: Clock, live: Live, enqueued: Callable[[], None], heartbeat: Heartbeat
    ) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._enqueued = enqueued
        self._heartbeat = heartbeat
        self._well_until: datetime | None = None
        self._since: datetime | None = None
        self._missed_from: datetime | None = None

    async def start(self) -> None:
        """Look whether the database is behind, by its own word and the heartbeat's. Raises StoreError."""
        self._read_note(await self._store.note(NOTE))
        await self._look(self._heartbeat.polled_at)

    async def look(self) -> None:
        """Look again; before feeds are polled, or the first that answers makes it seem well. Raises StoreError."""
        if self._well_until is None or self._clock.now() >= self._well_until:
            await self._look(None)

    async def _look(self, beat: datetime | None) -> None:
        polled_at = await self._store.last_polled_at()
        if self._since is not None or polled_at is None:
            return
        now = self._clock.now()
        self._well_until = polled_at + timing.BEHIND
        if timing.is_behind(now, polled_at, beat):
            note = f"{now.isoformat()} {polled_at.isoformat()}"
            await self._store.set_note(NOTE, note)
            self._read_note(note)
            log.warning("the database is behind: catching up", last_polled_at=polled_at.isoformat())

    def covers(self, feed: Feed) -> bool:
        """Whether what this feed brings now was missed: its first answer since it is known that we are behind."""
        answered_at = feed.state.answered_at
        return self._since is not None and answered_at is not None and answered_at < self._since

    async def tick(self) -> int:
        """Beat, and once nothing is left to be polled tell what was missed; how many digests. Raises StoreError."""
        await self._heartbeat.beat()
        self._read_note(await self._store.note(NOTE))  # another worker may have told it
        if self._since is None or self._missed_from is None:
            return 0
        now = self._clock.now()
        if now - self._since < PATIENCE and await self._is_left():
            return 0
        channels = {s.channel.ref: s.channel for s in await self._store.all_subscriptions()}
        sent = 0
        for channel in channels.values():
            sent += await self._tell(channel, now, self._since, self._missed_from)
        await self._store.set_note(NOTE, None)
        self._read_note(None)
        if sent:
            self._enqueued()
        log.info("caught up", digests=sent)
        return sent

    async def _is_left(self) -> bool:
        """Whether a feed was not even tried since."""
        active = (f for f in await self._store.feeds() if f.status is FeedStatus.ACTIVE and self.covers(f))
        return any(f.state.polled_at is None or f.state.polled_at < (self._since or f.state.polled_at) for f in active)

    async def _tell(self, channel: Channel, now: datetime, since: datetime, missed_from: datetime) -> bool:
        key = f"digest:{NOTE}:{since:%Y%m%dT%H%M%S}"
        on = missed_from.astimezone(ZoneInfo(channel.timezone)).date()
        try:
            async with self._store.begin() as tx:
                digest = Digest(key, channel, tuple(await tx.take_missed(channel.ref)), on, label=NOTE)
                stories = await put_digest(tx, self._store, self._live, digest, now)
        except ToldAlready:  # what came too late for it waits for the ordinary digest
            return False
        return stories > 0

    def _read_note(self, note: str | None) -> None:
        self._since = self._missed_from = None
        with suppress(ValueError):  # somebody wrote it by hand: as if there were none
            since, missed_from = map(datetime.fromisoformat, (note or "").split())
            self._since, self._missed_from = since, missed_from
