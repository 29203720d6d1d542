"""The part of the store that answers: what was read, what became of it, what is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from bot.adapters.store import archive, entries, lookups, routed, stories
from bot.adapters.store.base import Base
from bot.domain.channels import ChannelRef, Decision, Post
from bot.domain.entries import EntryId, StoredEntry
from bot.domain.feeds import FeedId
from bot.domain.stories import Found, StoryId, StoryView


class Asking(Base):
    """See bot.ports.Store: entries and stories."""

    async def accounts(self, feed: FeedId | None = None, *, since: datetime | None = None) -> dict[str, int]:
        """Reason code -> entries."""
        async with self._db.read() as conn:
            return await routed.accounts(conn, feed, since)

    async def decisions(
        self, *, link: str | None = None, story: StoryId | None = None, limit: int = 1000
    ) -> list[tuple[StoredEntry, Decision]]:
        """What became of entries, newest first."""
        async with self._db.read() as conn:
            return await routed.decided(conn, link, story, limit)

    async def entries_at(self, link: str) -> list[StoredEntry]:
        """The entries under a link, newest first."""
        async with self._db.read() as conn:
            return await lookups.entries_at(conn, link)

    async def search(self, words: str, companies: Collection[str] = (), limit: int = 10) -> list[Found]:
        """Full text; see bot.domain.indexing for what is a word and what it finds."""
        async with self._db.read() as conn:
            return await lookups.found(conn, await archive.search(conn, words, companies, limit))

    async def leads_since(self, since: datetime, companies: Collection[str]) -> list[Found]:
        """Entries with a lead that joined a story, newest first; without their texts."""
        async with self._db.read() as conn:
            return await lookups.leads_since(conn, since, companies)

    async def all_entries(self) -> AsyncIterator[StoredEntry]:
        """Every stored entry in the order of arrival; page by page, so that nothing is held open between."""
        last = EntryId(0)
        while True:
            async with self._db.read() as conn:
                page = await entries.page(conn, last)
            if not page:
                return
            for entry in page:
                yield entry
            last = page[-1].id

    async def story_view(self, story: StoryId, revision: int | None = None) -> StoryView:
        """The story with its reports."""
        async with self._db.read() as conn:
            return await stories.view(conn, story, revision)

    async def latest(
        self, *, companies: Collection[str] = (), channel: ChannelRef | None = None, limit: int = 5
    ) -> list[StoryView]:
        """Stories, the newest claim first."""
        async with self._db.read() as conn:
            newest = await lookups.latest(conn, companies, channel, limit)
            return [await stories.view(conn, story, None) for story in newest]

    async def post(self, story: StoryId, channel: ChannelRef) -> Post | None:
        """The story in this channel."""
        async with self._db.read() as conn:
            return await routed.post(conn, story, channel)

    async def story_under(self, channel: ChannelRef, message: str) -> StoryId | None:
        """The story whose root the platform knows as `message`."""
        async with self._db.read() as conn:
            return await routed.story_under(conn, channel, message)
