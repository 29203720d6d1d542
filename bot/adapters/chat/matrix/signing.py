"""The bot's own cross-signing keys (libraries: pycryptodome, nio's canonical JSON): master -> self-signing -> device.

Clients leave out devices their owner has not signed, and nio knows nothing of it. The seeds are kept: who has them can
sign the next device too, so the people who have verified the bot need not do it again.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from nio.api import Api

from bot.adapters.chat.matrix import files
from bot.errors import Rejected, Scope, Unavailable

_KEYS = "/_matrix/client/v3/keys"
_USAGES = ("master", "self_signing", "user_signing")
_SEED = 32  #: bytes, of Ed25519


class Signed(StrEnum):
    """What became of signing the own device."""

    NOW = "signed now"
    BEFORE = "was signed"
    PASSWORD = "the server wants the password"  # noqa: S105 - the word, not one
    FOREIGN = "the account has keys of another client"


class Call(Protocol):
    """One request with the bot's token."""

    def __call__(self, method: str, path: str, body: Mapping[str, Any], /) -> Awaitable[tuple[int, dict[str, Any]]]:
        """The status and the answer. Raises DeliveryError where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Seeds:
    """The three secret keys; never shown."""

    master: bytes = field(repr=False)
    self_signing: bytes = field(repr=False)
    user_signing: bytes = field(repr=False)


def read_or_make_seeds(path: Path) -> Seeds:
    """The seeds of this file; new ones, in a new file for the owner's eyes only, where there is none.

    Raises ValueError for a file that holds something else: it is never replaced.
    """
    if not path.exists():
        files.write(path, {usage: base64.b64encode(secrets.token_bytes(_SEED)).decode() for usage in _USAGES})
    try:
        held = files.read(path)
        seeds = [base64.b64decode(held[usage], validate=True) for usage in _USAGES]
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{path.name} holds no signing keys") from None  # and says nothing of what it holds
    if any(len(seed) != _SEED for seed in seeds):
        raise ValueError(f"{path.name} holds no signing keys")
    return Seeds(*seeds)


def public(seed: bytes) -> str:
    """The public key as Matrix writes it: base64 without padding."""
    return _base64(_key(seed).public_key().export_key(format="raw"))


def signing_keys(seeds: Seeds, user: str) -> dict[str, Any]:
    """The three public keys, the lower two signed by the master key."""
    made: dict[str, Any] = {}
    for usage in _USAGES:
        key = public(getattr(seeds, usage))
        bare = {"user_id": user, "usage": [usage], "keys": {f"ed25519:{key}": key}}
        made[f"{usage}_key"] = bare if usage == "master" else signed(bare, seeds.master, user)
    return made


def signed(what: Mapping[str, Any], seed: bytes, user: str) -> dict[str, Any]:
    """The same with this key's signature, beside those it has."""
    bare = {k: v for k, v in what.items() if k not in ("signatures", "unsigned")}
    signature = eddsa.new(_key(seed), "rfc8032").sign(Api.to_canonical_json(bare).encode())
    signatures = {who: dict(of) for who, of in what.get("signatures", {}).items()}
    signatures.setdefault(user, {})[f"ed25519:{public(seed)}"] = _base64(signature)
    return {**bare, "signatures": signatures}


async def known_fingerprint(call: Call, user: str, device: str) -> str | None:
    """The public key the server knows our device by, None before its first upload. Raises DeliveryError.

    Where it is not that of the crypto store, the store was lost. To be asked before nio uploads anything: the server
    would take the new keys, and everybody would encrypt to a device nobody has verified.
    """
    return _fingerprint(_device(await _held(call, user), user, device), device)


async def sign_own_device(
    call: Call, seeds: Seeds, *, user: str, device: str, fingerprint: str, password: str | None = None
) -> Signed:
    """Upload the keys where the account has none, and sign the device whose public key is `fingerprint`.

    With the password keys of another client are replaced: people who verified those have to do it again.
    Raises DeliveryError.
    """
    held = await _held(call, user)
    shown = _device(held, user, device)
    # What the server hands out gets our name only if it is our device.
    if _fingerprint(shown, device) != fingerprint:
        raise Rejected("the server does not know the keys of our device", scope=Scope.PLATFORM)
    ours = signing_keys(seeds, user)
    theirs = {usage: held.get(f"{usage}_keys", {}).get(user) for usage in _USAGES[:2]}
    if theirs["master"] is not None and not _same(theirs["master"], ours["master_key"]) and password is None:
        return Signed.FOREIGN
    if not all(_same(theirs[usage], ours[f"{usage}_key"]) for usage in theirs):
        status, answer = await _upload(call, ours, user, password)
        if status == 401:
            return Signed.PASSWORD
        _check(status, answer)
    made = signed(shown, seeds.self_signing, user)
    if _signatures(made) == _signatures(shown):  # the same words and key always give the same signature
        return Signed.BEFORE
    refused = (await _asked(call, f"{_KEYS}/signatures/upload", {user: {device: made}})).get("failures")
    # Synapse says yes and keeps the signature of older keys, where the device has new ones.
    if refused or _signatures(_device(await _held(call, user), user, device)) != _signatures(made):
        raise Rejected(
            "the server does not take our signature of this device: log in as a new one", scope=Scope.PLATFORM
        )
    return Signed.NOW


async def _held(call: Call, user: str) -> dict[str, Any]:
    return await _asked(call, f"{_KEYS}/query", {"device_keys": {user: []}})


def _device(held: Mapping[str, Any], user: str, device: str) -> dict[str, Any]:
    shown: dict[str, Any] = held.get("device_keys", {}).get(user, {}).get(device, {})
    return shown


def _fingerprint(shown: Mapping[str, Any], device: str) -> str | None:
    key: str | None = shown.get("keys", {}).get(f"ed25519:{device}")
    return key


def _signatures(shown: Mapping[str, Any]) -> Any:
    return shown.get("signatures")


async def _upload(call: Call, keys: Mapping[str, Any], user: str, password: str | None) -> tuple[int, dict[str, Any]]:
    """Without a password first: for the first keys of an account most servers ask for none."""
    path = f"{_KEYS}/device_signing/upload"
    status, answer = await call("POST", path, keys)
    if status != 401 or password is None or "session" not in answer:
        return status, answer
    auth = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user},
        "password": password,
        "session": answer["session"],
    }
    return await call("POST", path, {**keys, "auth": auth})


async def _asked(call: Call, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    status, answer = await call("POST", path, body)
    _check(status, answer)
    return answer


def _check(status: int, answer: Mapping[str, Any]) -> None:
    if status != 200:
        said = f"{status} {answer.get('errcode', '')}".strip()
        if status == 429 or status >= 500:
            raise Unavailable(f"the server did not take our signing keys: {said}")
        raise Rejected(f"the server refused our signing keys: {said}", scope=Scope.PLATFORM)


def _same(theirs: Mapping[str, Any] | None, ours: Mapping[str, Any]) -> bool:
    return theirs is not None and theirs.get("keys") == ours["keys"]


def _key(seed: bytes) -> ECC.EccKey:
    return ECC.construct(curve="Ed25519", seed=seed)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")
