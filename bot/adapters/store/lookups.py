"""What people ask for: entries by link, leads of a time, the latest stories."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import chunks
from bot.adapters.store.entries import stored, stored_entries
from bot.adapters.store.tables import (
    channels,
    claim_parties,
    claims,
    entries,
    posts,
    stories,
    story_entries,
    story_parties,
)
from bot.domain.channels import ChannelRef
from bot.domain.claims import Certainty
from bot.domain.entries import StoredEntry
from bot.domain.identity import normalise_link
from bot.domain.stories import Change, Found, StoryId


async def entries_at(conn: AsyncConnection, link: str) -> list[StoredEntry]:
    """The entries under a link, newest first."""
    query = stored_entries().where(entries.c.link_key == normalise_link(link)).order_by(entries.c.id.desc())
    return [stored(row) for row in await conn.execute(query)]


async def found(conn: AsyncConnection, these: Sequence[StoredEntry]) -> list[Found]:
    """The entries with the stories their leads joined."""
    joined: dict[int, Any] = {}
    e = story_entries.c
    for piece in chunks([entry.id for entry in these]):
        query = select(e.entry_id, e.story_id, stories.c.certainty).join_from(story_entries, stories)
        rows = await conn.execute(query.where(e.entry_id.in_(piece), e.change != Change.SIDE.value).order_by(e.id))
        joined |= {row.entry_id: row for row in rows}
    return [
        Found(entry, StoryId(row.story_id), Certainty(row.certainty))
        if (row := joined.get(entry.id))
        else Found(entry, None)
        for entry in these
    ]


async def leads_since(conn: AsyncConnection, since: datetime, companies: Collection[str]) -> list[Found]:
    """Entries whose lead has one of these parties and joined a story, newest first; without their texts."""
    leads: dict[int, StoredEntry] = {}
    e = story_entries.c
    joined = select(e.id).where(e.entry_id == entries.c.id, e.change != Change.SIDE.value).exists()
    for piece in chunks(companies):
        p = claim_parties.c
        of_lead = (claims.c.entry_id == p.entry_id) & (claims.c.position == p.position) & claims.c.lead
        ids = select(p.entry_id).join_from(claim_parties, claims, of_lead).where(p.company.in_(piece))
        query = _without_texts().where(entries.c.seen_at >= since, entries.c.id.in_(ids), joined)
        leads |= {row.id: stored(row) for row in await conn.execute(query)}
    return await found(conn, [leads[i] for i in sorted(leads, reverse=True)])


async def latest(
    conn: AsyncConnection, companies: Collection[str], channel: ChannelRef | None, limit: int
) -> list[StoryId]:
    """Stories, the newest claim first; one of undated claims only is as old as its opening."""
    newest = func.coalesce(stories.c.last_claim_at, stories.c.touched_at).label("newest")
    query = select(stories.c.id, newest).order_by(newest.desc(), stories.c.id.desc()).limit(limit)
    if channel is not None:
        told = select(posts.c.story_id).join_from(posts, channels).where(channels.c.ref == str(channel))
        query = query.where(stories.c.id.in_(told.where(or_(posts.c.root.is_not(None), posts.c.in_digest))))
    if not companies:
        return [StoryId(row.id) for row in await conn.execute(query)]
    best: dict[int, Any] = {}
    for piece in chunks(companies):
        ids = select(story_parties.c.story_id).where(story_parties.c.company.in_(piece))
        best |= {row.id: row.newest for row in await conn.execute(query.where(stories.c.id.in_(ids)))}
    return [StoryId(i) for i in sorted(best, key=lambda i: (best[i], i), reverse=True)[:limit]]


def _without_texts() -> Select[Any]:
    """Of a month's entries the texts would be most of the memory, and are what nobody looks at."""
    query = stored_entries()
    return query.with_only_columns(*(c for c in query.selected_columns if c.key != "text"), literal("").label("text"))
