"""What people think of what they were told, by the rules that made it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store.channels import ids_of
from bot.adapters.store.database import insert
from bot.adapters.store.said import feedback
from bot.adapters.store.tables import claims, posts, story_entries
from bot.domain.mutes import Feedback, Score
from bot.domain.stories import Change, StoryId


async def add(conn: AsyncConnection, said: Feedback) -> bool:
    """Write it down, the last word of each person; False where it was said already."""
    ids = await ids_of(conn, [said.channel])
    values = {"channel_id": ids[said.channel], "useful": said.useful, "said_at": said.at}
    statement = insert(conn, feedback).values(story_id=said.story, person=said.person, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["story_id", "person"], set_=values, where=feedback.c.useful != said.useful
    )
    return (await conn.execute(statement.returning(feedback.c.story_id))).one_or_none() is not None


async def drop(conn: AsyncConnection, story: StoryId, person: str) -> bool:
    """Forget what one person said; False where they had said nothing."""
    theirs = (feedback.c.story_id == story) & (feedback.c.person == person)
    return (await conn.execute(delete(feedback).where(theirs))).rowcount > 0


async def opinions(conn: AsyncConnection, since: datetime) -> tuple[int, int]:
    """How many people found a story told since then useful, and how many not."""
    query = select(func.count(case((feedback.c.useful, 1))), func.count(case((~feedback.c.useful, 1))))
    useful, useless = (await conn.execute(query.where(feedback.c.story_id.in_(_told(since))))).one()
    return useful, useless


async def scores(conn: AsyncConnection, since: datetime) -> list[Score]:
    """By rule: stories told since then, and how many found them useful or not; in the order of the rules' ids.

    A story is told where any channel has had it, and counts for every rule that made one of its lead claims.
    """
    by_rule = (
        select(claims.c.rule, story_entries.c.story_id)
        .join_from(claims, story_entries, claims.c.entry_id == story_entries.c.entry_id)
        .where(claims.c.lead, story_entries.c.change != Change.SIDE.value, story_entries.c.story_id.in_(_told(since)))
        .distinct()
        .subquery()
    )
    query = (
        select(
            by_rule.c.rule,
            func.count(by_rule.c.story_id.distinct()).label("told"),
            func.count(case((feedback.c.useful, 1))).label("useful"),
            func.count(case((~feedback.c.useful, 1))).label("useless"),
        )
        .select_from(by_rule.outerjoin(feedback, feedback.c.story_id == by_rule.c.story_id))
        .group_by(by_rule.c.rule)
        .order_by(by_rule.c.rule)
    )
    return [Score(row.rule, row.told, row.useful, row.useless) for row in await conn.execute(query)]


def _told(since: datetime) -> Select[Any]:
    """The stories that any channel has had since then."""
    return select(posts.c.story_id).where(posts.c.told_at >= since, or_(posts.c.root.is_not(None), posts.c.in_digest))
