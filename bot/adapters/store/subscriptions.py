"""Who subscribes to what, and when their digests are due."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import holding
from bot.adapters.store.channels import SETTINGS, channel_of
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.due import due
from bot.adapters.store.tables import channels, held, subscription_companies, subscriptions
from bot.adapters.store.types import AnyRow, Moment
from bot.domain.channels import Appetite, Cadence, ChannelRef, Filter, Subscription, SubscriptionId
from bot.errors import StoreError


async def subscribe(conn: AsyncConnection, subscription: Subscription, now: datetime) -> SubscriptionId:
    """Add a subscription, or find the same one."""
    ref = str(subscription.channel.ref)
    channel = (await conn.execute(select(channels.c.id).where(channels.c.ref == ref))).scalar_one_or_none()
    if channel is None:
        raise StoreError(f"the channel {ref} is not known yet")
    said = _said(subscription)
    same = (subscriptions.c.channel_id == channel) & (subscriptions.c.fingerprint == said["fingerprint"])
    known = (await conn.execute(select(subscriptions.c.id).where(same))).scalar_one_or_none()
    if known is not None:
        return SubscriptionId(known)
    statement = insert(conn, subscriptions).values(
        channel_id=channel,
        watched="[]",
        created_at=now,
        paused=subscription.paused,
        made_by=subscription.by,
        **said,
    )
    new = SubscriptionId((await conn.execute(statement.returning(subscriptions.c.id))).scalar_one())
    await watch(conn, new, frozenset(), subscription.watched)
    return new


async def change(conn: AsyncConnection, new: Subscription, now: datetime, next_digest_at: datetime) -> SubscriptionId:
    """Let a subscription say something else, or become the one that says so; what is held goes with it."""
    s = subscriptions.c
    watched = (await conn.execute(select(s.watched).where(s.id == new.id))).scalar_one_or_none()
    here = select(channels.c.id).where(channels.c.ref == str(new.channel.ref)).scalar_subquery()
    same = (s.channel_id == here) & (s.fingerprint == fingerprint(new)) & (s.id != new.id)
    if watched is None or (await conn.execute(select(s.id).where(same))).first() is not None:
        kept = await subscribe(conn, new, now)
        await holding.hand_over(conn, new.id, to=kept)
        await unsubscribe(conn, new.id)
    else:
        kept = new.id
        await say_anew(conn, new)
        await conn.execute(update(subscriptions).where(s.id == kept).values(paused=new.paused, made_by=new.by))
        await watch(conn, kept, _set(watched), new.watched)
    await release(conn, kept, next_digest_at)
    return kept


async def unsubscribe(conn: AsyncConnection, subscription: SubscriptionId) -> bool:
    """End a subscription, with its watched set, what is held for it, and what waits for nobody else."""
    await holding.let_go(conn, subscription)
    ended = await conn.execute(delete(subscriptions).where(subscriptions.c.id == subscription))
    return ended.rowcount > 0


async def pause(conn: AsyncConnection, subscription: SubscriptionId, why: str | None) -> None:
    """Tell nothing by it; None goes on with it."""
    await conn.execute(update(subscriptions).where(subscriptions.c.id == subscription).values(paused=why))


async def every(conn: AsyncConnection, channel: ChannelRef | None = None) -> list[Subscription]:
    """Every subscription, of one channel where given; oldest first."""
    query = _with_channels().order_by(subscriptions.c.id)
    if channel is not None:
        query = query.where(channels.c.ref == str(channel))
    return [_subscription(row) for row in await conn.execute(query)]


async def watching(conn: AsyncConnection, companies: Collection[str]) -> list[Subscription]:
    """The subscriptions that watch one of these companies and are not paused, oldest first."""
    found: dict[int, Subscription] = {}
    for piece in chunks(companies):
        t = subscription_companies
        ids = select(t.c.subscription_id).where(t.c.company.in_(piece))
        rows = await conn.execute(_with_channels().where(subscriptions.c.id.in_(ids), subscriptions.c.paused.is_(None)))
        found |= {row.id: _subscription(row) for row in rows}
    return [found[i] for i in sorted(found)]


async def due_digests(conn: AsyncConnection, now: datetime) -> list[Subscription]:
    """Subscriptions with something held whose digest is due; what is paused, or its channel, goes on holding."""
    query = _with_channels().where(due(subscriptions.c.next_digest_at, now), *_waiting())
    return [_subscription(row) for row in await conn.execute(query.order_by(subscriptions.c.id))]


async def next_digest_at(conn: AsyncConnection, now: datetime) -> datetime | None:
    """The earliest time at which `due_digests` finds something."""
    at = subscriptions.c.next_digest_at
    earliest = func.min(case((due(at, now), literal(now, Moment())), else_=at), type_=Moment())
    found: datetime | None = (
        await conn.execute(select(earliest).join_from(subscriptions, channels).where(*_waiting()))
    ).scalar_one()
    return found


async def release(conn: AsyncConnection, subscription: SubscriptionId, next_digest_at: datetime) -> None:
    """Write down when the next digest is due."""
    await conn.execute(
        update(subscriptions).where(subscriptions.c.id == subscription).values(next_digest_at=next_digest_at)
    )


async def watch(conn: AsyncConnection, id: SubscriptionId, before: frozenset[str], now: frozenset[str]) -> None:
    """Write down what a subscription watches now."""
    t = subscription_companies
    for piece in chunks(sorted(before - now)):
        await conn.execute(delete(t).where(t.c.subscription_id == id, t.c.company.in_(piece)))
    if new := sorted(now - before):
        await conn.execute(insert(conn, t), [{"company": c, "subscription_id": id} for c in new])
    await conn.execute(update(subscriptions).where(subscriptions.c.id == id).values(watched=dumps(now)))


async def say_anew(conn: AsyncConnection, s: Subscription) -> None:
    """Write down a subscription whose lists, companies or filter have got other ids, where no other says the same."""
    await conn.execute(update(subscriptions).where(subscriptions.c.id == s.id).values(**_said(s)))


def fingerprint(s: Subscription) -> str:
    """The same for all subscriptions of a channel that say the same."""
    found: str = _said(s)["fingerprint"]
    return found


def _said(s: Subscription) -> dict[str, Any]:
    """All that makes a subscription of a channel different from its others, as columns, with a hash of it."""
    said = {
        "watchlists": dumps(s.watchlists),
        "companies": dumps(s.companies),
        "appetite": s.appetite.value,
        "cadence": s.cadence.value,
        "filter": dumps(s.filter),
    }
    # The order in which lists were named says nothing.
    parts = list((said | {"watchlists": dumps(tuple(sorted(set(s.watchlists))))}).values())
    if s.digest_at or s.weekday:  # without them as it was before there were any
        parts += [f"{s.digest_at:%H:%M}" if s.digest_at else "", str(s.weekday)]
    hashed = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return {**said, "digest_at": s.digest_at, "weekday": s.weekday, "fingerprint": hashed}


def _waiting() -> tuple[ColumnElement[bool], ...]:
    """Something is held, and nobody is paused."""
    something = select(held.c.id).where(held.c.subscription_id == subscriptions.c.id).exists()
    return subscriptions.c.paused.is_(None), channels.c.paused.is_(None), something


def _with_channels() -> Select[Any]:
    s = subscriptions.c
    said = (s.id, s.watchlists, s.companies, s.watched, s.appetite, s.cadence, s.filter, s.weekday, s.made_by)
    own = (s.digest_at.label("own_digest_at"), s.paused.label("own_pause"))
    return select(*said, *own, *SETTINGS).join_from(subscriptions, channels)


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
        digest_at=row.own_digest_at,
        weekday=row.weekday,
        paused=row.own_pause,
        by=row.made_by,
    )


@lru_cache(maxsize=1_024)
def _set(text: str) -> frozenset[str]:
    # A watch list of thousands is asked for at each poll that brings news of one of them.
    return loads(frozenset[str], text)
