"""Watch lists made in chat, and which companies a list means now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import mutes, notes, subscriptions
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import insert
from bot.adapters.store.said import mutes as mute_rows
from bot.adapters.store.said import watchlists
from bot.domain.mutes import Mutable
from bot.domain.rulebook import WatchList

#: What the lists of the rules mean, as the process that runs by them has said: id -> companies.
_OF_RULES = "watchlists-of-rules"


async def save(conn: AsyncConnection, watchlist: WatchList, by: str, now: datetime) -> None:
    """Insert a list, or replace its title and members; what names it means that from now on."""
    values = {"title": watchlist.title, "companies": dumps(watchlist.companies), "made_by": by, "made_at": now}
    statement = insert(conn, watchlists).values(name=watchlist.id, **values)
    await conn.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
    await _resolve(conn)


async def drop(conn: AsyncConnection, id: str) -> bool:
    """End a list; False for an unknown one."""
    gone = (await conn.execute(delete(watchlists).where(watchlists.c.name == id))).rowcount > 0
    await _resolve(conn)
    return gone


async def every(conn: AsyncConnection) -> list[WatchList]:
    """Those made in chat, by id."""
    rows = await conn.execute(select(watchlists).order_by(watchlists.c.name))
    return [WatchList(row.name, row.title, loads(frozenset[str], row.companies)) for row in rows]


async def resolve(conn: AsyncConnection, of_rules: Mapping[str, frozenset[str]]) -> None:
    """Write down what each subscription and each mute means now; a list that is gone has no members."""
    await notes.set_note(conn, _OF_RULES, dumps(dict(of_rules)))
    await _resolve(conn)


async def _resolve(conn: AsyncConnection) -> None:
    """By the lists made in chat and those of the rules; before these are known nothing is polled, and they come."""
    of_rules = await notes.note(conn, _OF_RULES)
    if of_rules is None:
        return
    members = {w.id: w.companies for w in await every(conn)} | loads(dict[str, frozenset[str]], of_rules)
    for s in await subscriptions.every(conn):
        meant = s.companies.union(*(members.get(name, frozenset()) for name in s.watchlists))
        if meant != s.watched:
            await subscriptions.watch(conn, s.id, s.watched, meant)
    for mute in await mutes.every(conn):
        silenced = members.get(mute.name, frozenset())
        if mute.what is Mutable.WATCHLIST and silenced != mute.companies:
            this = update(mute_rows).where(mute_rows.c.id == mute.id)
            await conn.execute(this.values(companies=dumps(silenced)))
