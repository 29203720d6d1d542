"""Small things to remember: notes between starts, and the name of every company there ever was."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import insert
from bot.adapters.store.said import companies, notes


async def note(conn: AsyncConnection, name: str) -> str | None:
    """What was written down under this name."""
    found: str | None = (await conn.execute(select(notes.c.value).where(notes.c.name == name))).scalar_one_or_none()
    return found


async def set_note(conn: AsyncConnection, name: str, value: str | None) -> None:
    """Write it down; None forgets it."""
    if value is None:
        await conn.execute(delete(notes).where(notes.c.name == name))
        return
    statement = insert(conn, notes).values(name=name, value=value)
    await conn.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


async def know_companies(conn: AsyncConnection, names: Mapping[str, str]) -> dict[str, str]:
    """Remember these names (id -> name); all that were ever known."""
    if names:
        statement = insert(conn, companies)
        latest = {"name": statement.excluded.name}
        rows = [{"company": company, "name": name} for company, name in names.items()]
        await conn.execute(statement.on_conflict_do_update(index_elements=["company"], set_=latest), rows)
    return {row.company: row.name for row in await conn.execute(select(companies).order_by(companies.c.company))}
