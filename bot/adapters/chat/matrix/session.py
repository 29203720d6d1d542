"""The session with the homeserver: one device, its crypto store, sending to rooms, encrypted or not (library: nio)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nio
import structlog
from nio.store import SqliteStore

from bot.adapters.chat.matrix import device as devices
from bot.adapters.chat.matrix.device import Device, ask
from bot.adapters.chat.matrix.errors import WAY_OUT, check, on_the_wire, refusal
from bot.adapters.chat.matrix.signing import Signed, known_fingerprint, read_or_make_seeds, sign_own_device
from bot.errors import DeliveryError, Rejected, Scope, Unavailable

log = structlog.get_logger(__name__)

SEEDS = "signing.json"
STORE = "crypto.db"
#: Seconds for an answer; well inside the patience of whoever delivers.
_TIMEOUT = 30.0
_V3 = "/_matrix/client/v3"
_PAGE = 100

_LOST = (
    f"{STORE} in the data folder is not the one this device was made with: nothing that is encrypted could be read, and"
    f" nobody could read us. Put the right one back, or {WAY_OUT}"
)


class Session:
    """`await open()`, then send; `client` is nio's, for whoever syncs it."""

    def __init__(self, settings: Mapping[str, Any], folder: Path) -> None:
        self.folder = folder
        self.client: nio.AsyncClient
        self.device: Device
        self._settings = settings
        self._keys = asyncio.Lock()

    @property
    def user(self) -> str:
        """The bot's own id."""
        return self.device.user

    async def open(self) -> None:
        """Take the device that is kept, or make it; look whether its store is there; show and sign its keys.

        Raises DeliveryError.
        """
        logging.getLogger("nio").setLevel(logging.ERROR)  # what matters of it we say ourselves
        self.device = device = await devices.ready(self._settings, self.folder)
        config = nio.AsyncClientConfig(
            store=SqliteStore,
            store_name=STORE,
            store_sync_tokens=False,  # nio writes them down before anything is done
            encryption_enabled=True,
            max_limit_exceeded=0,  # or it sleeps behind the outbox's back
            max_timeouts=0,
            request_timeout=_TIMEOUT,
        )
        self.client = nio.AsyncClient(device.homeserver, device.user, device.id, str(self.folder), config)
        self.client.restore_login(device.user, device.id, device.token)
        own = str(self.client.olm.account.identity_keys["ed25519"])
        known = await known_fingerprint(self.call, device.user, device.id)
        if own != (known or own) or own != (device.fingerprint or own):
            raise Rejected(_LOST, scope=Scope.PLATFORM)
        if device.fingerprint is None:
            self.device = replace(device, fingerprint=own)
            devices.write(self.folder, self.device)
        if self.client.should_upload_keys or known is None:
            check(await self.client.keys_upload())
        await self._sign()

    async def close(self) -> None:
        """End the connections."""
        if "client" not in vars(self):
            return
        await self.client.close()
        if self.client.store is not None:
            self.client.store.database.close()

    async def _sign(self) -> None:
        """Unsigned, clients will leave us out some day: no reason not to start."""
        try:
            signed = await sign(self.call, self.folder, self.device, self._password())
        except (Rejected, ValueError) as e:
            log.warning("the device is not signed", why=str(e), see="evwatch matrix verify")
            return
        if signed not in (Signed.NOW, Signed.BEFORE):
            log.warning("the device is not signed", why=signed.value, see="evwatch matrix verify")

    def _password(self) -> str | None:
        password = self._settings.get("matrix_password")
        return None if password is None else str(password.get_secret_value())

    # --------------------------------------------------------------------------------------------------------- asking

    async def call(self, method: str, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """See signing.Call."""
        return await ask(self.client, method, path, body)

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """One request below `/_matrix/client/v3`. Raises DeliveryError."""
        status, answer = await ask(self.client, method, _V3 + path, body)
        if status != 200:
            raise refusal(status, answer)
        return answer

    async def event(self, room: str, id: str) -> dict[str, Any]:
        """One event, decrypted where it can be. Raises DeliveryError."""
        raw = await self.ask("GET", f"/rooms/{quote(room)}/event/{quote(id)}")
        parsed = nio.Event.parse_event(raw)
        if isinstance(parsed, nio.MegolmEvent):
            parsed.room_id = room
            with contextlib.suppress(nio.EncryptionError):
                parsed = self.client.decrypt_event(parsed)
        return {**raw, **getattr(parsed, "source", {})}

    async def upgraded(self, room: str) -> bool:
        """Whether the room has become another, and nobody may speak here for that reason alone."""
        try:
            return bool(await self.ask("GET", f"/rooms/{quote(room)}/state/m.room.tombstone/"))
        except DeliveryError:
            return False

    async def back(self, room: str, start: str | None = None, end: str | None = None) -> AsyncIterator[nio.Event]:
        """The events of a room before `start` (default: now), newest first, decrypted where they can be.

        Raises DeliveryError.
        """
        page = start
        while True:
            with on_the_wire():
                answer = await self.client.room_messages(room, page, end, limit=_PAGE)
            check(answer)
            for event in answer.chunk:
                yield event
            if answer.end is None or not answer.chunk:
                return
            page = answer.end

    # -------------------------------------------------------------------------------------------------------- sending

    async def send(self, room: str, type: str, content: Mapping[str, Any], transaction: str) -> str:
        """Send an event, encrypted where the room is; its id. Raises DeliveryError."""
        await self._prepare(room)
        with on_the_wire(sent=True):
            answer = await self.client.room_send(room, type, dict(content), transaction, ignore_unverified_devices=True)
        check(answer, sent=True)
        return str(answer.event_id)

    async def _prepare(self, room: str) -> None:
        """See to it that everybody in the room will have the key. Nothing of the message is sent before that."""
        known = self.client.rooms.get(room)
        if known is None:
            joined = await self.ask("GET", "/joined_rooms")
            if room in joined.get("joined_rooms", ()):
                raise Unavailable("the room was joined just now")
            raise Rejected("the bot is not in the room", scope=Scope.CHANNEL)
        if not known.encrypted:
            return
        with on_the_wire():
            if not known.members_synced:
                check(await self.client.joined_members(room))
            await self.query_keys()
            if self.client.olm.should_share_group_session(room):
                await self._share(room)

    async def query_keys(self) -> None:
        """Learn of new devices, where there may be some. Raises DeliveryError."""
        async with self._keys:
            if self.client.should_query_keys:
                check(await self.client.keys_query())

    async def _share(self, room: str) -> None:
        """Give everybody's devices the key; nio alone would not notice where the server did not take it."""
        if missing := self.client.get_missing_sessions(room):
            check(await self.client.keys_claim(missing))
        await self.client.share_group_session(room, ignore_unverified_devices=True)
        olm = self.client.olm
        session = olm.outbound_group_sessions[room]
        got = session.users_shared_with | session.users_ignored
        without = [
            device
            for user in self.client.rooms[room].users
            for device in olm.device_store.active_user_devices(user)
            # Without a session it has no keys left to make one of: it cannot be waited for.
            if (user, device.id) not in got and olm.session_store.get(device.curve25519)
        ]
        if without:
            session.shared = False
            raise Unavailable("the homeserver did not hand the room's key to everybody")


async def sign(call: Any, folder: Path, device: Device, password: str | None, *, replace: bool = False) -> Signed:
    """Sign the device with the bot's own keys; `replace`: also where the account has keys of another client.

    Raises DeliveryError, and ValueError where the seeds cannot be read.
    """
    seeds = read_or_make_seeds(folder / SEEDS)
    who = {"user": device.user, "device": device.id, "fingerprint": device.fingerprint or ""}
    signed = await sign_own_device(call, seeds, **who, password=password if replace else None)
    if signed is Signed.PASSWORD and password is not None:
        signed = await sign_own_device(call, seeds, **who, password=password)
    return signed
