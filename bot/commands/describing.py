"""A subscription in words: as people read it, and as they would type it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time

from bot.commands.choices import CHOICES
from bot.commands.context import Context
from bot.domain.channels import LIST_LEFT, Appetite, Cadence, Filter, Subscription
from bot.domain.claims import Certainty, Kind
from bot.domain.mutes import Mutable, Mute
from bot.domain.rulebook import Severity


def subscription(ctx: Context, s: Subscription) -> str:
    """`3: Chinese EV makers and Xiaomi; only plant; daily at 08:00`."""
    what = subject(ctx, s)
    for part in (*_limits(ctx, s), when(ctx, s)):
        what = ctx.say("subscription-part", what=what, part=part)
    return ctx.say("subscription", number=str(s.id), what=what)


def subject(ctx: Context, s: Subscription) -> str:
    """The lists and companies it names."""
    return ctx.joined([*map(ctx.title, s.watchlists), *sorted(map(ctx.company, s.companies), key=str.casefold)])


def when(ctx: Context, s: Subscription) -> str:
    """How soon it tells."""
    if s.cadence is Cadence.AT_ONCE:
        return ctx.say("when-at-once")
    at, hours = s.digest_at or ctx.channel.digest_at, ctx.channel.quiet
    if hours is None or not hours.cover(at):
        return _at(ctx, s, at, s.weekday)
    late = at >= hours.start > hours.end  # they end the next morning
    return ctx.say("when-quiet", when=_at(ctx, s, hours.end, (s.weekday + late) % 7), at=f"{at:%H:%M}")


def _at(ctx: Context, s: Subscription, at: time, day: int) -> str:
    if s.cadence is Cadence.DAILY:
        return ctx.say("when-daily", time=f"{at:%H:%M}")
    return ctx.say("when-weekly", time=f"{at:%H:%M}", day=day)


def paused(ctx: Context) -> list[str]:
    """That nothing is told in this channel, why, and how to go on; nothing where it is told."""
    why = ctx.channel.paused
    return (
        [] if why is None else [ctx.say("channel-paused", why=why, command=ctx.vocabulary.shown("command", "resume"))]
    )


def certainty_word(ctx: Context, certainty: Certainty) -> str:
    """A certainty as the channel's language names it, whatever is certain."""
    words = ctx.language.first_line
    return words.certainty.get(certainty, certainty.value) if words else certainty.value


def retyped(ctx: Context, s: Subscription) -> str:
    """What to type behind `subscribe` to get it again, in the channel's words."""
    shown = ctx.vocabulary.shown
    words = [*s.watchlists, *sorted(s.companies), *(f"-{c}" for c in sorted(s.filter.without))]
    words += [f"{shown('filter', name)}:{','.join(v)}" for name, v in _typed_filters(ctx, s.filter) if v]
    if s.appetite is not Appetite.DEFAULT:
        words.append(shown("appetite", s.appetite))
    if s.cadence is not Cadence.AT_ONCE:
        words.append(shown("cadence", s.cadence))
        if s.cadence is Cadence.WEEKLY:
            words.append(shown("weekday", str(s.weekday)))
        if s.digest_at is not None:
            words.append(f"{s.digest_at:%H:%M}")
    return " ".join(f'"{w}"' if " " in w else w for w in words)


def _typed_filters(ctx: Context, limits: Filter) -> Iterator[tuple[str, list[str]]]:
    yield "kind", _chosen(ctx, "kind", limits.kinds)
    yield "certainty", _chosen(ctx, "certainty", limits.certainties)
    yield "severity", _chosen(ctx, "severity", [limits.severity] if limits.severity is not Severity.LOW else [])
    yield "lang", sorted(limits.languages)
    yield "outlet", outlets(ctx, limits)


def _chosen(ctx: Context, name: str, values: Iterable[str]) -> list[str]:
    """Values of a filter, as its list of choices shows them."""
    choices = CHOICES[name](ctx)
    return [choices.shown(value) for value in sorted(values)]


def outlets(ctx: Context, limits: Filter) -> list[str]:
    """The outlets of a filter by name; it holds every spelling of each."""
    known = {o.name: {o.name, *o.aliases, *o.domains} for o in ctx.rulebook.outlets.values()}
    named = {name for name, spellings in known.items() if name in limits.outlets}
    rest = limits.outlets - {s for name in named for s in known[name]}
    return sorted({*named, *rest}, key=str.casefold)


def _limits(ctx: Context, s: Subscription) -> Iterator[str]:
    limits = s.filter
    if limits.without:
        yield ctx.say("limit-without", companies=ctx.companies(limits.without))
    if limits.kinds:
        yield ctx.say("limit-only", what=ctx.listed([ctx.kind(k) for k in Kind if k in limits.kinds]))
    if limits.certainties:
        yield ctx.say(
            "limit-only",
            what=ctx.listed([ctx.within(c, certainty_word(ctx, c)) for c in Certainty if c in limits.certainties]),
        )
    if limits.severity is not Severity.LOW:
        yield ctx.say("limit-severity", severity=ctx.vocabulary.shown("severity", limits.severity))
    if limits.languages:
        yield ctx.say("limit-languages", languages=ctx.listed(sorted(map(ctx.spoken, limits.languages))))
    if limits.outlets:
        yield ctx.say("limit-outlets", outlets=ctx.joined(outlets(ctx, limits)))
    if s.appetite is not Appetite.DEFAULT:
        yield ctx.say(f"appetite-{s.appetite}")
    if s.paused:
        yield ctx.say("subscription-paused", why=_why_paused(ctx, s.paused))


def _why_paused(ctx: Context, why: str) -> str:
    if not why.startswith(LIST_LEFT):
        return why
    return ctx.say("paused-list-left", lists=ctx.listed(why.removeprefix(LIST_LEFT).split(", ")))


def mute(ctx: Context, m: Mute) -> str:
    """`M3: Xiaomi until 2026-03-09 10:00, everywhere`."""
    if m.what is Mutable.COMPANY:
        name = ctx.company(m.name)
    elif m.what is Mutable.STORY:
        name = f"S{m.name}"
    else:
        name = ctx.title(m.name)
    until = ctx.say("mute-until", moment=ctx.moment(m.until)) if m.until else ctx.say("mute-for-ever")
    where = "here" if m.channel else "everywhere"
    return ctx.say("mute-in-words", number=f"M{m.id}", name=name, until=until, where=where)
