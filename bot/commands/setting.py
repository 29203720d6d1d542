"""How a channel is told: `digest`, `quiet`, `budget`, `zone`, `language`, `resume`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from bot.commands import times
from bot.commands.citing import as_message, typed
from bot.commands.context import Context, Refused
from bot.commands.describing import paused, subscription
from bot.commands.texts import Voice
from bot.commands.verdicts import Here
from bot.commands.words import nearest, plain
from bot.domain.channels import Cadence, QuietHours, Subscription
from bot.domain.messages import Reply
from bot.engine.timing import digest_due, next_digest_at

_LARGEST_BUDGET = 1000
_SHOWN = 5
_OFFSET = re.compile(r"(?:utc|gmt)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?")
_POSIX = re.compile(r"Etc/GMT([+-])(\d+)")


async def digest(ctx: Context, words: Sequence[str]) -> Reply:
    """When the digest comes, and on which day the weekly ones; without words what waits for it."""
    if not words:
        return await _waiting(ctx)
    at, day = _hour_and_day(ctx, words)
    moving = [] if day is None else await _weekly(ctx, day)
    lines = []
    if at is not None:
        ctx = await _set(ctx, digest_at=at)
        lines.append(_digest_line(ctx, at))
    for old in moving:
        new = replace(old, channel=ctx.channel, weekday=day or 0)
        new = replace(new, id=await ctx.store.change_subscription(new, ctx.now, digest_due(new, ctx.now)))
        lines.append(ctx.say("digest-moved", subscription=subscription(ctx, new)))
    return ctx.reply(*lines, *paused(ctx))


def _digest_line(ctx: Context, at: time) -> str:
    """When it comes; in quiet hours not at its own hour."""
    really, zone, next_ = _digest_hour(ctx), _zone_shown(ctx), _next(ctx)
    if really != f"{at:%H:%M}":
        return ctx.say("digest-set-quiet", time=f"{at:%H:%M}", really=really, zone=zone, next=next_)
    return ctx.say("digest-set", time=really, zone=zone, next=next_)


def _hour_and_day(ctx: Context, words: Sequence[str]) -> tuple[time | None, int | None]:
    """Raises Refused where there is neither, or something else."""
    at: time | None = None
    day: int | None = None
    for word in words:
        weekday, hour = ctx.vocabulary.find("weekday", word), times.clock(word)
        if weekday is not None:
            day = int(weekday)
        elif hour is not None:
            at = hour
        elif ctx.vocabulary.find("word", word) != "filler" and plain(word) != "uhr":
            at = day = None
            break
    if at is None and day is None:
        raise Refused(ctx.say("digest-how", example=typed(ctx, "digest", "08:00")))
    return at, day


async def _weekly(ctx: Context, day: int) -> list[Subscription]:
    """This channel's weekly digests. Raises Refused where there is none to put on that day."""
    weekly = [s for s in await ctx.store.all_subscriptions(ctx.channel.ref) if s.cadence is Cadence.WEEKLY]
    if not weekly:
        words = (ctx.vocabulary.shown("cadence", "weekly"), ctx.vocabulary.shown("weekday", str(day)))
        raise Refused(ctx.say("digest-no-weekly", subscribe=typed(ctx, "subscribe"), weekly=" ".join(words)))
    return weekly


async def _waiting(ctx: Context) -> Reply:
    """What the next digests will tell, newest first; what is muted now is only counted."""
    held = await ctx.store.held(ctx.channel.ref)
    here = await Here.of(ctx)
    views = {s: await ctx.store.story_view(s) for s in dict.fromkeys(h.story for h in reversed(held))}
    muted = {s for s, view in views.items() if here.silenced(ctx, view.story)}
    coming = [view for s, view in views.items() if s not in muted]
    silent = [ctx.say("digest-muted", count=len(muted), command=typed(ctx, "mutes"))] if muted else []
    if not coming:
        return ctx.reply(ctx.say("digest-empty", next=_next(ctx)), *silent, *paused(ctx))
    counts = Counter(h.subscription for h in held if h.story not in muted)
    lines = [
        ctx.say(
            "digest-of",
            subscription=subscription(ctx, here.subscriptions[s]),
            count=count,
            next=ctx.moment(digest_due(here.subscriptions[s], ctx.now)),
        )
        for s, count in sorted(counts.items())
    ]
    return ctx.reply(
        ctx.say("digest-waiting", count=len(coming)),
        *lines,
        *silent,
        *paused(ctx),
        messages=[as_message(ctx, view) for view in coming[:_SHOWN]],
    )


async def quiet(ctx: Context, words: Sequence[str]) -> Reply:
    """Hours in which nothing is told, or none."""
    if not words:
        return ctx.reply(_quiet_line(ctx), ctx.say("quiet-how", command=typed(ctx, "quiet", "22:00-07:00")))
    if _off(ctx, words):
        ctx = await _set(ctx, quiet=None)
        return ctx.reply(_quiet_line(ctx))
    found = times.hours(words, ctx.vocabulary)
    if found is None or found[0] == found[1]:
        raise Refused(ctx.say("quiet-wrong", command=typed(ctx, "quiet", "22:00-07:00")))
    ctx = await _set(ctx, quiet=QuietHours(*found))
    return ctx.reply(_quiet_line(ctx))


async def budget(ctx: Context, words: Sequence[str]) -> Reply:
    """How many messages a day at most, or any number."""
    if not words:
        return ctx.reply(_budget_line(ctx), ctx.say("budget-how", command=typed(ctx, "budget", "20")))
    if _off(ctx, words):
        ctx = await _set(ctx, budget=None)
        return ctx.reply(_budget_line(ctx))
    number = plain(words[0])
    short = number.isascii() and number.isdigit() and len(number) <= len(str(_LARGEST_BUDGET))
    if len(words) > 1 or not short or int(number) > _LARGEST_BUDGET:
        raise Refused(ctx.say("budget-wrong", most=_LARGEST_BUDGET, command=typed(ctx, "budget", "20")))
    ctx = await _set(ctx, budget=int(number))
    return ctx.reply(_budget_line(ctx))


async def zone(ctx: Context, words: Sequence[str]) -> Reply:
    """In which zone times are meant and shown."""
    if words:
        ctx = await _set(ctx, timezone=_zone("_".join(words), ctx))
    return ctx.reply(
        ctx.say("zone-set", zone=_zone_shown(ctx), now=f"{ctx.local(ctx.now):%H:%M}", next=_next(ctx)),
        *([] if words else [ctx.say("zone-how", command=typed(ctx, "zone", ctx.say("zone-example")))]),
        *paused(ctx),
    )


async def resume(ctx: Context, words: Sequence[str]) -> Reply:
    """Go on telling where the channel was paused."""
    if ctx.channel.paused is None:
        return ctx.reply(
            ctx.say("resume-nothing"), *_still_paused(ctx, await ctx.store.all_subscriptions(ctx.channel.ref))
        )
    ctx = await _set(ctx, paused=None)
    there = await ctx.store.all_subscriptions(ctx.channel.ref)
    return ctx.reply(ctx.say("resume-done", count=sum(s.paused is None for s in there)), *_still_paused(ctx, there))


def _still_paused(ctx: Context, there: Sequence[Subscription]) -> list[str]:
    """The subscriptions that have reasons of their own."""
    return [ctx.say("resume-not", subscription=subscription(ctx, s)) for s in there if s.paused is not None]


async def language(ctx: Context, words: Sequence[str]) -> Reply:
    """In which language this channel is told and answered."""
    known = {c: language for c, language in ctx.rulebook.languages.items() if language.first_line is not None}
    names = {plain(language.name): c for c, language in known.items()} | {c: c for c in known}
    if words:
        meant = " ".join(words)
        code = names.get(plain(meant)) or ctx.vocabulary.find("language", meant)
        if code not in known:
            raise Refused(ctx.say("language-unknown", language=meant, known=ctx.listed(sorted(known))))
        ctx = await _set(ctx, language=code)
    messages, answers = ctx.language, ctx.rulebook.languages.get(ctx.voice.language)
    if answers is None or answers is messages:
        lines = [ctx.say("language-set", language=messages.name)]
    else:
        lines = [ctx.say("language-partly", messages=messages.name, answers=answers.name)]
    if not words:
        lines.append(ctx.say("language-how", known=ctx.listed(sorted(known)), command=typed(ctx, "language", "de")))
    return ctx.reply(*lines)


async def _set(ctx: Context, **changes: Any) -> Context:
    """Save the channel's settings, and move the digests that wait to their new hour."""
    channel = await ctx.store.set_channel(ctx.channel, **changes)
    waiting = {h.subscription for h in await ctx.store.held(channel.ref)}
    there = await ctx.store.all_subscriptions(channel.ref)
    async with ctx.store.begin() as tx:
        for s in there:
            if s.id in waiting:
                await tx.release_subscription(s.id, digest_due(replace(s, channel=channel), ctx.now))
    return replace(ctx, channel=channel, voice=Voice(channel.language))


def _next(ctx: Context) -> str:
    """When the channel's next daily digest comes."""
    channel = ctx.channel
    return ctx.moment(next_digest_at(ctx.now, channel.timezone, channel.digest_at, quiet=channel.quiet))


def _off(ctx: Context, words: Sequence[str]) -> bool:
    return len(words) == 1 and ctx.vocabulary.find("word", words[0]) == "off"


def _quiet_line(ctx: Context) -> str:
    hours = ctx.channel.quiet
    if hours is None:
        return ctx.say("quiet-off")
    return ctx.say(
        "quiet-set",
        start=f"{hours.start:%H:%M}",
        end=f"{hours.end:%H:%M}",
        zone=_zone_shown(ctx),
        digest=_digest_hour(ctx),
    )


def _budget_line(ctx: Context) -> str:
    if ctx.channel.budget is None:
        return ctx.say("budget-off")
    return ctx.say("budget-set", count=ctx.channel.budget, digest=_digest_hour(ctx))


def _digest_hour(ctx: Context) -> str:
    """The hour the daily digest really comes at."""
    channel = ctx.channel
    due = next_digest_at(ctx.now, channel.timezone, channel.digest_at, quiet=channel.quiet)
    return f"{ctx.local(due):%H:%M}"


def _zone(text: str, ctx: Context) -> str:
    """The zone of this name, or of this place. Raises Refused with the nearest."""
    known = _zones()
    name = plain(text)
    if (ahead := _ahead(name)) is not None:
        return _of_offset(ahead, text, ctx)
    if name in known:
        return known[name]
    places = {place for place in known if place.rpartition("/")[2] == name and "/" in place}
    if len(places) == 1:
        return known[places.pop()]
    near = min(places, default=None) or nearest(name, known) or _nearest_place(name)
    if near is None:
        raise Refused(ctx.say("zone-unknown", zone=text, command=typed(ctx, "zone", ctx.say("zone-example"))))
    raise Refused(ctx.say("zone-near", zone=text, command=typed(ctx, "zone", known[near])))


def _ahead(name: str) -> timedelta | None:
    """How far ahead of UTC `utc+2`, `GMT-5:30` and `+8` are, as people write it; None for anything else."""
    found = _OFFSET.fullmatch(name.replace("_", ""))
    if found is None:
        return None
    ahead = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return -ahead if found["sign"] == "-" else ahead


def _of_offset(ahead: timedelta, text: str, ctx: Context) -> str:
    """The zone that is always this far ahead. Raises Refused with a place that is so today, where there is none."""
    hours = ahead / timedelta(hours=1)
    # POSIX counts these the other way round: Etc/GMT-2 is ahead of UTC.
    zone = "UTC" if not ahead else f"etc/gmt{-hours:+.0f}"
    if hours.is_integer() and (zone == "UTC" or zone in _zones()):
        return zone if zone == "UTC" else _zones()[zone]
    near = next(
        (z for z in sorted(_zones().values()) if "/" in z and ctx.now.astimezone(ZoneInfo(z)).utcoffset() == ahead),
        None,
    )
    if near is None:
        raise Refused(ctx.say("zone-unknown", zone=text, command=typed(ctx, "zone", ctx.say("zone-example"))))
    raise Refused(ctx.say("zone-near", zone=text, command=typed(ctx, "zone", near)))


def _zone_shown(ctx: Context) -> str:
    """The channel's zone as people write it: UTC+2, not Etc/GMT-2."""
    found = _POSIX.fullmatch(ctx.channel.timezone)
    return f"UTC{'+' if found[1] == '-' else '-'}{found[2]}" if found else ctx.channel.timezone


def _nearest_place(name: str) -> str | None:
    places = {zone.rpartition("/")[2]: zone for zone in sorted(_zones(), reverse=True)}
    near = nearest(name.rpartition("/")[2], places)
    return places[near] if near else None


@cache
def _zones() -> Mapping[str, str]:
    """Every zone by its name in lower case."""
    return {zone.casefold(): zone for zone in available_timezones()}
