"""Claims that were nearly made, in words: what was missing, and where."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import evidence
from bot.commands.citing import listed
from bot.commands.context import Context
from bot.domain.entries import Entry
from bot.engine.hygiene import shorten
from bot.engine.misses import Lack, Miss

_MAX_MISSES, _MAX_WANTED = 2, 3
_MAX_SENTENCE = 160


def misses(ctx: Context, entry: Entry, language: str | None, limit: int = _MAX_MISSES) -> list[str]:
    """The nearest misses of an entry, a line each."""
    found: dict[tuple[str | None, str], list[Miss]] = {}
    for miss in ctx.live.reader.misses(entry, limit):
        found.setdefault((miss.rule, miss.sentence), []).append(miss)
    return [_line(ctx, together, language) for together in found.values()]


def _line(ctx: Context, together: Sequence[Miss], language: str | None) -> str:
    """All that one rule lacks in one sentence."""
    first = together[0]
    what = "; ".join(_what(ctx, miss, language) for miss in together)
    if first.rule is not None:
        what = ctx.say("miss-rule", rule=first.rule, what=what)
    if not first.sentence:
        return ctx.say("miss", what=what)
    words = [word for miss in together for word in miss.words]
    sentence = shorten(evidence.mark(first.sentence, words), _MAX_SENTENCE)
    return ctx.say("miss-in", what=what, sentence=sentence)


def _what(ctx: Context, miss: Miss, language: str | None) -> str:
    where = ctx.say("miss-where", within=miss.within.value)
    words, wanted = ctx.joined(miss.words, _MAX_WANTED), _wanted(ctx, miss.wanted, language)
    match miss.lack:
        case Lack.UNWANTED:
            return ctx.say("miss-unwanted", wanted=wanted, where=where)
        case Lack.TERMS | Lack.SECTOR:
            return ctx.say("miss-terms", wanted=wanted, where=where)
        case Lack.PARTNER:
            return ctx.say("miss-partner", count=int(miss.wanted[0]), where=where)
        case Lack.SUBJECT:
            return ctx.say("miss-subject", words=words)
        case Lack.PROOF:
            return ctx.say("miss-proof", words=words, wanted=wanted)
        case Lack.ANCHOR:
            return ctx.say("miss-anchor", words=words, wanted=wanted)
        case Lack.COMPANY:
            return ctx.say("miss-company", words=words) if miss.words else ctx.say("miss-nothing")


def _wanted(ctx: Context, ids: Sequence[str], language: str | None) -> str:
    """What would have done: of one term list some words, of several a word each; companies of sectors."""
    lists = [each for each in ids if each in ctx.rulebook.terms]
    sectors = [ctx.say("sector", sector=each) for each in ids if each not in ctx.rulebook.terms]
    found = []
    if len(lists) == 1:
        found.append(ctx.say("miss-list", list=lists[0], examples=_row(ctx, _examples(ctx, lists[0], language))))
    elif lists:
        words = dict.fromkeys(e for each in lists for e in _examples(ctx, each, language)[:1])
        found.append(ctx.say("miss-words", examples=_row(ctx, list(words))))
    if sectors:
        found.append(ctx.say("miss-sector", sectors=_row(ctx, sectors)))
    return ctx.say("miss-or", first=found[0], second=found[1]) if len(found) > 1 else "".join(found)


def _row(ctx: Context, words: Sequence[str]) -> str:
    return listed(ctx, words[:_MAX_WANTED]) + (" …" if len(words) > _MAX_WANTED else "")


def _examples(ctx: Context, id: str, language: str | None) -> list[str]:
    """Words of a term list, in the language of the entry, else of the channel."""
    phrases = ctx.rulebook.terms[id].phrases
    spoken = phrases.get(language or "") or phrases.get(ctx.language.code) or ()
    whole = [p.text.strip("*-") for p in spoken if not p.text.startswith("*")]  # a compound's end says less
    return whole or [id]
