"""Hits to companies: longest name first, swallowed by longer ones, needs where a spelling proves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.rulebook import NameKind
from bot.engine.automaton import Hit, What
from bot.engine.text import FieldText, Sentence

#: Term lists any of which proves that a doubtful name is the company's.
_PROOF = ("ev", "car-words", "company-words")


@dataclass(frozen=True, slots=True)
class Named:
    """A company named at a place."""

    company: str
    start: int
    end: int
    sentence: Sentence
    kind: NameKind


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """The hits that no longer one of the same call covers; of equals all that mean different things, by position."""
    kept: list[Hit] = []
    end = -1
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if hit.end <= end and not (kept and (hit.start, hit.end) == (kept[-1].start, kept[-1].end)):
            continue
        if hit.start < end and hit.end > end and kept and hit.end - hit.start <= kept[-1].end - kept[-1].start:
            continue  # a partial overlap goes to the longer one
        kept.append(hit)
        end = max(end, hit.end)
    return kept


def find_companies(
    fields: Sequence[FieldText],
    hits: Mapping[int, Sequence[tuple[Hit, Sentence]]],
    terms_by_sentence: Mapping[int, frozenset[str]],
) -> list[Named]:
    """Every place where a company is really meant, in order of the entry.

    `hits` are the company hits by number of field, `terms_by_sentence` the term lists that stand in each sentence.
    """
    found: list[tuple[Named, Hit]] = []
    for number in range(len(fields)):
        placed = {id(hit): sentence for hit, sentence in hits[number]}
        for hit in longest(hit for hit, _ in hits[number]):
            if hit.pattern.what is What.COMPANY:
                kind = NameKind(hit.pattern.name_kind)
                found.append((Named(hit.pattern.id, hit.start, hit.end, placed[id(hit)], kind), hit))
    doubts = _doubts(hits)
    sure = {named.company for named, hit in found if not (hit.pattern.needs or named.company in doubts)}
    company_of_sure = {named.sentence.index for named, hit in found if not hit.pattern.needs}
    title_terms = terms_by_sentence.get(-1, frozenset())
    all_terms = frozenset().union(*terms_by_sentence.values())
    out: dict[tuple[int, int, int], Named] = {}
    for named, hit in found:
        needs = hit.pattern.needs or doubts.get(named.company, ())
        near = terms_by_sentence.get(named.sentence.index, frozenset()) | title_terms
        if named.sentence.index in company_of_sure:  # beside a company that is sure the whole entry may help
            near = all_terms
        if needs and named.company not in sure and not near.intersection(needs):
            continue
        out.setdefault((fields_order(named), named.start, named.end), named)
    return sorted(out.values(), key=lambda n: (fields_order(n), n.start))


def _doubts(hits: Mapping[int, Sequence[tuple[Hit, Sentence]]]) -> dict[str, tuple[str, ...]]:
    """Companies whose name is somebody else's in this entry (Harrison Ford), with what then has to stand nearby."""
    patterns = [hit.pattern for placed in hits.values() for hit, _ in placed]
    strangers = {p.id for p in patterns if p.what is What.NOT_COMPANY}
    return dict.fromkeys(strangers, _PROOF)


def fields_order(named: Named) -> int:
    """Names sort by field, then place."""
    return 0 if named.sentence.paragraph == 0 else 1


def sentence_of(sentences: Sequence[Sentence], position: int) -> Sentence | None:
    """The sentence a position stands in."""
    low, high = 0, len(sentences)
    while low < high:
        mid = (low + high) // 2
        if sentences[mid].end <= position:
            low = mid + 1
        else:
            high = mid
    return sentences[low] if low < len(sentences) and sentences[low].start <= position else None
