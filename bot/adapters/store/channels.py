"""Channels and their settings."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import chunks, insert
from bot.adapters.store.tables import channels, outbox
from bot.adapters.store.types import AnyRow
from bot.domain.channels import Channel, ChannelRef, DeliveryStatus, Part, QuietHours

#: What `channel_of` reads.
SETTINGS = tuple(
    channels.c[name]
    for name in ("ref", "language", "timezone", "digest_at", "paused", "quiet_from", "quiet_to", "budget")
)
#: What waits for the end of quiet hours.
_OF_STORIES = (Part.ROOT.value, Part.EDIT.value, Part.LINE.value)


async def save(conn: AsyncConnection, channel: Channel) -> None:
    """Insert or update a channel's settings; what was put off is due again, for its quiet hours may be others now."""
    settings = {**_settings(channel), "known": True}
    statement = insert(conn, channels).values(ref=str(channel.ref), **settings)
    statement = statement.on_conflict_do_update(index_elements=["ref"], set_=settings)
    key = (await conn.execute(statement.returning(channels.c.id))).scalar_one()
    put_off = (
        (outbox.c.channel_id == key)
        & (outbox.c.status == DeliveryStatus.PENDING.value)
        & outbox.c.aside
        & outbox.c.part.in_(_OF_STORIES)
    )
    await conn.execute(update(outbox).where(put_off).values(next_at=None))


async def change(conn: AsyncConnection, channel: Channel, changes: Mapping[str, Any]) -> Channel:
    """Set up a channel, or change these of its settings; as it is then."""
    # Locked, where others write meanwhile.
    row = (await conn.execute(_of(channel.ref).with_for_update())).one_or_none()
    changed = replace(channel if row is None else channel_of(row), **changes)
    await save(conn, changed)
    return changed


async def find(conn: AsyncConnection, ref: ChannelRef) -> Channel | None:
    """A channel's settings, if anybody has ever set it up; one that was only sent something is unknown."""
    row = (await conn.execute(_of(ref))).one_or_none()
    return None if row is None else channel_of(row)


async def pause(conn: AsyncConnection, ref: ChannelRef, why: str) -> None:
    """Send nothing more there."""
    ids = await ids_of(conn, [ref])
    await conn.execute(update(channels).where(channels.c.id == ids[ref]).values(paused=why))


async def known_ids(conn: AsyncConnection, refs: Collection[ChannelRef]) -> dict[ChannelRef, int]:
    """The keys of those of these channels that have a row."""
    wanted = {str(ref): ref for ref in refs}
    found: dict[ChannelRef, int] = {}
    for piece in chunks(list(wanted)):
        query = select(channels.c.ref, channels.c.id).where(channels.c.ref.in_(piece))
        found |= {wanted[row.ref]: row.id for row in await conn.execute(query)}
    return found


async def ids_of(conn: AsyncConnection, refs: Collection[ChannelRef]) -> dict[ChannelRef, int]:
    """The keys of these channels; one nobody has set up yet gets the settings of a fresh one."""
    found = await known_ids(conn, refs)
    for ref in sorted(set(refs) - set(found)):
        statement = insert(conn, channels).values(ref=str(ref), **_settings(Channel(ref)))
        # Somebody else may have been faster: then this updates nothing, but says the id.
        same = {"ref": statement.excluded.ref}
        statement = statement.on_conflict_do_update(index_elements=["ref"], set_=same)
        found[ref] = (await conn.execute(statement.returning(channels.c.id))).scalar_one()
    return found


def _of(ref: ChannelRef) -> Select[Any]:
    return select(*SETTINGS).where(channels.c.ref == str(ref), channels.c.known == true())


def channel_of(row: AnyRow) -> Channel:
    """The channel of a row that has the columns of SETTINGS."""
    quiet = None if row.quiet_from is None else QuietHours(row.quiet_from, row.quiet_to)
    ref = ChannelRef.parse(row.ref)
    return Channel(ref, row.language, row.timezone, row.digest_at, row.paused, quiet, row.budget)


def _settings(channel: Channel) -> dict[str, Any]:
    return {
        "language": channel.language,
        "timezone": channel.timezone,
        "digest_at": channel.digest_at,
        "paused": channel.paused,
        "quiet_from": channel.quiet.start if channel.quiet else None,
        "quiet_to": channel.quiet.end if channel.quiet else None,
        "budget": channel.budget,
    }
