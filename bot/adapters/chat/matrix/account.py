"""What an operator does with the bot's account: a new device, signing it, looking at it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nio

from bot.adapters.chat.matrix import device as devices
from bot.adapters.chat.matrix.device import FOLDER, Device, ask
from bot.adapters.chat.matrix.errors import refusal
from bot.adapters.chat.matrix.session import SEEDS, Session, sign
from bot.adapters.chat.matrix.signing import Call, Signed, known_fingerprint, public, read_or_make_seeds
from bot.errors import ConfigError, DeliveryError, Problem, Rejected, Scope

_V3 = "/_matrix/client/v3"
#: A sync that shows the encrypted rooms, and invitations.
_ROOMS: dict[str, Any] = {
    "presence": {"types": []},
    "account_data": {"types": []},
    "room": {
        "timeline": {"limit": 1, "types": []},
        "state": {"types": ["m.room.encryption"]},
        "ephemeral": {"types": []},
        "account_data": {"types": []},
    },
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The device as other people see it."""

    user: str
    device: str
    fingerprint: str  #: of the device; what the server hands out
    master: str  #: the key that people compare when they verify the bot
    signed: str  #: `signed now`, `was signed`, or why it is not

    @property
    def well(self) -> bool:
        """Whether careful clients believe the device."""
        return self.signed in (Signed.NOW, Signed.BEFORE)


@dataclass(frozen=True, slots=True)
class Status:
    """The account and where it is."""

    user: str
    device: str
    homeserver: str
    rooms: Mapping[str, bool]  #: id -> encrypted
    invites: tuple[str, ...]  #: rooms that wait for an answer


async def log_in(settings: Mapping[str, Any]) -> Device:
    """Make a new device in the place of the one there is, and sign it. Raises ConfigError, DeliveryError."""
    problems = [
        Problem(f"EVWATCH_{name.upper()}", 0, "", "is needed to log in")
        for name in ("matrix_homeserver", "matrix_user", "matrix_password")
        if not settings.get(name)
    ]
    if settings.get("matrix_token"):
        problems.append(Problem("EVWATCH_MATRIX_TOKEN", 0, "", "is set: put the token of a new device there instead"))
    if problems:
        raise ConfigError(problems)
    folder = Path(settings["data_dir"]) / FOLDER
    before = None
    with suppress(Rejected):  # a broken file is what this is for
        before = devices.read(folder)
    homeserver = settings["matrix_homeserver"].rstrip("/")
    password = settings["matrix_password"].get_secret_value()
    devices.write(folder, await devices.log_in(homeserver, settings["matrix_user"], password, folder))
    await _end(before)
    session = Session(settings, folder)
    try:
        await session.open()
        return session.device
    finally:
        await session.close()


async def verify(settings: Mapping[str, Any], *, replace: bool = False) -> Shown:
    """What others see of the device; it is signed where it is not. Raises DeliveryError.

    `replace`: also where the account has keys of another client: people who verified those have to do it again.
    """
    folder = Path(settings["data_dir"]) / FOLDER
    password = settings.get("matrix_password")
    async with _connected(folder) as (device, call):
        shown = await known_fingerprint(call, device.user, device.id)
        try:
            words = password.get_secret_value() if password is not None else None
            signed: str = await sign(call, folder, device, words, replace=replace)
            master = public(read_or_make_seeds(folder / SEEDS).master)
        except (Rejected, ValueError) as e:
            signed, master = str(e), "-"
        return Shown(device.user, device.id, shown or "-", master, signed)


async def status(settings: Mapping[str, Any]) -> Status:
    """Where the account is. Raises DeliveryError."""
    async with _connected(Path(settings["data_dir"]) / FOLDER) as (device, call):
        # Rooms without one of these events are left out of a sync.
        joined = await _asked(call, "/joined_rooms")
        rooms = (await _asked(call, f"/sync?filter={quote(json.dumps(_ROOMS))}")).get("rooms", {})
        encrypted = rooms.get("join", {})
        return Status(
            device.user,
            device.id,
            device.homeserver,
            {room: room in encrypted for room in joined.get("joined_rooms", ())},
            tuple(rooms.get("invite", {})),
        )


async def _asked(call: Call, path: str) -> dict[str, Any]:
    code, answer = await call("GET", _V3 + path, {})
    if code != 200:
        raise refusal(code, answer)
    return answer


@asynccontextmanager
async def _connected(folder: Path) -> AsyncIterator[tuple[Device, Call]]:
    """The device that is kept, and a way to ask with its token."""
    device = devices.read(folder)
    if device is None or not device.token:
        raise Rejected("there is no device yet: `evwatch matrix login` makes one", scope=Scope.PLATFORM)
    client = nio.AsyncClient(device.homeserver)
    client.access_token = device.token

    async def call(method: str, path: str, body: Mapping[str, Any], /) -> tuple[int, dict[str, Any]]:
        return await ask(client, method, path, body if method != "GET" else None)

    try:
        yield device, call
    finally:
        await client.close()


async def _end(device: Device | None) -> None:
    """Log out a device that has been replaced; if the server does not know it any more, so much the better."""
    if device is None or not device.token:
        return
    client = nio.AsyncClient(device.homeserver)
    client.access_token = device.token
    try:
        with suppress(DeliveryError):
            await ask(client, "POST", f"{_V3}/logout", {})
    finally:
        await client.close()
