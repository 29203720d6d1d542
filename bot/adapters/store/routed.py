"""What routing decided: posts, and why each entry ended as it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import channels, holding, outbox
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.entries import stored, stored_entries
from bot.adapters.store.tables import channels as channel_rows
from bot.adapters.store.tables import decisions, entries, posts
from bot.adapters.store.types import AnyRow
from bot.domain.channels import HOLDING, ChannelRef, Decision, Post, Reason, ReasonCode, Routed
from bot.domain.claims import Certainty
from bot.domain.entries import EntryId, StoredEntry
from bot.domain.feeds import FeedId
from bot.domain.identity import normalise_link
from bot.domain.stories import StoryId

#: The loudest first: told, then the silent ones, of which the one that came furthest counts.
_LOUDEST = tuple(
    dict.fromkeys(
        (
            *(ReasonCode.ROOT, ReasonCode.LINE, ReasonCode.EDIT),
            *(code for code in ReasonCode if code in HOLDING),
            *reversed(ReasonCode),
        )
    )
)


async def save(conn: AsyncConnection, routed: Routed, now: datetime) -> int:
    """Write all of it down; the number of new deliveries."""
    refs = {p.channel for p in routed.posts} | {h.channel for h in routed.held}
    ids = await channels.ids_of(conn, refs | {d.channel for d in routed.decisions if d.channel})
    await _save_posts(conn, routed.posts, ids, now)
    await holding.hold(conn, routed.held, ids)
    await _decide(conn, routed.decisions, ids)
    return await outbox.enqueue(conn, routed.deliveries, now)


async def posts_of(conn: AsyncConnection, stories: Collection[StoryId]) -> list[Post]:
    """The posts of these stories in every channel."""
    found: list[Post] = []
    for piece in chunks(sorted(set(stories))):
        query = select(*posts.c, channel_rows.c.ref).join_from(posts, channel_rows).where(posts.c.story_id.in_(piece))
        found += [_post(row) for row in await conn.execute(query.order_by(posts.c.story_id, posts.c.channel_id))]
    return found


async def post(conn: AsyncConnection, story: StoryId, channel: ChannelRef) -> Post | None:
    """The story in one channel."""
    here = (posts.c.story_id == story) & (channel_rows.c.ref == str(channel))
    query = select(*posts.c, channel_rows.c.ref).join_from(posts, channel_rows).where(here)
    row = (await conn.execute(query)).one_or_none()
    return None if row is None else _post(row)


async def story_under(conn: AsyncConnection, channel: ChannelRef, message: str) -> StoryId | None:
    """The story whose root the platform knows by this id."""
    here = (channel_rows.c.ref == str(channel)) & (posts.c.receipt == message)
    query = select(posts.c.story_id).join_from(posts, channel_rows).where(here).order_by(posts.c.story_id).limit(1)
    found: StoryId | None = (await conn.execute(query)).scalar_one_or_none()
    return found


async def accounts(conn: AsyncConnection, feed: FeedId | None, since: datetime | None = None) -> Counter[str]:
    """Reason code -> entries, each once at its loudest; what nobody decided about by what its row says."""
    rank = case({code.value: n for n, code in enumerate(_LOUDEST)}, value=decisions.c.code)
    undecided = case(
        (entries.c.same_as.is_not(None), _LOUDEST.index(ReasonCode.SAME_AS)),
        (entries.c.unread.is_not(None), _LOUDEST.index(ReasonCode.UNREAD)),
        (entries.c.silent, _LOUDEST.index(ReasonCode.BACKLOG)),
        else_=null(),
    )
    ranks = (
        select(func.coalesce(func.min(rank), undecided).label("rank"))
        .select_from(entries.outerjoin(decisions))
        .group_by(entries.c.id)
    )
    if feed is not None:
        ranks = ranks.where(entries.c.feed_id == feed)
    if since is not None:
        ranks = ranks.where(entries.c.seen_at >= since)
    each = ranks.subquery()
    rows = await conn.execute(select(each.c.rank, func.count().label("n")).group_by(each.c.rank))
    return Counter({_LOUDEST[row.rank].value: row.n for row in rows if row.rank is not None})


async def decided(
    conn: AsyncConnection, link: str | None, story: StoryId | None, limit: int
) -> list[tuple[StoredEntry, Decision]]:
    """Entries with what became of them, newest first."""
    d = decisions.c
    extra = (d.story_id, d.code, d.subscription_id, d.companies, d.rule, d.detail, channel_rows.c.ref)
    query = (
        stored_entries()
        .add_columns(*extra)
        .join(decisions, d.entry_id == entries.c.id)
        .outerjoin(channel_rows, channel_rows.c.id == d.channel_id)
        .order_by(d.id.desc())
        .limit(limit)
    )
    if link is not None:
        query = query.where(entries.c.link_key == normalise_link(link))
    if story is not None:
        query = query.where(d.story_id == story)
    return [(stored(row), _decision(row)) for row in await conn.execute(query)]


async def _save_posts(conn: AsyncConnection, new: Sequence[Post], ids: dict[ChannelRef, int], now: datetime) -> None:
    if not new:
        return
    statement = insert(conn, posts)
    put = statement.excluded
    changes: dict[str, Any] = {
        # The receipt belongs to its root: another root has none yet.
        "receipt": case((posts.c.root == put.root, posts.c.receipt), else_=null()),
        **{name: put[name] for name in ("root", "revision", "certainty", "in_digest", "told_at")},
    }
    rows = [
        {
            "story_id": p.story,
            "channel_id": ids[p.channel],
            "root": p.root,
            "revision": p.revision,
            "certainty": p.certainty.value,
            "in_digest": p.in_digest,
            "told_at": now,
        }
        for p in new
    ]
    await conn.execute(statement.on_conflict_do_update(index_elements=["story_id", "channel_id"], set_=changes), rows)


async def _decide(conn: AsyncConnection, new: Sequence[Decision], ids: dict[ChannelRef, int]) -> None:
    rows = [
        {
            "entry_id": d.entry,
            "channel_id": ids[d.channel] if d.channel else None,
            "story_id": d.story,
            "code": d.reason.code.value,
            "subscription_id": d.reason.subscription,
            "companies": dumps(d.reason.companies),
            "rule": d.reason.rule,
            "detail": d.reason.detail,
        }
        for d in new
    ]
    if rows:
        await conn.execute(insert(conn, decisions), rows)


def _post(row: AnyRow) -> Post:
    return Post(
        StoryId(row.story_id),
        ChannelRef.parse(row.ref),
        row.root,
        row.revision,
        Certainty(row.certainty),
        row.in_digest,
    )


def _decision(row: AnyRow) -> Decision:
    reason = Reason(
        ReasonCode(row.code),
        row.subscription_id,
        loads(tuple[str, ...], row.companies),
        row.rule,
        row.detail,
    )
    ref = None if row.ref is None else ChannelRef.parse(row.ref)
    return Decision(EntryId(row.id), ref, row.story_id, reason)
