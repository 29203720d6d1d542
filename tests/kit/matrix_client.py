"""Somebody on Matrix: types, clicks, reads as their client shows it, in plain and in encrypted rooms (library: nio)."""

import asyncio
import itertools
import json
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import nio

from tests.kit.matrix_view import Room, show
from tests.kit.synapse import Account, Synapse

V3 = "/_matrix/client/v3"
ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


class Refused(AssertionError):
    """The server said no; `code` is Matrix's word for it."""

    def __init__(self, request: str, status: int, answer: dict[str, Any]) -> None:
        super().__init__(f"{request}: {status} {answer}")
        self.status = status
        self.code = str(answer.get("errcode", ""))
        self.answer = answer


class Person:
    """A person with one device. `start` and `close`, or use it as a context."""

    def __init__(self, synapse: Synapse, folder: Path, name: str = "person", account: Account | None = None) -> None:
        self.synapse, self.folder = synapse, folder
        self.account = account or synapse.register(name)
        store = folder / self.account.device
        store.mkdir(parents=True, exist_ok=True)
        # Nobody waits behind the test's back.
        config = nio.AsyncClientConfig(max_limit_exceeded=0, max_timeouts=0, request_timeout=30)
        self.client = nio.AsyncClient(synapse.url, self.user, self.account.device, str(store), config)
        self._transactions = itertools.count(1)

    @property
    def user(self) -> str:
        return self.account.user

    async def start(self) -> Self:
        """Show the device's keys and learn of the rooms."""
        self.client.restore_login(self.user, self.account.device, self.account.token)
        await self.sync()
        return self

    async def close(self) -> None:
        await self.client.close()
        if self.client.store is not None:
            self.client.store.database.close()

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    # reading

    async def sync(self, seconds: float = 0) -> None:
        """Ask for news, waiting so long for some; then do what encryption asks for."""
        # Without the full state the first time, sends to encrypted rooms fail.
        answer = await self.client.sync(timeout=int(seconds * 1000), full_state=not self.client.next_batch)
        assert isinstance(answer, nio.SyncResponse), answer
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        if self.client.should_query_keys:
            await self.client.keys_query()
        if self.client.should_claim_keys:
            await self.client.keys_claim(self.client.get_users_for_key_claiming())
        await self.client.send_to_device_messages()

    async def read(self, room: str) -> Room:
        """The whole room, from its first event on."""
        await self.sync()
        newest_first: list[tuple[dict[str, Any], bool]] = []
        page = None
        while True:
            answer = await self.client.room_messages(room, page, limit=500)
            assert isinstance(answer, nio.RoomMessagesResponse), answer
            newest_first += [(e.source, getattr(e, "decrypted", False)) for e in answer.chunk]
            page = answer.end
            if page is None:
                return show(reversed(newest_first))

    async def until(self, room: str, condition: Callable[[Room], bool], seconds: float = 20) -> Room:
        """Read again at every piece of news, until it is as expected."""
        seen = await self.read(room)
        try:
            async with asyncio.timeout(seconds):
                while not condition(seen):
                    await self.sync(seconds)
                    seen = await self.read(room)
        except TimeoutError:
            raise AssertionError(f"not so after {seconds} s: {seen}") from None
        return seen

    async def until_joined(self, room: str, user: str, seconds: float = 20) -> None:
        """Wait until somebody is in the room."""
        async with asyncio.timeout(seconds):
            while user not in self.client.rooms[room].users if room in self.client.rooms else True:
                await self.sync(seconds)
            while (await self.members(room)).get(user) != "join":
                await self.sync(seconds)

    # saying

    async def say(
        self,
        room: str,
        text: str,
        *,
        thread: str | None = None,
        edits: str | None = None,
        mentions: Collection[str] = (),
        kind: str = "m.text",
    ) -> str:
        """Say something, in a thread, or instead of what was said; the event's id."""
        content: dict[str, Any] = {"msgtype": kind, "body": text, "m.mentions": {}}
        if mentions:
            content["m.mentions"] = {"user_ids": list(mentions)}
        if thread:
            fallback = {"is_falling_back": True, "m.in_reply_to": {"event_id": thread}}
            content["m.relates_to"] = {"rel_type": "m.thread", "event_id": thread, **fallback}
        if edits:
            relation = {"rel_type": "m.replace", "event_id": edits}
            content = {**content, "body": f"* {text}", "m.new_content": content, "m.relates_to": relation}
        return await self.send(room, "m.room.message", content)

    async def react(self, room: str, event: str, key: str) -> str:
        """Put a reaction under a message."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return await self.send(room, "m.reaction", {"m.relates_to": relation})

    async def send(self, room: str, type: str, content: dict[str, Any], transaction: str | None = None) -> str:
        """Send any event, encrypted where the room is; the event's id."""
        if room not in self.client.rooms or self.client.should_query_keys:
            await self.sync()
        transaction = transaction or f"t{next(self._transactions)}"
        answer = await self.client.room_send(room, type, content, transaction, ignore_unverified_devices=True)
        assert isinstance(answer, nio.RoomSendResponse), answer
        return str(answer.event_id)

    async def redact(self, room: str, event: str) -> None:
        """Take back a message or a reaction."""
        await self.call("PUT", f"{_room(room)}/redact/{quote(event)}/t{next(self._transactions)}", {})

    # rooms

    async def create(
        self, *, invite: Collection[str] = (), encrypted: bool = False, version: str | None = None, **more: Any
    ) -> str:
        """Make a private room; its id. Without `version` it has the server's default."""
        body = {"preset": "private_chat", "invite": list(invite), **more}
        body |= {"room_version": version} if version else {}
        body |= {"initial_state": [ENCRYPTION]} if encrypted else {}
        return str((await self.call("POST", f"{V3}/createRoom", body))["room_id"])

    async def invite(self, room: str, user: str) -> None:
        await self.call("POST", f"{_room(room)}/invite", {"user_id": user})

    async def join(self, room: str) -> None:
        await self.call("POST", f"{V3}/join/{quote(room)}", {})

    async def leave(self, room: str) -> None:
        await self.call("POST", f"{_room(room)}/leave", {})

    async def kick(self, room: str, user: str) -> None:
        await self.call("POST", f"{_room(room)}/kick", {"user_id": user})

    async def ban(self, room: str, user: str) -> None:
        await self.call("POST", f"{_room(room)}/ban", {"user_id": user})

    async def set_level(self, room: str, user: str, level: int) -> None:
        """Promote or demote; creators of rooms of version 12 stand above all levels and are refused."""
        levels = await self.state(room, "m.room.power_levels")
        levels.setdefault("users", {})[user] = level
        await self.set_state(room, "m.room.power_levels", levels)

    async def upgrade(self, room: str, version: str) -> str:
        """Replace the room by a new one; its id."""
        answer = await self.call("POST", f"{_room(room)}/upgrade", {"new_version": version})
        return str(answer["replacement_room"])

    async def state(self, room: str, type: str, key: str = "") -> dict[str, Any]:
        return await self.call("GET", f"{_room(room)}/state/{quote(type)}/{quote(key)}")

    async def set_state(self, room: str, type: str, content: dict[str, Any], key: str = "") -> None:
        await self.call("PUT", f"{_room(room)}/state/{quote(type)}/{quote(key)}", content)

    async def members(self, room: str) -> dict[str, str]:
        """Who is what here: user -> join, invite, leave, ban."""
        answer = await self.call("GET", f"{_room(room)}/members")
        return {e["state_key"]: e["content"]["membership"] for e in answer["chunk"]}

    async def devices(self) -> list[str]:
        """The ids of this person's devices."""
        return [d["device_id"] for d in (await self.call("GET", f"{V3}/devices"))["devices"]]

    async def new_device(self) -> Account:
        """Log in once more, with the password."""
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": self.user}}
        made = await self.call("POST", f"{V3}/login", {**login, "password": self.account.password})
        return replace(self.account, token=made["access_token"], device=made["device_id"])

    async def keys_of(self, user: str) -> dict[str, Any]:
        """All keys of somebody, as the server hands them out; tests/kit/matrix_trust.py judges them."""
        return await self.call("POST", f"{V3}/keys/query", {"device_keys": {user: []}})

    async def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """One request with this person's token. Raises Refused."""
        headers = {"Authorization": f"Bearer {self.account.token}"}
        data = None if body is None else json.dumps(body)
        async with await self.client.send(method, path, data, headers) as answer:
            content: dict[str, Any] = await answer.json()
            if answer.status != 200:
                raise Refused(f"{method} {path}", answer.status, content)
            return content


def _room(room: str) -> str:
    return f"{V3}/rooms/{quote(room)}"
