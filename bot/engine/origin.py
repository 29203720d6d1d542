"""Who said it first: an outlet, insiders, a document, a party; and who did not comment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.claims import Evidence, Origin, OriginType
from bot.domain.rulebook import Cue, Language, Outlet
from bot.engine.rows import Row
from bot.engine.text import fold, is_cjk

#: Attributions of this rank and above say in so many words who reported it.
NAMED = 3
#: How far from an attribution's words the outlet's name may stand, in words.
_REACH = 5
_OPEN, _CLOSE = '"\u201e\u201c\u201d\u00bb\u00ab\u300c\u300e\u300a', '"\u201c\u201d\u00bb\u00ab\u300d\u300f\u300b'
#: A name of two words and more right before an attribution: the Harbour Gazette reported.
_NAME_BEFORE = re.compile("((?:[A-Z][\\w.&-]*)(?: [A-Z][\\w.&-]*){1,3})\\s*$")
#: Shorter words are prepositions: only an outlet we know makes them an attribution.
_TELLING = 5
_QUOTED = re.compile(f"[{_OPEN}]([^{_OPEN}{_CLOSE}]{{2,40}})[{_CLOSE}]")
_CAPITALISED = re.compile("((?:[A-Z][\\w.&-]*)(?: [A-Z][\\w.&-]*){0,3})")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One place of an entry that says where the news comes from."""

    origin: Origin
    rank: int  #: higher is nearer to the first source
    row: Row
    evidence: Evidence


def attributions(rows: Sequence[Row], language: Language | None, outlets: Mapping[str, Outlet]) -> list[Attribution]:
    """Every attribution of the entry, in order; sentences that only say who did not comment are left out."""
    found: list[Attribution] = []
    patterns = [] if language is None else [_split(p) for p in language.attribution]
    for row in rows:
        if row.has(Cue.NO_COMMENT):
            continue
        found += _outlets(row, patterns, outlets)
        for cue in row.cues:
            if cue.cue is Cue.SOURCES:
                evidence = row.text.evidence("cue:sources", cue.start, cue.end)
                found.append(Attribution(Origin(_said(row, cue.start, cue.end), OriginType.SOURCES), 1, row, evidence))
            elif cue.cue is Cue.DOCUMENT:
                evidence = row.text.evidence("cue:document", cue.start, cue.end)
                found.append(Attribution(Origin(_said(row, cue.start, cue.end), OriginType.DOCUMENT), 0, row, evidence))
    return found


def first_source(found: Sequence[Attribution]) -> Attribution | None:
    """The one nearest to the first source; of equals the first."""
    return max(found, key=lambda a: a.rank, default=None)


def did_not_comment(rows: Sequence[Row]) -> tuple[str, ...]:
    """Companies that were asked and said nothing."""
    silent: dict[str, None] = {}
    topic: tuple[str, ...] = ()
    for row in rows:
        cue = row.has(Cue.NO_COMMENT)
        if cue is not None:
            groups = [g for g in row.groups if not g.introduced] or row.groups
            before = [g for g in groups if g.end <= cue.start]
            asked = (before or groups)[-1:] if before else groups[:1]
            silent.update(dict.fromkeys(asked[0].ids if asked else topic))
        if row.groups:
            topic = row.groups[0].ids
    return tuple(silent)


@lru_cache(maxsize=1024)
def _split(pattern: str) -> tuple[str, str]:
    before, _, behind = pattern.partition("{outlet}")
    return fold(before), fold(behind)


def _outlets(row: Row, patterns: Sequence[tuple[str, str]], outlets: Mapping[str, Outlet]) -> list[Attribution]:
    found = []
    norm, s = row.text.norm, row.sentence
    for before, behind in patterns:
        at = s.start
        key = before or behind
        while (at := norm.find(key, at, s.end)) >= 0:
            end = at + len(key)
            if _bounded(norm, at, end) and not (before and behind and norm.find(behind, end, s.end) < 0):
                name = _behind(row, end, outlets, key) if before else _before(row, at, outlets, key)
                if name is not None:
                    citing = any(c.cue is Cue.CITING and c.start <= at and end <= c.end for c in row.cues)
                    found.append(_attribution(row, *name, rank=4 if citing else 3))
            at = end
    for cue in row.cues:
        if cue.cue is Cue.CITING and (name := _behind(row, cue.end, outlets, "citing")):
            found.append(_attribution(row, *name, rank=4))
        elif cue.cue is Cue.REPORT:
            near = [o for o in row.outlets if _distance(row, o.start, o.end, cue.start, cue.end) <= _REACH]
            if near:
                o = near[0]
                found.append(_attribution(row, outlets[o.pattern.id].name, o.start, o.end, rank=2))
    return found


def _said(row: Row, start: int, end: int) -> str:
    """The words of the text as they may be shown: no markup, single spaces."""
    return " ".join(row.text.plain_slice(start, end).split()).strip(" :-")


def _attribution(row: Row, name: str, start: int, end: int, rank: int) -> Attribution:
    return Attribution(Origin(name, OriginType.OUTLET), rank, row, row.text.evidence("outlet", start, end))


def _bounded(norm: str, start: int, end: int) -> bool:
    """Whether an attribution's words stand for themselves and are no part of longer ones."""

    def joined(left: str, right: str) -> bool:
        return left.isalpha() and right.isalpha() and left.isascii() and right.isascii()

    starts = start == 0 or not joined(norm[start - 1], norm[start])
    return starts and (end >= len(norm) or not joined(norm[end - 1], norm[end]))


def _distance(row: Row, a: int, b: int, c: int, d: int) -> int:
    return row.words(b, c) if b <= c else row.words(d, a) if d <= a else 0


def _behind(row: Row, at: int, outlets: Mapping[str, Outlet], key: str) -> tuple[str, int, int] | None:
    """The outlet named behind an attribution's words: one we know, else a quoted or capitalised name.

    Behind a bare colon only a known one counts that ends a headline: `BYD to build plant: Nikkei`.
    """
    if not any(map(str.isalpha, key)):
        last = next((o for o in row.outlets if o.start >= at and row.words(at, o.start) == 0), None)
        if last is None or row.words(last.end, row.sentence.end) > 0 or row.sentence.paragraph > 0:
            return None
        return outlets[last.pattern.id].name, last.start, last.end
    for o in row.outlets:
        if o.start >= at and row.words(at, o.start) <= _REACH and "," not in row.text.norm[at : o.start]:
            return outlets[o.pattern.id].name, o.start, o.end
    if len(key) < _TELLING and not is_cjk(key[-1]):
        return None  # a bare preposition: told to Reuters, to everybody
    a, b = row.text.plain_at(at), row.text.plain_at(row.sentence.end)
    window = row.text.plain[a : min(b, a + 70)]
    match = _QUOTED.search(window)
    if match is not None and match.start() <= 1:
        return match.group(1), row.text.norm_at(a + match.start(1)), row.text.norm_at(a + match.end(1))
    for name in row.named:
        if name.start >= at and row.words(at, name.start) <= _REACH:
            return None  # a company speaks for itself
    if match is None or match.start() > 30:
        match = _CAPITALISED.match(window.lstrip()) if window[:1] == " " else None
        shift = len(window) - len(window.lstrip())
        if match is None:
            return None
        start = a + shift + match.start(1)
        return _known_shape(row, match.group(1), start, start + len(match.group(1)))
    return match.group(1), row.text.norm_at(a + match.start(1)), row.text.norm_at(a + match.end(1))


def _known_shape(row: Row, name: str, start: int, end: int) -> tuple[str, int, int] | None:
    """A capitalised name is taken where nouns are not capitalised anyway, or where it has two words."""
    if row.nouns_capitalised and " " not in name:
        return None
    return name, row.text.norm_at(start), row.text.norm_at(end)


def _before(row: Row, at: int, outlets: Mapping[str, Outlet], key: str) -> tuple[str, int, int] | None:
    """The outlet named before an attribution's words; one we know, or one in the marks of a title."""
    for o in reversed(row.outlets):
        if o.end <= at and row.words(o.end, at) <= 2:
            return outlets[o.pattern.id].name, o.start, o.end
    start = row.text.plain_at(row.sentence.start)
    match = _NAME_BEFORE.search(row.text.plain[start : row.text.plain_at(at)])
    if match is None or len(key) < _TELLING:
        return None
    a, b = row.text.norm_at(start + match.start(1)), row.text.norm_at(start + match.end(1))
    if row.nouns_capitalised or any(n.start < b and a < n.end for n in row.named):
        return None
    return match.group(1), a, b
