"""A bad line in front of a chat server: at random it throttles, fails, loses answers, delays them, or is cut."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from enum import Enum
from typing import Self

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

#: What belongs to one connection, not to the message.
_OF_THE_HOP = ("Host", "Connection", "Transfer-Encoding", "Content-Length", "Content-Encoding")


class Trouble(Enum):
    """What may become of a request."""

    THROTTLED = "429"  #: the server sees nothing of it, as with the next two
    FAILED = "500"
    CUT = "cut before it arrived"
    LOST = "answer lost"  #: the server has taken it, as with the next two
    LATE = "answer after the timeout"
    SLOW = "answer just in time"
    HELD = "arrived just in time"  #: or never, if whoever sent it is gone by then


class FaultProxy:
    """`async with FaultProxy(server.url, chance=Random(7), timeout=1) as proxy`: `proxy.url` is the bad line."""

    def __init__(self, upstream: str, *, chance: random.Random, timeout: float, rate: float) -> None:
        self.rate = rate  #: of requests in trouble; 0 from when the line is to be good
        self.troubles: Counter[Trouble] = Counter()
        self.next: Trouble | None = None  #: of the next request, whatever the rate
        self.held = asyncio.Event()  #: set while a request is on its way to the server
        self.url = ""
        self._upstream = upstream
        self._timeout = timeout  #: of the client, seconds
        self._chance = chance
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(auto_decompress=False)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        trouble = self._trouble()
        if trouble is Trouble.THROTTLED:
            return web.Response(status=429, headers={"Retry-After": str(self._chance.randint(1, 2))})
        if trouble is Trouble.FAILED:
            return web.Response(status=500, text="<html>an error page</html>", content_type="text/html")
        if trouble is Trouble.CUT:
            return _hang_up(request)
        if trouble is Trouble.HELD and not await self._hold(request):
            return web.Response()
        answer = await self._forward(request, body)
        if trouble is Trouble.LOST:
            return _hang_up(request)
        if trouble is Trouble.LATE:
            await asyncio.sleep(self._timeout * 1.3)
        if trouble is Trouble.SLOW:
            await asyncio.sleep(self._timeout * 0.8)
        return answer

    def _trouble(self) -> Trouble | None:
        trouble, self.next = self.next, None
        if trouble is None and self._chance.random() < self.rate:
            trouble = self._chance.choice(list(Trouble))
        if trouble is not None:
            self.troubles[trouble] += 1
        return trouble

    async def _hold(self, request: web.Request) -> bool:
        """Wait; whether somebody still waits for the answer."""
        self.held.set()
        await asyncio.sleep(self._timeout * 0.8)
        self.held.clear()
        return request.transport is not None and not request.transport.is_closing()

    async def _forward(self, request: web.Request, body: bytes) -> web.Response:
        assert self._session is not None
        url = self._upstream + request.raw_path
        async with self._session.request(request.method, url, data=body, headers=_passed_on(request.headers)) as got:
            return web.Response(status=got.status, body=await got.read(), headers=_passed_on(got.headers))


def _passed_on(headers: object) -> CIMultiDict[str]:
    kept: CIMultiDict[str] = CIMultiDict(headers)  # type: ignore[arg-type]  # of a request or of an answer
    for name in _OF_THE_HOP:
        kept.popall(name, None)
    return kept


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
