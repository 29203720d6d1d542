"""`mute`, `unmute`, `mutes`, `useful`, `useless`, `unrate`: what people say to what they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.commands import times
from bot.commands.citing import typed
from bot.commands.context import Context, Refused
from bot.commands.describing import mute as in_words
from bot.commands.filters import unknown_name
from bot.commands.rights import refusal
from bot.commands.stories import story_meant, the_story
from bot.commands.words import plain
from bot.domain.messages import Reply
from bot.domain.mutes import Feedback, Mutable, Mute, MuteId
from bot.domain.stories import StoryView

_DEFAULT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class _Target:
    """One thing to mute."""

    what: Mutable
    name: str
    companies: frozenset[str] = frozenset()


async def mute(ctx: Context, words: Sequence[str]) -> Reply:
    """Hear nothing of companies, lists or a story for a while."""
    everywhere = any(ctx.vocabulary.find("word", w) == "everywhere" for w in words)
    if everywhere and (refused := refusal("everywhere", ctx.request.role, ctx.voice)):
        raise Refused(refused)
    rest, until = _until(ctx, [w for w in words if ctx.vocabulary.find("word", w) != "everywhere"])
    targets = await _targets(ctx, rest)
    if not everywhere:
        await ctx.store.set_channel(ctx.channel)
    made = [
        await ctx.store.mute(
            Mute(
                id=MuteId(0),
                channel=None if everywhere else ctx.channel.ref,
                what=t.what,
                name=t.name,
                until=until.at,
                by=str(ctx.request.person),
                at=ctx.now,
                companies=t.companies,
            )
        )
        for t in targets
    ]
    lines = [ctx.say("mute-done", mute=in_words(ctx, m)) for m in made]
    return ctx.reply(*lines, ctx.say("mute-undo", command=_undoing(ctx, made)))


async def unmute(ctx: Context, words: Sequence[str]) -> Reply:
    """Hear of them again."""
    there = await ctx.store.mutes(ctx.channel.ref, ctx.now)
    if not there:
        return ctx.reply(ctx.say("mutes-none"))
    chosen = await _chosen(ctx, words, there)
    if any(m.channel is None for m in chosen) and (refused := refusal("everywhere", ctx.request.role, ctx.voice)):
        raise Refused(refused)
    for m in chosen:
        await ctx.store.unmute(m.id)
    return ctx.reply(*(ctx.say("unmute-done", mute=in_words(ctx, m)) for m in chosen))


async def mutes(ctx: Context, words: Sequence[str]) -> Reply:
    """What is muted here."""
    there = await ctx.store.mutes(ctx.channel.ref, ctx.now)
    if not there:
        return ctx.reply(ctx.say("mutes-none"))
    return ctx.reply(*_with_commands(ctx, there))


async def useful(ctx: Context, words: Sequence[str]) -> Reply:
    """The story was worth telling."""
    return await _feedback(ctx, words, useful=True)


async def useless(ctx: Context, words: Sequence[str]) -> Reply:
    """The story was not worth telling."""
    return await _feedback(ctx, words, useful=False)


async def unrate(ctx: Context, words: Sequence[str]) -> Reply:
    """What the person said of the story is taken back."""
    view = await the_story(ctx, words)
    gone = await ctx.store.drop_feedback(view.story.id, str(ctx.request.person))
    return ctx.reply(ctx.say("unrate-done" if gone else "unrate-nothing", story=view.story.name))


async def _feedback(ctx: Context, words: Sequence[str], *, useful: bool) -> Reply:
    view = await the_story(ctx, words)
    said = Feedback(view.story.id, str(ctx.request.person), ctx.channel.ref, useful, ctx.now)
    new = await ctx.store.add_feedback(said)
    key = ("useful-done" if useful else "useless-done") if new else "feedback-again"
    return ctx.reply(ctx.say(key, story=view.story.name))


def _until(ctx: Context, words: Sequence[str]) -> tuple[Sequence[str], times.Until]:
    """The words without the time among them, and when it ends: in a week where they do not say. Raises Refused."""
    for place in range(len(words)):
        if ctx.names.longest(words[place:]):
            continue
        try:
            found = times.until(words[place:], ctx.vocabulary, ctx.now, ctx.channel.timezone)
        except ValueError as e:
            raise Refused(ctx.say("mute-over", date=str(e))) from None
        if found is not None:
            count, until = found
            return [*words[:place], *words[place + count :]], until
    return words, times.Until(ctx.now + _DEFAULT)


async def _targets(ctx: Context, words: Sequence[str]) -> list[_Target]:
    """Raises Refused where nothing, or something unknown, is named."""
    if not words and ctx.request.message is None:
        raise Refused(ctx.say("mute-how"), ctx.say("example-mute"))
    if not words or ctx.vocabulary.find("word", words[0]) == "this":
        return [_story(await the_story(ctx, words))]
    numbers = [w for w in words if ctx.names.story(w.strip(","))]
    stories = [_story(await the_story(ctx, [w.strip(",")])) for w in numbers]
    named = ctx.names.find([w for w in words if w not in numbers])
    unknown = [u for u in named.unknown if ctx.vocabulary.find("word", u.text) != "filler"]
    if unknown or not (named or stories):
        raise Refused(*(unknown_name(ctx, u) for u in unknown), ctx.say("example-mute"))
    lists = [_Target(Mutable.WATCHLIST, w, ctx.names.watchlists[w].companies) for w in named.watchlists]
    return stories + lists + [_Target(Mutable.COMPANY, c, frozenset({c})) for c in named.companies]


def _story(view: StoryView) -> _Target:
    return _Target(Mutable.STORY, str(view.story.id))


async def _chosen(ctx: Context, words: Sequence[str], there: Sequence[Mute]) -> list[Mute]:
    """The mutes that are meant. Raises Refused where none is."""
    if len(words) == 1 and ctx.vocabulary.find("word", words[0]) == "all":
        # What is muted everywhere is not this channel's to end: its own first.
        return [m for m in there if m.channel is not None] or list(there)
    by_number = {f"m{m.id}": m for m in there}
    numbers = [plain(w).strip(",") for w in words]
    if numbers and all(n in by_number for n in numbers):
        return [by_number[n] for n in dict.fromkeys(numbers)]
    story = await story_meant(ctx, words) if len(words) < 2 else None
    named = ctx.names.find(words)
    wanted = {(Mutable.COMPANY, c) for c in named.companies} | {(Mutable.WATCHLIST, w) for w in named.watchlists}
    wanted |= {(Mutable.STORY, str(story))} if story is not None else set()
    chosen = [m for m in there if (m.what, m.name) in wanted]
    if not chosen:
        raise Refused(ctx.say("unmute-which"), *_with_commands(ctx, there))
    return chosen


def _with_commands(ctx: Context, there: Sequence[Mute]) -> list[str]:
    return [ctx.say("mutes-one", mute=in_words(ctx, m), command=_undoing(ctx, [m])) for m in there]


def _undoing(ctx: Context, made: Sequence[Mute]) -> str:
    return typed(ctx, "unmute", *(f"M{m.id}" for m in made))
