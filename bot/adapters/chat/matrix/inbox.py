"""What people say in rooms, as requests to the desk: commands, mentions, reactions and their undoing."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.adapters.chat.matrix.memory import Memory, Reaction
from bot.adapters.chat.matrix.rendering import ITEM
from bot.adapters.chat.matrix.rights import RoomState
from bot.adapters.chat.matrix.session import Session
from bot.domain.channels import ChannelRef, Part
from bot.domain.requests import Request, Role
from bot.errors import DeliveryError, Rejected
from bot.ports import Desk

PLATFORM = "matrix"
#: What stands under a command that was read.
RECEIPT = "👀"
_MUTE, _USEFUL, _USELESS = "mute", "useful", "useless"
_BUTTONS = {"🔕": _MUTE, "👍": _USEFUL, "👎": _USELESS}
#: How each is taken back.
_UNDO = {_MUTE: "unmute", _USEFUL: "unrate", _USELESS: "unrate"}
#: Skin tones, and the mark that a sign is to be shown in colour: the same button all the same.
_SHADES = re.compile("[\U0001f3fb-\U0001f3ff\ufe0f]")
#: The full-width mark is what Chinese keyboards type.
_PREFIX = re.compile(r"[!！]ev(?:[\s:：]+|$)", re.IGNORECASE)
#: What older clients put before the text of an answer.
_QUOTED = re.compile(r"(?:^>.*\n)+\n?")
_CALLED = r"\s*[:：,，]"
_SPOKEN_TO = r"(?:\s*[:：,，]|\s|$)"
_RECEIPT_WITHIN = 5.0

Event = Mapping[str, Any]


def asked_in(event: str) -> tuple[str, str]:
    """Thread and event, from what the desk was told as the event."""
    last, _, thread = event.partition(" ")
    return thread or last, last


def said_to(content: Event, me: str, name: str) -> str | None:
    """What is said to the bot, without `!ev` or the mention in front of it; None where it is not spoken to.

    A mention has to come first: who answers a message of ours mentions us without a word.
    """
    body = content.get("body")
    if content.get("msgtype") != "m.text" or not isinstance(body, str):
        return None
    body = _QUOTED.sub("", body, count=1) if body.startswith("> ") else body
    body = body.strip()
    if found := _PREFIX.match(body):
        return body[found.end() :]
    users = _part(content, "m.mentions").get("user_ids")
    mentioned = me in users if isinstance(users, list) else me in str(content.get("formatted_body", ""))
    short = me.partition(":")[0]
    for known in (me, name, short, short.removeprefix("@")):
        # With a colon or comma behind it, a name needs no link.
        end = _CALLED if not mentioned and known != me else _SPOKEN_TO
        if known and (found := re.match(re.escape(known) + end, body, re.IGNORECASE)):
            return body[found.end() :].strip()
    return None


class Inbox:
    """Hands each event to the desk once; events come in the order of their room."""

    def __init__(self, session: Session, desk: Desk, memory: Memory) -> None:
        self._session = session
        self._desk = desk
        self._memory = memory

    async def take(self, room: RoomState, event: Event, *, decrypted: bool) -> None:
        """Do what an event asks for, if it does. Raises StoreError and DeliveryError: then it is to be tried again."""
        content, sender = event.get("content"), event.get("sender")
        if not isinstance(content, dict) or not isinstance(sender, str) or sender == self._session.user:
            return
        kind = event.get("type")
        if kind == "m.room.message":
            await self._message(room, event, content)
        elif decrypted:
            return  # whatever it says it is: only messages come encrypted
        elif kind == "m.reaction":
            await self._reaction(room, event, content)
        elif kind == "m.room.redaction":
            await self._taken_back(room, event, str(event.get("redacts") or content.get("redacts") or ""))

    async def _message(self, room: RoomState, event: Event, content: Event) -> None:
        relation = _part(content, "m.relates_to")
        if relation.get("rel_type") == "m.replace":  # a command was done when it was first sent
            return
        me = self._session.user
        text = said_to(content, me, room.names.get(me, ""))
        if text is None:
            return
        asked = str(event["event_id"])
        in_thread = relation.get("rel_type") == "m.thread"
        # What is said in the thread of one of our messages, or as an answer to it, is about that message.
        about = relation.get("event_id") if in_thread else _part(relation, "m.in_reply_to").get("event_id")
        thread = str(about) if in_thread else asked
        await self._receipt(room.id, asked)
        request = _request(room, event, text, thread)
        await self._desk.answer_later(replace(request, message=about if isinstance(about, str) else None))

    async def _receipt(self, room: str, event: str) -> None:
        """Say that it was read; nothing is lost without."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": RECEIPT}
        transaction = hashlib.sha256(f"receipt {event}".encode()).hexdigest()
        with contextlib.suppress(DeliveryError, TimeoutError):
            async with asyncio.timeout(_RECEIPT_WITHIN):
                await self._session.send(room, "m.reaction", {"m.relates_to": relation}, transaction)

    # ------------------------------------------------------------------------------------------------------- reactions

    async def _reaction(self, room: RoomState, event: Event, content: Event) -> None:
        relation = _part(content, "m.relates_to")
        command = _BUTTONS.get(_SHADES.sub("", str(relation.get("key"))))
        root, name = relation.get("event_id"), str(event["event_id"])
        if command is None or not isinstance(root, str) or name in self._memory.reactions:
            return
        if await self._is_story(room.id, root) and await self._do(command, room, event, root):
            self._memory.stands(name, Reaction(room.id, root, command, str(event["sender"])))

    async def _taken_back(self, room: RoomState, event: Event, name: str) -> None:
        taken = self._memory.reactions.get(name)
        if taken is None or taken.room != room.id:
            return
        rest = [r for other, r in self._memory.reactions.items() if other != name and r.root == taken.root]
        if taken.command == _MUTE:
            if not any(r.command == _MUTE for r in rest):  # or somebody else still wants to hear nothing
                await self._do(_UNDO[_MUTE], room, event, taken.root)
        elif event["sender"] == taken.person:
            left = [r.command for r in rest if r.person == taken.person and r.command != _MUTE]
            await self._do(left[-1] if left else _UNDO[taken.command], room, event, taken.root)
        self._memory.taken_back(name)

    async def _do(self, command: str, room: RoomState, event: Event, root: str) -> bool:
        """As if it were typed; whether it was done. What changes the room for everybody is answered in the thread."""
        request = replace(_request(room, event, command, root), message=root)
        if command not in (_MUTE, _UNDO[_MUTE]):  # whoever may click may say what they think of it
            return (await self._desk.answer(replace(request, role=max(request.role, Role.MEMBER)))).understood
        reply = await self._desk.answer(request)
        await self._desk.answer_later(request)
        return reply.understood

    async def _is_story(self, room: str, root: str) -> bool:
        """Whether this is the message of a story, and ours. Raises DeliveryError where nobody can say."""
        try:
            event = await self._session.event(room, root)
        except Rejected:  # there is no such event, or not for us
            return False
        item = _part(_part(event, "content"), ITEM)
        return event.get("sender") == self._session.user and item.get("part") == Part.ROOT.value


def _request(room: RoomState, event: Event, text: str, thread: str) -> Request:
    person = str(event["sender"])
    return Request(
        text,
        ChannelRef(PLATFORM, room.id),
        ChannelRef(PLATFORM, person),
        room.role(person),
        event=f"{event['event_id']} {thread}",
    )


def _part(of: Event, key: str) -> Event:
    """What stands there, if it is an object: anybody may write anything."""
    value = of.get(key)
    return value if isinstance(value, dict) else {}
