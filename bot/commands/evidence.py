"""The words a rule saw, marked in the sentences they stand in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import pairwise

from bot.domain.claims import Evidence, Field
from bot.domain.entries import Entry
from bot.engine.hygiene import shown
from bot.engine.markup import strip_markup
from bot.engine.text import FieldText, split_sentences

#: Plain marks; those that a sentence has itself are not used in it.
_MARKS = (("«", "»"), ("‹", "›"), ("[", "]"))
_MAX_SENTENCE = 260
#: How much of a long sentence is shown before the first marked word.
_BEFORE = 60

_Span = tuple[int, int]


def sentences(
    entry: Entry, evidence: Sequence[Evidence], limit: int = 2, *, abbreviations: Collection[str] = ()
) -> list[str]:
    """The sentences with the evidence, in order, its words marked; only the words where the text is no longer kept.

    Of more than `limit` sentences those with the most different evidence.
    """
    found: list[tuple[int, str]] = []
    lost: list[str] = []
    for field in Field:
        source: str = getattr(entry, field.value)
        here = [e for e in evidence if e.field is field]
        kept = [e for e in here if source[e.start : e.end] == e.text]
        lost += [e.text for e in sorted(here, key=lambda e: e.start) if e not in kept]
        found += _in_field(field, source, kept, abbreviations)
    best = sorted(range(len(found)), key=lambda n: (-found[n][0], n))[:limit]
    lines = [found[n][1] for n in sorted(best)]
    if not lines and lost:
        lines = [shown(" … ".join(f"«{word}»" for word in dict.fromkeys(lost)), _MAX_SENTENCE)]
    return lines


def mark(sentence: str, words: Sequence[str]) -> str:
    """The sentence with the first place of each of these words marked."""
    places = ((sentence.find(word), len(word)) for word in words if word)
    return _marked(sentence, [(at, at + length) for at, length in places if at >= 0])


def _in_field(
    field: Field, source: str, evidence: Sequence[Evidence], abbreviations: Collection[str]
) -> list[tuple[int, str]]:
    """Each sentence with evidence: how many different things were seen in it, and its line."""
    if not evidence:
        return []
    plain, offsets = strip_markup(source) if field is Field.TEXT else (source, None)
    places = [
        (
            e.concept,
            (e.start, e.end) if offsets is None else (bisect_left(offsets, e.start), bisect_left(offsets, e.end)),
        )
        for e in evidence
    ]
    text = FieldText(field, plain, markup=False)
    if field is Field.TEXT:  # a headline is one piece
        split_sentences(text, abbreviations, 0, 0)
    starts = [0, *(text.plain_at(s.start) for s in text.sentences[1:]), len(plain)]
    lines = []
    for start, end in pairwise(starts):
        inside = [(c, (a - start, b - start)) for c, (a, b) in places if start <= a < end]
        if inside:
            lines.append((len({c for c, _ in inside}), _marked(plain[start:end], [span for _, span in inside])))
    return lines


def _marked(sentence: str, spans: Sequence[_Span]) -> str:
    """Marks around the spans, overlapping ones as one; of a long sentence the part that has them."""
    opened, closed = next((m for m in _MARKS if not set(m) & set(sentence)), _MARKS[-1])
    whole = _joined(spans)
    begin = 0
    if whole and len(sentence) > _MAX_SENTENCE and whole[0][0] > _BEFORE:
        begin = whole[0][0] - _BEFORE
        begin = sentence.find(" ", begin, whole[0][0]) + 1 or begin
    parts = ["… "] if begin else []
    for start, end in whole:
        parts += [sentence[begin:start], opened, sentence[start:end], closed]
        begin = end
    return shown("".join([*parts, sentence[begin:]]), _MAX_SENTENCE)


def _joined(spans: Sequence[_Span]) -> list[_Span]:
    joined: list[_Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
