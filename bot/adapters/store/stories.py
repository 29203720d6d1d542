"""Stories, what joined them, and what a message about one needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.entries import by_ids
from bot.adapters.store.tables import stories, story_entries, story_parties, story_revisions
from bot.adapters.store.types import AnyRow
from bot.domain.claims import Certainty, Claim, Family
from bot.domain.entries import EntryId, StoredEntry
from bot.domain.stories import Change, Story, StoryId, StoryUpdate, StoryView, Told
from bot.errors import Forgotten


async def open_stories(
    conn: AsyncConnection, companies: Collection[str], families: Collection[Family], since: datetime
) -> list[Story]:
    """Stories of these families with one of these parties, still in their window; oldest first."""
    # A story of undated claims only is as old as its opening, which touched_at holds then.
    in_window = func.coalesce(stories.c.last_claim_at, stories.c.touched_at) >= since
    of_family = stories.c.family.in_([f.value for f in families])
    found: dict[int, Story] = {}
    for piece in chunks(companies):
        ids = select(story_parties.c.story_id).where(story_parties.c.company.in_(piece))
        query = select(stories.c.id, stories.c.body).where(stories.c.id.in_(ids), of_family, in_window)
        found |= {row.id: _story(row.id, row.body) for row in await conn.execute(query)}
    return [found[i] for i in sorted(found)]


async def save(conn: AsyncConnection, updates: Sequence[StoryUpdate]) -> list[StoryUpdate]:
    """Insert or update, in order; the updates with their ids."""
    fresh = [u for u in updates if not u.story.id]
    new_ids: list[int] = []
    if fresh:
        statement = insert(conn, stories).returning(stories.c.id, sort_by_parameter_order=True)
        new_ids = list((await conn.execute(statement, [_values(u.story) for u in fresh])).scalars())
    ids = iter(new_ids)
    saved = [u if u.story.id else replace(u, story=u.story.with_id(StoryId(next(ids)))) for u in updates]
    old = [s.story for s, u in zip(saved, updates, strict=True) if u.story.id]
    if old:
        statement_old = update(stories).where(stories.c.id == bindparam("which"))
        await conn.execute(statement_old, [{"which": s.id, **_values(s)} for s in old])
    await _save_parties(conn, saved)
    await _save_revisions(conn, saved)
    await _save_entries(conn, saved)
    return saved


async def view(conn: AsyncConnection, story: StoryId, revision: int | None) -> StoryView:
    """The story with the reports whose lead joined it, oldest first."""
    row = (await conn.execute(select(stories.c.body).where(stories.c.id == story))).one_or_none()
    if row is None:
        raise Forgotten(f"there is no story S{story}")
    body = row.body
    joined = select(story_entries).where(story_entries.c.story_id == story, story_entries.c.change != Change.SIDE.value)
    if revision is not None:
        body = (await _body_at(conn, story, revision)) or body
        joined = joined.where(story_entries.c.revision <= revision)
    rows = (await conn.execute(joined.order_by(story_entries.c.id))).all()
    by_id = await by_ids(conn, [r.entry_id for r in rows])
    return StoryView(_story(story, body), tuple(_told(by_id[r.entry_id], r) for r in rows))


async def _body_at(conn: AsyncConnection, story: StoryId, revision: int) -> str | None:
    """The story as of a revision, or of the last one before it that was kept."""
    t = story_revisions
    query = select(t.c.body).where(t.c.story_id == story, t.c.revision <= revision)
    return (await conn.execute(query.order_by(t.c.revision.desc()).limit(1))).scalar_one_or_none()


def _told(entry: StoredEntry, joined: AnyRow) -> Told:
    reading, claim = entry.reading, loads(Claim, joined.claim)
    return Told(
        entry=EntryId(entry.id),
        title=entry.entry.title,
        link=entry.entry.link,
        outlet=entry.entry.outlet or "",
        published=entry.entry.published,
        language=reading.language or entry.entry.language,
        quote=reading.quote,
        claim=claim,
        change=Change(joined.change),
        certainty=Certainty(joined.certainty),
        sides=tuple(c for c in reading.claims if not c.lead and not c.draft and c != claim),
    )


async def _save_parties(conn: AsyncConnection, updates: Sequence[StoryUpdate]) -> None:
    rows = [{"company": c, "story_id": u.story.id} for u in updates for c in sorted(u.story.parties)]
    if rows:
        await conn.execute(insert(conn, story_parties).on_conflict_do_nothing(), rows)
    gone = [
        {"was": c, "which": u.story.id} for u in updates if u.before for c in sorted(u.before.parties - u.story.parties)
    ]
    if gone:
        t = story_parties
        await conn.execute(delete(t).where(t.c.company == bindparam("was"), t.c.story_id == bindparam("which")), gone)


async def _save_revisions(conn: AsyncConnection, updates: Sequence[StoryUpdate]) -> None:
    rows = [{"story_id": u.story.id, "revision": u.story.revision, "body": _body(u.story)} for u in updates]
    if rows:
        statement = insert(conn, story_revisions)
        latest = {"body": statement.excluded.body}
        await conn.execute(statement.on_conflict_do_update(index_elements=["story_id", "revision"], set_=latest), rows)


async def _save_entries(conn: AsyncConnection, updates: Sequence[StoryUpdate]) -> None:
    rows = [
        {
            "story_id": u.story.id,
            "entry_id": e.entry,
            "revision": u.story.revision,
            "change": e.change.value,
            "certainty": e.certainty.value,
            "claim": dumps(e.claim),
        }
        for u in updates
        for e in u.entries
    ]
    if rows:
        await conn.execute(insert(conn, story_entries), rows)


def _values(story: Story) -> dict[str, Any]:
    return {
        "kind": story.kind.value,
        "family": story.family.value,
        "certainty": story.certainty.value,
        "revision": story.revision,
        "last_claim_at": story.last_claim_at,
        "touched_at": max(t for t in (story.opened_at, story.changed_at, story.last_claim_at) if t),
        "closed": story.closed,
        "body": _body(story),
    }


def _body(story: Story) -> str:
    # The row's key is the id; a new story has none yet.
    return dumps(story.with_id(StoryId(0)))


def _story(id: int, body: str) -> Story:
    return loads(Story, body).with_id(StoryId(id))
