"""Matrix as a chat platform: what the outbox sends becomes events, once each."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.adapters.chat.matrix import rendering
from bot.adapters.chat.matrix.device import FOLDER
from bot.adapters.chat.matrix.errors import TooLarge
from bot.adapters.chat.matrix.inbox import asked_in
from bot.adapters.chat.matrix.listening import Listener
from bot.adapters.chat.matrix.session import Session
from bot.domain.channels import Outgoing, Part, Receipt
from bot.errors import Rejected, Scope, Unavailable
from bot.ports import Desk

_MESSAGE = "m.room.message"
#: How far before the first attempt a message is looked for: clocks may have been wrong by a day, and more.
_EARLIER = timedelta(days=2)
#: An event that was too large is made anew, once, with so many bytes at most.
_SMALL = 12_000
#: Events of a room that are looked at, where none of ours says how far to look.
_MOST = 5_000


class Matrix:
    """One account with one device on one homeserver."""

    name = "matrix"
    grace = timedelta()  #: what comes in late has the transaction id of what is sent again

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._session: Session | None = None
        self._listener: Listener | None = None
        self._senders: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self, desk: Desk) -> None:
        """Log in or go on with the device that is kept, read what was said meanwhile, and listen from now on."""
        session = Session(self._settings, Path(self._settings["data_dir"]) / FOLDER)
        self._session = session
        await session.open()
        self._listener = Listener(session, desk, self._settings)
        await self._listener.start()

    async def close(self) -> None:
        """Stop listening and end the connections."""
        if self._listener is not None:
            await self._listener.close()
            self._listener = None
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def down(self) -> str:
        """Wait until the homeserver does not know us any more."""
        if self._listener is None:
            return "it is not connected"
        return await self._listener.ended()

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send it under a transaction id of its own: for the same id the server gives the same event, for a day."""
        session, room = self._up(), outgoing.ref.room
        async with self._senders[room]:  # side by side they would arrive in any order
            try:
                event = await session.send(room, _MESSAGE, _content(outgoing), _transaction(outgoing))
            except TooLarge:
                small = _content(outgoing, most=_SMALL)
                event = await session.send(room, _MESSAGE, small, _transaction(outgoing))
            except Rejected as e:
                if e.scope is Scope.CHANNEL and await session.upgraded(room):
                    raise Unavailable("the room was upgraded, and is followed") from e
                raise
        return Receipt(event, datetime.now(UTC))

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        """Look for it in the room, by our key. What is not there is sent again under the same transaction id."""
        session, earliest = self._up(), outgoing.first_attempt_at - _EARLIER
        looked = 0
        async for event in session.back(outgoing.ref.room):
            looked += 1
            source = event.source
            at = datetime.fromtimestamp(source.get("origin_server_ts", 0) / 1000, UTC)
            item = source.get("content", {}).get(rendering.ITEM) if source.get("sender") == session.user else None
            if isinstance(item, dict) and item.get("key") == outgoing.key:
                return Receipt(str(source["event_id"]), at)
            # Clocks may be wrong by more than that; but our messages stand there in the order they were sent in.
            if at < earliest and (item is not None or looked > _MOST):
                return None
        return None

    def _up(self) -> Session:
        if self._session is None or self._listener is None:
            raise Unavailable("matrix is not connected")
        return self._session


def _content(outgoing: Outgoing, most: int = rendering.MOST_BYTES) -> dict[str, Any]:
    """An answer goes to the thread of its question; the desk was told both as the event."""
    if outgoing.part is not Part.REPLY:
        return rendering.content(outgoing, most=most)
    thread, last = asked_in(outgoing.key.removeprefix("reply:"))
    return rendering.content(outgoing, thread=thread, last=last, most=most)


def _transaction(outgoing: Outgoing) -> str:
    return hashlib.sha256(f"{outgoing.key}\n{outgoing.ref}".encode()).hexdigest()
