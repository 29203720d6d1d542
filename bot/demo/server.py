"""The demo's feed server (library: aiohttp): the bundled feeds over real HTTP, on this machine alone."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.demo.news import NewsFeed

HOST = "127.0.0.1"
_TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml"}


class NewsServer:
    """`async with NewsServer(feeds) as server: server.publish(now)`; each call publishes one more step."""

    def __init__(self, feeds: Sequence[NewsFeed], port: int = 0) -> None:
        self.feeds = tuple(feeds)
        self.published: list[datetime] = []  #: when each step was
        self.place = ""  #: host:port, as for the allow-list
        self._port = port  #: 0: any that is free
        self._documents: dict[str, bytes] = {}
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{feed}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self.place = f"{HOST}:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def publish(self, now: datetime) -> None:
        """Publish the next step."""
        self.published.append(now)
        self._documents = {f.id: f.document(self.published) for f in self.feeds}

    def url(self, feed: NewsFeed) -> str:
        """Where a feed is served."""
        return f"http://{self.place}/{feed.id}"

    def etag(self, feed: NewsFeed) -> str:
        """What a poll that has seen the newest document remembers."""
        return f'"{hashlib.sha256(self._documents[feed.id]).hexdigest()[:16]}"'

    async def _serve(self, request: web.Request) -> web.Response:
        feed = next((f for f in self.feeds if f.id == request.match_info["feed"]), None)
        if feed is None or feed.id not in self._documents:
            return web.Response(status=404)
        headers = {"ETag": self.etag(feed)}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        headers["Content-Type"] = f"{_TYPES[feed.format]}; charset=utf-8"
        return web.Response(body=self._documents[feed.id], headers=headers)
