"""All that is remembered, in SQLite or PostgreSQL (SQLAlchemy Core, Alembic)."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.store.lock import DataLock
from bot.adapters.store.store import SqlStore
from bot.ports import Clock, Store


def create(url: str, *, clock: Clock | None = None, fsync: bool = True) -> Store:
    """A store that is not open yet; see SqlStore."""
    return SqlStore(url, clock=clock, fsync=fsync)


def sqlite_url(file: Path) -> str:
    """The URL of a database in a file."""
    return f"sqlite+aiosqlite:///{file}"


__all__ = ["DataLock", "SqlStore", "create", "sqlite_url"]
