"""`subscribe` and `unsubscribe`: what a channel is told of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.commands.citing import as_message, typed
from bot.commands.context import Context, Refused
from bot.commands.describing import paused, retyped, subscription
from bot.commands.filters import asked, unknown_name
from bot.domain.channels import Cadence, ReasonCode, Subscription, SubscriptionId
from bot.domain.messages import Reply
from bot.domain.stories import StoryId
from bot.engine.appetite import best_wish
from bot.engine.former import entry_of_today
from bot.engine.routing import stopped
from bot.engine.silence import Mutes
from bot.engine.timing import digest_due

#: How far back a new subscription shows what it would have told.
_LOOK_BACK = timedelta(days=30)
_SHOWN = 3


async def subscribe(ctx: Context, words: Sequence[str]) -> Reply:
    """Subscribe this channel, and show what that would have told; `#3` in front: in the place of that one."""
    if not ctx.request.here:
        raise Refused(ctx.say("subscribe-not-here"))
    if not words:
        there = ctx.listed(sorted(ctx.names.watchlists))
        raise Refused(ctx.say("subscribe-how"), ctx.say("example-subscribe"), ctx.say("subscribe-lists", lists=there))
    before = {s.id: s for s in await ctx.store.all_subscriptions(ctx.channel.ref)}
    old = _replaced(ctx, words[0], before)
    wish = asked(ctx, words[1:] if old else words)
    if wish.mistakes:
        raise Refused(*wish.mistakes)
    room = await ctx.store.set_channel(ctx.channel, paused=None)  # somebody is there again
    new = Subscription(
        old.id if old else SubscriptionId(0),
        room,
        wish.watchlists,
        wish.companies,
        watched=wish.companies.union(*(ctx.names.watchlists[w].companies for w in wish.watchlists)),
        appetite=wish.appetite,
        cadence=wish.cadence,
        filter=wish.filter,
        digest_at=wish.digest_at,
        weekday=wish.weekday,
        by=str(ctx.request.person),
    )
    if old:
        number = await ctx.store.change_subscription(new, ctx.now, digest_due(new, ctx.now))
    else:
        number = await ctx.store.subscribe(new, ctx.now)
    new, was = replace(new, id=number), before.get(number)
    if was is old and was and replace(was, channel=room, watched=new.watched, by=new.by, paused=None) != new:
        was = None  # it says something else now
    undo = ctx.say("subscribe-undo", command=typed(ctx, "unsubscribe", str(new.id)))
    if was:
        return ctx.reply(ctx.say("subscribe-again", subscription=subscription(ctx, new)), undo)
    stories, soon = await _would_have_told(ctx, new)
    views = [await ctx.store.story_view(s) for s in stories[:_SHOWN]]
    return ctx.reply(
        ctx.say("subscribe-done", subscription=subscription(ctx, new), companies=len(new.watched - new.filter.without)),
        ctx.say("subscribe-would", count=len(stories), soon=soon, days=_LOOK_BACK.days),
        undo,
        messages=[as_message(ctx, view) for view in views],
    )


def _replaced(ctx: Context, word: str, there: Mapping[SubscriptionId, Subscription]) -> Subscription | None:
    """The subscription of `#3`. Raises Refused where there is none of that number."""
    number = word.removeprefix("#")
    if number == word or not (number.isascii() and number.isdigit()):
        return None
    if SubscriptionId(int(number)) not in there:
        raise Refused(ctx.say("unsubscribe-no-number", number=number), *_with_commands(ctx, list(there.values())))
    return there[SubscriptionId(int(number))]


async def _would_have_told(ctx: Context, new: Subscription) -> tuple[list[StoryId], int]:
    """The stories it wants of the last days, the newest first, and how many of them at once: as routing decides."""
    mutes = Mutes(await ctx.store.mutes(ctx.channel.ref, ctx.now), ctx.channel.ref)
    cadences: dict[StoryId, set[Cadence]] = {}
    for found in await ctx.store.leads_since(ctx.now - _LOOK_BACK, new.watched):
        entry = entry_of_today(found.entry, ctx.rulebook)
        lead = entry.reading.lead
        # What a feed's first poll found was told nobody; it is news all the same.
        if lead is None or found.story is None or stopped(entry) not in (None, ReasonCode.BACKLOG):
            continue
        wish = best_wish([new], entry, lead, found.certainty or lead.certainty, mutes)
        if wish.cadence is not None and not mutes.story(found.story):
            cadences.setdefault(found.story, set()).add(wish.cadence)
    return list(cadences), sum(Cadence.AT_ONCE in c for c in cadences.values())


async def unsubscribe(ctx: Context, words: Sequence[str]) -> Reply:
    """End subscriptions of this channel; without words show them with what to type."""
    there = await ctx.store.all_subscriptions(ctx.channel.ref)
    if not there:
        return ctx.reply(ctx.say("unsubscribe-none", command=typed(ctx, "subscribe")), *paused(ctx))
    if not words:
        return ctx.reply(ctx.say("unsubscribe-which", count=len(there)), *_with_commands(ctx, there), *paused(ctx))
    ended = _meant(ctx, words, there)
    for s in ended:
        await ctx.store.unsubscribe(s.id)
    lines = [ctx.say("unsubscribe-done", subscription=subscription(ctx, s)) for s in ended]
    again = [ctx.say("unsubscribe-undo", command=typed(ctx, "subscribe", retyped(ctx, s))) for s in ended]
    return ctx.reply(*lines, ctx.say("unsubscribe-left", count=len(there) - len(ended)), *again, *paused(ctx))


def _with_commands(ctx: Context, there: Sequence[Subscription]) -> list[str]:
    return [
        ctx.say("unsubscribe-one", subscription=subscription(ctx, s), command=typed(ctx, "unsubscribe", str(s.id)))
        for s in there
    ]


def _meant(ctx: Context, words: Sequence[str], there: Sequence[Subscription]) -> Sequence[Subscription]:
    """By numbers, by exactly the lists and companies, or all of them. Raises Refused."""
    numbers = [w.strip("#,") for w in words]
    if all(n.isascii() and n.isdigit() for n in numbers):
        known = {str(s.id): s for s in there}
        unknown = [n for n in numbers if n not in known]
        if unknown:
            raise Refused(*(ctx.say("unsubscribe-no-number", number=n) for n in unknown), *_with_commands(ctx, there))
        return [known[n] for n in dict.fromkeys(numbers)]
    named = ctx.names.find(words)
    if named.unknown:
        if len(words) == 1 and ctx.vocabulary.find("word", words[0]) == "all":
            return there
        raise Refused(*(unknown_name(ctx, u) for u in named.unknown))
    lists, companies = set(named.watchlists), set(named.companies)
    exact = [s for s in there if set(s.watchlists) == lists and s.companies == companies]
    if exact:
        return exact
    if len(words) == 1 and ctx.vocabulary.find("word", words[0]) == "all":
        return there  # nobody here has subscribed to the list of that name
    part = [s for s in there if lists & set(s.watchlists) or companies & s.watched]
    raise Refused(
        ctx.say("unsubscribe-part" if part else "unsubscribe-not-there", what=" ".join(words)),
        *_with_commands(ctx, part or there),
    )
