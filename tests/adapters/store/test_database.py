import asyncio
import sqlite3
import threading
import traceback
from contextlib import closing

import pytest

from bot.adapters.store import SqlStore, create, sqlite_url
from bot.domain.mutes import Mutable, Mute, MuteId
from bot.domain.rulebook import WatchList
from bot.errors import StoreError
from tests.kit.builders import DESK, GERMAN, add, channel, claim, notice, parsed, read, spec
from tests.kit.clock import START

SECRET = "xoxb-" + "1" * 10


class Intruder:
    """Another process in the middle of a write."""

    def __init__(self, file):
        self._db = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._db.execute("BEGIN IMMEDIATE")

    def leave(self):
        self._db.execute("ROLLBACK")
        self._db.close()


@pytest.fixture
async def first(store):
    await store.sync_feeds({"first": spec()}, START)
    (feed,) = await store.feeds()
    return feed


WRITES = {
    "sync_feeds": lambda s: s.sync_feeds({}, START),
    "add_feed": lambda s: s.add_feed(spec("second"), "cli", START),
    "claim_feeds": lambda s: s.claim_feeds(START, START - START, 1),
    "save_channel": lambda s: s.save_channel(channel()),
    "set_channel": lambda s: s.set_channel(channel(), budget=3),
    "unsubscribe": lambda s: s.unsubscribe(1),
    "resolve_watchlists": lambda s: s.resolve_watchlists({}),
    "pause_channel": lambda s: s.pause_channel(DESK, "gone"),
    "enqueue": lambda s: s.enqueue([notice()]),
    "claim_deliveries": lambda s: s.claim_deliveries(START, START - START, 1),
    "reclaim": lambda s: s.reclaim(),
    "prune": lambda s: s.prune(START),
    "pause_subscription": lambda s: s.pause_subscription(1, "still"),
    "save_watchlist": lambda s: s.save_watchlist(WatchList("a", "A", frozenset()), "console:me", START),
    "drop_watchlist": lambda s: s.drop_watchlist("a"),
    "mute": lambda s: s.mute(Mute(MuteId(0), DESK, Mutable.COMPANY, "nio", None, "console:me", START)),
    "unmute": lambda s: s.unmute(1),
    "know_companies": lambda s: s.know_companies({"nio": "NIO"}),
    "rename": lambda s: s.rename({"nio-inc": "nio"}, {}),
    "set_note": lambda s: s.set_note("a", "b"),
    "skip_numbers": lambda s: s.skip_numbers({"stories": 1}),
}

READS = {
    "feeds": lambda s: s.feeds(),
    "numbers": lambda s: s.numbers(),
    "next_poll_at": lambda s: s.next_poll_at(),
    "accounts": lambda s: s.accounts(),
    "decisions": lambda s: s.decisions(),
    "all_subscriptions": lambda s: s.all_subscriptions(),
    "next_delivery_at": lambda s: s.next_delivery_at(),
    "outbox_counts": lambda s: s.outbox_counts(),
    "due_digests": lambda s: s.due_digests(START),
    "next_digest_at": lambda s: s.next_digest_at(),
    "entries_at": lambda s: s.entries_at("https://news.example/"),
    "search": lambda s: s.search("小米", ["xiaomi"]),
    "leads_since": lambda s: s.leads_since(START, ["xiaomi"]),
    "latest": lambda s: s.latest(companies=["xiaomi"], channel=DESK),
    "post": lambda s: s.post(1, DESK),
    "story_under": lambda s: s.story_under(DESK, "1700.1"),
    "channel": lambda s: s.channel(DESK),
    "held": lambda s: s.held(DESK),
    "watchlists": lambda s: s.watchlists(),
    "mutes": lambda s: s.mutes(DESK, START),
    "scores": lambda s: s.scores(START),
    "opinions": lambda s: s.opinions(START),
    "note": lambda s: s.note("a"),
    "last_polled_at": lambda s: s.last_polled_at(),
    "enqueued": lambda s: s.enqueued(DESK, "notice:1"),
}


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_waits_for_another_process(store, file, name):
    """`database is locked` is waited out."""
    intruder = Intruder(file)
    threading.Timer(0.3, intruder.leave).start()  # longer than the busy timeout of the fixture
    await WRITES[name](store)


async def test_a_write_does_not_wait_for_ever(store, file):
    """Somebody who never ends is an error."""
    intruder = Intruder(file)
    with pytest.raises(StoreError, match="database is locked"):
        await store.enqueue([notice()])
    intruder.leave()
    assert await store.enqueue([notice()]) == 1


@pytest.mark.parametrize("name", READS)
async def test_a_read_waits_for_nobody(store, file, name):
    """WAL: readers and a writer do not meet."""
    intruder = Intruder(file)
    await READS[name](store)
    intruder.leave()


async def test_the_transaction_of_a_poll_waits_too(store, file, first):
    """From its first statement on it is alone."""
    intruder = Intruder(file)
    threading.Timer(0.3, intruder.leave).start()
    assert len(await add(store, first.id, [parsed()])) == 1


async def test_a_transaction_is_a_writer_from_its_beginning(store, file):
    """BEGIN IMMEDIATE: nobody else can write between its first read and its first write."""
    async with store.begin():
        with closing(sqlite3.connect(file, timeout=0)) as db, pytest.raises(sqlite3.OperationalError, match="locked"):
            db.execute("BEGIN IMMEDIATE")


async def test_a_crash_in_a_transaction_leaves_nothing(store, first):
    """All of it or none of it."""
    fresh = await store.unseen(first.id, [parsed()], START)

    async def crash():
        async with store.begin() as tx:
            assert len(await tx.add_entries(first.id, [read(fresh[0], claim())], START)) == 1
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash()
    assert [e async for e in store.all_entries()] == []
    assert len(await store.unseen(first.id, [parsed()], START)) == 1


async def test_a_cancelled_transaction_leaves_nothing_and_locks_nothing(store, first):
    """SIGTERM in the middle of a poll."""
    inside = asyncio.Event()

    async def poll():
        async with store.begin() as tx:
            await tx.save_state(first.id, first.state)
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(poll())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await store.enqueue([notice()]) == 1


async def test_writers_take_turns(store):
    """Fifty at once are fifty after each other."""
    done = await asyncio.gather(*(store.enqueue([notice(f"notice:{n}")]) for n in range(50)))
    assert sum(done) == 50


async def test_a_naive_time_is_refused(store, first):
    """ValueError, at every door."""
    naive = START.replace(tzinfo=None)
    for call in (
        lambda: store.sync_feeds({"second": spec("second")}, naive),
        lambda: store.claim_feeds(naive, START - START, 1),
        lambda: store.enqueue([notice(not_before=naive)]),
        lambda: store.claim_deliveries(naive, START - START, 1),
        lambda: store.due_digests(naive),
        lambda: store.prune(naive),
    ):
        with pytest.raises(ValueError, match="without a zone"):
            await call()


async def test_any_zone_is_the_same_moment(store):
    """Times come back in UTC."""
    from zoneinfo import ZoneInfo

    await store.enqueue([notice(not_before=START.astimezone(ZoneInfo("Asia/Shanghai")))])
    assert await store.next_delivery_at() == START
    assert (await store.next_delivery_at()).utcoffset() == START - START


async def test_nul_is_cleaned(store, first):
    """In entries, keys and names; of the same length, for evidence counts characters."""
    dirty = parsed(f"{GERMAN}\0", "https://news.example/\0a", "g\0", text="a\0b")
    (entry,) = await add(store, first.id, [dirty])
    (back,) = [e async for e in store.all_entries()]
    assert back.entry == entry.entry
    assert "\0" not in f"{back.entry}"
    assert back.entry.text == "a b"
    assert await store.unseen(first.id, [dirty], START) == []


async def test_an_error_tells_neither_statement_nor_values(store, file):
    """Errors are logged; the text of entries and tokens in addresses are not."""
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("DROP TABLE outbox")
    with pytest.raises(StoreError, match="no such table: outbox") as caught:
        await store.enqueue([notice(f"notice:{SECRET}")])
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_the_file_is_as_safe_as_it_can_be(file, clock):
    """WAL, every commit on the disk, five seconds of patience, foreign keys."""
    store = SqlStore(sqlite_url(file), clock=clock)
    await store.start()
    async with store._db.read() as conn:
        found = {
            pragma: (await conn.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one()
            for pragma in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    await store.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 5000, "foreign_keys": 1}


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://x/y", "sqlite://", "sqlite+aiosqlite:///:memory:", "postgresql+psycopg2://x/y", ""]
)
def test_other_databases_are_refused(url):
    """With words, before anything is opened."""
    with pytest.raises(StoreError):
        create(url)


async def test_a_file_that_cannot_be_opened_is_a_store_error(tmp_path):
    """A folder that is not there; a file that is something else."""
    with pytest.raises(StoreError, match=r"none/evwatch\.db cannot be opened: unable to open"):
        await create(sqlite_url(tmp_path / "none" / "evwatch.db")).start()
    (tmp_path / "notes.db").write_text("notes " * 1000)
    with pytest.raises(StoreError, match="not a database"):
        await create(sqlite_url(tmp_path / "notes.db")).start()


async def test_a_store_that_is_not_started_says_so(file):
    """Instead of opening itself."""
    with pytest.raises(StoreError, match="not open"):
        await create(sqlite_url(file)).feeds()
