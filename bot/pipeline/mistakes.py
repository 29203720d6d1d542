"""The mistakes behind the figures: what was expected, what came out, and the words that led there. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.claims import Claim, Evidence, Field, Reading
from bot.domain.entries import Entry
from bot.pipeline.gold import Gold
from bot.pipeline.measure import Case, Judgement, judge

#: How much is shown around a piece of evidence, and of a text without any, in code points.
_AROUND, _OPENING = 40, 160


class Slip(StrEnum):
    """Kinds of mistake, the ones a reader of the channel notices first."""

    ALERT_MISSED = "alert missed"
    ALERT_FALSE = "false alert"
    MOVE_MISSED = "move missed"
    MOVE_FALSE = "false move"
    COMPANY_MISSED = "company missed"
    COMPANY_EXTRA = "company not meant"
    PAIR_MISSED = "pair missed"
    PAIR_EXTRA = "false pair"
    PAIR_KIND = "wrong kind of a pair"
    CERTAINTY = "wrong certainty"
    EV_MISSED = "ev missed"
    EV_FALSE = "false ev"
    JV_MISSED = "jv missed"
    JV_FALSE = "false jv"
    STORY_MERGED = "stories merged"
    STORY_SPLIT = "story split"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the entry; `marks` are offsets into `text`, in order, without overlap."""

    field: Field
    start: int  #: where it begins in the field
    text: str
    marks: tuple[tuple[int, int], ...]
    cut_before: bool
    cut_after: bool


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake about one entry; about a story it stands at the story's first entry."""

    slip: Slip
    id: str
    lang: str
    type: str
    expected: str
    got: str
    why: str  #: the analyst's reason
    passages: tuple[Passage, ...]


def mistakes(cases: Sequence[Case], readings: Sequence[Reading]) -> list[Mistake]:
    """Every mistake by kind, in the order of the entries. One entry may have several."""
    found = [m for case, reading in zip(cases, readings, strict=True) for m in _of_entry(case, reading)]
    found += _of_stories(cases, readings)
    order = {slip: n for n, slip in enumerate(Slip)}
    return sorted(found, key=lambda m: order[m.slip])


def _of_entry(case: Case, reading: Reading) -> Iterator[Mistake]:
    judgement, gold = judge(case), case.gold
    claimed = "; ".join(_said(claim) for claim in _told(reading)) or _quiet(case)
    wanted = _wanted(gold)
    for slip, expected, got in _flags(judgement, wanted, claimed):
        yield _mistake(slip, gold, expected, got, reading)
    yield from _companies(case, judgement, reading)
    for slip, expected in _pairs(judgement):
        yield _mistake(slip, gold, expected, _links(case.answer.relations), reading)
    sureness = judgement.sureness
    if sureness is not None and sureness.told and not sureness.exact:  # untold: that is the mistake
        expected = " or ".join([gold.certainty, *sorted(gold.certainties - {gold.certainty})])
        yield _mistake(Slip.CERTAINTY, gold, expected, f"{case.answer.certainty}: {claimed}", reading)


def _flags(judgement: Judgement, wanted: str, claimed: str) -> Iterator[tuple[Slip, str, str]]:
    table = (
        ("alert", Slip.ALERT_MISSED, f"an alert: {wanted}", Slip.ALERT_FALSE, "no alert"),
        ("move", Slip.MOVE_MISSED, f"a move: {wanted}", Slip.MOVE_FALSE, "no move"),
        ("ev", Slip.EV_MISSED, "ev", Slip.EV_FALSE, "not ev"),
        ("jv", Slip.JV_MISSED, "jv", Slip.JV_FALSE, "not jv"),
    )
    for flag, missed, due, false, undue in table:
        found = judgement.found.get(flag)
        if found is not None and found.missed:
            yield missed, due, claimed
        elif found is not None and found.extra:
            yield false, undue, claimed


def _companies(case: Case, judgement: Judgement, reading: Reading) -> Iterator[Mistake]:
    found, gold = judgement.found["companies"], case.gold
    got = _listed(case.answer.companies) or "none"
    if found.missed:
        yield _mistake(Slip.COMPANY_MISSED, gold, _listed(found.missed), got, reading)
    if found.extra:
        expected = f"not {_listed(found.extra)}"
        evidence = [e for m in reading.mentions if m.company in found.extra for e in m.evidence]
        yield _mistake(Slip.COMPANY_EXTRA, gold, expected, got, reading, evidence=evidence)


def _pairs(judgement: Judgement) -> Iterator[tuple[Slip, str]]:
    """Pairs that are missing, pairs too many, and pairs that are right but do something else."""
    pairs, relations = judgement.found["pairs"], judgement.found["relations"]
    if pairs.missed:
        yield Slip.PAIR_MISSED, _links(pairs.missed)
    if pairs.extra:
        yield Slip.PAIR_EXTRA, f"not {_links(pairs.extra)}"
    doubtful = pairs.missed | pairs.extra
    missed = {link for link in relations.missed if link[:2] not in doubtful}
    extra = {link for link in relations.extra if link[:2] not in doubtful}
    if missed or extra:
        yield Slip.PAIR_KIND, _links(missed) if missed else f"not {_links(extra)}"


def _of_stories(cases: Sequence[Case], readings: Sequence[Reading]) -> Iterator[Mistake]:
    """Stories with what does not belong together, then events in several stories."""
    stories: dict[str, list[int]] = defaultdict(list)
    events: dict[str, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        if case.answer.story is not None:
            stories[case.answer.story].append(place)
        if case.gold.event is not None:
            events[case.gold.event].append(place)
    for places in stories.values():
        members = [cases[p].gold for p in places]
        if any(_strangers(a, b) for i, a in enumerate(members) for b in members[i + 1 :]):
            parts = _parts((gold.event or place, gold.id) for place, gold in zip(places, members, strict=True))
            yield _mistake(Slip.STORY_MERGED, members[0], " | ".join(parts), "one story", readings[places[0]])
    for places in events.values():
        first = cases[places[0]].gold
        parts = _parts((cases[p].answer.story or p, cases[p].gold.id) for p in places)
        if len(parts) > 1:
            expected, got = f"one story: {first.event}", " | ".join(parts)
            yield _mistake(Slip.STORY_SPLIT, first, expected, got, readings[places[0]])


def _strangers(a: Gold, b: Gold) -> bool:
    """Two that are not one story and not related."""
    if a.event is None or b.event is None:
        return True
    return a.event != b.event and b.event not in a.related and a.event not in b.related


def _parts(named: Iterable[tuple[str | int, str]]) -> list[str]:
    """The ids under one name together: `a, b`. A number is an entry that belongs to nothing."""
    parts: dict[str | int, list[str]] = defaultdict(list)
    for name, entry in named:
        parts[name].append(entry)
    return [", ".join(ids) for ids in parts.values()]


def _mistake(
    slip: Slip, gold: Gold, expected: str, got: str, reading: Reading, *, evidence: Sequence[Evidence] = ()
) -> Mistake:
    shown = passages(gold.item.entry, evidence or _evidence(reading))
    return Mistake(slip, gold.id, gold.lang, gold.type, expected, got, gold.why, shown)


def _told(reading: Reading) -> list[Claim]:
    return [claim for claim in reading.claims if not claim.draft]


def _evidence(reading: Reading) -> list[Evidence]:
    """Of the claims; of the companies where nothing is claimed."""
    of_claims = [e for claim in _told(reading) for e in claim.evidence]
    return of_claims or [e for mention in reading.mentions for e in mention.evidence]


def _said(claim: Claim) -> str:
    whom = f" > {', '.join(claim.whom)}" if claim.whom else ""
    retold = ", retold" if claim.retold else ""
    return f"{', '.join(claim.who)}{whom}: {claim.kind} ({claim.certainty}{retold}, rule {claim.rule})"


def _quiet(case: Case) -> str:
    """What came out where nothing is claimed."""
    topics = [flag for flag in ("ev", "jv") if flag in case.answer.flags]
    return "; ".join(["no claim", _listed(case.answer.companies) or "no company", *topics])


def _wanted(gold: Gold) -> str:
    return f"{_links(gold.relations) if gold.relations else _listed(gold.companies)} ({gold.certainty})"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _links(links: Iterable[Any]) -> str:
    """Relations or pairs in one line."""
    return "; ".join(f"{a} + {b}{': ' + kind[0] if kind else ''}" for a, b, *kind in sorted(links)) or "no pair"


def passages(entry: Entry, evidence: Iterable[Evidence]) -> tuple[Passage, ...]:
    """The whole title, and of the text what stands around the evidence; else how it opens."""
    spans = sorted({(e.field, e.start, e.end) for e in evidence})
    title = _merged([(s, e) for field, s, e in spans if field is Field.TITLE], 0)
    marks = _merged([(s, e) for field, s, e in spans if field is Field.TEXT], 0)
    shown = [_passage(Field.TITLE, entry.title, 0, len(entry.title), title)] if entry.title else []
    windows = _merged(marks, _AROUND)
    if not windows and entry.text and not title:
        windows = [(0, min(_OPENING, len(entry.text)))]
    for start, end in windows:
        shown.append(_passage(Field.TEXT, entry.text, max(0, start), min(end, len(entry.text)), marks))
    return tuple(shown)


def _merged(spans: Iterable[tuple[int, int]], margin: int) -> list[tuple[int, int]]:
    """Spans in order, widened by the margin; what then touches is one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted((s - margin, e + margin) for s, e in spans):
        if merged and start < merged[-1][1] + bool(margin):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _passage(field: Field, whole: str, start: int, end: int, marks: Iterable[tuple[int, int]]) -> Passage:
    inside = tuple((s - start, e - start) for s, e in marks if start <= s and e <= end)
    return Passage(field, start, whole[start:end], inside, start > 0, end < len(whole))
