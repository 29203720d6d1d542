"""The one device the bot has for ever: the file that keeps it, and the log-in that makes it."""

from __future__ import annotations

import secrets
import string
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import nio

from bot.adapters.chat.matrix import files
from bot.adapters.chat.matrix.errors import WAY_OUT, on_the_wire, refusal, retry_after
from bot.errors import Rejected, Scope

#: In the data folder: the device, its crypto store, its signing keys, and how far it has read.
FOLDER = "matrix"
FILE = "device.json"
_NAME = "evwatch"
_V3 = "/_matrix/client/v3"


@dataclass(frozen=True, slots=True)
class Device:
    """A device of the bot's account; without a token its log-in was begun and not finished."""

    homeserver: str
    user: str  #: `@name:server`
    id: str
    token: str = field(repr=False)
    fingerprint: str | None = None  #: its public key, once it has one


def read(folder: Path) -> Device | None:
    """The device of this folder. Raises Rejected where the file is broken."""
    try:
        held = files.read(folder / FILE)
        return None if held is None else Device(**held)
    except (ValueError, TypeError):
        raise Rejected(f"{FILE} in the data folder is broken: {WAY_OUT}", scope=Scope.PLATFORM) from None


def write(folder: Path, device: Device) -> None:
    """Keep it."""
    files.write(folder / FILE, asdict(device))


async def ready(settings: Mapping[str, Any], folder: Path) -> Device:
    """The device to be used: the one that is kept, else one made with the token or the password of the settings.

    Raises DeliveryError.
    """
    homeserver, user = settings["matrix_homeserver"].rstrip("/"), str(settings["matrix_user"])
    kept = read(folder)
    if kept is not None and not _same(kept.user, user):
        why = f"the device in the data folder is {kept.user}'s, but the settings say {user}"
        raise Rejected(f"{why}: {WAY_OUT}", scope=Scope.PLATFORM)
    token = settings.get("matrix_token")
    if token is not None and (kept is None or kept.token != token.get_secret_value()):
        made = await _with_token(homeserver, token.get_secret_value())
        if kept is not None and kept.id == made.id:
            made = replace(made, fingerprint=kept.fingerprint)
    elif kept is None or not kept.token:
        password = settings.get("matrix_password")
        if password is None:
            raise Rejected("EVWATCH_MATRIX_PASSWORD or EVWATCH_MATRIX_TOKEN is needed", scope=Scope.PLATFORM)
        made = await log_in(homeserver, user, password.get_secret_value(), folder, begun=kept)
    else:
        made = replace(kept, homeserver=homeserver)
    if made != kept:
        write(folder, made)
    return made


async def log_in(homeserver: str, user: str, password: str, folder: Path, *, begun: Device | None = None) -> Device:
    """Make a new device, or finish one that was `begun`. Its name is written down first: a crash makes no second."""
    name = begun.id if begun else "EVWATCH" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(6))
    if begun is None:
        write(folder, Device(homeserver, user, name, token=""))
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "device_id": name,
        "initial_device_display_name": _NAME,
    }
    status, answer = await _once(homeserver, "POST", f"{_V3}/login", body)
    if status == 403:
        raise Rejected("the homeserver refuses EVWATCH_MATRIX_USER or its password", scope=Scope.PLATFORM)
    if status != 200:
        raise refusal(status, answer)
    return Device(homeserver, answer["user_id"], answer["device_id"], answer["access_token"])


async def _with_token(homeserver: str, token: str) -> Device:
    status, answer = await _once(homeserver, "GET", f"{_V3}/account/whoami", None, token)
    if status == 401:
        raise Rejected("the homeserver does not know EVWATCH_MATRIX_TOKEN", scope=Scope.PLATFORM)
    if status != 200:
        raise refusal(status, answer)
    if "device_id" not in answer:
        raise Rejected("EVWATCH_MATRIX_TOKEN belongs to no device: log in for one", scope=Scope.PLATFORM)
    return Device(homeserver, answer["user_id"], answer["device_id"], token)


async def _once(
    homeserver: str, method: str, path: str, body: Mapping[str, Any] | None, token: str = ""
) -> tuple[int, dict[str, Any]]:
    client = nio.AsyncClient(homeserver)
    client.access_token = token
    try:
        return await ask(client, method, path, body)
    finally:
        await client.close()


async def ask(
    client: nio.AsyncClient, method: str, path: str, body: Mapping[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    """One request of ours: status and answer, {} where that is no JSON. Raises Unavailable where there is none."""
    headers = {"Authorization": f"Bearer {client.access_token}"} if client.access_token else {}
    data = None if body is None else nio.Api.to_json(dict(body))
    with on_the_wire():
        async with await client.send(method, path, data, headers) as answer:
            try:
                content = await answer.json(content_type=None)
            except ValueError:
                content = {}
            return answer.status, {**retry_after(answer), **content} if isinstance(content, dict) else {}


def _same(kept: str, named: str) -> bool:
    """`@evwatch:example.org` may be set as `evwatch`."""
    return named in (kept, kept.partition(":")[0], kept.partition(":")[0].removeprefix("@"))
