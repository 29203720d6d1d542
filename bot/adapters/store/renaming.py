"""Companies and watch lists that have another id today: everything that is asked for by id gets the new one.

What is a record stays as it was written: readings, reports, decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Table, delete, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.store import archive, holding, mutes, subscriptions, watchlists
from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.database import chunks, insert
from bot.adapters.store.said import watchlists as list_rows
from bot.adapters.store.tables import claim_parties, stories, story_parties, story_revisions
from bot.domain.channels import Subscription
from bot.domain.mutes import Mutable, Mute
from bot.domain.stories import Story

C = TypeVar("C", tuple[str, ...], frozenset[str])


class Names:
    """Former id -> id of today; remembers which former ones it met."""

    def __init__(self, today: Mapping[str, str]) -> None:
        self.today = today
        self.met: set[str] = set()

    def one(self, id: str) -> str:
        """The id of today."""
        if id in self.today:
            self.met.add(id)
        return self.today.get(id, id)

    def all(self, ids: C) -> C:
        """Each once, in their order."""
        return type(ids)(dict.fromkeys(map(self.one, ids)))


async def rename(conn: AsyncConnection, companies: Mapping[str, str], lists: Mapping[str, str]) -> list[str]:
    """Put the ids of today in the place of former ones; those former ones that stood anywhere, in order."""
    made_in_chat = {w.id for w in await watchlists.every(conn)}
    # A list somebody made under an id that a list of the rules once had is another list.
    of_companies = Names(companies)
    of_lists = Names({former: today for former, today in lists.items() if former not in made_in_chat})
    if companies:
        await _stories(conn, of_companies)
        for table in (story_parties, claim_parties):
            await _move(conn, table, of_companies)
        await _lists(conn, of_companies)
        for former, today in companies.items():
            if await archive.rename(conn, former, today):
                of_companies.one(former)
    if companies or lists:
        await _subscriptions(conn, of_companies, of_lists)
        await _mutes(conn, of_companies, of_lists)
    return sorted(of_companies.met | of_lists.met)


async def _stories(conn: AsyncConnection, names: Names) -> None:
    ids: set[int] = set()
    for piece in chunks(names.today):
        query = select(story_parties.c.story_id).where(story_parties.c.company.in_(piece))
        ids.update((await conn.execute(query)).scalars())
    for story in sorted(ids):
        body = (await conn.execute(select(stories.c.body).where(stories.c.id == story))).scalar_one()
        await conn.execute(update(stories).where(stories.c.id == story).values(body=_renamed(body, names)))
        r = story_revisions.c
        for row in (await conn.execute(select(r.revision, r.body).where(r.story_id == story))).all():
            this = update(story_revisions).where(r.story_id == story, r.revision == row.revision)
            await conn.execute(this.values(body=_renamed(row.body, names)))


def _renamed(body: str, names: Names) -> str:
    story = loads(Story, body)
    return dumps(replace(story, parties=names.all(story.parties)))


async def _move(conn: AsyncConnection, table: Table, names: Names) -> None:
    """Rows of a former company become those of today's; where it has such a row already, that one stays."""
    others = [c for c in table.c if c.name != "company"]
    for former, today in names.today.items():
        rows = select(literal(today), *others).where(table.c.company == former)
        copied = insert(conn, table).from_select(["company", *(c.name for c in others)], rows).on_conflict_do_nothing()
        await conn.execute(copied)
        if (await conn.execute(delete(table).where(table.c.company == former))).rowcount:
            names.one(former)


async def _lists(conn: AsyncConnection, names: Names) -> None:
    for w in await watchlists.every(conn):
        members = names.all(w.companies)
        if members != w.companies:
            this = update(list_rows).where(list_rows.c.name == w.id)
            await conn.execute(this.values(companies=dumps(members)))


async def _subscriptions(conn: AsyncConnection, companies: Names, lists: Names) -> None:
    """Two that say the same now are one: the older, unless it is paused."""
    same: dict[tuple[str, str], list[tuple[Subscription, Subscription]]] = {}
    for old in await subscriptions.every(conn):
        new = replace(
            old,
            watchlists=lists.all(old.watchlists),
            companies=companies.all(old.companies),
            watched=companies.all(old.watched),
            filter=replace(old.filter, without=companies.all(old.filter.without)),
        )
        same.setdefault((str(old.channel.ref), subscriptions.fingerprint(new)), []).append((old, new))
    for group in same.values():
        old, new = kept = min(group, key=lambda pair: (pair[0].paused is not None, pair[0].id))
        for double in group:
            if double is not kept:
                await holding.hand_over(conn, double[0].id, to=old.id)
                await subscriptions.unsubscribe(conn, double[0].id)
        if new != old:
            await subscriptions.say_anew(conn, new)
            await subscriptions.watch(conn, old.id, old.watched, new.watched)


async def _mutes(conn: AsyncConnection, companies: Names, lists: Names) -> None:
    """Two of the same thing are one: the one that lasts longer."""
    same: dict[tuple[object, ...], list[tuple[Mute, Mute]]] = {}
    for old in await mutes.every(conn):
        ids = {Mutable.COMPANY: companies, Mutable.WATCHLIST: lists}.get(old.what)
        name = old.name if ids is None else ids.one(old.name)
        new = replace(old, name=name, companies=companies.all(old.companies))
        same.setdefault((new.channel, new.what, new.name), []).append((old, new))
    for group in same.values():
        _, new = max(group, key=lambda pair: (pair[1].until is None, pair[1].until or pair[1].at))
        if len(group) > 1 or group[0][0] != new:
            for old, _ in group:
                await mutes.end(conn, old.id)
            await mutes.add(conn, new)
