"""Whom a careful client believes: master key -> self-signing key -> device, by the keys the server hands out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import vodozemac
from nio.api import Api


@dataclass(frozen=True)
class Trust:
    """A user's keys, judged."""

    master: str | None  #: the public key people compare
    signed: frozenset[str]  #: devices their owner has signed
    unsigned: frozenset[str]  #: devices a careful client leaves out


def judge(keys: Mapping[str, Any], user: str) -> Trust:
    """Follow the chain in an answer of /keys/query. Every link is checked; a broken one ends it."""
    devices: Mapping[str, Any] = keys["device_keys"].get(user, {})
    master = keys.get("master_keys", {}).get(user)
    own = keys.get("self_signing_keys", {}).get(user)
    names = frozenset(devices)
    if master is None or own is None or master["user_id"] != user or own["user_id"] != user:
        return Trust(None, frozenset(), names)
    if "master" not in master["usage"] or "self_signing" not in own["usage"] or not _signs(_key(master), user, own):
        return Trust(_key(master), frozenset(), names)
    signed = frozenset(name for name, device in devices.items() if _good(device, name, user, _key(own)))
    return Trust(_key(master), signed, names - signed)


def _good(device: Mapping[str, Any], name: str, user: str, owner: str) -> bool:
    """The device is whose it says, has signed its keys itself, and its owner has signed them too."""
    if (device["user_id"], device["device_id"]) != (user, name):
        return False
    itself = device["keys"][f"ed25519:{name}"]
    return _signs(itself, user, device, name) and _signs(owner, user, device)


def _key(key: Mapping[str, Any]) -> str:
    ((name, public),) = key["keys"].items()
    assert name == f"ed25519:{public}"
    return str(public)


def _signs(public: str, user: str, what: Mapping[str, Any], name: str | None = None) -> bool:
    """Whether this key has signed it; `name` is the key's, where that is not the key itself."""
    signature = what.get("signatures", {}).get(user, {}).get(f"ed25519:{name or public}")
    if signature is None:
        return False
    bare = {k: v for k, v in what.items() if k not in ("signatures", "unsigned")}
    try:
        vodozemac.Ed25519PublicKey.from_base64(public).verify_signature(
            Api.to_canonical_json(bare).encode(), vodozemac.Ed25519Signature.from_base64(signature)
        )
    except vodozemac.SignatureException:
        return False
    return True
