"""Into rooms and out of them: invitations, upgrades, empty rooms, being put out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import structlog

from bot.adapters.chat.matrix.inbox import PLATFORM
from bot.adapters.chat.matrix.rights import RoomState
from bot.adapters.chat.matrix.session import Session
from bot.domain.channels import ChannelRef
from bot.errors import Rejected, Throttled, Unavailable
from bot.ports import Desk

log = structlog.get_logger(__name__)

#: Rooms to be in, and joins in an hour: what is over waits.
MOST_ROOMS, MOST_JOINS = 500, 20
_HOUR = 3600.0


class Doors:
    """Decides where the bot goes; `rooms` are those it is in."""

    def __init__(self, session: Session, desk: Desk, allowed: Collection[str], rooms: Mapping[str, RoomState]) -> None:
        """`allowed`: users and servers whose invitations are accepted."""
        self._session = session
        self._desk = desk
        self._allowed = frozenset(allowed)
        self._rooms = rooms
        self._waiting: dict[str, str | None] = {}  #: room -> who invites
        self._joined: deque[float] = deque()
        self._followed: set[str] = set()

    def invited(self, room: str, state: Iterable[Mapping[str, Any]]) -> None:
        """Somebody wants the bot in a room; it is answered in `settle`."""
        me = self._session.user
        mine = (e for e in state if e.get("type") == "m.room.member" and e.get("state_key") == me)
        self._waiting[room] = next((str(e.get("sender")) for e in mine), None)

    def uninvited(self, room: str) -> None:
        """The invitation was taken back, or answered."""
        self._waiting.pop(room, None)

    async def settle(self) -> None:
        """Answer invitations, follow upgrades, leave rooms where nobody is left. Raises StoreError, Unavailable."""
        for state in [s for s in self._rooms.values() if s.replacement]:
            await self._follow(state)
        for room, by in list(self._waiting.items()):
            await self._answer(room, by)

    async def _answer(self, room: str, by: str | None) -> None:
        if not self._welcome(room, by):
            log.info("invitation declined", room=room, by=by, see="EVWATCH_MATRIX_ALLOW")
            await self._quietly("POST", f"/rooms/{quote(room)}/leave")
        elif not self._may_join():
            return  # it waits
        elif await self._quietly("POST", f"/join/{quote(room)}"):
            self._joined.append(time.monotonic())
            log.info("joined", room=room, by=by)
            for old in [s for s in self._rooms.values() if s.replacement == room]:
                await self._move(old, room)
        self._waiting.pop(room, None)

    def _welcome(self, room: str, by: str | None) -> bool:
        """Those on the list; and whoever invites to the room that one of ours became."""
        if any(s.replacement == room for s in self._rooms.values()):
            return True
        return by is not None and bool(self._allowed & {by, by.partition(":")[2]})

    def _may_join(self) -> bool:
        while self._joined and self._joined[0] < time.monotonic() - _HOUR:
            self._joined.popleft()
        return len(self._joined) < MOST_JOINS and len(self._rooms) < MOST_ROOMS

    # -------------------------------------------------------------------------------------------------------- upgrades

    async def _follow(self, old: RoomState) -> None:
        """Go to the room that this one became; where that is by invitation only, wait for one."""
        new = old.replacement
        if new is None or old.id in self._followed:
            return
        if new in self._rooms:
            await self._move(old, new)
            return
        server = (old.replaced_by or "").partition(":")[2]  # the new room's id may name none
        via = f"?via={quote(server)}" if server else ""
        if await self._quietly("POST", f"/join/{quote(new)}{via}"):
            await self._move(old, new)
        self._followed.add(old.id)

    async def _move(self, old: RoomState, new: str) -> None:
        log.info("room upgraded", old=old.id, new=new)
        await self._desk.moved(ChannelRef(PLATFORM, old.id), ChannelRef(PLATFORM, new))
        self._followed.add(old.id)
        await self._quietly("POST", f"/rooms/{quote(old.id)}/leave")

    # --------------------------------------------------------------------------------------------------------- leaving

    async def alone(self, room: RoomState) -> None:
        """Everybody has left: go, too. Raises StoreError, Unavailable."""
        await self._quietly("POST", f"/rooms/{quote(room.id)}/leave")
        await self._desk.lost(ChannelRef(PLATFORM, room.id), "everybody has left the room")

    async def put_out(self, room: str, event: Mapping[str, Any]) -> None:
        """Kicked or banned. Raises StoreError."""
        content = event.get("content")
        banned = isinstance(content, dict) and content.get("membership") == "ban"
        why = f"{event.get('sender')} has {'banned the bot from' if banned else 'put the bot out of'} the room"
        await self._desk.lost(ChannelRef(PLATFORM, room), why)

    async def _quietly(self, method: str, path: str) -> bool:
        """Whether the server did it. Raises Unavailable and Throttled: then it is tried again."""
        try:
            await self._session.ask(method, path, {})
        except (Unavailable, Throttled):
            raise
        except Rejected as e:
            log.info("refused", request=path, why=str(e))
            return False
        return True
