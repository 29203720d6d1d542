"""Seen marks: which entries of a document a feed has not had before, or not in these words."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.database import chunks, insert
from bot.adapters.store.tables import claims, entries, seen
from bot.adapters.store.types import AnyRow, clean
from bot.domain.edits import TITLE_EDITS, edited, fingerprint
from bot.domain.entries import MAX_TEXT, MAX_TITLE, Entry, EntryId, FreshEntry, ParsedEntry
from bot.domain.feeds import FeedId, FeedSpec
from bot.domain.identity import TITLE, TITLE_WINDOW, host_of, keys

#: Marks are written down as alive no more often than this, to spare the disk; retention counts in months.
TOUCH_EVERY = timedelta(days=1)
#: Entries looked at before the event loop gets a turn: some milliseconds, of long ones.
_TURN = 20


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at one document found."""

    fresh: list[FreshEntry]
    #: Keys that known entries have only now: the guid or link that changed, with the entry it leads to.
    names: dict[str, EntryId]
    #: Those of known entries that had none.
    fingerprints: dict[EntryId, str]


async def look(
    conn: AsyncConnection, feed: FeedId, spec: FeedSpec, parsed: Sequence[ParsedEntry], now: datetime
) -> Look:
    """Compare a document with the marks; every entry of it once, the new ones in its order, then the edited ones."""
    by_keys: dict[tuple[str, ...], ParsedEntry] = {}
    for entry_keys, entry in zip(map(_clean_all, keys(parsed)), parsed, strict=True):
        by_keys.setdefault(entry_keys, entry)
    marks = await _marks(conn, feed, [k for entry_keys in by_keys for k in entry_keys])
    found = Look([], {}, {})
    again: dict[EntryId, tuple[ParsedEntry, tuple[str, ...]]] = {}
    for entry_keys, entry in by_keys.items():
        known = next((marks[k].entry_id for k in entry_keys if k in marks and not k.startswith(TITLE)), None)
        if known is not None:
            found.names.update((k, known) for k in entry_keys if k not in marks)
            again.setdefault(known, (entry, entry_keys))  # the first of two speaks for both, at every poll
        else:
            same, print_ = _same_title(entry_keys, marks, now), fingerprint(entry)
            found.fresh.append(FreshEntry(entry, _entry(entry, spec, now), entry_keys, same, fingerprint=print_))
            await _breathe(len(found.fresh))
    await _look_again(conn, again, spec, now, found)
    return found


async def _look_again(
    conn: AsyncConnection,
    known: Mapping[EntryId, tuple[ParsedEntry, tuple[str, ...]]],
    spec: FeedSpec,
    now: datetime,
    found: Look,
) -> None:
    """Find what was edited among known entries that made no claim yet."""
    e = entries.c
    silent = ~exists().where(claims.c.entry_id == e.id)
    query = select(e.id, e.fingerprint, e.edits).where(e.same_as.is_(None), e.edits < TITLE_EDITS, silent)
    for piece in chunks(known):
        for n, row in enumerate(await conn.execute(query.where(e.id.in_(piece)).order_by(e.id))):
            entry, entry_keys = known[row.id]
            if row.fingerprint is None:
                found.fingerprints[row.id] = fingerprint(entry)
            elif edited(entry, row.fingerprint, row.edits):
                now_says, print_ = _entry(entry, spec, now), fingerprint(entry)
                found.fresh.append(FreshEntry(entry, now_says, entry_keys, edits=row.id, fingerprint=print_))
            await _breathe(n)


async def learn(conn: AsyncConnection, feed: FeedId, found: Look, now: datetime) -> None:
    """Write down what a look found out about known entries."""
    await mark(conn, feed, found.names, now, take=False)
    if found.fingerprints:
        statement = update(entries).where(entries.c.id == bindparam("which"), entries.c.fingerprint.is_(None))
        rows = [{"which": i, "fingerprint": print_} for i, print_ in found.fingerprints.items()]
        await conn.execute(statement, rows)


async def mark(
    conn: AsyncConnection, feed: FeedId, owners: Mapping[str, EntryId], now: datetime, *, take: bool
) -> None:
    """Mark keys as seen. `take`: a title that was another entry's long ago is from now on this one's."""
    if not owners:
        return
    statement = insert(conn, seen)
    new = statement.excluded
    changes: dict[str, Any] = {"last_seen_at": new.last_seen_at}
    if take:
        changes |= {"entry_id": new.entry_id, "first_seen_at": new.first_seen_at}
    rows = [
        {"feed_id": feed, "key": key, "entry_id": entry, "first_seen_at": now, "last_seen_at": now}
        for key, entry in owners.items()
    ]
    await conn.execute(statement.on_conflict_do_update(index_elements=["feed_id", "key"], set_=changes), rows)


async def touch(conn: AsyncConnection, feed: FeedId, alive: Collection[str], now: datetime) -> None:
    """Keep marks alive; makes none."""
    for piece in chunks(set(map(clean, alive))):
        await conn.execute(
            update(seen)
            .where(seen.c.feed_id == feed, seen.c.key.in_(piece), seen.c.last_seen_at < now - TOUCH_EVERY)
            .values(last_seen_at=now)
        )


async def _marks(conn: AsyncConnection, feed: FeedId, wanted: Iterable[str]) -> dict[str, AnyRow]:
    marks: dict[str, AnyRow] = {}
    for piece in chunks(list(wanted)):
        query = select(seen.c.key, seen.c.entry_id, seen.c.first_seen_at)
        for row in await conn.execute(query.where(seen.c.feed_id == feed, seen.c.key.in_(piece))):
            marks[row.key] = row
    return marks


async def _breathe(done: int) -> None:
    if done % _TURN == 0:
        await asyncio.sleep(0)


def _same_title(entry_keys: tuple[str, ...], marks: Mapping[str, AnyRow], now: datetime) -> EntryId | None:
    """The entry that had this title first, if that is not long ago."""
    row = marks.get(entry_keys[-1]) if entry_keys[-1].startswith(TITLE) else None
    return EntryId(row.entry_id) if row is not None and now - row.first_seen_at < TITLE_WINDOW else None


def _clean_all(entry_keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(clean, entry_keys))


def _entry(parsed: ParsedEntry, spec: FeedSpec, now: datetime) -> Entry:
    """What is read and stored; cleaned here already, because evidence counts its characters."""
    return Entry(
        title=clean(parsed.title)[:MAX_TITLE],
        text=clean(parsed.text)[:MAX_TEXT],
        link=clean(parsed.link) if parsed.link else None,
        published=parsed.published,
        seen_at=now,
        outlet=clean(parsed.outlet_name or host_of(parsed.link) or spec.outlet or host_of(spec.url) or spec.id),
        language=parsed.language or spec.language,
    )
