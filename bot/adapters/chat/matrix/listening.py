"""The sync loop: what happens in the rooms, in its order; how far it has read is written down after it was done."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import nio
import structlog

from bot.adapters.chat.matrix.doors import Doors
from bot.adapters.chat.matrix.errors import check, on_the_wire
from bot.adapters.chat.matrix.inbox import Inbox
from bot.adapters.chat.matrix.memory import Memory
from bot.adapters.chat.matrix.rights import RoomState
from bot.adapters.chat.matrix.session import Session
from bot.errors import DeliveryError, Rejected, Scope, StoreError, Throttled
from bot.ports import Desk

log = structlog.get_logger(__name__)

#: Nothing of presence, typing and receipts; of each room so much at once, the rest is asked for.
_FILTER: dict[str, Any] = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {"ephemeral": {"types": []}, "account_data": {"types": []}, "timeline": {"limit": 50}},
}
_INVITES: dict[str, Any] = {
    **_FILTER,
    "room": {**_FILTER["room"], "timeline": {"limit": 1, "types": []}, "state": {"types": []}},
}
#: Milliseconds the server waits for news.
_WAIT = 30_000
#: For all that is there when it starts, seconds.
_PATIENCE = 300.0
#: Of what was said in one room while nobody listened.
_MOST_MISSED = 2_000
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  #: seconds
#: So often the same news is tried; then it is done without what nobody understands in it.
_TRIES = 5

Event = Mapping[str, Any]


class Listener:
    """`start` catches up with what was said meanwhile, then listens until `close`, or until it cannot."""

    def __init__(self, session: Session, desk: Desk, settings: Mapping[str, Any]) -> None:
        self._session = session
        self._memory = Memory(session.folder)
        self._rooms: dict[str, RoomState] = {}
        self._inbox = Inbox(session, desk, self._memory)
        operators = [r.room for r in settings.get("operators", ()) if r.platform == "matrix"]
        allowed = {*settings.get("matrix_allow", ()), *operators}
        self._doors = Doors(session, desk, allowed, self._rooms)
        self._task: asyncio.Task[str] | None = None

    async def start(self) -> None:
        """Learn of every room with its whole state, do what was asked meanwhile. Raises DeliveryError, StoreError."""
        for room, state in (await pending_invites(self._session)).items():
            self._doors.invited(room, state)
        await self._turn(first=True)
        self._task = asyncio.create_task(self._listen(), name="matrix sync")

    async def ended(self) -> str:
        """Wait until nothing can be heard any more; why."""
        return await asyncio.shield(self._task) if self._task is not None else "it is not connected"

    async def close(self) -> None:
        """Stop listening; what is being done is done again at the next start, and then known to be done."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError, StoreError):
                await self._task

    async def _listen(self) -> str:
        pause, failures = _FIRST_PAUSE, 0
        while True:
            try:
                await self._turn()
            except Rejected as e:
                if e.scope is Scope.PLATFORM:
                    return str(e)
                why: Exception = e
            except (DeliveryError, StoreError) as e:
                why = e
            except Exception as e:  # of a library, on an event that somebody made up
                log.exception("what was heard is not understood")
                failures += 1
                if failures >= _TRIES and self._session.client.next_batch:
                    self._memory.read_up_to(self._session.client.next_batch)
                why = e
            else:
                pause, failures = _FIRST_PAUSE, 0
                continue
            log.warning("not listening", why=str(why) or type(why).__name__, again_in=pause)
            await asyncio.sleep(max(pause, why.retry_after if isinstance(why, Throttled) else 0))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _turn(self, *, first: bool = False) -> None:
        """Ask for news, see to the keys, do what is asked, write down how far it was read."""
        client, since = self._session.client, self._memory.since
        client.next_batch = ""  # or nio does not look at news that were not all done the last time
        with on_the_wire():
            async with asyncio.timeout(_PATIENCE if first else None):
                answer = await client.sync(
                    timeout=0 if first else _WAIT, sync_filter=_FILTER, since=since, full_state=first or None
                )
        check(answer)
        await self._take(answer, since)
        await self._doors.settle()
        await asyncio.to_thread(self._memory.read_up_to, answer.next_batch)
        await self._upkeep()

    async def _upkeep(self) -> None:
        """What encryption asks for; what the server refuses now is asked for again after the next news."""
        client = self._session.client
        try:
            with on_the_wire():
                await client.send_to_device_messages()
                if client.should_upload_keys:
                    check(await client.keys_upload())
                await self._session.query_keys()
                if client.should_claim_keys:
                    check(await client.keys_claim(client.get_users_for_key_claiming()))
        except DeliveryError as e:
            log.warning("keys not seen to", why=str(e))

    # ----------------------------------------------------------------------------------------------------------- rooms

    async def _take(self, answer: nio.SyncResponse, since: str | None) -> None:
        for room, info in answer.rooms.join.items():
            self._doors.uninvited(room)
            state = self._rooms.setdefault(room, RoomState(room, self._session.user))
            for event in info.state:
                state.take(event.source)
            await self._hear(state, info.timeline, since)
        for room, invited in answer.rooms.invite.items():
            self._doors.invited(room, [e.source for e in invited.invite_state])
        for room, left in answer.rooms.leave.items():
            await self._leave(room, [e.source for e in (*left.state, *left.timeline.events)])

    async def _hear(self, room: RoomState, timeline: Any, since: str | None) -> None:
        """The room's events in order: missed ones, then the timeline, each with the rights of its moment."""
        missed = []
        if since is not None and timeline.limited and timeline.prev_batch:
            with contextlib.suppress(Rejected):  # we are not allowed to look, or not any more
                missed = [e async for e in self._missed(room.id, timeline.prev_batch, since)]
        events = [*reversed(missed), *timeline.events]
        joined = (n for n, e in enumerate(events) if _joins(e.source, self._session.user))
        since_join = max(joined, default=-1)
        for number, event in enumerate(events):
            decrypted = bool(getattr(event, "decrypted", False))
            if not decrypted and number >= len(missed):  # the state of before the timeline has those already
                room.take(event.source)
            # What was said before anybody listened is history, and so is what was said before we came.
            if since is not None and number > since_join:
                await self._inbox.take(room, event.source, decrypted=decrypted)
        if not room.people and not room.replacement:
            await self._doors.alone(room)

    async def _missed(self, room: str, start: str, since: str) -> AsyncIterator[Any]:
        """Newest first, as far as we have read; what was there before we came is not ours to read."""
        count = 0
        async for event in self._session.back(room, start, since):
            yield event
            count += 1
            if count >= _MOST_MISSED:
                log.warning("more was said than is looked at", room=room, looked_at=count)
                return
            if _joins(event.source, self._session.user):
                return

    async def _leave(self, room: str, events: Sequence[Event]) -> None:
        """We are not there any more, by whatever way."""
        self._doors.uninvited(room)
        was_in = self._rooms.pop(room, None) is not None
        self._session.client.rooms.pop(room, None)
        me = self._session.user
        mine = [e for e in events if e.get("type") == "m.room.member" and e.get("state_key") == me]
        if mine and mine[-1].get("sender") != me and (was_in or _membership_before(mine[-1]) == "join"):
            await self._doors.put_out(room, mine[-1])


async def pending_invites(session: Session) -> dict[str, list[Event]]:
    """Rooms that wait for our answer, with the state they show: a sync tells of each once. Raises DeliveryError."""
    answer = await session.ask("GET", f"/sync?filter={quote(json.dumps(_INVITES))}")
    rooms = answer.get("rooms", {}).get("invite", {})
    return {room: list(shown.get("invite_state", {}).get("events", ())) for room, shown in rooms.items()}


def _joins(event: Event, user: str) -> bool:
    """Whether this is the moment the user came in."""
    content = event.get("content")
    return (
        event.get("type") == "m.room.member"
        and event.get("state_key") == user
        and isinstance(content, dict)
        and content.get("membership") == "join"
        and _membership_before(event) != "join"
    )


def _membership_before(event: Event) -> str | None:
    unsigned = event.get("unsigned")
    before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    return str(before.get("membership")) if isinstance(before, dict) else None
