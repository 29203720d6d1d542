"""`list`: the watch lists of the rules, and those made in chat, which every channel shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands.citing import typed
from bot.commands.context import Context, Refused
from bot.commands.describing import retyped, subscription
from bot.commands.filters import unknown_name
from bot.commands.rights import refusal
from bot.commands.texts import Voice
from bot.commands.words import plain
from bot.domain.channels import ChannelRef, NewDelivery, Part, Subscription
from bot.domain.messages import Message, Reply
from bot.domain.rulebook import WatchList
from bot.engine.hygiene import shown
from bot.engine.timing import digest_due

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
    return ctx.say("list-line", id=one.id, title=ctx.title(one.id), count=len(one.companies), made=made)


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
    if ctx.names.find([title]) or ctx.vocabulary.ours(key) or ctx.vocabulary.ours(title):
        raise Refused(ctx.say("list-name-taken", name=title))
    return await _saved(ctx, WatchList(key, title, _members(ctx, words[1:])), made=True)


async def _add(ctx: Context, words: Sequence[str]) -> Reply:
    one, rest = _own(ctx, words)
    return await _saved(ctx, WatchList(one.id, one.title, one.companies | _members(ctx, rest)))


async def _drop(ctx: Context, words: Sequence[str]) -> Reply:
    one, rest = _own(ctx, words)
    left = one.companies - _members(ctx, rest)
    if not left:
        raise Refused(ctx.say("list-empty", name=ctx.title(one.id), command=_ending(ctx, one)))
    return await _saved(ctx, WatchList(one.id, one.title, left))


async def _end(ctx: Context, words: Sequence[str]) -> Reply:
    one, rest = _own(ctx, words)
    if rest:
        raise Refused(ctx.say("list-end-how", command=_ending(ctx, one)))
    name = ctx.title(one.id)
    there = await ctx.store.all_subscriptions(ctx.channel.ref)
    mine = [s for s in there if s.watchlists == (one.id,) and not s.companies]
    lines, elsewhere = await _let_go(ctx, one)
    await ctx.store.drop_watchlist(one.id)
    if elsewhere:
        lines.append(ctx.say("list-ended-elsewhere", count=elsewhere))
    again = typed(ctx, "list", ctx.vocabulary.shown("list", "new"), one.id, *sorted(one.companies))
    undo = [ctx.say("list-undo", command=again)]
    undo += [ctx.say("list-undo-subscribe", command=typed(ctx, "subscribe", retyped(ctx, s))) for s in mine]
    return ctx.reply(ctx.say("list-ended", name=name), *lines, *undo)


async def _let_go(ctx: Context, one: WatchList) -> tuple[list[str], int]:
    """No subscription names it any more, so that no later list of that name is taken for it.

    What became of this channel's, line by line, and how many there were in others, which are told.
    """
    told: dict[ChannelRef, list[str]] = {}
    used = [s for s in await ctx.store.all_subscriptions() if one.id in s.watchlists]
    for s in used:
        there = replace(ctx, channel=s.channel, voice=Voice(s.channel.language))
        told.setdefault(s.channel.ref, []).append(await _without(there, s, one))
    mine = told.pop(ctx.channel.ref, [])
    voices = {s.channel.ref: Voice(s.channel.language) for s in used}
    key = f"list-ended:{one.id}:{ctx.now:%Y%m%dT%H%M%S}"
    await ctx.store.enqueue(
        [
            NewDelivery(
                key,
                ref,
                Part.NOTICE,
                message=Message(voices[ref].say("list-ended", name=one.title), notes=tuple(lines)),
            )
            for ref, lines in told.items()
        ]
    )
    return mine, sum(map(len, told.values()))


async def _without(ctx: Context, s: Subscription, one: WatchList) -> str:
    """End what has nothing but this list, else go on with the rest; what became of it."""
    rest = tuple(w for w in s.watchlists if w != one.id)
    if not rest and not s.companies:
        await ctx.store.unsubscribe(s.id)
        return ctx.say("unsubscribe-done", subscription=subscription(ctx, s))
    known = (ctx.names.watchlists[w].companies for w in rest if w in ctx.names.watchlists)
    new = replace(s, watchlists=rest, watched=s.companies.union(*known))
    number = await ctx.store.change_subscription(new, ctx.now, digest_due(new, ctx.now))
    return ctx.say("list-going-on", subscription=subscription(ctx, replace(new, id=number)))


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
        raise Refused(ctx.say("list-of-rules", name=ctx.title(one.id), command=new))
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
        ctx.say(key, name=ctx.title(one.id), count=len(one.companies), companies=ctx.companies(one.companies, _SHOWN)),
        ctx.say("list-subscribe", command=typed(ctx, "subscribe", one.id)),
    )
