"""`list`: the watch lists of the rules, and those made in chat, which every channel shares."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.citing import typed
from bot.commands.context import Context, Refused
from bot.commands.filters import unknown_name
from bot.commands.rights import refusal
from bot.commands.words import plain
from bot.domain.messages import Reply
from bot.domain.rulebook import WatchList
from bot.engine.hygiene import shown

_LONGEST_NAME = 60
_SHOWN = 80


async def lists(ctx: Context, words: Sequence[str]) -> Reply:
    """All lists, the members of one, or a change to one made in chat."""
    if not words:
        every = sorted(ctx.names.watchlists.values(), key=lambda w: w.id)
        show = ctx.say("list-how", command=typed(ctx, "list", every[-1].id) if every else typed(ctx, "list"))
        return ctx.reply(*(_in_line(ctx, w) for w in every), show)
    act = ctx.vocabulary.find("list", words[0])
    if act is None or ctx.names.watchlist(" ".join(words)):
        return _one(ctx, words)
    if refused := refusal("list-change", ctx.request.role, ctx.voice):
        raise Refused(refused)
    change = {"new": _new, "add": _add, "drop": _drop, "end": _end}[act]
    return await change(ctx, words[1:])


def _in_line(ctx: Context, one: WatchList) -> str:
    made = "rules" if one.id in ctx.rulebook.watchlists else "chat"
    return ctx.say("list-line", id=one.id, title=one.title, count=len(one.companies), made=made)


def _one(ctx: Context, words: Sequence[str]) -> Reply:
    named = ctx.names.find(words)
    if named.unknown:
        raise Refused(*(unknown_name(ctx, u) for u in named.unknown), ctx.say("list-all", command=typed(ctx, "list")))
    lines = []
    for one in (ctx.names.watchlists[w] for w in named.watchlists):
        lines += [_in_line(ctx, one), ctx.companies(one.companies, _SHOWN)]
    for company in named.companies:
        member = sorted(w.id for w in ctx.names.watchlists.values() if company in w.companies)
        lines.append(ctx.say("list-of-company", company=ctx.company(company), lists=ctx.joined(member)))
    return ctx.reply(*lines)


async def _new(ctx: Context, words: Sequence[str]) -> Reply:
    if len(words) < 2:
        raise Refused(ctx.say("list-new-how", command=typed(ctx, "list", ctx.vocabulary.shown("list", "new"))))
    title = shown(words[0])
    key = re.sub(r"[^\w]+", "-", plain(title)).strip("-")
    if not key or len(key) > _LONGEST_NAME or key.isdigit() or ctx.names.story(key):
        raise Refused(ctx.say("list-bad-name", name=title))
    if ctx.names.find([title]) or ctx.vocabulary.find("list", key) or ctx.vocabulary.find("appetite", key):
        raise Refused(ctx.say("list-name-taken", name=title))
    return await _saved(ctx, WatchList(key, title, _members(ctx, words[1:])), made=True)


async def _add(ctx: Context, words: Sequence[str]) -> Reply:
    one, rest = _own(ctx, words)
    return await _saved(ctx, WatchList(one.id, one.title, one.companies | _members(ctx, rest)))


async def _drop(ctx: Context, words: Sequence[str]) -> Reply:
    one, rest = _own(ctx, words)
    left = one.companies - _members(ctx, rest)
    if not left:
        raise Refused(ctx.say("list-empty", name=one.title, command=_ending(ctx, one)))
    return await _saved(ctx, WatchList(one.id, one.title, left))


async def _end(ctx: Context, words: Sequence[str]) -> Reply:
    one, rest = _own(ctx, words)
    if rest:
        raise Refused(ctx.say("list-end-how", command=_ending(ctx, one)))
    used = [s for s in await ctx.store.all_subscriptions() if one.id in s.watchlists]
    await ctx.store.drop_watchlist(one.id)
    again = typed(ctx, "list", ctx.vocabulary.shown("list", "new"), one.id, *sorted(one.companies))
    return ctx.reply(ctx.say("list-ended", name=one.title, count=len(used)), ctx.say("list-undo", command=again))


def _own(ctx: Context, words: Sequence[str]) -> tuple[WatchList, Sequence[str]]:
    """The list that may be changed from chat, and the words behind its name. Raises Refused."""
    count = max(ctx.names.longest(words), 1)
    name = " ".join(words[:count])
    one = ctx.names.watchlist(name) if words else None
    if one is None:
        near = ctx.names.nearest(name) if words else None
        unknown = ctx.say("list-unknown", name=name) if name else ctx.say("list-which")
        raise Refused(unknown, *([ctx.say("did-you-mean", near=near)] if near else []))
    if one.id in ctx.rulebook.watchlists:
        new = typed(ctx, "list", ctx.vocabulary.shown("list", "new"))
        raise Refused(ctx.say("list-of-rules", name=one.title, command=new))
    return one, words[count:]


def _members(ctx: Context, words: Sequence[str]) -> frozenset[str]:
    """The companies that are named, one by one or by list. Raises Refused."""
    named = ctx.names.find(words)
    if named.unknown:
        raise Refused(*(unknown_name(ctx, u) for u in named.unknown))
    if not named:
        raise Refused(ctx.say("list-of-whom"))
    return frozenset(named.companies).union(*(ctx.names.watchlists[w].companies for w in named.watchlists))


def _ending(ctx: Context, one: WatchList) -> str:
    return typed(ctx, "list", ctx.vocabulary.shown("list", "end"), one.id)


async def _saved(ctx: Context, one: WatchList, *, made: bool = False) -> Reply:
    await ctx.store.save_watchlist(one, str(ctx.request.person), ctx.now)
    key = "list-made" if made else "list-changed"
    return ctx.reply(
        ctx.say(key, name=one.title, count=len(one.companies), companies=ctx.companies(one.companies, _SHOWN)),
        ctx.say("list-subscribe", command=typed(ctx, "subscribe", one.id)),
    )
