"""The store: each method of the port in a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.adapters.store import archive, claiming, feeds, keeping, numbers, outbox, schema, seen
from bot.adapters.store.asking import Asking
from bot.adapters.store.database import Database
from bot.adapters.store.transaction import SqlTransaction
from bot.adapters.store.wishes import Wishes
from bot.domain.channels import ChannelRef, Delivery, NewDelivery, Receipt
from bot.domain.entries import FreshEntry, ParsedEntry
from bot.domain.feeds import Feed, FeedId, FeedSpec, FeedState
from bot.domain.messages import Message
from bot.errors import StoreError
from bot.ports import Clock, Transaction

BUSY_TIMEOUT = timedelta(seconds=5)


class _SystemClock:
    """The machine's own."""

    def now(self) -> datetime:
        """The time now, aware, UTC."""
        return datetime.now(UTC)


class SqlStore(Asking, Wishes):
    """See bot.ports.Store.

    `clock` dates what the port's methods give no time for. `fsync` False is for tests: a power cut may then lose what
    was promised.
    """

    def __init__(
        self, url: str, *, clock: Clock | None = None, fsync: bool = True, busy_timeout: timedelta = BUSY_TIMEOUT
    ) -> None:
        super().__init__(Database(url, fsync=fsync, busy_timeout=busy_timeout), clock or _SystemClock())

    async def start(self) -> None:
        """Open; SQLite is upgraded where it is behind, PostgreSQL is only checked."""
        if not await schema.check(self._db):
            if self._db.path is None:
                raise StoreError("the database is behind this evwatch: run `evwatch db upgrade`")
            await schema.upgrade(self._db)
        await self._db.open()
        await archive.catch_up(self._db)

    async def upgrade(self) -> Path | None:
        """Bring the schema up to this code (`evwatch db upgrade`); the copy of the SQLite file made before, if any."""
        return await schema.upgrade(self._db)

    async def close(self) -> None:
        """Close every connection."""
        await self._db.close()

    async def numbers(self) -> dict[str, int]:
        """The highest number given out, by table."""
        async with self._db.read() as conn:
            return await numbers.highest(conn)

    async def skip_numbers(self, given: Mapping[str, int]) -> None:
        """Give out only higher ones from now on."""
        async with self._db.write() as conn:
            await numbers.skip(conn, given)

    async def reclaim(self) -> None:
        """End every lease, of feeds and of deliveries; for the one process that holds the data folder."""
        async with self._db.write() as conn:
            await feeds.reclaim(conn)
            await outbox.reclaim(conn)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """A write transaction; rolled back on any exception. Nothing else of the store may be written within it."""
        async with self._db.write() as conn:
            yield SqlTransaction(conn, self._clock)

    # feeds

    async def sync_feeds(self, specs: Mapping[str, FeedSpec], now: datetime) -> list[str]:
        """Make the rows of owner `rules` equal to these, but for doubles; a line for each that was left out."""
        async with self._db.write() as conn:
            return await feeds.sync(conn, specs, now)

    async def add_feed(self, spec: FeedSpec, owner: str, now: datetime) -> Feed:
        """Add a feed, or bring a retired one back."""
        async with self._db.write() as conn:
            return await feeds.add(conn, spec, owner, now)

    async def retire_feed(self, spec_id: str, owner: str | None = None) -> None:
        """Retire, never delete."""
        async with self._db.write() as conn:
            await feeds.retire(conn, spec_id, owner)

    async def feeds(self, *, retired: bool = False) -> list[Feed]:
        """All feeds, by spec id."""
        async with self._db.read() as conn:
            return await feeds.every(conn, retired)

    async def claim_feeds(self, now: datetime, lease: timedelta, limit: int) -> list[Feed]:
        """Claim due feeds."""
        async with self._db.write() as conn:
            return await feeds.claim(conn, now, lease, limit)

    async def fail_feed(self, feed: Feed, state: FeedState, gone: bool = False) -> None:
        """Keep the state of a failed poll and end the claim."""
        async with self._db.write() as conn:
            await feeds.fail(conn, feed, state, gone)

    async def next_poll_at(self) -> datetime | None:
        """The earliest due time of an active feed; now for one that is due."""
        async with self._db.read() as conn:
            return await feeds.next_poll_at(conn, self._clock.now())

    async def last_polled_at(self) -> datetime | None:
        """When any feed was last polled."""
        async with self._db.read() as conn:
            return await feeds.last_polled_at(conn)

    async def unseen(self, feed: FeedId, parsed: Sequence[ParsedEntry], now: datetime) -> list[FreshEntry]:
        """The entries this feed has not had before, and those edited. A read, but for what is noted of known ones."""
        if not parsed:  # 304
            return []
        async with self._db.read() as conn:
            found = await seen.look(conn, feed, await feeds.spec_of(conn, feed), parsed, now)
        if found.names or found.fingerprints:
            async with self._db.write() as conn:
                await seen.learn(conn, feed, found, now)
        return found.fresh

    # outbox

    async def enqueue(self, deliveries: Sequence[NewDelivery]) -> int:
        """Put deliveries that have no story poll behind them into the outbox."""
        async with self._db.write() as conn:
            return await outbox.enqueue(conn, deliveries, self._clock.now())

    async def enqueued(self, channel: ChannelRef, key: str) -> bool:
        """Whether a delivery of this key is in the outbox of this channel."""
        async with self._db.read() as conn:
            return await outbox.enqueued(conn, channel, key)

    async def claim_deliveries(self, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
        """Claim due deliveries, at most one a channel."""
        async with self._db.write() as conn:
            return await claiming.claim(conn, now, lease, limit)

    async def set_message(self, delivery: Delivery, message: Message) -> None:
        """Keep the text of the first attempt, before it is sent."""
        async with self._db.write() as conn:
            await outbox.set_message(conn, delivery, message)

    async def sent(self, delivery: Delivery, receipt: Receipt) -> None:
        """Write down the receipt."""
        async with self._db.write() as conn:
            await outbox.sent(conn, delivery, receipt)

    async def later(self, delivery: Delivery, at: datetime, error: str) -> None:
        """Nothing was sent: pending again, due at `at`."""
        async with self._db.write() as conn:
            await outbox.later(conn, delivery, at, error)

    async def uncertain(self, delivery: Delivery, at: datetime, error: str) -> None:
        """It may have been sent: settle at `at`."""
        async with self._db.write() as conn:
            await outbox.uncertain(conn, delivery, at, error)

    async def dead(self, delivery: Delivery, error: str) -> None:
        """It will never be sent; neither will what needs it."""
        async with self._db.write() as conn:
            await outbox.dead(conn, delivery, error, self._clock.now())

    async def supersede(self, delivery: Delivery) -> None:
        """A newer edit has its place."""
        async with self._db.write() as conn:
            await outbox.supersede(conn, delivery, self._clock.now())

    async def newer_revision(self, delivery: Delivery) -> int | None:
        """The newest revision that waits as an edit behind this root, if any."""
        async with self._db.read() as conn:
            return await outbox.newer_revision(conn, delivery)

    async def put_off(self, delivery: Delivery, at: datetime) -> None:
        """Not now: as if it had never been claimed, due at `at`, out of the way until then."""
        async with self._db.write() as conn:
            await outbox.put_off(conn, delivery, at)

    async def next_delivery_at(self) -> datetime | None:
        """The earliest time a delivery may be due; now for one that is."""
        async with self._db.read() as conn:
            return await claiming.next_at(conn, self._clock.now())

    async def outbox_counts(self) -> dict[str, int]:
        """DeliveryStatus -> rows."""
        async with self._db.read() as conn:
            return await outbox.counts(conn)

    # keeping

    async def prune(self, now: datetime) -> dict[str, int]:
        """Drop what is past its time: table -> rows."""
        dropped = {"entries": await keeping.empty_texts(self._db, now)}
        for table, statement in keeping.statements(now):
            async with self._db.write() as conn:
                dropped[table] = (await conn.execute(statement)).rowcount
        return dropped
