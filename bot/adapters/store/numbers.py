"""The numbers people see and keys are made of: how far they were given out."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, column, func, insert, literal, select, table, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import shared
from bot.adapters.store.said import mutes
from bot.adapters.store.tables import outbox, stories, subscriptions

_COUNTED: tuple[Table, ...] = (stories, outbox, subscriptions, mutes)
#: Where SQLite keeps them; a table that never had a row has none here.
_SEQUENCES = table("sqlite_sequence", column("name"), column("seq"))


async def highest(conn: AsyncConnection) -> dict[str, int]:
    """Table -> the highest number given out."""
    if shared(conn):
        last = text("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass), 0)")
        return {t.name: (await conn.execute(last, {"name": t.name})).scalar_one() for t in _COUNTED}
    found = {row.name: row.seq for row in await conn.execute(select(_SEQUENCES))}
    return {t.name: found.get(t.name, 0) for t in _COUNTED}


async def skip(conn: AsyncConnection, numbers: Mapping[str, int]) -> None:
    """Give out only higher ones from now on."""
    known = await highest(conn)
    for name, number in numbers.items():
        if number <= known.get(name, number):
            continue
        if shared(conn):
            await conn.execute(select(func.setval(func.pg_get_serial_sequence(name, literal("id")), number)))
        elif not (await conn.execute(update(_SEQUENCES).where(_SEQUENCES.c.name == name).values(seq=number))).rowcount:
            await conn.execute(insert(_SEQUENCES).values(name=name, seq=number))
