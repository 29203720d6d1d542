"""Reporting: how the feeds are, and how well what was told was received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.commands.citing import listed, typed
from bot.commands.context import Context
from bot.commands.verdicts import rule_of
from bot.commands.words import nearest
from bot.domain.channels import HOLDING, ReasonCode
from bot.domain.feeds import Feed, FeedStatus
from bot.domain.messages import Reply
from bot.domain.mutes import Score
from bot.engine.hygiene import host_of

#: How far back `quality` looks.
_PERIOD = timedelta(days=30)
_PAGE, _MAX_TROUBLED, _MAX_REASONS, _MAX_RULES = 15, 6, 5, 6
_TOLD = frozenset({ReasonCode.ROOT, ReasonCode.EDIT, ReasonCode.LINE})


async def feeds(ctx: Context, words: Sequence[str]) -> Reply:
    """`feeds`: how many there are and which fail; `feeds all [PAGE]`: each in short; `feeds NAME`: one of them."""
    every = await ctx.store.feeds()
    if not every:
        return ctx.reply(ctx.say("feeds-none"))
    if not words:
        return ctx.reply(*await _overview(ctx, every))
    if ctx.vocabulary.find("word", words[0]) == "all":
        return await _page(ctx, every, words[1:])
    return await _one(ctx, every, " ".join(words))


async def quality(ctx: Context, words: Sequence[str]) -> Reply:
    """`quality`: what became of the entries of 30 days, and what people thought of what was told, the worst first."""
    accounts = await ctx.store.accounts(since=ctx.now - _PERIOD)
    scores = await ctx.store.scores(ctx.now - _PERIOD)
    named = _in_words(ctx, [s.rule for s in scores])
    lines = [ctx.say("quality-period", days=_PERIOD.days, entries=_counts(ctx, accounts))]
    lines += _silent(ctx, accounts)
    useful, useless = await ctx.store.opinions(ctx.now - _PERIOD)
    lines.append(ctx.say("quality-feedback", useful=useful, useless=useless))
    lines += [
        ctx.say("quality-rule", rule=named[s.rule], told=s.told, useful=s.useful, useless=s.useless)
        for s in sorted(scores, key=_worst_first)[:_MAX_RULES]
        if s.useful or s.useless
    ]
    unrated = sorted((s for s in scores if not (s.useful or s.useless)), key=_worst_first)
    if unrated:
        each = listed(ctx, [f"{named[s.rule]} {s.told}" for s in unrated[:_MAX_RULES]])
        lines.append(ctx.say("quality-unrated", each=each))
    if not useful + useless:
        lines.append(ctx.say("quality-how", useful=typed(ctx, "useful", "S42"), useless=typed(ctx, "useless", "S42")))
    return ctx.reply(*lines)


def summary(ctx: Context, every: Sequence[Feed], limit: int) -> list[str]:
    """How many feeds there are and fail; then at most so many that do."""
    troubled = _in_trouble(every)
    never = sum(f.state.parsed_at is None for f in every)
    count = ctx.say("feeds-count", feeds=len(every), failing=len(troubled), never=never)
    return [count, *(health(ctx, f) for f in troubled[:limit])]


def health(ctx: Context, feed: Feed) -> str:
    """One feed in a line: well, or since when and why not."""
    state, name = feed.state, feed.spec.id
    if feed.status is FeedStatus.GONE:
        return ctx.say("feeds-gone", feed=name)
    if state.failures and state.parsed_at is None:
        error, at = state.error or "-", _soon(ctx, feed)
        return ctx.say("feeds-never", feed=name, count=state.failures, error=error, at=at)
    if state.failures and state.parsed_at is not None:
        since, error, at = ctx.moment(state.parsed_at), state.error or "-", _soon(ctx, feed)
        return ctx.say("feeds-fails", feed=name, since=since, count=state.failures, error=error, at=at)
    if state.polled_at is None:
        return ctx.say("feeds-new", feed=name)
    return ctx.say("feeds-well", feed=name, at=ctx.moment(state.polled_at))


# ---------------------------------------------------------------------------------------------------------------- feeds


async def _overview(ctx: Context, every: Sequence[Feed]) -> list[str]:
    accounts = await ctx.store.accounts()
    troubled = _in_trouble(every)
    count, *failing = summary(ctx, every, _MAX_TROUBLED)
    lines = [count, _counts(ctx, accounts), *failing]
    if rest := len(troubled[_MAX_TROUBLED:]):
        lines.append(ctx.say("feeds-rest", count=rest))
    name = (troubled or every)[0].spec.id
    all_word = ctx.vocabulary.shown("word", "all")
    lines.append(ctx.say("feeds-more", all=typed(ctx, "feeds", all_word), one=typed(ctx, "feeds", name)))
    return lines


async def _page(ctx: Context, every: Sequence[Feed], words: Sequence[str]) -> Reply:
    """Feeds by id with what they brought; a page of them, since each has to be counted."""
    pages = -(-len(every) // _PAGE)
    number = int(words[0][:6]) if words and words[0].isdecimal() else 1
    all_word = ctx.vocabulary.shown("word", "all")
    if not 1 <= number <= pages:
        return ctx.refuse(ctx.say("feeds-no-page", pages=pages, words=typed(ctx, "feeds", all_word, "1")))
    lines = []
    for feed in every[(number - 1) * _PAGE : number * _PAGE]:
        accounts = await ctx.store.accounts(feed.id)
        state = "failing" if _troubled(feed) else "well"
        lines.append(ctx.say("feeds-short", feed=feed.spec.id, entries=_counts(ctx, accounts), state=state))
    if number < pages:
        lines.append(ctx.say("more", words=typed(ctx, "feeds", all_word, str(number + 1))))
    return ctx.reply(*lines)


async def _one(ctx: Context, every: Sequence[Feed], text: str) -> Reply:
    """One feed in detail, by its id, title or host, or a part of one."""
    found = _named(every, text)
    if not found:
        near = nearest(text, [f.spec.id for f in every])
        hint = (
            ctx.say("feeds-near", words=typed(ctx, "feeds", near))
            if near
            else ctx.say("more", words=typed(ctx, "feeds"))
        )
        return ctx.refuse(ctx.say("feeds-unknown", name=text), hint)
    if len(found) > 1:
        return ctx.reply(ctx.say("feeds-several", feeds=ctx.joined([f.spec.id for f in found], _PAGE)))
    feed = found[0]
    accounts = await ctx.store.accounts(feed.id)
    lines = [ctx.say("feeds-title", feed=feed.spec.id, title=feed.spec.title or feed.spec.id, host=host_of(feed.url))]
    lines.append(health(ctx, feed))
    if not _troubled(feed) and feed.state.next_poll_at:
        lines.append(ctx.say("feeds-next", at=_soon(ctx, feed)))
    lines.append(_counts(ctx, accounts))
    return ctx.reply(*lines, *_silent(ctx, accounts))


def _named(every: Sequence[Feed], text: str) -> list[Feed]:
    wanted = text.casefold()
    names = {f.spec.id: (f.spec.id.casefold(), f.spec.title.casefold(), host_of(f.url)) for f in every}
    exact = [f for f in every if wanted in names[f.spec.id]]
    return exact or [f for f in every if any(wanted in name for name in names[f.spec.id])]


def _in_trouble(every: Sequence[Feed]) -> list[Feed]:
    """Those that did well once before those that never did."""
    return sorted((f for f in every if _troubled(f)), key=lambda f: (f.state.parsed_at is None, f.spec.id))


def _troubled(feed: Feed) -> bool:
    return feed.state.failures > 0 or feed.status is FeedStatus.GONE


def _soon(ctx: Context, feed: Feed) -> str:
    """When it is asked again."""
    at = feed.state.next_poll_at
    return ctx.moment(max(at, ctx.now)) if at else ctx.moment(ctx.now)


# --------------------------------------------------------------------------------------------------------------- counts


def _counts(ctx: Context, accounts: Mapping[str, int]) -> str:
    """How many entries, how many of them told when they came, and how many in a digest, or waiting for one."""
    told, digest = (sum(accounts.get(code, 0) for code in codes) for codes in (_TOLD, HOLDING))
    return ctx.say("feeds-entries", entries=sum(accounts.values()), told=told, digest=digest)


def _silent(ctx: Context, accounts: Mapping[str, int]) -> list[str]:
    """Why the others were not told, the most frequent reasons first; apart from them what could not be read."""
    unread = accounts.get(ReasonCode.UNREAD, 0)
    lines = [ctx.say("quality-unread", count=unread)] if unread else []
    silent = [code for code in ReasonCode if code not in _TOLD | HOLDING and code is not ReasonCode.UNREAD]
    counts = {code: n for code in silent if (n := accounts.get(code, 0))}
    if not counts:
        return lines
    often = sorted(counts, key=lambda code: -counts[code])
    each = [ctx.say("outcome", code=code.value, count=counts[code]) for code in often[:_MAX_REASONS]]
    if rest := sum(counts[code] for code in often[_MAX_REASONS:]):
        each.append(ctx.say("outcome", code="rest", count=rest))
    return [ctx.say("quality-silent", count=sum(counts.values()), each=listed(ctx, each)), *lines]


def _in_words(ctx: Context, rules: Sequence[str]) -> Mapping[str, str]:
    """Each rule by what it finds; with its id where others find the same, or it is no longer there."""
    found = {own: ctx.kind(rule.kind) for own in rules if (rule := rule_of(ctx, own))}
    often = Counter(found.values())
    plain = {
        own: word if often[word] == 1 else ctx.say("quality-same", what=word, rule=own) for own, word in found.items()
    }
    return {own: plain.get(own, own) for own in rules}


def _worst_first(score: Score) -> tuple[float, int, str]:
    """By the share of `useless` in what was told, then by how much was told."""
    return -score.useless / max(score.told, 1), -score.told, score.rule
