"""Explaining: why a story was told here, why something was not, and what is understood of a text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.commands.citing import cited, claimed, evidence, outlet, typed
from bot.commands.context import Context
from bot.commands.nearly import misses
from bot.commands.reporting import health
from bot.commands.stories import story_meant, the_story
from bot.commands.texts import FALLBACK
from bot.commands.verdicts import Here, muted_now, routing, rule_of, verdict
from bot.domain.channels import Decision, Reason, ReasonCode
from bot.domain.claims import Claim
from bot.domain.entries import Entry, EntryId, StoredEntry
from bot.domain.identity import fold_title
from bot.domain.messages import Reply
from bot.domain.stories import StoryView
from bot.engine.former import entry_of_today
from bot.engine.hygiene import host_of
from bot.engine.routing import stopped

_MAX_ENTRIES, _MAX_CLAIMS = 3, 4
#: How long texts are kept (docs/operating.md).
_TEXTS_KEPT = timedelta(days=90)
_LINK = re.compile(r"<?(https?://[^\s|>]+)(?:\|[^>]*)?>?", re.IGNORECASE)
#: What ends a sentence or a bracket and not a link, where the link as it stands is unknown.
_BEHIND_A_LINK = ".,;:!?)]}'\"。，；：！？）】」”"
#: The end of the first sentence of a text that comes in one line.
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[。！？])")

_Decided = tuple[StoredEntry, list[Decision]]


async def why(ctx: Context, words: Sequence[str]) -> Reply:
    """`why S42`: the rule, the words it saw, who said so first, and which subscription brought it here."""
    view = await the_story(ctx, words)
    here = await Here.of(ctx)
    decided = await _of_story(ctx, view)
    told = next(((e, d) for e, each in reversed(decided) for d in reversed(each) if d.reason.told), None)
    if told is None:
        lines = [ctx.say("why-untold", story=view.story.name)]
        for entry, decisions in decided[:_MAX_ENTRIES]:
            lines += await _account(ctx, here, entry, decisions)
        return ctx.reply(*dict.fromkeys(lines), *muted_now(ctx, here, view.story))
    entry, decision = told
    claim = entry.reading.lead or view.reports[0].claim
    lines = [ctx.say("why-story", story=view.story.name, claim=claimed(ctx, claim, entry.entry))]
    lines += [cited(ctx, entry.entry), *evidence(ctx, entry.entry, claim, entry.reading.language)]
    if claim.origin is None:
        lines.append(ctx.say("why-own-word", outlet=outlet(entry.entry) or "-"))
    lines += [_rule(ctx, claim), routing(ctx, here, decision.reason)]
    lines += await verdict(ctx, here, entry, decision)
    if view.story.certainty is not claim.certainty:
        lines.append(ctx.say("why-since", certainty=ctx.certainty(claim.kind, view.story.certainty)))
    lines += muted_now(ctx, here, view.story)
    if _other_rules(ctx, entry):
        lines.append(ctx.say("why-other-rules"))
    lines.append(ctx.say("more", words=typed(ctx, "story", view.story.name)))
    return ctx.reply(*filter(None, lines))


async def why_not(ctx: Context, words: Sequence[str]) -> Reply:
    """`why-not LINK`, a title or S42: which stage stopped it on its way to this channel."""
    text = ctx.rest
    story = await story_meant(ctx, words) if len(words) < 2 else None
    if not text and story is None:
        return ctx.refuse(ctx.say("usage-why-not"))
    here = await Here.of(ctx)
    link = _LINK.search(text)
    if story is not None:
        decided = await _of_story(ctx, await the_story(ctx, words))
    elif link is not None:
        found = await ctx.store.entries_at(link[1]) or await ctx.store.entries_at(link[1].rstrip(_BEHIND_A_LINK))
        decided = await _under(ctx, found)
        if not decided:
            return ctx.reply(*await _unknown_link(ctx, link[1]))
    else:
        decided = await _titled(ctx, text)
        if not decided:
            return ctx.reply(
                ctx.say("whynot-unknown-title", title=text), ctx.say("more", words=typed(ctx, "search", text))
            )
    lines: list[str] = []
    for entry, decisions in decided[:_MAX_ENTRIES]:
        lines += [ctx.say("whynot-entry", entry=cited(ctx, entry.entry), feed=entry.feed)]
        lines += await _account(ctx, here, entry, decisions)
    if rest := len(decided[_MAX_ENTRIES:]):
        lines.append(ctx.say("whynot-rest", count=rest))
    joined = next((d.story for _, decisions in decided for d in decisions if d.story is not None), None)
    if joined is not None:
        lines.append(ctx.say("more", words=typed(ctx, "story", f"S{joined}")))
    return ctx.reply(*lines)


async def read(ctx: Context, words: Sequence[str]) -> Reply:
    """`read TEXT`: what the rules of now make of a text; nothing of it is kept."""
    text = ctx.rest
    if not text:
        return ctx.refuse(ctx.say("usage-read"))
    entry = _pasted(ctx, text)
    reading = ctx.live.reader.read(entry)
    language = ctx.rulebook.languages.get(reading.language or "")
    claims = reading.claims
    name = language.name if language else ctx.say("read-no-language")
    lines = [ctx.say("read-summary", language=name, claims=len(claims))]
    for claim in claims[:_MAX_CLAIMS]:
        lines += [_claim(ctx, claim, entry), *evidence(ctx, entry, claim, reading.language, 1)]
    if rest := len(claims[_MAX_CLAIMS:]):
        lines.append(ctx.say("read-rest", count=rest))
    if reading.did_not_comment:
        lines.append(ctx.say("read-no-comment", companies=ctx.companies(reading.did_not_comment)))
    if not claims:
        if reading.mentions:
            lines.append(ctx.say("read-companies", companies=ctx.companies(reading.companies, 5)))
        lines += misses(ctx, entry, reading.language, 3)
    return ctx.reply(*lines)


# -------------------------------------------------------------------------------------------------------------- entries


def _here(ctx: Context, found: Sequence[tuple[StoredEntry, Decision]]) -> list[_Decided]:
    """Each entry with what was decided of it for this channel, else for all; what other channels heard is theirs."""
    entries: dict[EntryId, StoredEntry] = {}
    own: dict[EntryId, list[Decision]] = {}
    common: dict[EntryId, list[Decision]] = {}
    for entry, decision in found:
        entries[entry.id] = entry_of_today(entry, ctx.rulebook)
        if decision.channel in (None, ctx.channel.ref):
            (own if decision.channel else common).setdefault(entry.id, []).append(decision)
    return [(entry, own.get(number) or common.get(number, [])) for number, entry in entries.items()]


async def _of_story(ctx: Context, view: StoryView) -> list[_Decided]:
    """The reports of a story, newest first; what a first poll brought was decided about without its story."""
    decided = _here(ctx, await ctx.store.decisions(story=view.story.id))
    left = {r.entry: r.link for r in view.reports if r.link} | {e.id: None for e, _ in decided}
    links = [link for link in dict.fromkeys(left.values()) if link][-_MAX_ENTRIES:]
    others = [e for link in links for e in await ctx.store.entries_at(link) if left.get(e.id)]
    return sorted([*decided, *await _under(ctx, others)], key=lambda d: -d[0].id)


async def _under(ctx: Context, entries: Sequence[StoredEntry]) -> list[_Decided]:
    """The same for entries that were looked up, decided or not."""
    known: dict[EntryId, list[Decision]] = {}
    for link in dict.fromkeys(e.entry.link for e in entries if e.entry.link):
        known |= {entry.id: decisions for entry, decisions in _here(ctx, await ctx.store.decisions(link=link))}
    return [(entry_of_today(entry, ctx.rulebook), known.get(entry.id, [])) for entry in entries]


async def _titled(ctx: Context, title: str) -> list[_Decided]:
    """The entries of this title, else the one that has all its words."""
    found = [f.entry for f in await ctx.store.search(title, limit=10)]
    same = [e for e in found if fold_title(e.entry.title) == fold_title(title)]
    return await _under(ctx, same or found[:1])


async def _account(ctx: Context, here: Here, entry: StoredEntry, decisions: Sequence[Decision]) -> list[str]:
    """What became of one entry here, and what came near where nothing was found in it."""
    if not decisions:
        code = stopped(entry) or ReasonCode.NOT_WATCHED
        decisions = [Decision(entry.id, None, None, Reason(code))]
    lines = [line for d in decisions for line in await verdict(ctx, here, entry, d)]
    silent = decisions[0].reason.code in (ReasonCode.NO_COMPANY, ReasonCode.NO_CLAIM)
    if silent:
        lines += misses(ctx, entry.entry, entry.reading.language)
        if not entry.entry.text and entry.entry.seen_at and ctx.now - entry.entry.seen_at > _TEXTS_KEPT:
            lines.append(ctx.say("whynot-no-text"))
    if _other_rules(ctx, entry):
        today = ctx.live.reader.read(entry.entry).claims if silent else ()
        if today:
            lines.append(ctx.say("whynot-today", claim=claimed(ctx, today[0], entry.entry)))
        else:
            lines.append(ctx.say("why-other-rules"))
    return lines


def _other_rules(ctx: Context, entry: StoredEntry) -> bool:
    return bool(entry.rulebook) and entry.rulebook != ctx.rulebook.hash


async def _unknown_link(ctx: Context, link: str) -> list[str]:
    """No feed brought it: the feeds of its host, and how they are."""
    host = host_of(link)
    domains = next((o.domains for o in ctx.rulebook.outlets.values() if _is_of(host, o.domains)), ())
    feeds = [f for f in await ctx.store.feeds() if host and _is_of(host_of(f.url), (host, *domains))]
    lines = [ctx.say("whynot-unknown-link", host=host or "-")]
    lines += [health(ctx, f) for f in feeds[:_MAX_ENTRIES]]
    return lines if feeds else [*lines, ctx.say("whynot-no-feed", host=host or "-")]


def _is_of(host: str, domains: Collection[str]) -> bool:
    """Whether a host is one of these or a part of one, or the other way round: news.example and feeds.news.example."""
    return any(host == d or host.endswith(f".{d}") or d.endswith(f".{host}") for d in domains if host)


# --------------------------------------------------------------------------------------------------------------- claims


def _rule(ctx: Context, claim: Claim) -> str:
    rule = rule_of(ctx, claim.rule)
    if rule is None:
        return ctx.say("why-rule-gone", rule=claim.rule)
    title = rule.title if ctx.language.code == FALLBACK else ctx.kind(rule.kind)  # titles are written in English only
    return ctx.say("why-rule", rule=rule.id, title=title, severity=claim.severity)


def _claim(ctx: Context, claim: Claim, entry: Entry) -> str:
    standing = "draft" if claim.draft else "retold" if claim.retold else "lead" if claim.lead else "side"
    return ctx.say("read-claim", claim=claimed(ctx, claim, entry), standing=standing, rule=claim.rule)


def _pasted(ctx: Context, text: str) -> Entry:
    """A text somebody typed or pasted: its first line is the title, of a single line the first sentence."""
    title, _, rest = text.partition("\n")
    if not rest.strip():
        title, *others = _SENTENCE.split(text, maxsplit=1)
        rest = others[0] if others else ""
    return Entry(title=title.strip(), text=rest.strip(), seen_at=ctx.now)
