import re
import sqlite3
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from bot.adapters.store import SqlStore, schema, sqlite_url
from bot.adapters.store.said import metadata
from bot.errors import StoreError
from tests.kit.builders import spec
from tests.kit.clock import START


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
    monkeypatch.setattr(schema, "head", lambda: "0003")  # another code, for which 0002 is behind
    again = SqlStore(sqlite_url(file), clock=clock, fsync=False)
    copy = file.with_name("evwatch.db.before-0003")
    assert await again.upgrade() == copy
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT spec_id FROM feeds").fetchall() == [("first",)]
    assert not copy.with_name(copy.name + ".part").exists()


async def test_an_upgrade_without_its_copy_is_not_begun(store, file, clock, monkeypatch):
    """Where the copy cannot be written, nothing is touched."""
    monkeypatch.setattr(schema, "head", lambda: "0003")
    file.with_name("evwatch.db.before-0003.part").mkdir()
    with pytest.raises(StoreError, match="could not be copied"):
        await SqlStore(sqlite_url(file), clock=clock).start()


async def test_an_upgraded_database_is_left_alone(store):
    """Nothing to do, nothing copied."""
    assert await store.upgrade() is None


async def test_a_newer_database_is_refused(store, file, clock):
    """Old code does not write into tables it does not know."""
    await store.close()
    set_revision(file, "9999")
    with pytest.raises(StoreError, match=r"evwatch\.db is newer \(9999\) than this evwatch \(0002\)"):
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
