"""Matrix (libraries: matrix-nio, pycryptodome): rooms plain and encrypted, answers in threads, reactions as buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.adapters.chat.matrix.platform import Matrix


def configured(settings: Mapping[str, Any]) -> bool:
    """A homeserver, a user, and a way to log in; a device that was made before is way enough."""
    named = settings.get("matrix_homeserver") and settings.get("matrix_user")
    return bool(named and (settings.get("matrix_password") or settings.get("matrix_token") or _made(settings)))


def create(settings: Mapping[str, Any]) -> Matrix:
    """A platform on the folder `data_dir`/matrix."""
    from bot.adapters.chat.matrix.platform import Matrix

    return Matrix(settings)


def _made(settings: Mapping[str, Any]) -> bool:
    from pathlib import Path

    return (Path(settings["data_dir"]) / "matrix" / "device.json").exists()
