"""Entries, claims, stories and lists of words in one line each, for answers that name many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.commands import evidence as marks
from bot.commands.context import Context
from bot.domain.channels import Part
from bot.domain.claims import Claim, Evidence
from bot.domain.entries import Entry
from bot.domain.messages import Message
from bot.domain.rulebook import Cue
from bot.domain.stories import Story, StoryView
from bot.engine.hygiene import host_of, shown
from bot.engine.messages import compose
from bot.engine.summaries import first_line, short_line
from bot.engine.text import fold

_MAX_TITLE = 140


def typed(ctx: Context, command: str, *words: str) -> str:
    """A command as this channel would type it."""
    return " ".join((ctx.vocabulary.shown("command", command), *words))


def listed(ctx: Context, items: Iterable[str]) -> str:
    """A row of things, as the language parts them."""
    return ctx.say("cite-separator").join(items)


def published(ctx: Context, entry: Entry) -> str:
    """The day of an entry."""
    return ctx.day(entry.when) if entry.when else ctx.say("cite-undated")


def outlet(entry: Entry) -> str:
    """Who publishes it, else the host of its link."""
    return shown(entry.outlet or "", 60) or host_of(entry.link)


def cited(ctx: Context, entry: Entry) -> str:
    """Date, outlet, title and host."""
    host, name = host_of(entry.link), outlet(entry)
    title = shown(entry.title, _MAX_TITLE) or ctx.say("cite-untitled")
    if host in ("", name):
        return ctx.say("cite-entry-short", date=published(ctx, entry), outlet=name, title=title)
    return ctx.say("cite-entry", date=published(ctx, entry), outlet=name, title=title, host=host)


def claimed(ctx: Context, claim: Claim, entry: Entry) -> str:
    """Who does what, how sure, who said so first."""
    return first_line(claim, ctx.rulebook.named, ctx.language, outlet(entry))


def in_short(ctx: Context, story: Story, claim: Claim) -> str:
    """`S42 Geely + Foxconn, joint venture (announced)`."""
    what = short_line(claim, ctx.rulebook.named, ctx.language)
    return ctx.say("cite-story", story=story.name, what=what, certainty=ctx.sure(story.kind, story.certainty))


def as_message(ctx: Context, view: StoryView) -> Message:
    """A story as this channel is told it."""
    return compose(view, Part.ROOT, ctx.channel, ctx.rulebook)


def evidence(ctx: Context, entry: Entry, claim: Claim, language: str | None, limit: int = 2) -> list[str]:
    """The sentences of a claim with the words its rule saw marked."""
    return seen(ctx, entry, claim.evidence, language, limit)


def seen(ctx: Context, entry: Entry, found: Sequence[Evidence], language: str | None, limit: int) -> list[str]:
    """The sentences with this evidence, each as a line."""
    known = ctx.rulebook.languages.get(language or "")
    short = frozenset(fold(a).rstrip(".") for a in known.cues.get(Cue.ABBREVIATION, ())) if known else frozenset[str]()
    lines = marks.sentences(entry, found, limit, abbreviations=short)
    return [ctx.say("cite-evidence", sentence=line) for line in lines]
