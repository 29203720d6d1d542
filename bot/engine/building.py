"""Put everything that was found in a sentence in its place: names, terms, cues, outlets, places, months."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.rulebook import Cue, Language
from bot.engine.automaton import Hit, What
from bot.engine.companies import Named, longest
from bot.engine.groups import DESCRIBING, group_names
from bot.engine.places import SEAT, find_places
from bot.engine.rows import CueMark, Row
from bot.engine.text import FieldText, Sentence, is_cjk


def build_row(
    sentence: Sentence,
    text: FieldText,
    named: Sequence[Named],
    hits: Sequence[Hit],
    language: Language | None,
    *,
    anchors: frozenset[str],
) -> Row:
    """Put everything found in a sentence in its place."""
    code = language.code if language is not None else ""
    row = Row(
        sentence,
        text,
        nouns_capitalised=code == "de",
        anchors=anchors,
        postpositions=language is not None and language.postpositions,
        verb_last=language is not None and language.verb != "svo",
        named=sorted(named, key=lambda n: (n.start, -n.end)),
    )
    row.outlets = longest(h for h in hits if h.pattern.what is What.OUTLET)
    by_list: dict[str, list[Hit]] = {}
    for hit in hits:
        if hit.pattern.what in (What.TERM, What.NOT_TERM) and _spoken(hit, text, language):
            by_list.setdefault(hit.pattern.id, []).append(hit)
    for found in by_list.values():
        row.terms += [h for h in longest(found) if h.pattern.what is What.TERM]
    names = [(n.start, n.end) for n in row.named] + [(o.start, o.end) for o in row.outlets]
    row.places = find_places(sentence, text, hits, names, [t for t in row.terms if t.pattern.id == SEAT])
    by_cue: dict[str, list[Hit]] = {}
    for hit in hits:
        mine = hit.pattern.what is What.CUE and hit.pattern.language == code
        if mine and not any(a <= hit.start and hit.end <= b for a, b in names):
            by_cue.setdefault(hit.pattern.id, []).append(hit)
    for cue, found in by_cue.items():
        row.cues += [CueMark(Cue(cue), h.start, h.end) for h in longest(found)]
    if language is not None and language.script != "latin":
        row.cues = [c for c in row.cues if not _inside_word(row, c)]
    row.cues.sort(key=lambda c: (c.start, c.end))
    row.terms.sort(key=lambda h: (h.start, h.end))
    row.months = longest(h for h in hits if h.pattern.what is What.MONTH and h.pattern.language == code)
    group_names(row)
    row.terms = [t for t in row.terms if not _describes(row, t)]
    return row


def _inside_word(row: Row, cue: CueMark) -> bool:
    """Whether a cue of one character only stands in a longer word, where words have no boundaries."""
    longer = [(c.start, c.end) for c in row.cues] + [(t.start, t.end) for t in row.terms]
    return cue.end - cue.start == 1 and any(a <= cue.start and cue.end <= b and b - a > 1 for a, b in longer)


def _spoken(hit: Hit, text: FieldText, language: Language | None) -> bool:
    """Whether a phrase can be meant in this language: its own words, and English loan words of several words.

    "plant" is a factory in English and "plans" in German; a joint venture is one everywhere. One Han character may
    be a word in Chinese and part of a name in Japanese.
    """
    of = hit.pattern.language
    if language is None or of in ("", language.code):
        return True
    if language.script != "latin":
        return not any(map(is_cjk, text.norm[hit.start : hit.end]))
    return of == "en" and (hit.pattern.exact != "" or hit.pattern.compound)


def _describes(row: Row, term: Hit) -> bool:
    """Whether a term is only the role noun of a name: iPhone contract maker Foxconn makes no contract."""
    for cue in row.cues:
        over = cue.cue in DESCRIBING and cue.start < term.end and term.start < cue.end
        if over and any(n.end <= cue.start and row.words(n.end, cue.start) <= 1 for n in row.labels):
            return True
    return False
