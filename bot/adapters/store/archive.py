"""The archive: full text over all that was read. FTS5 on SQLite, tsvector on PostgreSQL, the same tokens on both.

The tokens are ours (bot.domain.indexing): no database knows where Chinese words are, and no two agree on the
others. The table is made by the migrations alone: SQLAlchemy has no words for it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import entries
from bot.adapters.store.database import ARCHIVE_LOCK, Database, alone, chunks, shared
from bot.adapters.store.notes import note, set_note
from bot.adapters.store.tables import entries as entry_rows
from bot.domain.entries import EntryId, StoredEntry
from bot.domain.indexing import Phrase, name_token, name_tokens, phrases, tokens

#: The note that says which entries are not in the archive yet: those with a smaller id. The migration writes it.
BEHIND = "archive-behind"
#: Entries and characters put in at once: some milliseconds, then the event loop gets a turn.
_BATCH, _MANY = 50, 10_000
_PAGE = 200

# PostgreSQL takes the tokens as they are, with their places, where they are written as a tsvector.
_ADD = "INSERT OR REPLACE INTO archive (rowid, title, body, names) VALUES (:id, :title, :body, :names)"
_ADD_SHARED = (
    "INSERT INTO archive (entry_id, title, body, names) VALUES (:id, CAST(CAST(:title AS text) AS tsvector),"
    " CAST(CAST(:body AS text) AS tsvector), CAST(CAST(:names AS text) AS tsvector)) ON CONFLICT (entry_id)"
    " DO UPDATE SET title = excluded.title, body = excluded.body, names = excluded.names"
)
# The title counts eight times; equally good ones (to two digits) come newest first. A company alone is worth nothing.
_SEARCH = (
    "SELECT rowid AS id FROM archive WHERE archive MATCH :query"
    " ORDER BY CAST(printf('%.1e', bm25(archive, 8.0, 1.0, 0.0)) AS REAL), rowid DESC LIMIT :most"
)
_SEARCH_SHARED = (
    "SELECT entry_id AS id FROM archive, CAST(CAST(:words AS text) AS tsquery) AS wanted"
    " WHERE (setweight(title, 'A') || body) @@ wanted OR names @@ CAST(CAST(:names AS text) AS tsquery)"
    " ORDER BY round(CAST(ts_rank(setweight(title, 'A') || body, wanted) AS numeric), 2) DESC, entry_id DESC"
    " LIMIT :most"
)
_EMPTY = "UPDATE archive SET body = '' WHERE rowid IN :ids"
_EMPTY_SHARED = "UPDATE archive SET body = CAST('' AS tsvector) WHERE entry_id IN :ids"
_RENAME = (
    "UPDATE archive SET names = trim(replace(' ' || names || ' ', ' ' || :former || ' ', ' ' || :today || ' '))"
    " WHERE rowid IN (SELECT rowid FROM archive WHERE archive MATCH 'names : ' || :former)"
)
_RENAME_SHARED = (
    "UPDATE archive SET names = ts_delete(names, CAST(:former AS text)) || CAST(CAST(:today AS text) AS tsvector)"
    " WHERE names @@ CAST(CAST(:former AS text) AS tsquery)"
)


async def add(conn: AsyncConnection, new: Sequence[StoredEntry]) -> None:
    """Put entries in, in the transaction that stores them; what was edited takes its own place."""
    statement, written = (text(_ADD_SHARED), _placed) if shared(conn) else (text(_ADD), " ".join)
    for batch in _batches(new):
        await conn.execute(statement, [_row(entry, written) for entry in batch])


async def search(conn: AsyncConnection, words: str, companies: Collection[str], limit: int) -> list[StoredEntry]:
    """Entries with all these words, or that name all these companies; best first, then newest."""
    wanted, names = phrases(words), [Phrase((token,)) for token in name_tokens(companies)]
    if not (wanted or names) or limit <= 0:
        return []
    if shared(conn):
        asked = {"words": " & ".join(map(_placed_phrase, wanted)), "names": " & ".join(map(_placed_phrase, names))}
        rows = await conn.execute(text(_SEARCH_SHARED), {**asked, "most": limit})
    else:
        parts = [("{title body}", wanted), ("{names}", names)]
        asked = {"query": " OR ".join(f"({c} : ({' AND '.join(map(_quoted, p))}))" for c, p in parts if p)}
        rows = await conn.execute(text(_SEARCH), {**asked, "most": limit})
    ids = [EntryId(row.id) for row in rows]
    by_id = await entries.by_ids(conn, ids)
    return [by_id[i] for i in ids]


async def empty(conn: AsyncConnection, ids: Collection[EntryId]) -> None:
    """Forget the texts of these entries; they are still found by title and by company."""
    statement = text(_EMPTY_SHARED if shared(conn) else _EMPTY).bindparams(bindparam("ids", expanding=True))
    for piece in chunks(ids):
        await conn.execute(statement, {"ids": piece})


async def rename(conn: AsyncConnection, former: str, today: str) -> bool:
    """What was found by a former id of a company is found by the id of today; whether there was anything."""
    statement = text(_RENAME_SHARED if shared(conn) else _RENAME)
    changed = await conn.execute(statement, {"former": name_token(former), "today": name_token(today)})
    return changed.rowcount > 0


async def catch_up(db: Database) -> None:
    """Put in what was read before there was an archive: newest first, page by page, going on where it was cut off."""
    async with db.read() as conn:
        behind = await note(conn, BEHIND)
    while behind is not None:
        async with db.write() as conn:
            await alone(conn, ARCHIVE_LOCK)
            behind = await note(conn, BEHIND)
            if behind is not None:
                older = select(entry_rows.c.id).where(entry_rows.c.id < int(behind)).order_by(entry_rows.c.id.desc())
                ids = [EntryId(i) for i in (await conn.execute(older.limit(_PAGE))).scalars()]
                await add(conn, list((await entries.by_ids(conn, ids)).values()))
                await set_note(conn, BEHIND, str(min(ids)) if ids else None)


def _batches(new: Iterable[StoredEntry]) -> Iterator[list[StoredEntry]]:
    batch: list[StoredEntry] = []
    for entry in new:
        batch.append(entry)
        if len(batch) >= _BATCH or sum(len(e.entry.text) for e in batch) >= _MANY:
            yield batch
            batch = []
    if batch:
        yield batch


def _row(entry: StoredEntry, written: Callable[[list[str]], str]) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": written(tokens(entry.entry.title)),
        "body": written(tokens(entry.entry.text)),
        "names": written(name_tokens(entry.reading.companies)),
    }


def _quoted(phrase: Phrase) -> str:
    """For FTS5; of ASCII a token has letters and digits only, so nothing in it ends a quotation."""
    return f'"{" ".join(phrase.tokens)}"' + ("*" if phrase.beginning else "")


def _placed_phrase(phrase: Phrase) -> str:
    """For tsquery."""
    return " <-> ".join(f"'{token}'" for token in phrase.tokens) + (":*" if phrase.beginning else "")


def _placed(found: Sequence[str]) -> str:
    """As a tsvector: each token with its places, the last of which is 16383."""
    places: dict[str, list[str]] = {}
    for n, token in enumerate(found, 1):
        places.setdefault(token, []).append(str(min(n, 16_383)))
    return " ".join(f"'{token}':{','.join(at[:255])}" for token, at in places.items())
