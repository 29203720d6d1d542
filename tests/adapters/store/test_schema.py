import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from bot.adapters.store import SqlStore, schema, sqlite_url
from bot.adapters.store.said import metadata
from bot.domain.channels import Channel, ChannelRef, SubscriptionId
from bot.domain.claims import Certainty
from bot.errors import StoreError
from tests.kit.builders import CHINESE, GERMAN, spec
from tests.kit.clock import START

DESK, LOBBY = "slack:T024BE/C012AB", "matrix:!room:example.org"


def not_full_text(name, kind, _):
    return name is None or not name.startswith("archive")


def schema_of(file):
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'").fetchall()
    return {(kind, name): parts_of(sql or "") for kind, name, sql in rows if not name.startswith("archive")}


def parts_of(sql):
    """Columns and constraints: their order, quotes and line breaks say nothing."""
    head, _, inside = sql.partition("(")
    body, _, tail = inside.rpartition(")")
    parts = re.split(r",\s*(?![^(]*\))", body)
    return [head.replace('"', "").split(), sorted(" ".join(p.split()) for p in parts), tail.split()]


def set_revision(file, revision):
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = ?", (revision,))


async def test_the_migrations_make_what_the_tables_say(store, file):
    """Alembic finds no difference."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as conn:
        assert (
            compare_metadata(
                MigrationContext.configure(conn, opts={"compare_type": True, "include_name": not_full_text}), metadata
            )
            == []
        )
    engine.dispose()


async def test_checks_and_keys_are_the_same_too(store, file, tmp_path):
    """What Alembic does not compare: CHECK, AUTOINCREMENT, ON DELETE."""
    engine = create_engine(f"sqlite:///{tmp_path / 'made.db'}")
    metadata.create_all(engine)
    engine.dispose()
    made, migrated = schema_of(tmp_path / "made.db"), schema_of(file)
    del migrated["table", "alembic_version"]
    assert migrated == made


async def test_a_fresh_file_needs_no_copy(store, file):
    """There is nothing to lose yet."""
    assert [p.name for p in file.parent.iterdir() if "before" in p.name] == []


async def test_a_database_that_is_behind_is_copied_and_upgraded(store, file, clock, monkeypatch):
    """The copy holds what stood in the WAL only, and is named after the revision it was made for."""
    await store.sync_feeds({"first": spec()}, START)
    monkeypatch.setattr(schema, "head", lambda: "0004")  # another code, for which 0003 is behind
    again = SqlStore(sqlite_url(file), clock=clock, fsync=False)
    copy = file.with_name("evwatch.db.before-0004")
    assert await again.upgrade() == copy
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT spec_id FROM feeds").fetchall() == [("first",)]
    assert not copy.with_name(copy.name + ".part").exists()


async def test_an_upgrade_without_its_copy_is_not_begun(store, file, clock, monkeypatch):
    """Where the copy cannot be written, nothing is touched."""
    monkeypatch.setattr(schema, "head", lambda: "0004")
    file.with_name("evwatch.db.before-0004.part").mkdir()
    with pytest.raises(StoreError, match="could not be copied"):
        await SqlStore(sqlite_url(file), clock=clock).start()


async def test_an_upgraded_database_is_left_alone(store):
    """Nothing to do, nothing copied."""
    assert await store.upgrade() is None


async def test_a_newer_database_is_refused(store, file, clock):
    """Old code does not write into tables it does not know."""
    await store.close()
    set_revision(file, "9999")
    with pytest.raises(StoreError, match=r"evwatch\.db is newer \(9999\) than this evwatch \(0003\)"):
        await SqlStore(sqlite_url(file), clock=clock).start()


async def test_a_strange_database_is_refused(file, clock):
    """Somebody else's tables stay as they are."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(StoreError, match="none of evwatch"):
        await SqlStore(sqlite_url(file), clock=clock).start()


async def test_a_store_may_be_closed_and_started_again(store):
    """What was written is there."""
    await store.sync_feeds({"first": spec()}, START)
    await store.close()
    await store.start()
    assert [f.spec.id for f in await store.feeds()] == ["first"]


# ------------------------------------------------------------------------------------------------------ 0001 to 0003


def made_by(revision, file):
    """A database as that revision made it."""
    settings = schema.config()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as conn:
        settings.attributes["connection"] = conn
        command.upgrade(settings, revision)
    engine.dispose()


READING = '{"language":"de","mentions":[{"company":"xiaomi","aboutness":"subject","evidence":[]}]}'
STORY = (
    '{"id":0,"kind":"ev-entry","parties":["xiaomi"],"anchors":[],"certainty":"denied","revision":2,"opened_at":1000,'
    '"last_claim_at":5000,"changed_at":6000}'
)
#: Of the one subscription, as the first version reckoned it.
FINGERPRINT = "84306f050b0f055cf05e8e33f8de1576891e1d2fd4c366fbf66b0c7bff5476c4"

#: What stood in one of the first version, as it wrote it: table -> rows.
FIRST: dict[str, list[tuple[Any, ...]]] = {
    "channels": [(1, DESK, "de", "Europe/Berlin", "07:30", None, 3), (2, LOBBY, "en", "UTC", "08:00", "gone", 0)],
    "feeds": [(1, "first", "cli", "active", "https://first.example/feed", "", "feed", 10, 1_000)],
    "entries": [(n, 1, f"guid:{n}", f"{CHINESE} {n}", f"<p>{GERMAN}</p>", 1_000, False, READING) for n in range(1, 4)],
    "stories": [(1, "ev-entry", "entry", "denied", 2, 5_000, 6_000, False, STORY)],
    "subscriptions": [(1, 1, "[]", '["xiaomi"]', '["xiaomi"]', "default", "daily", "{}", FINGERPRINT, 1_000, 9_000)],
    "held": [(1, 1, 1, 1, '{"code":"digest"}')],
    "posts": [(1, 1, "story:1:r1:root", "1700.1", 2, "denied", False)],
    "outbox": [
        (1, 1, "story:1:r2:edit", "edit", "pending", "{}", 0, None, 1_000),
        (2, 1, "notice:1", "notice", "pending", "{}", 0, 2_000_000, 1_000),
    ],
    "decisions": [
        (1, 1, 1, 1, "root", 1, '["xiaomi"]', None, ""),
        (2, 2, None, None, "no-claim", None, "[]", None, ""),
    ],
}
COLUMNS = {
    "channels": "id, ref, language, timezone, digest_at, paused, served",
    "feeds": "id, spec_id, owner, status, url, title, kind, burst, created_at",
    "entries": "id, feed_id, key, title, text, seen_at, silent, reading",
    "stories": "id, kind, family, certainty, revision, last_claim_at, touched_at, closed, body",
    "subscriptions": "id, channel_id, watchlists, companies, watched, appetite, cadence, filter, fingerprint, "
    "created_at, next_digest_at",
    "held": "id, subscription_id, channel_id, story_id, reason",
    "posts": "story_id, channel_id, root, receipt, revision, certainty, in_digest",
    "outbox": "id, channel_id, key, part, status, payload, attempts, next_at, created_at",
    "decisions": "id, entry_id, channel_id, story_id, code, subscription_id, companies, rule, detail",
}


async def test_a_filled_database_of_the_first_version_is_upgraded(file, clock):
    """Nothing is lost, everything has its place, and what was read is found."""
    made_by("0001", file)
    with closing(sqlite3.connect(file)) as db, db:
        for table, rows in FIRST.items():
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT INTO {table} ({COLUMNS[table]}) VALUES ({marks})", rows)
    store = SqlStore(sqlite_url(file), clock=clock, fsync=False)
    await store.start()
    assert file.with_name("evwatch.db.before-0003").exists()
    with closing(sqlite3.connect(file)) as db:
        kept = {table: db.execute(f"SELECT {COLUMNS[table]} FROM {table}").fetchall() for table in FIRST}
        assert db.execute("SELECT told_at FROM posts").fetchall() == [(6_000,)]
        assert db.execute("SELECT id, aside FROM outbox").fetchall() == [(1, 0), (2, 1)]
    assert kept == FIRST
    desk, lobby = ChannelRef.parse(DESK), ChannelRef.parse(LOBBY)
    assert await store.channel(desk) == Channel(desk, "de", "Europe/Berlin", time(7, 30))
    assert await store.channel(lobby) is None, "it was only ever sent something"
    (held,) = await store.held(desk)
    assert (held.certainty, held.root) == (Certainty.DENIED, None)
    (subscription,) = await store.all_subscriptions()
    assert await store.subscribe(replace(subscription, id=SubscriptionId(0)), START) == 1, "it is the same one"
    assert [f.entry.id for f in await store.search("小米 einstieg")] == [3, 2, 1]
    assert [f.entry.id for f in await store.search("", ["xiaomi"])] == [3, 2, 1]
    assert len(await store.decisions()) == 2
    await store.close()
