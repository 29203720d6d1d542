"""One run of the chaos kit: an evwatch, its news site, and its chat behind a bad line."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from tests.kit.chaos_news import FEEDS, Item
from tests.kit.chaos_process import DroppedIn
from tests.kit.feed_server import FeedServer
from tests.kit.proxy import FaultProxy
from tests.kit.wire_server import ChatServer

#: What the process waits for an answer of the chat, seconds.
TIMEOUT = 0.5
#: Entries of earlier steps that a document still holds.
_KEPT = 15
#: Nothing happened for so long, seconds: something hangs.
_STUCK = 240.0
_A_DAY = timedelta(hours=25)
_UNDER_WAY = "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending', 'uncertain')"
_NOT_SENT = "SELECT id, key, status, next_at, error FROM outbox WHERE ended_at IS NULL"


class Site:
    """A news site a feed, so that they are polled side by side."""

    def __init__(self, base: datetime) -> None:
        self._base = base
        self._servers = {name: FeedServer() for name in FEEDS}

    async def __aenter__(self) -> Self:
        for server in self._servers.values():
            await server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers.values():
            await server.close()

    def feed_to(self, process: DroppedIn) -> None:
        """Let a process poll them, each every second."""
        usual: dict[str, object] = {"interval": "1s", "backlog": "all", "burst": "100000"}
        specs = [{"id": name, "url": s.feed("news").url, **usual} for name, s in self._servers.items()]
        process.feeds(*specs, allow=",".join(s.place for s in self._servers.values()))

    def publish(self, items: Sequence[Item], step: int) -> dict[str, str]:
        """The next step; the ETag of each feed that has something new."""
        tag = f'"step-{step}"'
        for name in {item.feed for item in items}:
            feed = self._servers[name].feed("news", last_modified=False, headers={"ETag": tag})
            del feed.items[_KEPT:]
            feed.asked.clear()
        for item in items:
            when = self._base + timedelta(minutes=step)
            feed = self._servers[item.feed].feed("news")
            feed.publish(item.title, link=item.link, guid=item.link, text=f"{item.title}.", published=when)
        return {item.feed: tag for item in items}


@dataclass
class Run:
    """One evwatch, its news site and its chat behind a line."""

    process: DroppedIn
    site: Site
    server: ChatServer
    proxy: FaultProxy
    plan: list[list[Item]]
    taken: int = 0  #: steps whose entries are in the database

    @property
    def progress(self) -> float:
        return self.taken / len(self.plan)

    async def replay(self, may: Callable[[float], bool] = lambda _: True) -> None:
        """Publish step after step, the next one when the last is in the database, and `may` says so of its share."""
        for step, items in enumerate(self.plan, 1):
            await _until(float("inf"), may, (step - 1) / len(self.plan))
            await _until(_STUCK, self._polled, self.site.publish(items, step))
            self.taken = step

    async def until_taken(self, seconds: float = 10) -> None:
        """Wait for the next step to be in the database; not for ever."""
        before = self.taken
        with suppress(TimeoutError):
            await _until(seconds, lambda: self.taken > before)

    def _polled(self, tags: dict[str, str]) -> bool:
        rows = self.process.rows("SELECT spec_id, etag FROM feeds")
        return rows is not None and tags.items() <= dict(rows).items()

    async def finish(self) -> None:
        """Let everything be delivered: what is put off, by the clock; what waits for digests, day after day."""
        await self._deliver()
        for _ in range(6):
            if self._no_held():
                break
            self.process.set_clock(self.process.shift + _A_DAY)
            with suppress(TimeoutError):
                await _until(7, self._no_held)  # digests are looked for every five seconds
            await self._deliver()
        await asyncio.sleep(2)  # time for anything to come twice
        assert await self.process.stop() == 0

    def _no_held(self) -> bool:
        return self.process.rows("SELECT count(*) FROM held") == [(0,)]

    async def _deliver(self) -> None:
        idle = 0
        while self.process.rows(_UNDER_WAY) != [(0,)]:
            before = len(self.server.arrived)
            await asyncio.sleep(0.5)
            idle = idle + 1 if len(self.server.arrived) == before else 0
            if idle > 3:
                self.process.set_clock(self.process.shift + timedelta(minutes=20))
            assert idle < 200, self.process.rows(_NOT_SENT)

    def arrived(self) -> Counter[str]:
        return Counter(a.part.value for a in self.server.arrived)


async def _until(seconds: float, holds: Callable[..., bool], *words: object) -> None:
    """Wait until it holds; TimeoutError after so long."""
    end = time.monotonic() + seconds
    while not holds(*words):
        if time.monotonic() > end:
            raise TimeoutError(f"nothing happens: {holds.__name__} {words}")
        await asyncio.sleep(0.05)
