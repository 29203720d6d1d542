"""Feeds: what is polled, by whom just now, and what is remembered between polls."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import FEEDS_LOCK, alone
from bot.adapters.store.due import due
from bot.adapters.store.tables import feeds
from bot.adapters.store.types import AnyRow, Moment
from bot.domain.feeds import RULES_OWNER, Feed, FeedId, FeedSpec, FeedState, FeedStatus
from bot.domain.identity import normalise_link
from bot.errors import StaleClaim, StoreError

#: What belongs to an address and not to the feed: a new address starts without it.
_NEW_ADDRESS: dict[str, Any] = {
    "moved_to": None,
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "next_poll_at": None,
    "failures": 0,
    "error": None,
    "ttl": None,
}

_RETIRED: dict[str, Any] = {"status": FeedStatus.RETIRED.value, "lease_until": None}


async def sync(conn: AsyncConnection, specs: Mapping[str, FeedSpec], now: datetime) -> list[str]:
    """Make the rows of owner `rules` equal to these, but for doubles; a line for each that was left out."""
    await alone(conn, FEEDS_LOCK)
    rows = {row.spec_id: row for row in await conn.execute(select(feeds))}
    doubles = _doubles(specs.values(), [r for r in rows.values() if r.owner != RULES_OWNER and _lives(r)])
    specs = {i: s for i, s in specs.items() if i not in doubles}
    left = [i for i, row in rows.items() if row.owner == RULES_OWNER and i not in specs and _lives(row)]
    if left:
        await conn.execute(update(feeds).where(feeds.c.spec_id.in_(left)).values(**_RETIRED))
    if new := [_values(s, RULES_OWNER) | {"spec_id": i, "created_at": now} for i, s in specs.items() if i not in rows]:
        await conn.execute(insert(feeds), new)
    for i in specs.keys() & rows.keys():
        await _change(conn, rows[i], specs[i], RULES_OWNER)
    return list(doubles.values())


async def add(conn: AsyncConnection, spec: FeedSpec, owner: str, now: datetime) -> Feed:
    """Add one feed, or bring a retired one of this id back."""
    await alone(conn, FEEDS_LOCK)
    rows = {row.spec_id: row for row in await conn.execute(select(feeds))}
    for why in _doubles([spec], [r for r in rows.values() if _lives(r)]).values():
        raise StoreError(why)
    if spec.id in rows:
        await _change(conn, rows[spec.id], spec, owner)
    else:
        await conn.execute(insert(feeds).values(spec_id=spec.id, created_at=now, **_values(spec, owner)))
    return _feed((await conn.execute(select(feeds).where(feeds.c.spec_id == spec.id))).one())


async def retire(conn: AsyncConnection, spec_id: str, owner: str | None) -> None:
    """Retire one feed; only its own where an owner is given."""
    row = (await conn.execute(select(feeds).where(feeds.c.spec_id == spec_id))).one_or_none()
    if row is None or (owner is not None and row.owner not in (owner, RULES_OWNER)):
        raise StoreError(f"there is no feed {spec_id}" + (f" of {owner}" if owner else ""))
    if row.owner == RULES_OWNER:
        raise StoreError(f"{spec_id} comes from feeds.yaml: write `status: retired` there")
    await conn.execute(update(feeds).where(feeds.c.id == row.id).values(**_RETIRED))


async def every(conn: AsyncConnection, retired: bool) -> list[Feed]:
    """All feeds, by spec id."""
    query = select(feeds).order_by(feeds.c.spec_id)
    if not retired:
        query = query.where(feeds.c.status != FeedStatus.RETIRED.value)
    return [_feed(row) for row in await conn.execute(query)]


async def claim(conn: AsyncConnection, now: datetime, lease: timedelta, limit: int) -> list[Feed]:
    """Claim due feeds, the longest due first."""
    ids = (
        select(feeds.c.id)
        .where(feeds.c.status == FeedStatus.ACTIVE.value, due(feeds.c.next_poll_at, now), due(feeds.c.lease_until, now))
        .order_by(feeds.c.next_poll_at.nulls_first(), feeds.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = await conn.execute(
        update(feeds)
        .where(feeds.c.id.in_(ids.scalar_subquery()))
        .values(fence=feeds.c.fence + 1, lease_until=now + lease)
        .returning(*feeds.c)
    )
    long_ago = datetime.min.replace(tzinfo=UTC)
    found = [_feed(row) for row in claimed]
    return sorted(found, key=lambda f: (f.state.next_poll_at or long_ago, f.id))


async def fence(conn: AsyncConnection, feed: Feed) -> None:
    """Raise StaleClaim for a late worker; keeps others from claiming until the end of the transaction."""
    row = (await conn.execute(select(feeds.c.fence).where(feeds.c.id == feed.id).with_for_update())).one_or_none()
    if row is None or row.fence != feed.fence:
        raise StaleClaim(f"feed {feed.spec.id} was claimed by somebody else meanwhile")


async def save_state(conn: AsyncConnection, feed: FeedId, state: FeedState) -> None:
    """Keep the state and end the claim."""
    await conn.execute(update(feeds).where(feeds.c.id == feed).values(lease_until=None, **_state_values(state)))


async def fail(conn: AsyncConnection, feed: Feed, state: FeedState, gone: bool) -> None:
    """Keep the state of a failed poll and end the claim, unless it is lost."""
    values = _state_values(state)
    if gone:
        values["status"] = FeedStatus.GONE.value
    claimed = (feeds.c.id == feed.id) & (feeds.c.fence == feed.fence)
    await conn.execute(update(feeds).where(claimed).values(lease_until=None, **values))


async def last_polled_at(conn: AsyncConnection) -> datetime | None:
    """When any feed last answered; of one that fails just now, when it was last read."""
    answered = case((feeds.c.failures == 0, feeds.c.polled_at), else_=feeds.c.parsed_at)
    latest: datetime | None = (await conn.execute(select(func.max(answered, type_=Moment())))).scalar_one()
    return latest


async def next_poll_at(conn: AsyncConnection, now: datetime) -> datetime | None:
    """The earliest time a feed may be claimed."""
    at = [case((due(c, now), literal(now, Moment())), else_=c) for c in (feeds.c.next_poll_at, feeds.c.lease_until)]
    later = case((at[0] > at[1], at[0]), else_=at[1])
    query = select(func.min(later, type_=Moment())).where(feeds.c.status == FeedStatus.ACTIVE.value)
    earliest: datetime | None = (await conn.execute(query)).scalar_one()
    return earliest


async def reclaim(conn: AsyncConnection) -> None:
    """End every claim."""
    await conn.execute(update(feeds).where(feeds.c.lease_until.is_not(None)).values(lease_until=None))


async def spec_of(conn: AsyncConnection, feed: FeedId) -> FeedSpec:
    """The feed as it was written down."""
    row = (await conn.execute(select(feeds).where(feeds.c.id == feed))).one_or_none()
    if row is None:
        raise StoreError(f"there is no feed with the number {feed}")
    return _feed(row).spec


def _doubles(specs: Collection[FeedSpec], others: Collection[AnyRow]) -> dict[str, str]:
    """Feeds whose id or address is taken, by id, each with a line that names the other feed."""
    found: dict[str, str] = {}
    ids = {row.spec_id: row for row in others}
    taken = {_address(row.url): f"{row.spec_id} (added by {row.owner})" for row in others}
    for spec in specs:
        if spec.status is FeedStatus.RETIRED:
            continue
        if spec.id in ids:
            found[spec.id] = f"there is a feed {spec.id} already, added by {ids[spec.id].owner}: {ids[spec.id].url}"
            continue
        other = taken.setdefault(_address(spec.url), spec.id)
        if other != spec.id:
            found[spec.id] = f"feed {spec.id} has the address of feed {other}: {spec.url}"
    return found


def _lives(row: AnyRow) -> bool:
    return bool(row.status != FeedStatus.RETIRED)


def _address(url: str) -> str:
    # Two servers on one machine are two feeds, so the port stays.
    return normalise_link(url, keep_port=True)


def _values(spec: FeedSpec, owner: str) -> dict[str, Any]:
    return {
        "owner": owner,
        "url": spec.url,
        "title": spec.title,
        "language": spec.language,
        "kind": spec.kind,
        "outlet": spec.outlet,
        "interval": spec.interval,
        "backlog": spec.backlog,
        "burst": spec.burst,
        "status": spec.status.value,
    }


async def _change(conn: AsyncConnection, row: AnyRow, spec: FeedSpec, owner: str) -> None:
    """Write down what is different now."""
    values = _values(spec, owner)
    if row.status == FeedStatus.GONE and row.url == spec.url and spec.status is FeedStatus.ACTIVE:
        values["status"] = FeedStatus.GONE.value  # 410 stops this address for good
    if row.url != spec.url or row.status == FeedStatus.RETIRED:
        # A poll of the old address that is still under way must not bring its validators back.
        values |= _NEW_ADDRESS | {"fence": row.fence + 1, "lease_until": None}
    if any(getattr(row, name) != value for name, value in values.items()):
        await conn.execute(update(feeds).where(feeds.c.id == row.id).values(**values))


def _state_values(state: FeedState) -> dict[str, Any]:
    return {
        "moved_to": state.url,
        "etag": state.etag,
        "last_modified": state.last_modified,
        "body_hash": state.body_hash,
        "next_poll_at": state.next_poll_at,
        "polled_at": state.polled_at,
        "parsed_at": state.parsed_at,
        "failures": state.failures,
        "error": state.error,
        "rhythm": state.rhythm,
        "ttl": state.ttl,
    }


def _feed(row: AnyRow) -> Feed:
    status = FeedStatus(row.status)
    spec = FeedSpec(
        id=row.spec_id,
        url=row.url,
        title=row.title,
        language=row.language,
        kind=row.kind,
        outlet=row.outlet,
        interval=row.interval,
        backlog=row.backlog,
        burst=row.burst,
        status=status,
    )
    state = FeedState(
        url=row.moved_to,
        etag=row.etag,
        last_modified=row.last_modified,
        body_hash=row.body_hash,
        next_poll_at=row.next_poll_at,
        polled_at=row.polled_at,
        parsed_at=row.parsed_at,
        failures=row.failures,
        error=row.error,
        rhythm=row.rhythm,
        ttl=row.ttl,
    )
    return Feed(FeedId(row.id), spec, row.owner, status, state, row.fence)
