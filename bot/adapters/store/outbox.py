"""The outbox: deliveries are put in here, and settled here by whoever claimed them (claiming.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import channels
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.tables import channels as channel_rows
from bot.adapters.store.tables import outbox, posts
from bot.adapters.store.types import clean
from bot.domain.channels import ChannelRef, Delivery, DeliveryStatus, NewDelivery, Part, Receipt
from bot.domain.messages import Message
from bot.errors import StaleClaim

_PENDING = DeliveryStatus.PENDING.value


async def enqueue(conn: AsyncConnection, deliveries: Sequence[NewDelivery], now: datetime) -> int:
    """Write deliveries down; those whose (channel, key) exists are left alone. The number of new ones."""
    if not deliveries:
        return 0
    ids = await channels.ids_of(conn, {d.channel for d in deliveries})
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for d in deliveries:
        rows.setdefault((ids[d.channel], clean(d.key)), _row(ids[d.channel], d, now))
    statement = insert(conn, outbox).on_conflict_do_nothing(index_elements=["channel_id", "key"])
    columns = (outbox.c.id, outbox.c.channel_id, outbox.c.story_id, outbox.c.part)
    added = (await conn.execute(statement.returning(*columns), list(rows.values()))).all()
    latest = {
        (row.channel_id, row.story_id): {"channel": row.channel_id, "story": row.story_id, "newer": row.id}
        for row in sorted(added, key=lambda r: r.id)
        if row.part == Part.EDIT and row.story_id is not None
    }
    if latest:
        superseded = _ended(DeliveryStatus.SUPERSEDED, now)
        older = _never_attempted_edits(bindparam("channel"), bindparam("story")) & (outbox.c.id < bindparam("newer"))
        await conn.execute(update(outbox).where(older).values(**superseded), list(latest.values()))
    return len(added)


async def enqueued(conn: AsyncConnection, channel: ChannelRef, key: str) -> bool:
    """Whether a delivery of this key is in the outbox of this channel."""
    its = (channel_rows.c.ref == str(channel)) & (outbox.c.key == clean(key))
    query = select(outbox.c.id).join_from(channel_rows, outbox).where(its)
    return (await conn.execute(query)).one_or_none() is not None


async def set_message(conn: AsyncConnection, delivery: Delivery, message: Message) -> None:
    """Keep the text of the first attempt."""
    await _settle(conn, delivery, {"message": dumps(message)})


async def sent(conn: AsyncConnection, delivery: Delivery, receipt: Receipt) -> None:
    """Write down the receipt, in the post too; edits that tell no more than this message did are superseded."""
    row = await _settle(
        conn,
        delivery,
        {**_ended(DeliveryStatus.SENT, receipt.sent_at), "receipt": receipt.id, "error": None, "lease_until": None},
    )
    if row.story_id is None:
        return
    if row.part == Part.ROOT:
        root = (posts.c.channel_id == row.channel_id) & (posts.c.story_id == row.story_id) & (posts.c.root == row.key)
        await conn.execute(update(posts).where(root).values(receipt=receipt.id))
    if row.part in (Part.ROOT, Part.EDIT) and row.message is not None:
        told = loads(Message, row.message).revision
        if told is not None:
            # A root rendered at a later revision than its own says already what the waiting edits were to say.
            stale = _never_attempted_edits(row.channel_id, row.story_id) & (outbox.c.revision <= told)
            await conn.execute(update(outbox).where(stale).values(**_ended(DeliveryStatus.SUPERSEDED, receipt.sent_at)))


async def later(conn: AsyncConnection, delivery: Delivery, at: datetime, error: str) -> None:
    """Nothing was sent: pending again, in its place."""
    values = {"status": _PENDING, "next_at": at, "aside": False, "error": error, "lease_until": None}
    await _settle(conn, delivery, values)


async def put_off(conn: AsyncConnection, delivery: Delivery, at: datetime) -> None:
    """Not now: as before the claim, and out of the way until then. What may have been sent stays uncertain."""
    values: dict[str, Any] = {"next_at": at, "lease_until": None, "attempts": delivery.attempts - 1}
    if delivery.status is DeliveryStatus.SENDING:
        values |= {"status": _PENDING, "aside": True}
        if delivery.attempts == 1:
            values |= {"first_attempt_at": None, "attempted_at": None}
    await _settle(conn, delivery, values)


async def uncertain(conn: AsyncConnection, delivery: Delivery, at: datetime, error: str) -> None:
    """It may have been sent: to be settled."""
    status = DeliveryStatus.UNCERTAIN.value
    await _settle(conn, delivery, {"status": status, "next_at": at, "error": error, "lease_until": None})


async def dead(conn: AsyncConnection, delivery: Delivery, error: str, now: datetime) -> None:
    """It will never be sent, nor will what needs it."""
    row = await _settle(conn, delivery, {**_ended(DeliveryStatus.DEAD, now), "error": error, "lease_until": None})
    await _bury(conn, row.channel_id, row.key, now)
    if row.part == Part.DIGEST and row.message is not None:
        # Nobody has heard of its stories: the next change is told, and what comes soon is told as new.
        stories = [int(item.story.removeprefix("S")) for item in loads(Message, row.message).items if item.story]
        lost = (posts.c.channel_id == row.channel_id) & posts.c.story_id.in_(stories)
        await conn.execute(posts.delete().where(lost, posts.c.in_digest, posts.c.root.is_(None)))


async def die(conn: AsyncConnection, id: int, error: str, now: datetime) -> None:
    """The same for a row nobody has claimed."""
    columns = (outbox.c.channel_id, outbox.c.key)
    values = {**_ended(DeliveryStatus.DEAD, now), "error": error}
    row = (await conn.execute(update(outbox).where(outbox.c.id == id).values(**values).returning(*columns))).one()
    await _bury(conn, row.channel_id, row.key, now)


async def supersede(conn: AsyncConnection, delivery: Delivery, now: datetime) -> None:
    """A newer edit has its place."""
    await _settle(conn, delivery, {**_ended(DeliveryStatus.SUPERSEDED, now), "lease_until": None})


async def newer_revision(conn: AsyncConnection, delivery: Delivery) -> int | None:
    """The newest revision among the edits that wait behind this root."""
    row = (await conn.execute(select(outbox.c.channel_id, outbox.c.key).where(outbox.c.id == delivery.id))).one()
    waiting = _never_attempted_edits(row.channel_id, delivery.story) & (outbox.c.needs == row.key)
    newest = (await conn.execute(select(func.max(outbox.c.revision)).where(waiting))).scalar_one()
    return newest if newest is not None and newest > (delivery.revision or 0) else None


async def told_since(conn: AsyncConnection, since: Mapping[ChannelRef, datetime]) -> dict[ChannelRef, int]:
    """Roots and lines of each channel that were sent since then, or are under way."""
    told = dict.fromkeys(since, 0)
    o = outbox.c
    never = (DeliveryStatus.DEAD.value, DeliveryStatus.SUPERSEDED.value)
    # A moment is a midnight: a zone has one, and there are few zones.
    for moment in set(since.values()):
        for piece in chunks([str(ref) for ref, at in since.items() if at == moment]):
            query = (
                select(channel_rows.c.ref, func.count().label("rows"))
                .join_from(channel_rows, outbox)
                .where(channel_rows.c.ref.in_(piece), o.part.in_([Part.ROOT.value, Part.LINE.value]))
                .where(or_(o.ended_at.is_(None), o.ended_at >= moment), o.status.not_in(never))
                .group_by(channel_rows.c.ref)
            )
            told |= {ChannelRef.parse(row.ref): row.rows for row in await conn.execute(query)}
    return told


async def reclaim(conn: AsyncConnection) -> None:
    """End every claim: what was being sent is uncertain, to be settled now."""
    leased = outbox.c.lease_until.is_not(None)
    sending = update(outbox).where(leased, outbox.c.status == DeliveryStatus.SENDING.value)
    await conn.execute(sending.values(status=DeliveryStatus.UNCERTAIN.value, next_at=None, lease_until=None))
    await conn.execute(update(outbox).where(leased).values(lease_until=None))


async def counts(conn: AsyncConnection) -> Counter[str]:
    """Status -> rows."""
    rows = await conn.execute(select(outbox.c.status, func.count().label("rows")).group_by(outbox.c.status))
    return Counter({row.status: row.rows for row in rows})


async def _settle(conn: AsyncConnection, delivery: Delivery, values: dict[str, Any]) -> Any:
    """Change a claimed row. Raises StaleClaim where somebody has claimed it since, or it was settled."""
    claimed = (
        (outbox.c.id == delivery.id)
        & (outbox.c.fence == delivery.fence)
        & outbox.c.status.in_([DeliveryStatus.SENDING.value, DeliveryStatus.UNCERTAIN.value])
        & outbox.c.lease_until.is_not(None)
    )
    columns = (outbox.c.channel_id, outbox.c.key, outbox.c.part, outbox.c.story_id, outbox.c.message)
    row = (await conn.execute(update(outbox).where(claimed).values(**values).returning(*columns))).one_or_none()
    if row is None:
        raise StaleClaim(f"{delivery.name} was claimed by somebody else meanwhile")
    return row


async def _bury(conn: AsyncConnection, channel: int, key: str, now: datetime) -> None:
    """What needs a dead row dies with it; a story whose root died is not told here, so its post goes too."""
    await conn.execute(posts.delete().where(posts.c.channel_id == channel, posts.c.root == key))
    heirs = (outbox.c.channel_id == channel) & (outbox.c.needs == key) & (outbox.c.status == _PENDING)
    values = {**_ended(DeliveryStatus.DEAD, now), "error": f"needs {key}, which was never sent"}
    died = (await conn.execute(update(outbox).where(heirs).values(**values).returning(outbox.c.key))).scalars().all()
    for heir in died:
        await _bury(conn, channel, heir, now)


def _never_attempted_edits(channel: Any, story: Any) -> Any:
    return (
        (outbox.c.channel_id == channel)
        & (outbox.c.status == _PENDING)
        & (outbox.c.story_id == story)
        & (outbox.c.part == Part.EDIT.value)
        & (outbox.c.attempts == 0)
    )


def _ended(status: DeliveryStatus, now: datetime) -> dict[str, Any]:
    return {"status": status.value, "ended_at": now}


def _row(channel: int, d: NewDelivery, now: datetime) -> dict[str, Any]:
    return {
        "channel_id": channel,
        "key": d.key,
        "part": d.part.value,
        "status": _PENDING,
        "needs": d.needs,
        "story_id": d.story,
        "revision": d.revision,
        "reason": None if d.reason is None else dumps(d.reason),
        "message": None if d.message is None else dumps(d.message),
        "payload": dumps(d.payload),
        "next_at": d.not_before,
        "aside": d.not_before is not None,
        "created_at": now,
    }
