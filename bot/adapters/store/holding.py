"""What waits for digests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.tables import channels, held, posts, subscriptions
from bot.adapters.store.types import AnyRow
from bot.domain.channels import ChannelRef, Held, Reason, ReasonCode, SubscriptionId
from bot.domain.claims import Certainty
from bot.domain.stories import StoryId


async def hold(conn: AsyncConnection, new: Sequence[Held], ids: dict[ChannelRef, int]) -> None:
    """Hold stories. One that changes twice before the digest is told there once, in the place it had first."""
    rows = [
        {
            "subscription_id": h.subscription,
            "channel_id": ids[h.channel],
            "story_id": h.story,
            "reason": dumps(h.reason),
            "certainty": h.certainty.value,
            "root": h.root,
        }
        for h in new
    ]
    if rows:
        statement = insert(conn, held)
        latest = {name: statement.excluded[name] for name in ("reason", "certainty", "root")}
        key = ["subscription_id", "story_id"]
        await conn.execute(statement.on_conflict_do_update(index_elements=key, set_=latest), rows)


async def of_channel(conn: AsyncConnection, channel: ChannelRef) -> list[Held]:
    """What waits for this channel's digests, oldest first; not what waits for a paused subscription to go on."""
    return [_held(row) for row in await conn.execute(_of_channel(channel))]


async def take(conn: AsyncConnection, subscription: SubscriptionId) -> list[Held]:
    """Take what is held for a subscription, oldest first."""
    rows = (await conn.execute(_rows().where(held.c.subscription_id == subscription))).all()
    await conn.execute(delete(held).where(held.c.subscription_id == subscription))
    return [_held(row) for row in rows]


async def take_missed(conn: AsyncConnection, channel: ChannelRef) -> list[Held]:
    """Take what is held for a channel's catching up, oldest first; each story once, whoever holds it and for what.

    What only paused subscriptions hold stays held.
    """
    first: dict[StoryId, Held] = {}
    for one in await of_channel(conn, channel):
        if one.reason.code is ReasonCode.CATCH_UP:
            first.setdefault(one.story, one)
    here = select(channels.c.id).where(channels.c.ref == str(channel)).scalar_subquery()
    for piece in chunks(first):
        await conn.execute(delete(held).where(held.c.channel_id == here, held.c.story_id.in_(piece)))
    return list(first.values())


async def forget(conn: AsyncConnection, channel: int, stories: Collection[int]) -> None:
    """Drop the posts of stories that only wait for a digest in a channel."""
    waits = (posts.c.channel_id == channel) & posts.c.root.is_(None) & ~posts.c.in_digest
    for piece in chunks(stories):
        await conn.execute(delete(posts).where(waits, posts.c.story_id.in_(piece)))


async def let_go(conn: AsyncConnection, subscription: SubscriptionId) -> None:
    """Nothing is held for it any more; a story that waited for it alone has not been heard of in its channel."""
    other = held.alias()
    other_holds = select(other.c.id).where(
        other.c.channel_id == held.c.channel_id,
        other.c.story_id == held.c.story_id,
        other.c.subscription_id != subscription,
    )
    alone = select(held.c.channel_id, held.c.story_id).where(
        held.c.subscription_id == subscription, ~other_holds.exists()
    )
    rows = (await conn.execute(alone)).all()
    for channel in {row.channel_id for row in rows}:
        await forget(conn, channel, [row.story_id for row in rows if row.channel_id == channel])
    await conn.execute(delete(held).where(held.c.subscription_id == subscription))


async def hand_over(conn: AsyncConnection, subscription: SubscriptionId, *, to: SubscriptionId) -> None:
    """What one subscription holds is held for another from now on, unless that one holds it already."""
    mine = select(held.c.story_id).where(held.c.subscription_id == to)
    moved = update(held).where(held.c.subscription_id == subscription, held.c.story_id.not_in(mine))
    await conn.execute(moved.values(subscription_id=to))


def _rows() -> Select[Any]:
    return select(*held.c, channels.c.ref).join_from(held, channels).order_by(held.c.id)


def _of_channel(channel: ChannelRef) -> Select[Any]:
    ours = (subscriptions.c.id == held.c.subscription_id) & subscriptions.c.paused.is_(None)
    return _rows().join(subscriptions, ours).where(channels.c.ref == str(channel))


def _held(row: AnyRow) -> Held:
    return Held(
        SubscriptionId(row.subscription_id),
        ChannelRef.parse(row.ref),
        StoryId(row.story_id),
        loads(Reason, row.reason),
        Certainty(row.certainty),
        row.root,
    )
