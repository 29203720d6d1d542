"""The schema's revision: checked at start, raised by Alembic, with a copy of the file first."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import NullPool

from bot.adapters.store.database import Database, translated, writes
from bot.errors import StoreError

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's settings, without an ini file; it prints nothing."""
    made = Config(stdout=io.StringIO())
    # A percent sign in a path would be read as an interpolation.
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return made


def head() -> str:
    """The revision this code is written for."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    if found is None:  # pragma: no cover - a broken installation
        raise StoreError(f"no migrations in {MIGRATIONS}")
    return found


async def check(db: Database) -> bool:
    """True for a database of this code, False for one that is behind or empty. Raises StoreError for a newer one."""
    if db.path is not None:
        await asyncio.to_thread(_probe, db.path)
    current, has_tables = await _with_connection(db, _state)
    if current is None:
        if has_tables:
            raise StoreError(f"{_name(db)} is a database, but none of evwatch")
        return False
    if current not in {s.revision for s in ScriptDirectory.from_config(config()).walk_revisions()}:
        raise StoreError(f"{_name(db)} is newer ({current}) than this evwatch ({head()}): install the newer one again")
    return current == head()


async def upgrade(db: Database) -> Path | None:
    """Bring the schema to `head`; the copy made before, if there was something to copy."""
    if await check(db):
        return None
    current, _ = await _with_connection(db, _state)
    copy = None
    if db.path is not None and current is not None:
        copy = db.path.with_name(f"{db.path.name}.before-{head()}")
        try:
            await asyncio.to_thread(_copy, db.path, copy)
        except (sqlite3.Error, OSError) as e:
            raise StoreError(f"{db.path} could not be copied to {copy.name}, so it was not upgraded: {e}") from e
    try:
        await _with_connection(db, _upgrade)
    except CommandError as e:
        raise StoreError(f"{_name(db)} could not be upgraded: {e}") from e
    return copy


async def _with_connection(db: Database, act: Callable[[Connection], T]) -> T:
    """Run in one transaction, with the foreign keys off and an engine of its own."""
    with translated(OSError):
        engine: AsyncEngine = db.engine(foreign_keys=False, poolclass=NullPool)
        try:
            async with engine.connect() as conn:
                await writes(conn)
                async with conn.begin():
                    return await conn.run_sync(act)
        finally:
            await engine.dispose()


def _probe(file: Path) -> None:
    """Raise StoreError for a file that is no database: aiosqlite would leave a thread behind that complains later."""
    try:
        with closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as e:
        raise StoreError(f"{file} cannot be opened: {e}") from e


def _state(conn: Connection) -> tuple[str | None, bool]:
    """The revision, and whether there is any table."""
    return MigrationContext.configure(conn).get_current_revision(), bool(inspect(conn).get_table_names())


def _upgrade(conn: Connection) -> None:
    settings = config()
    settings.attributes["connection"] = conn
    command.upgrade(settings, "head")
    if conn.dialect.name == "sqlite":
        broken: list[Any] = list(conn.exec_driver_sql("PRAGMA foreign_key_check"))
        if broken:  # rolled back: the file is as it was
            raise StoreError(f"the upgrade would leave {len(broken)} rows without what they refer to")


def _copy(file: Path, copy: Path) -> None:
    """By SQLite itself, so that what stands in the WAL only is in the copy too; under its name once it is whole."""
    part = copy.with_name(copy.name + ".part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    part.replace(copy)


def _name(db: Database) -> str:
    return str(db.path) if db.path else db.url.render_as_string(hide_password=True)
