"""The engine under the store: connections, transactions, and all that differs between SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from datetime import timedelta
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import Pool
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from bot.errors import StoreError

T = TypeVar("T")

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_WRITES = "evwatch_writes"

#: Numbers of PostgreSQL's advisory locks; any will do, as long as they stay.
STORIES_LOCK, FEEDS_LOCK, ARCHIVE_LOCK = 7_301, 7_302, 7_303

#: Parameters in one statement: SQLite takes 32,766, PostgreSQL 32,767.
MANY = 5_000


class Database:
    """One engine; one writer at a time on SQLite."""

    def __init__(self, url: str, *, fsync: bool, busy_timeout: timedelta) -> None:
        self.url = _async_url(url)
        self._fsync = fsync
        self._busy_timeout = busy_timeout
        self._engine: AsyncEngine | None = None
        # BEGIN IMMEDIATE would make writers of this process wait in their threads; here they wait in order.
        self._writers: AbstractAsyncContextManager[Any] = asyncio.Lock() if self.path else nullcontext()

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database or "") if self.url.get_backend_name() == "sqlite" else None

    def engine(self, *, foreign_keys: bool = True, poolclass: type[Pool] | None = None) -> AsyncEngine:
        """A new engine. Migrations go without foreign keys: SQLite alters a table by dropping it, rows below too."""
        with translated():
            engine = create_async_engine(self.url, hide_parameters=True, poolclass=poolclass)
        if self.path:
            self._prepare_sqlite(engine, foreign_keys)
        return engine

    async def open(self) -> None:
        """Make the engine; connections come as they are needed."""
        self._engine = self.engine()

    async def close(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            engine, self._engine = self._engine, None
            await engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view, no lock."""
        with translated():
            conn = await self._connect()
            try:
                yield conn
            finally:
                await conn.close()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed at the end, rolled back on any exception."""
        # The caller's own errors pass through untouched: SQLAlchemy's can only be ours.
        async with self._writers:
            with translated():
                conn = await self._begin()
                try:
                    yield conn
                except BaseException:
                    await conn.rollback()
                    raise
                else:
                    await conn.commit()
                finally:
                    await conn.close()

    async def _begin(self) -> AsyncConnection:
        """A connection within a transaction; waits out other processes' writes."""
        retrying = AsyncRetrying(
            stop=stop_after_attempt(3),
            wait=wait_random_exponential(multiplier=0.05, max=1),
            retry=retry_if_exception(_is_locked),
            reraise=True,
        )
        return await retrying(self._begin_once)

    async def _begin_once(self) -> AsyncConnection:
        conn = await self._connect()
        try:
            await writes(conn)
            await conn.begin()
        except BaseException:
            await conn.close()
            raise
        return conn

    async def _connect(self) -> AsyncConnection:
        if self._engine is None:
            raise StoreError("the store is not open")
        with translated(OSError):  # of asyncpg, as it is
            return await self._engine.connect()

    def _prepare_sqlite(self, engine: AsyncEngine, foreign_keys: bool) -> None:
        pragmas = (
            f"busy_timeout = {int(self._busy_timeout.total_seconds() * 1000)}",
            "journal_mode = WAL",
            f"synchronous = {'FULL' if self._fsync else 'OFF'}",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        )

        # sqlite3 begins late and on its own, and always deferred: a reader that turns writer fails at once when
        # somebody else wrote meanwhile. So its own BEGIN is off (isolation_level None) and ours says what it means.
        # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
        @event.listens_for(engine.sync_engine, "connect")
        def connect(dbapi_connection: Any, record: object) -> None:
            dbapi_connection.isolation_level = None
            cursor = dbapi_connection.cursor()
            for pragma in pragmas:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine.sync_engine, "begin")
        def begin(conn: Connection) -> None:
            writes = conn.get_execution_options().get(_WRITES)
            conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def writes(conn: AsyncConnection) -> Awaitable[AsyncConnection]:
    """Mark the connection, so that its transactions begin as a writer's."""
    return conn.execution_options(**{_WRITES: True})


def insert(conn: AsyncConnection, table: Table) -> sqlite.Insert:
    """INSERT with ON CONFLICT, which both databases spell alike and SQLAlchemy keeps per dialect."""
    if shared(conn):
        return postgresql.insert(table)  # type: ignore[return-value]  # the same methods, no common class
    return sqlite.insert(table)


def shared(conn: AsyncConnection) -> bool:
    """Whether others write while this transaction does; on SQLite every writer is alone."""
    return conn.dialect.name == "postgresql"


async def alone(conn: AsyncConnection, lock: int) -> None:
    """Be the only one with this lock until the transaction ends."""
    if shared(conn):
        await conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


@contextmanager
def translated(*more: type[Exception]) -> Iterator[None]:
    """The database's errors as StoreError, without statement and values; a naive datetime as the ValueError it is."""
    try:
        yield
    except StatementError as e:
        if isinstance(e.orig, ValueError) and not isinstance(e.orig, UnicodeError):
            raise e.orig from None
        raise StoreError(f"the database refused: {e.orig}") from e
    except SQLAlchemyError as e:
        raise StoreError(f"the database refused: {e}") from e
    except more as e:
        raise StoreError(f"the database cannot be reached: {e}") from e


def chunks(values: Collection[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that one statement can hold."""
    rest = iter(values)
    while piece := list(islice(rest, MANY)):
        yield piece


def _async_url(url: str) -> URL:
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.get_backend_name()]
    except (ArgumentError, KeyError, NoSuchModuleError, ValueError):  # of a port that is no number, with the password
        raise StoreError("a database is written sqlite+aiosqlite:///FILE or postgresql+asyncpg://...") from None
    if parsed.drivername not in (driver, parsed.get_backend_name()):
        raise StoreError(f"the driver must be {driver}, not {parsed.drivername}")
    if driver == _DRIVERS["sqlite"] and parsed.database in (None, "", ":memory:"):
        raise StoreError("an SQLite database must be a file: what is only in memory is lost at the next start")
    library = driver.partition("+")[2]
    if find_spec(library) is None:
        raise StoreError(f"the driver {library} is not installed: pip install {library}")
    return parsed.set(drivername=driver)


def _is_locked(e: BaseException) -> bool:
    return isinstance(e, OperationalError) and "is locked" in str(e.orig)
