"""Which deliveries may go now: at most one a channel, its oldest, and channels in turn."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, and_, case, func, literal, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import outbox as settling
from bot.adapters.store.channels import SETTINGS, channel_of
from bot.adapters.store.codec import loads
from bot.adapters.store.database import shared
from bot.adapters.store.due import ahead, due
from bot.adapters.store.tables import channels, outbox, posts
from bot.adapters.store.types import AnyRow, Moment
from bot.domain.channels import Delivery, DeliveryId, DeliveryStatus, Part, Reason
from bot.domain.messages import Message
from bot.domain.stories import StoryId

_PENDING, _SENDING, _SENT, _UNCERTAIN = (
    s.value for s in (DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.SENT, DeliveryStatus.UNCERTAIN)
)


async def claim(conn: AsyncConnection, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
    """Claim due deliveries, those first that must be settled."""
    claimed: list[Delivery] = []
    while len(claimed) < limit:
        picked = (await conn.execute(_pick(now).limit(limit - len(claimed)))).all()
        if picked and shared(conn):
            # Those rows were seen before the channels were ours, and others may have served them meanwhile: look again.
            ours = [r.channel_id for r in picked]
            picked = (await conn.execute(_pick(now).where(channels.c.id.in_(ours)))).all()
        doomed = [r for r in picked if r.status == _PENDING and r.needs is not None and r.root is None]
        for row in doomed:
            # What it needs is not under way (see _head) and was not sent: it died, or never was.
            await settling.die(conn, row.id, f"needs {row.needs}, which was never sent", now)
        claimed += await _take(conn, [r for r in picked if r not in doomed], now, lease)
        if not doomed:
            break  # else the next rows of those channels get the turn
    return claimed


async def next_at(conn: AsyncConnection, now: datetime) -> datetime | None:
    """The earliest time at which `claim` may find something."""
    o = outbox.alias()
    stuck = select(func.min(_at(func.coalesce(o.c.lease_until, o.c.next_at), now), type_=Moment())).where(_stuck(o))
    dated = select(func.min(o.c.next_at, type_=Moment())).where(_of_channel(o), o.c.status == _PENDING, _dated(o, now))
    o = outbox.alias()
    head = select(_at(o.c.next_at, now)).where(_head(o, now)).order_by(o.c.id).limit(1)
    at = case((_is_stuck(), _scalar(stuck)), else_=_scalar(head))
    rows = await conn.execute(select(at, _scalar(dated)).where(channels.c.paused.is_(None)))
    return min((t for row in rows for t in row if t is not None), default=None)


def _pick(now: datetime) -> Select[Any]:
    """The row of each channel that may go, with its channel; first what must be settled, then in turn."""
    o = outbox.alias()
    over = and_(_stuck(o), due(o.c.lease_until, now), (o.c.status == _SENDING) | due(o.c.next_at, now))
    settle = select(o.c.id).where(over).order_by(o.c.id).limit(1)
    o = outbox.alias()
    head = select(o.c.id).where(_head(o, now)).order_by(o.c.id).limit(1)
    # A channel with a row under way hands out that row or none.
    its = case((_is_stuck(), _scalar(settle)), else_=_scalar(head))
    c = channels.c
    return (
        select(*outbox.c, *SETTINGS, _root().label("root"))
        .join_from(channels, outbox, outbox.c.id == its)
        .where(c.paused.is_(None), (outbox.c.status != _PENDING) | due(outbox.c.next_at, now))
        .order_by(outbox.c.status == _PENDING, c.served, outbox.c.id)
        # PostgreSQL: the channel is ours until the transaction ends: no other worker hands out a second row of it.
        .with_for_update(of=channels, skip_locked=True)
    )


async def _take(conn: AsyncConnection, rows: list[AnyRow], now: datetime, lease: timedelta) -> list[Delivery]:
    if not rows:
        return []
    served = (await conn.execute(select(func.max(channels.c.served)))).scalar_one()
    taken = []
    for turn, row in enumerate(rows, served + 1):
        await conn.execute(update(channels).where(channels.c.id == row.channel_id).values(served=turn))
        values: dict[str, Any] = {"fence": row.fence + 1, "lease_until": now + lease, "attempts": row.attempts + 1}
        if row.status == _PENDING:
            values |= {
                "status": _SENDING,
                "first_attempt_at": row.first_attempt_at or now,
                "attempted_at": now,
            }
        else:
            values["status"] = _UNCERTAIN
        await conn.execute(update(outbox).where(outbox.c.id == row.id).values(**values))
        taken.append(_delivery(row, values))
    return taken


def _of_channel(o: FromClause) -> ColumnElement[bool]:
    return o.c.channel_id == channels.c.id


def _stuck(o: FromClause) -> ColumnElement[bool]:
    return and_(_of_channel(o), o.c.status.in_([_SENDING, _UNCERTAIN]))


def _is_stuck() -> ColumnElement[bool]:
    o = outbox.alias()
    return select(o.c.id).where(_stuck(o)).correlate(channels).exists()


def _head(o: FromClause, now: datetime) -> ColumnElement[bool]:
    """Pending, not put aside for later, and not waiting for a row that comes to its end yet."""
    root = outbox.alias()
    waits = select(root.c.id).where(
        root.c.channel_id == o.c.channel_id,
        root.c.key == o.c.needs,
        root.c.status.in_([_PENDING, _SENDING, _UNCERTAIN]),
    )
    free = ~waits.correlate(o).exists()
    return and_(_of_channel(o), o.c.status == _PENDING, not_(_dated(o, now)), free)


def _dated(o: FromClause, now: datetime) -> ColumnElement[bool]:
    # What failed is not put aside: it keeps its place, and what comes after it waits.
    return and_(o.c.aside, func.coalesce(ahead(o.c.next_at, now), literal(False)))


def _at(column: ColumnElement[Any], now: datetime) -> ColumnElement[Any]:
    return case((due(column, now), literal(now, Moment())), else_=column)


def _scalar(query: Select[Any]) -> ScalarSelect[Any]:
    return query.correlate(channels).scalar_subquery()


def _root() -> ColumnElement[Any]:
    """The platform's id of what the row needs: of the outbox, or of the post, which outlives it."""
    r = outbox.alias()
    of_row = (r.c.channel_id == outbox.c.channel_id) & (r.c.key == outbox.c.needs) & (r.c.status == _SENT)
    of_post = (
        (posts.c.channel_id == outbox.c.channel_id)
        & (posts.c.story_id == outbox.c.story_id)
        & (posts.c.root == outbox.c.needs)
    )
    return func.coalesce(
        select(r.c.receipt).where(of_row).correlate(outbox).scalar_subquery(),
        select(posts.c.receipt).where(of_post).correlate(outbox).scalar_subquery(),
    )


def _delivery(row: AnyRow, changed: dict[str, Any]) -> Delivery:
    attempted_at = changed.get("attempted_at", row.attempted_at)
    return Delivery(
        id=DeliveryId(row.id),
        key=row.key,
        channel=channel_of(row),
        part=Part(row.part),
        status=DeliveryStatus(changed["status"]),
        story=None if row.story_id is None else StoryId(row.story_id),
        revision=row.revision,
        attempts=changed.get("attempts", row.attempts),
        fence=changed["fence"],
        message=None if row.message is None else loads(Message, row.message),
        root=row.root,
        first_attempt_at=row.first_attempt_at or attempted_at,
        attempted_at=attempted_at,
        created_at=row.created_at,
        needs=row.needs,
        reason=None if row.reason is None else loads(Reason, row.reason),
        payload=loads(dict[str, str], row.payload),
    )
