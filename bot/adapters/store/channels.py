"""Channels and who subscribes to what in them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.due import due
from bot.adapters.store.tables import channels, held, subscription_companies, subscriptions
from bot.adapters.store.types import AnyRow
from bot.domain.channels import Appetite, Cadence, Channel, ChannelRef, Filter, Subscription, SubscriptionId
from bot.errors import StoreError


async def save(conn: AsyncConnection, channel: Channel) -> None:
    """Insert or update a channel's settings."""
    settings = {
        "language": channel.language,
        "timezone": channel.timezone,
        "digest_at": channel.digest_at,
        "paused": channel.paused,
    }
    statement = insert(conn, channels).values(ref=str(channel.ref), **settings)
    await conn.execute(statement.on_conflict_do_update(index_elements=["ref"], set_=settings))


async def pause(conn: AsyncConnection, ref: ChannelRef, why: str) -> None:
    """Send nothing more there."""
    ids = await ids_of(conn, [ref])
    await conn.execute(update(channels).where(channels.c.id == ids[ref]).values(paused=why))


async def ids_of(conn: AsyncConnection, refs: Collection[ChannelRef]) -> dict[ChannelRef, int]:
    """The keys of these channels; one nobody has set up yet gets the settings of a fresh one."""
    wanted = {str(ref): ref for ref in refs}
    found: dict[ChannelRef, int] = {}
    for piece in chunks(list(wanted)):
        query = select(channels.c.ref, channels.c.id).where(channels.c.ref.in_(piece))
        found |= {wanted[row.ref]: row.id for row in await conn.execute(query)}
    for ref in sorted(set(refs) - set(found)):
        new = Channel(ref)
        statement = insert(conn, channels).values(
            ref=str(ref), language=new.language, timezone=new.timezone, digest_at=new.digest_at, paused=new.paused
        )
        # Somebody else may have been faster: then this updates nothing, but says the id.
        same = {"ref": statement.excluded.ref}
        statement = statement.on_conflict_do_update(index_elements=["ref"], set_=same)
        found[ref] = (await conn.execute(statement.returning(channels.c.id))).scalar_one()
    return found


def channel_of(row: AnyRow) -> Channel:
    """The channel of a row that has the columns of `channels`."""
    return Channel(ChannelRef.parse(row.ref), row.language, row.timezone, row.digest_at, row.paused)


async def subscribe(conn: AsyncConnection, subscription: Subscription, now: datetime) -> SubscriptionId:
    """Add a subscription, or find the same one."""
    ref = str(subscription.channel.ref)
    channel = (await conn.execute(select(channels.c.id).where(channels.c.ref == ref))).scalar_one_or_none()
    if channel is None:
        raise StoreError(f"the channel {ref} is not known yet")
    said = _said(subscription)
    # The order in which lists were named says nothing.
    unordered = said | {"watchlists": dumps(tuple(sorted(set(subscription.watchlists))))}
    fingerprint = hashlib.sha256("\n".join(unordered.values()).encode()).hexdigest()
    same = (subscriptions.c.channel_id == channel) & (subscriptions.c.fingerprint == fingerprint)
    known = (await conn.execute(select(subscriptions.c.id).where(same))).scalar_one_or_none()
    if known is not None:
        return SubscriptionId(known)
    statement = insert(conn, subscriptions).values(
        channel_id=channel,
        fingerprint=fingerprint,
        watched="[]",
        created_at=now,
        **said,
    )
    new = (await conn.execute(statement.returning(subscriptions.c.id))).scalar_one()
    await _watch(conn, new, frozenset(), subscription.watched)
    return SubscriptionId(new)


async def unsubscribe(conn: AsyncConnection, subscription: SubscriptionId) -> bool:
    """End a subscription, with its watched set and what is held for it."""
    ended = await conn.execute(delete(subscriptions).where(subscriptions.c.id == subscription))
    return ended.rowcount > 0


async def every(conn: AsyncConnection) -> list[Subscription]:
    """Every subscription, oldest first."""
    return [_subscription(row) for row in await conn.execute(_with_channels().order_by(subscriptions.c.id))]


async def watching(conn: AsyncConnection, companies: Collection[str]) -> list[Subscription]:
    """The subscriptions that watch one of these companies, oldest first."""
    found: dict[int, Subscription] = {}
    for piece in chunks(companies):
        t = subscription_companies
        ids = select(t.c.subscription_id).where(t.c.company.in_(piece))
        rows = await conn.execute(_with_channels().where(subscriptions.c.id.in_(ids)))
        found |= {row.id: _subscription(row) for row in rows}
    return [found[i] for i in sorted(found)]


async def due_digests(conn: AsyncConnection, now: datetime) -> list[Subscription]:
    """Subscriptions with something held whose digest is due; those of paused channels go on holding."""
    waiting = select(held.c.id).where(held.c.subscription_id == subscriptions.c.id).exists()
    query = _with_channels().where(due(subscriptions.c.next_digest_at, now), channels.c.paused.is_(None), waiting)
    return [_subscription(row) for row in await conn.execute(query.order_by(subscriptions.c.id))]


async def release(conn: AsyncConnection, subscription: SubscriptionId, next_digest_at: datetime) -> None:
    """Write down when the next digest is due."""
    await conn.execute(
        update(subscriptions).where(subscriptions.c.id == subscription).values(next_digest_at=next_digest_at)
    )


async def resolve(conn: AsyncConnection, members: Mapping[str, frozenset[str]]) -> None:
    """Write down what each subscription watches now; a list that is gone has no members."""
    for s in await every(conn):
        meant = s.companies.union(*(members.get(name, frozenset()) for name in s.watchlists))
        if meant != s.watched:
            await _watch(conn, s.id, s.watched, meant)


async def _watch(conn: AsyncConnection, id: int, before: frozenset[str], now: frozenset[str]) -> None:
    t = subscription_companies
    for piece in chunks(sorted(before - now)):
        await conn.execute(delete(t).where(t.c.subscription_id == id, t.c.company.in_(piece)))
    if new := sorted(now - before):
        await conn.execute(insert(conn, t), [{"company": c, "subscription_id": id} for c in new])
    await conn.execute(update(subscriptions).where(subscriptions.c.id == id).values(watched=dumps(now)))


def _said(s: Subscription) -> dict[str, str]:
    """All that makes a subscription of a channel different from its others, as columns."""
    return {
        "watchlists": dumps(s.watchlists),
        "companies": dumps(s.companies),
        "appetite": s.appetite.value,
        "cadence": s.cadence.value,
        "filter": dumps(s.filter),
    }


def _with_channels() -> Select[Any]:
    s, c = subscriptions.c, channels.c
    said = (s.id, s.watchlists, s.companies, s.watched, s.appetite, s.cadence, s.filter)
    return select(*said, c.ref, c.language, c.timezone, c.digest_at, c.paused).join_from(subscriptions, channels)


def _subscription(row: AnyRow) -> Subscription:
    return Subscription(
        id=SubscriptionId(row.id),
        channel=channel_of(row),
        watchlists=loads(tuple[str, ...], row.watchlists),
        companies=_set(row.companies),
        watched=_set(row.watched),
        appetite=Appetite(row.appetite),
        cadence=Cadence(row.cadence),
        filter=loads(Filter, row.filter),
    )


@lru_cache(maxsize=1_024)
def _set(text: str) -> frozenset[str]:
    # A watch list of thousands is asked for at each poll that brings news of one of them.
    return loads(frozenset[str], text)
