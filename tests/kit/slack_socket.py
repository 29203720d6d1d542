"""Socket Mode: connections, envelopes, acknowledgements within three seconds, deliveries again, disconnects."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
import uuid
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.kit.slack_state import Workspace
from tests.kit.slack_things import APP, Json

MOST_CONNECTIONS = 10


@dataclass(frozen=True)
class Ack:
    """One envelope's acknowledgement; `seconds` None: it never came."""

    kind: str  #: slash_commands, interactive or events_api
    seconds: float | None
    attempt: int  #: 0 for the first delivery
    payload: Json = field(default_factory=dict)


class Sockets:
    """Every open connection of the app."""

    def __init__(self, slack: Workspace) -> None:
        self.ack_within = 3.0  #: seconds
        self.retries = 3  #: of an event nobody acknowledged
        self.acks: list[Ack] = []  #: in order
        self.opened = 0  #: connections ever
        self._slack = slack
        self._open: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[asyncio.Future[Json], web.WebSocketResponse]] = {}
        self._turn = itertools.count()

    @property
    def count(self) -> int:
        """Connections open now."""
        return len(self._open)

    async def connected(self, number: int = 1) -> None:
        """Wait until so many connections are open."""
        await self._slack.until(lambda: self.count >= number)

    async def reconnected(self, than: int) -> None:
        """Wait until more connections were opened than `than`, and one is open."""
        await self._slack.until(lambda: self.opened > than and self.count)

    def ticket(self) -> str:
        """What a new address ends in; good for one connection."""
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return ticket

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403)
        self._tickets.remove(request.query["ticket"])
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.count >= MOST_CONNECTIONS:
            await self._disconnect(socket, "too_many_websockets")
            await socket.close()
            return socket
        self._open.append(socket)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": self.count,
                "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
                "connection_info": {"app_id": APP},
            }
        )
        self._slack.touch()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        finally:
            self._gone(socket)
        return socket

    async def deliver(self, kind: str, payload: Json, *, answered: bool) -> Ack:
        """Send an envelope until it is acknowledged; only events are sent again.

        While the app connects anew an event waits; without it, and anything else, fails at once. `answered`: the ack
        may carry a payload.
        """
        envelope = {"envelope_id": "", "type": kind, "accepts_response_payload": answered, "payload": payload}
        ack = Ack(kind, None, 0)
        for attempt in range(self.retries + 1 if kind == "events_api" else 1):
            if kind == "events_api":
                envelope |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
            if not await self._ready(kind):
                break
            envelope["envelope_id"] = str(uuid.uuid4())
            ack = await self._send(kind, envelope, attempt)
            self.acks.append(ack)
            self._slack.touch()
            if ack.seconds is not None:
                break
        return ack

    async def _send(self, kind: str, envelope: Json, attempt: int) -> Ack:
        socket = self._open[next(self._turn) % len(self._open)]
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = (future, socket)
        began = time.perf_counter()
        try:
            await socket.send_json(envelope)
            payload = await asyncio.wait_for(future, self.ack_within)
        except (TimeoutError, ConnectionError):
            return Ack(kind, None, attempt)
        finally:
            del self._waiting[envelope["envelope_id"]]
        return Ack(kind, time.perf_counter() - began, attempt, payload if envelope["accepts_response_payload"] else {})

    async def _ready(self, kind: str) -> bool:
        """Whether somebody can be sent to."""
        if not self._open and kind == "events_api" and self.opened:
            with contextlib.suppress(TimeoutError):
                await self.connected()
        return bool(self._open)

    def _take(self, answer: Json) -> None:
        future, _ = self._waiting.get(answer.get("envelope_id", ""), (None, None))
        if future is not None and not future.done():
            future.set_result(answer.get("payload") or {})

    def _gone(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for future, through in self._waiting.values():
            if through is socket and not future.done():
                future.set_exception(ConnectionResetError("the connection is gone"))
        self._slack.touch()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection to make room for a new one: warning, refresh_requested or link_disabled."""
        for socket in list(self._open):
            await self._disconnect(socket, reason)

    async def close(self) -> None:
        """Close every connection, politely."""
        for socket in list(self._open):
            await socket.close()

    def cut(self) -> None:
        """Every connection is gone without a word."""
        for socket in list(self._open):
            transport = socket._req.transport if socket._req is not None else None
            self._gone(socket)
            if transport is not None:
                transport.abort()

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}})
