"""What forms and start pages show: choices, subscriptions, feeds and news, all in the channel's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.commands.citing import as_message
from bot.commands.context import Context, Refused
from bot.commands.describing import certainty_word, outlets, subscription
from bot.commands.names import Thing
from bot.commands.reporting import summary
from bot.commands.stories import the_story
from bot.domain.channels import Appetite, Cadence, Subscription
from bot.domain.claims import Certainty, Kind
from bot.domain.requests import Choice, Overview, Subscribed
from bot.domain.rulebook import Severity

_NEWEST, _TROUBLED, _SUGGESTED = 3, 2, 50
#: As typed behind `mute`.
_PERIODS = ("1d", "7d", "30d", "ever")
_WEEKDAYS = range(7)
#: What forms.ftl has for everybody; more of it belongs to the choices.
TEXTS = (
    *("about", "any", "budget", "cadence", "cancel", "certainty", "company", "day", "digest-hour", "feeds", "help"),
    *("kind", "lang", "latest", "list", "mute", "mute-what", "muted-for", "newest", "no-newest", "no-subscriptions"),
    *("nothing-chosen", "one-hour", "quiet-from", "quiet-hint", "quiet-same", "quiet-until", "save"),
    *("severity", "shared-by", "subscribe", "subscriptions", "type-name", "wants", "which"),
    *("which-new", "without"),
)


async def overview(ctx: Context) -> Overview:
    """All of it."""
    there = [s for s in await ctx.store.all_subscriptions() if s.channel.ref.platform == ctx.channel.ref.platform]
    views = await ctx.store.latest(limit=_NEWEST)
    return Overview(
        channel=ctx.channel,
        subscriptions=tuple(_subscribed(ctx, s) for s in there),
        choices=dict(_choices(ctx, there)),
        mutable=await _mutable(ctx),
        feeds=tuple(summary(ctx, await ctx.store.feeds(), _TROUBLED)),
        newest=tuple(as_message(ctx, view) for view in views),
        texts=_texts(ctx),
    )


def suggest(ctx: Context) -> tuple[Choice, ...]:
    """Lists and companies whose names are like what was typed; all lists where nothing was."""
    found = [
        _list(ctx, own) if thing is Thing.WATCHLIST else _company(ctx, own)
        for thing, own in ctx.names.like(ctx.request.text)
        if thing is Thing.WATCHLIST or own in ctx.rulebook.companies
    ]
    return tuple(found[:_SUGGESTED])


def _texts(ctx: Context) -> Mapping[str, str]:
    return {key: ctx.say(f"form-{key}") for key in TEXTS}


def _subscribed(ctx: Context, s: Subscription) -> Subscribed:
    # In the words of who asks, with the hours of the channel that is told.
    asked = replace(ctx, channel=replace(ctx.channel, digest_at=s.channel.digest_at, quiet=s.channel.quiet))
    return Subscribed(s, subscription(asked, s), tuple(outlets(ctx, s.filter)))


def _choices(ctx: Context, there: list[Subscription]) -> Iterator[tuple[str, tuple[Choice, ...]]]:
    yield "list", tuple(_list(ctx, own) for own in sorted(ctx.names.watchlists))
    named = {c for s in there for c in (*s.companies, *s.filter.without)}
    yield "company", tuple(_company(ctx, own) for own in sorted(named))
    yield "kind", tuple(Choice(k.value, ctx.kind(k)) for k in Kind)
    yield "certainty", tuple(Choice(c.value, certainty_word(ctx, c)) for c in Certainty)
    yield "severity", tuple(Choice(s.value, ctx.vocabulary.shown("severity", s)) for s in Severity)
    yield "lang", tuple(Choice(code, language.name) for code, language in sorted(ctx.rulebook.languages.items()))
    yield "appetite", tuple(Choice(a.value, ctx.say(f"form-appetite-{a}")) for a in Appetite)
    yield "cadence", tuple(Choice(c.value, ctx.say(f"form-cadence-{c}")) for c in Cadence)
    days = [ctx.vocabulary.shown("weekday", str(day)) for day in _WEEKDAYS]
    yield "weekday", tuple(Choice(day, day.capitalize()) for day in days)
    yield "period", tuple(Choice(period, ctx.say(f"form-period-{period}")) for period in _PERIODS)


async def _mutable(ctx: Context) -> tuple[Choice, ...]:
    """The story the command names or its message tells, then its parties."""
    try:
        view = await the_story(ctx, ctx.request.text.split()[1:2])
    except Refused:
        return ()
    name = view.story.name
    return (
        Choice(name, ctx.say("mute-this-story", story=name)),
        *(_company(ctx, c) for c in sorted(view.story.parties)),
    )


def _list(ctx: Context, own: str) -> Choice:
    return Choice(own, ctx.title(own))


def _company(ctx: Context, own: str) -> Choice:
    return Choice(own, ctx.company(own))
