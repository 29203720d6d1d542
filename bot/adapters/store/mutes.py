"""What channels do not want to hear of for a while."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.channels import ids_of
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.said import mutes
from bot.adapters.store.tables import channels
from bot.adapters.store.types import AnyRow
from bot.domain.channels import ChannelRef
from bot.domain.mutes import Mutable, Mute, MuteId


async def add(conn: AsyncConnection, mute: Mute) -> Mute:
    """Add a mute, or change one of the same thing in the same channel; with its id."""
    if mute.what is not Mutable.WATCHLIST:
        mute = replace(mute, companies=frozenset({mute.name} if mute.what is Mutable.COMPANY else ()))
    channel = None if mute.channel is None else (await ids_of(conn, [mute.channel]))[mute.channel]
    t = mutes.c
    same = (t.channel_id.is_(None) if channel is None else t.channel_id == channel, t.what == mute.what.value)
    said = {"until": mute.until, "made_by": mute.by, "made_at": mute.at, "companies": dumps(mute.companies)}
    again = update(mutes).where(*same, t.name == mute.name).values(**said)
    number = (await conn.execute(again.returning(t.id))).scalar_one_or_none()
    if number is None:
        new = insert(conn, mutes).values(channel_id=channel, what=mute.what.value, name=mute.name, **said)
        number = (await conn.execute(new.returning(t.id))).scalar_one()
    return replace(mute, id=MuteId(number))


async def end(conn: AsyncConnection, mute: MuteId) -> bool:
    """End a mute; False for an unknown one."""
    return (await conn.execute(delete(mutes).where(mutes.c.id == mute))).rowcount > 0


async def now_in(conn: AsyncConnection, refs: Collection[ChannelRef], now: datetime) -> list[Mute]:
    """What is muted in these channels and everywhere, oldest first."""
    found: dict[int, Mute] = {}
    for where in _places(refs):
        query = _with_channels().where(where, or_(mutes.c.until.is_(None), mutes.c.until > now))
        found |= {row.id: _mute(row) for row in await conn.execute(query)}
    return [found[i] for i in sorted(found)]


async def every(conn: AsyncConnection) -> list[Mute]:
    """All of them, ended ones too, until retention takes them."""
    return [_mute(row) for row in await conn.execute(_with_channels().order_by(mutes.c.id))]


def _places(refs: Collection[ChannelRef]) -> Iterator[ColumnElement[bool]]:
    yield mutes.c.channel_id.is_(None)
    for piece in chunks([str(ref) for ref in refs]):
        yield mutes.c.channel_id.in_(select(channels.c.id).where(channels.c.ref.in_(piece)))


def _with_channels() -> Select[Any]:
    return select(*mutes.c, channels.c.ref).join_from(mutes, channels, isouter=True)


def _mute(row: AnyRow) -> Mute:
    return Mute(
        MuteId(row.id),
        None if row.ref is None else ChannelRef.parse(row.ref),
        Mutable(row.what),
        row.name,
        row.until,
        row.made_by,
        row.made_at,
        loads(frozenset[str], row.companies),
    )
