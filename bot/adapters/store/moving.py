"""A room that became another: everything of its channel goes with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import subscriptions
from bot.adapters.store.channels import known_ids
from bot.adapters.store.said import feedback, mutes
from bot.adapters.store.tables import channels, decisions, held, outbox, posts
from bot.adapters.store.tables import subscriptions as subscription_rows
from bot.domain.channels import ChannelRef, DeliveryStatus, Part, SubscriptionId

#: With what makes two rows of one channel the same.
_OF_CHANNELS: tuple[tuple[Table, str | None], ...] = (
    (held, None),
    (mutes, None),
    (feedback, None),
    (decisions, None),
    (posts, "story_id"),
    (outbox, "key"),
    (subscription_rows, "fingerprint"),
)
_UNDER_WAY = [s.value for s in (DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)]


async def move(conn: AsyncConnection, old: ChannelRef, new: ChannelRef, now: datetime) -> bool:
    """Let the channel be the new room; False where nobody knows the old one."""
    ids = await known_ids(conn, [old, new])
    if old not in ids:
        return False
    if new in ids:
        await _join(conn, ids[new], ids[old])
    await _begin_anew(conn, ids[old], now)
    await conn.execute(update(channels).where(channels.c.id == ids[old]).values(ref=str(new), paused=None))
    return True


async def _join(conn: AsyncConnection, little: int, channel: int) -> None:
    """What was said in the new room before it was the channel's; where both say the same, once."""
    for table, same in _OF_CHANNELS:
        its = table.c.channel_id == little
        if same is not None:
            there = table.alias()
            its &= table.c[same].not_in(select(there.c[same]).where(there.c.channel_id == channel))
        await conn.execute(update(table).where(its).values(channel_id=channel))
    doubles = select(subscription_rows.c.id).where(subscription_rows.c.channel_id == little)
    for double in (await conn.execute(doubles)).scalars().all():
        await subscriptions.unsubscribe(conn, SubscriptionId(double))
    for table in (posts, outbox):
        await conn.execute(delete(table).where(table.c.channel_id == little))
    await conn.execute(delete(channels).where(channels.c.id == little))


async def _begin_anew(conn: AsyncConnection, channel: int, now: datetime) -> None:
    """What was told in the old room is told, but cannot be edited: its next change is a message of its own."""
    o, root = outbox.c, outbox.alias()
    to_come = select(root.c.key).where(root.c.channel_id == channel, root.c.status.in_(_UNDER_WAY))
    told = (posts.c.channel_id == channel) & posts.c.root.is_not(None) & posts.c.root.not_in(to_come)
    await conn.execute(update(posts).where(told).values(root=None, receipt=None, in_digest=True))
    await conn.execute(update(held).where(held.c.channel_id == channel).values(root=None))
    changes = (
        (o.channel_id == channel)
        & o.status.in_(_UNDER_WAY)
        & o.part.in_([Part.EDIT.value, Part.LINE.value])
        & o.needs.not_in(to_come)
    )
    rows = (await conn.execute(select(o.id, o.key, o.part, o.story_id).where(changes).order_by(o.id))).all()
    last_lines = {row.story_id: row for row in rows if row.part == Part.LINE}
    for row in rows:
        values: dict[str, Any] = {"status": DeliveryStatus.SUPERSEDED.value, "ended_at": now}
        if last_lines.get(row.story_id) is row:
            key = f"{row.key.removesuffix(Part.LINE.value)}{Part.ROOT.value}"
            values = {"key": key, "part": Part.ROOT.value, "status": DeliveryStatus.PENDING.value, "needs": None}
            values |= {"message": None, "attempts": 0, "first_attempt_at": None, "attempted_at": None}
            post = (posts.c.channel_id == channel) & (posts.c.story_id == row.story_id)
            await conn.execute(update(posts).where(post).values(root=key, in_digest=False))
        await conn.execute(update(outbox).where(o.id == row.id).values(lease_until=None, **values))
