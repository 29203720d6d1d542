"""The chat server behind tests/kit/wire.py, and what any chat server brings to the chaos kit: its transcript.

Another chat plugs in by being a `ChatServer`: an address the process is pointed at (through the proxy), the settings
that do so, and `arrived`, everything it took in order of arrival. A fake of Slack remembers its calls as they come, the
key from the message's metadata; Synapse is asked for the room's timeline at the end, the key from the event's content,
an edit being an `m.replace`. Texts need their links: they say which story is meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, Self

from aiohttp import web

from bot.domain.channels import ChannelRef, Part


@dataclass(frozen=True)
class Arrived:
    """One message, edit or line as a server took it."""

    channel: ChannelRef
    key: str
    part: Part
    id: str  #: of the message; of an edit its root's
    root: str | None
    text: str  #: links and all
    at: datetime


class ChatServer(Protocol):
    """What the kit needs of a chat."""

    @property
    def url(self) -> str:
        """Where it listens: the proxy stands in front of it."""
        ...

    @property
    def arrived(self) -> Sequence[Arrived]:
        """Everything it has taken, in order."""
        ...

    def settings(self, url: str, timeout: float) -> Mapping[str, str]:
        """What points a process to the server at `url`; answers are waited for so many seconds."""
        ...

    def room(self, name: str) -> ChannelRef:
        """A room of this name, made at its first mention."""
        ...

    async def next_arrival(self) -> None:
        """Wait until it takes something."""
        ...


class WireServer:
    """Rooms that take whatever comes, the same key twice as two messages."""

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.url = ""
        self._ids: set[tuple[ChannelRef, str]] = set()
        self._first: dict[tuple[ChannelRef, str], Arrived] = {}  #: by key
        self._next = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/rooms/{room}/messages", self._take)
        app.router.add_get("/rooms/{room}/messages", self._look)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    def settings(self, url: str, timeout: float) -> Mapping[str, str]:
        return {"EVWATCH_WIRE_URL": url, "EVWATCH_WIRE_TIMEOUT": str(timeout)}

    def room(self, name: str) -> ChannelRef:
        return ChannelRef("wire", name)

    async def next_arrival(self) -> None:
        self._next.clear()
        await self._next.wait()

    async def _take(self, request: web.Request) -> web.Response:
        asked = await request.json()
        ref, part, root = self.room(request.match_info["room"]), Part(asked["part"]), asked["root"]
        if root is not None and (ref, root) not in self._ids:
            return web.Response(status=404)
        own = root if part is Part.EDIT else str(len(self.arrived) + 1)
        taken = Arrived(ref, asked["key"], part, own, root, asked["text"], datetime.now(UTC))
        self.arrived.append(taken)
        self._ids.add((ref, own))
        self._first.setdefault((ref, taken.key), taken)
        self._next.set()
        return _receipt(taken)

    async def _look(self, request: web.Request) -> web.Response:
        ref, key = self.room(request.match_info["room"]), request.query["key"]
        found = self._first.get((ref, key))
        return web.Response(status=404) if found is None else _receipt(found)


def _receipt(taken: Arrived) -> web.Response:
    return web.json_response({"id": taken.id, "at": taken.at.isoformat()})
