"""The store is told what the rules say: at the start, and whenever other rules are taken over."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

import structlog

from bot.domain.channels import LIST_LEFT, ChannelRef, Subscription, SubscriptionId
from bot.domain.rulebook import Company, Language, Rulebook, WatchList
from bot.engine.summaries import choose, join, say
from bot.pipeline.live import Live
from bot.pipeline.notices import Notices
from bot.ports import Clock, Store

log = structlog.get_logger(__name__)

#: Which lists have left and whether that was told: id -> [since when, told].
_NOTE = "lists-left"


async def adopt(store: Store, clock: Clock, live: Live, fresh: Live, notices: Notices) -> None:
    """Make `live` what `fresh` is, and the store agree with it; what left and what came back is told once."""
    book = fresh.rulebook
    names = await store.know_companies({c.id: c.name for c in book.companies.values()})
    companies, lists = _renamed(book.companies), _renamed(book.watchlists)
    members = {w.id: w.companies for w in book.watchlists.values()}
    moved = await store.rename(companies, lists, members)
    # Nothing is awaited between these: a poll that waited to write sees that there are other rules than it has read by,
    # and reads again; it finds no list that still means what it meant before.
    live.swap(book.remembering(names), fresh.reader)
    for old in moved:
        log.info("renamed", was=old, now=companies.get(old) or lists.get(old))
    now = clock.now()
    for line in await store.sync_feeds(book.feeds, now):
        log.warning("a feed of the rules is left out", reason=line)
    await _follow_lists(store, book, notices, now)


def _renamed(things: Mapping[str, Company] | Mapping[str, WatchList]) -> dict[str, str]:
    return {old: thing.id for thing in things.values() for old in thing.formerly}


async def _follow_lists(store: Store, book: Rulebook, notices: Notices, now: datetime) -> None:
    """Pause what has only lists that left, go on with it when one is back; what left and came back is told once."""
    known = {*book.watchlists, *(w.id for w in await store.watchlists())}
    subscriptions = [s for s in await store.all_subscriptions() if s.watchlists]
    empty = {s.id for s in subscriptions if not s.companies and known.isdisjoint(s.watchlists)}
    for s in subscriptions:
        if s.id in empty and s.paused is None:
            await store.pause_subscription(s.id, LIST_LEFT + ", ".join(s.watchlists))
        elif s.id not in empty and (s.paused or "").startswith(LIST_LEFT):
            await store.pause_subscription(s.id, None)

    noted: dict[str, tuple[str, bool]] = json.loads(await store.note(_NOTE) or "{}")
    left = {name for s in subscriptions for name in s.watchlists} - known
    if left - noted.keys():
        noted |= {name: (now.isoformat(), False) for name in left - noted.keys()}
        # Now already: whoever dies before it is told tells it the next time, under the same key.
        await store.set_note(_NOTE, json.dumps(noted))
    changed = {name: since for name, (since, told) in noted.items() if not told or name not in left}
    for name, since in sorted(changed.items()):
        concerned = [s for s in subscriptions if name in s.watchlists]
        if name in left:
            await _tell(notices, (f"list-left:{name}", since), concerned, book.languages, partial(_left, name, empty))
        elif concerned:
            await _tell(notices, (f"list-back:{name}", since), concerned, book.languages, partial(_back, name))
    if changed:
        told = {name: (since, True) for name, (since, _) in noted.items() if name in left}
        await store.set_note(_NOTE, json.dumps(told) if told else None)


async def _tell(
    notices: Notices,
    key: tuple[str, str],
    concerned: Sequence[Subscription],
    languages: Mapping[str, Language],
    line: Callable[[Sequence[Subscription], Language], str],
) -> None:
    """To the operators what it means for every subscription, to each channel in its language what for its own."""
    own: dict[ChannelRef, list[Subscription]] = {}
    for s in concerned:
        own.setdefault(s.channel.ref, []).append(s)
    also = {ref: line(some, choose(languages, some[0].channel.language)) for ref, some in own.items()}
    whole, (what, since) = line(concerned, choose(languages, "en")), key
    await notices.tell(what, datetime.fromisoformat(since), whole, also=also)


def _left(name: str, empty: Collection[SubscriptionId], concerned: Sequence[Subscription], language: Language) -> str:
    waiting, others = [s for s in concerned if s.id in empty], [s for s in concerned if s.id not in empty]
    meant = [
        say(language, label, numbers=_numbers(some, language))
        for label, some in (("list-paused", waiting), ("list-going-on", others))
        if some
    ]
    return say(language, "list-left", list=name, items=join(meant, language, "claims"))


def _back(name: str, concerned: Sequence[Subscription], language: Language) -> str:
    return say(language, "list-back", list=name, numbers=_numbers(concerned, language))


def _numbers(subscriptions: Sequence[Subscription], language: Language) -> str:
    return join([f"#{s.id}" for s in subscriptions], language)
