"""The write transaction of the straight line: the modules of each noun behind the port."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import (
    archive,
    channels,
    entries,
    feeds,
    holding,
    mutes,
    outbox,
    routed,
    seen,
    stories,
    subscriptions,
)
from bot.adapters.store.database import STORIES_LOCK, alone, translated
from bot.domain.channels import ChannelRef, Held, Post, Routed, Subscription, SubscriptionId
from bot.domain.claims import Family
from bot.domain.entries import ReadEntry, StoredEntry
from bot.domain.feeds import Feed, FeedId, FeedState
from bot.domain.mutes import Mute
from bot.domain.stories import Story, StoryId, StoryUpdate
from bot.ports import Clock


class SqlTransaction:
    """See bot.ports.Transaction."""

    def __init__(self, conn: AsyncConnection, clock: Clock) -> None:
        self._conn = conn
        self._clock = clock

    async def fence(self, feed: Feed) -> None:
        """Raise StaleClaim unless `feed.fence` is still the row's."""
        with translated():
            await feeds.fence(self._conn, feed)

    async def add_entries(self, feed: FeedId, readings: Sequence[ReadEntry], now: datetime) -> list[StoredEntry]:
        """Store what is new; mark every key seen."""
        if not readings:
            return []
        with translated():
            added = await entries.add(self._conn, feed, await feeds.spec_of(self._conn, feed), readings, now)
            await archive.add(self._conn, added)
            return added

    async def touch_seen(self, feed: FeedId, keys: Collection[str], now: datetime) -> None:
        """Keep alive the marks of everything the document still holds."""
        with translated():
            await seen.touch(self._conn, feed, keys, now)

    async def lock_stories(self) -> None:
        """Be alone with the stories."""
        with translated():
            await alone(self._conn, STORIES_LOCK)

    async def open_stories(
        self, companies: Collection[str], families: Collection[Family], since: datetime
    ) -> list[Story]:
        """Stories with one of these parties that are still in their window."""
        with translated():
            return await stories.open_stories(self._conn, companies, families, since)

    async def save_stories(self, updates: Sequence[StoryUpdate]) -> list[StoryUpdate]:
        """Insert or update stories and what joined them."""
        with translated():
            return await stories.save(self._conn, updates)

    async def subscriptions(self, companies: Collection[str]) -> list[Subscription]:
        """Every subscription that watches one of these companies, but those that are paused."""
        with translated():
            return await subscriptions.watching(self._conn, companies)

    async def posts(self, stories: Collection[StoryId]) -> list[Post]:
        """The posts of these stories."""
        with translated():
            return await routed.posts_of(self._conn, stories)

    async def mutes(self, channels: Collection[ChannelRef], now: datetime) -> list[Mute]:
        """What is muted now in these channels, and everywhere."""
        with translated():
            return await mutes.now_in(self._conn, channels, now)

    async def forget_posts(self, channel: ChannelRef, stories: Collection[StoryId]) -> None:
        """Forget that these stories wait for a digest here."""
        with translated():
            ids = await channels.known_ids(self._conn, [channel])
            for channel_id in ids.values():
                await holding.forget(self._conn, channel_id, stories)

    async def told_since(self, since: Mapping[ChannelRef, datetime]) -> dict[ChannelRef, int]:
        """Roots and lines each channel was sent since then, those under way among them."""
        with translated():
            return await outbox.told_since(self._conn, since)

    async def enqueue(self, decided: Routed) -> int:
        """Write down all that routing decided; the number of new deliveries."""
        with translated():
            return await routed.save(self._conn, decided, self._clock.now())

    async def save_state(self, feed: FeedId, state: FeedState) -> None:
        """Keep validators and due time, and end the claim."""
        with translated():
            await feeds.save_state(self._conn, feed, state)

    async def take_held(self, subscription: SubscriptionId) -> list[Held]:
        """Take what is held for this subscription's digest."""
        with translated():
            return await holding.take(self._conn, subscription)

    async def take_missed(self, channel: ChannelRef) -> list[Held]:
        """Take what is held for this channel's catching up."""
        with translated():
            return await holding.take_missed(self._conn, channel)

    async def release_subscription(self, subscription: SubscriptionId, next_digest_at: datetime) -> None:
        """Write down when the next digest is due."""
        with translated():
            await subscriptions.release(self._conn, subscription, next_digest_at)
