"""Entries with their readings, and the claims in them for look-ups."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import seen
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.tables import claim_parties, claims, entries, feeds
from bot.adapters.store.types import AnyRow, clean
from bot.domain.claims import Reading
from bot.domain.entries import Entry, EntryId, ReadEntry, StoredEntry
from bot.domain.feeds import FeedId, FeedSpec
from bot.domain.identity import TITLE, normalise_link

#: Rows of one page of `page`.
PAGE = 500


async def add(
    conn: AsyncConnection, feed: FeedId, spec: FeedSpec, readings: Sequence[ReadEntry], now: datetime
) -> list[StoredEntry]:
    """Store what is new under (feed, first key), mark every key; the new ones in order, then those edited."""
    new_readings = [r for r in readings if r.fresh.edits is None]
    by_key: dict[str, ReadEntry] = {}
    for r in new_readings:
        by_key.setdefault(clean(r.fresh.keys[0]), r)
    ids = await _ids(conn, feed, list(by_key))
    rows = [_row(feed, key, r, now) for key, r in by_key.items() if key not in ids]
    added = {}
    if rows:
        # Another worker cannot be here (fence), but the key is what decides.
        statement = insert(conn, entries).on_conflict_do_nothing(index_elements=["feed_id", "key"])
        result = await conn.execute(statement.returning(entries.c.key, entries.c.id), rows)
        added = {row.key: EntryId(row.id) for row in result}
        ids |= added
    stored = [_stored_new(added[k], spec, r, now) for k, r in by_key.items() if k in added]
    new, old = _owners(new_readings, ids, added)
    await seen.mark(conn, feed, new, now, take=True)
    await seen.mark(conn, feed, old, now, take=False)
    stored += await _edit(conn, spec, {r.fresh.edits: r for r in readings if r.fresh.edits is not None}, now)
    await _index_claims(conn, stored)
    return stored


async def _edit(
    conn: AsyncConnection, spec: FeedSpec, readings: Mapping[EntryId, ReadEntry], now: datetime
) -> list[StoredEntry]:
    """Let known entries say what they say now; what was silent stays silent."""
    # Of an old entry the index of its claims may be gone; its reading still knows them.
    before = {EntryId(i): old for i, old in (await by_ids(conn, readings)).items() if not old.reading.claims}
    changed = {i: replace(readings[i], silent=readings[i].silent or old.silent) for i, old in before.items()}
    if not changed:
        return []
    statement = update(entries).where(entries.c.id == bindparam("which")).values(edits=entries.c.edits + 1)
    await conn.execute(statement, [{"which": i, **_values(r, now)} for i, r in changed.items()])
    return [_stored_new(i, spec, r, now) for i, r in changed.items()]


def _owners(
    readings: Sequence[ReadEntry], ids: Mapping[str, EntryId], added: Collection[str]
) -> tuple[dict[str, EntryId], dict[str, EntryId]]:
    """Key -> entry: those that are its own from now on, and those that may have been another's."""
    new: dict[str, EntryId] = {}
    old: dict[str, EntryId] = {}
    for r in readings:
        first, *_ = r_keys = tuple(map(clean, r.fresh.keys))
        # What its title alone held back does not take that title over: the first entry under it keeps the date.
        takes = first in added and r.fresh.same_as is None
        for key in r_keys:
            (new if takes or (first in added and not key.startswith(TITLE)) else old).setdefault(key, ids[first])
    return new, {k: i for k, i in old.items() if k not in new}


async def page(conn: AsyncConnection, after: EntryId) -> list[StoredEntry]:
    """The next entries in the order of arrival."""
    result = await conn.execute(stored_entries().where(entries.c.id > after).order_by(entries.c.id).limit(PAGE))
    return [stored(row) for row in result]


async def by_ids(conn: AsyncConnection, ids: Collection[int]) -> dict[int, StoredEntry]:
    """Entries by their ids."""
    found: dict[int, StoredEntry] = {}
    for piece in chunks(set(ids)):
        rows = await conn.execute(stored_entries().where(entries.c.id.in_(piece)))
        found |= {row.id: stored(row) for row in rows}
    return found


def stored_entries() -> Select[Any]:
    """Entries with the spec id of their feed; for `stored`."""
    return select(*entries.c, feeds.c.spec_id.label("feed")).join_from(entries, feeds)


def stored(row: AnyRow) -> StoredEntry:
    """The entry of a row of `stored_entries`."""
    entry = Entry(
        title=row.title,
        text=row.text,
        link=row.link,
        published=row.published,
        seen_at=row.seen_at,
        outlet=row.outlet,
        language=row.language,
    )
    reading = loads(Reading, row.reading)
    return StoredEntry(EntryId(row.id), row.feed, entry, reading, row.silent, row.same_as, row.rulebook)


async def _ids(conn: AsyncConnection, feed: FeedId, keys: Sequence[str]) -> dict[str, EntryId]:
    ids = {}
    for piece in chunks(keys):
        query = select(entries.c.key, entries.c.id).where(entries.c.feed_id == feed, entries.c.key.in_(piece))
        ids.update({row.key: EntryId(row.id) for row in await conn.execute(query)})
    return ids


def _row(feed: FeedId, key: str, read: ReadEntry, now: datetime) -> dict[str, Any]:
    return {"feed_id": feed, "key": key, "same_as": read.fresh.same_as, **_values(read, now)}


def _values(read: ReadEntry, now: datetime) -> dict[str, Any]:
    """What an edit may change."""
    entry = read.fresh.entry
    return {
        "title": entry.title,
        "text": entry.text,
        "link": entry.link,
        "link_key": normalise_link(entry.link) if entry.link else None,
        "outlet": entry.outlet,
        "language": entry.language,
        "published": entry.published,
        "seen_at": entry.seen_at or now,
        "silent": read.silent,
        "unread": read.reading.unread,
        "reading": dumps(read.reading),
        "rulebook": read.rulebook,
        "fingerprint": read.fresh.fingerprint,
    }


def _stored_new(id: EntryId, spec: FeedSpec, read: ReadEntry, now: datetime) -> StoredEntry:
    entry = read.fresh.entry
    if entry.seen_at is None:
        entry = replace(entry, seen_at=now)
    return StoredEntry(id, spec.id, entry, read.reading, read.silent, read.fresh.same_as, read.rulebook)


async def _index_claims(conn: AsyncConnection, added: Sequence[StoredEntry]) -> None:
    rows = list(_claim_rows(added))
    if not rows:
        return
    await conn.execute(insert(conn, claims), rows)
    parties = [
        {"company": company, "entry_id": s.id, "position": n, "role": role}
        for s in added
        for n, claim in enumerate(s.reading.claims)
        # Somebody on both sides stands once, as a doer.
        for company, role in {**dict.fromkeys(claim.whom, "whom"), **dict.fromkeys(claim.who, "who")}.items()
    ]
    if parties:
        await conn.execute(insert(conn, claim_parties), parties)


def _claim_rows(added: Sequence[StoredEntry]) -> Iterator[dict[str, Any]]:
    for s in added:
        for n, claim in enumerate(s.reading.claims):
            yield {
                "entry_id": s.id,
                "position": n,
                "kind": claim.kind.value,
                "family": claim.kind.family.value,
                "certainty": claim.certainty.value,
                "retold": claim.retold,
                "lead": claim.lead,
                "draft": claim.draft,
                "rule": claim.rule,
            }
