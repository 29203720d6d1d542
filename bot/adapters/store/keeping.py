"""Retention: what is past its time goes (docs/operating.md); what people may still ask for stays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Delete, Text, cast, delete, exists, literal, or_, select, update

from bot.adapters.store import archive
from bot.adapters.store.database import Database
from bot.adapters.store.said import mutes
from bot.adapters.store.tables import claims, entries, feeds, outbox, seen, stories, story_entries
from bot.adapters.store.types import Span
from bot.domain.channels import DeliveryStatus
from bot.domain.entries import EntryId
from bot.domain.mutes import Mutable

TEXTS_KEPT = timedelta(days=90)  #: title, link, outlet and evidence stay
SEEN_KEPT = timedelta(days=90)  #: after an entry was last in its document
OUTBOX_KEPT = timedelta(days=30)  #: after a row came to its end
STORIES_KEPT = timedelta(days=730)  #: after their last change; claims after they were read

#: Marks are touched once a day, and the clocks of two workers differ.
_SLACK = timedelta(days=2)


#: Texts are emptied so many at a time.
_PAGE = 200


async def empty_texts(db: Database, now: datetime) -> int:
    """Empty old entries' texts, in the archive too: page by page, so that nobody waits for long. How many."""
    emptied, last = 0, 0
    old = select(entries.c.id).where(entries.c.seen_at < now - TEXTS_KEPT, entries.c.text != "").order_by(entries.c.id)
    while True:
        async with db.read() as conn:
            page = (await conn.execute(old.where(entries.c.id > last).limit(_PAGE))).scalars()
            ids = [EntryId(i) for i in page]
        if not ids:
            return emptied
        async with db.write() as conn:
            await conn.execute(update(entries).where(entries.c.id.in_(ids)).values(text=""))
            await archive.empty(conn, ids)
        emptied, last = emptied + len(ids), ids[-1]


def statements(now: datetime) -> Iterator[tuple[str, Delete]]:
    """Table -> what of it goes, each in a transaction of its own."""
    yield "seen", _seen(now)
    yield "outbox", _outbox(now)
    yield "stories", delete(stories).where(stories.c.touched_at < now - STORIES_KEPT)
    yield "claims", _claims(now)
    yield "mutes", _mutes(now)


def _seen(now: datetime) -> Delete:
    # What was in the document when it was last read may be in it still: a feed that answers 304 for months, or a bot
    # that was off for as long, must not take everything for new.
    left = seen.c.last_seen_at < now - SEEN_KEPT
    long_before = feeds.c.parsed_at - literal(_SLACK, Span())
    last_read = select(long_before).where(feeds.c.id == seen.c.feed_id).scalar_subquery()
    return delete(seen).where(left, seen.c.last_seen_at < last_read)


def _outbox(now: datetime) -> Delete:
    root = outbox.alias()
    under_way = (DeliveryStatus.PENDING.value, DeliveryStatus.SENDING.value, DeliveryStatus.UNCERTAIN.value)
    needed = exists(root.c.id).where(
        root.c.channel_id == outbox.c.channel_id, root.c.needs == outbox.c.key, root.c.status.in_(under_way)
    )
    return delete(outbox).where(
        outbox.c.status.not_in(under_way), outbox.c.ended_at < now - OUTBOX_KEPT, ~needed.correlate(outbox)
    )


def _claims(now: datetime) -> Delete:
    old = select(entries.c.id).where(entries.c.seen_at < now - STORIES_KEPT)
    in_story = select(story_entries.c.entry_id)
    return delete(claims).where(claims.c.entry_id.in_(old), claims.c.entry_id.not_in(in_story))


def _mutes(now: datetime) -> Delete:
    numbers = select(cast(stories.c.id, Text))
    nothing_left = (mutes.c.what == Mutable.STORY.value) & mutes.c.name.not_in(numbers)
    return delete(mutes).where(or_(mutes.c.until <= now, nothing_left))
