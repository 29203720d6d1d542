"""How sure a sentence is of its claim, and whether it only tells again what is known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.claims import Certainty, Kind
from bot.domain.rulebook import Cue
from bot.engine.automaton import Hit
from bot.engine.frames import Frame
from bot.engine.rows import CueMark, Row

#: What is dated back by more than this is told as known.
FRESH = timedelta(days=14)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,.]\d|\d)")

#: Of several mentions of one claim the first of these rules: nothing is ever told surer than its least sure word.
PRIORITY = (
    Certainty.DENIED,
    Certainty.CONFIRMED,
    Certainty.CANCELLED,
    Certainty.RUMOUR,
    Certainty.DONE,
    Certainty.ANNOUNCED,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a sentence says about its claim."""

    certainty: Certainty
    retold: bool
    dated: bool  #: it gives a fresh date
    cues: tuple[CueMark, ...]
    said: bool = False  #: a party says it in this sentence


@dataclass(slots=True)
class _Look:
    """Looks for cues in and around a claim's clause, and remembers those that counted."""

    row: Row
    term: Hit
    used: list[CueMark] = field(default_factory=list)

    def __call__(self, *cues: Cue, level: int = 2) -> CueMark | None:
        mark = self.find(*cues, level=level)
        if mark is not None:
            self.used.append(mark)
        return mark

    def find(self, *cues: Cue, level: int = 2) -> CueMark | None:
        """The first of these cues in the clause of this level; whether it counts is still to be seen."""
        start, end = self.row.clause(self.term.start, self.term.end, level)
        return self.row.has(*cues, start=start, end=end)


def judge(row: Row, term: Hit, frame: Frame, kind: Kind, when: datetime | None, *, attributed: bool) -> Judged:
    """Read certainty and retold off the cues around `term`; `attributed`: the sentence names its outlet."""
    look = _Look(row, term)
    past, fresh = _dates(row, *row.clause(term.start, term.end, 1), when)
    known = past or bool(look(Cue.REACTION, level=0))
    if row.sentence.paragraph > 0 and not fresh:  # what a headline says is news
        known = bool(look(Cue.PLUPERFECT, level=1)) or bool(look(Cue.ALREADY, level=0)) or known
    said = row.has(Cue.SAY) is not None
    certainty = _certainty(look, frame, kind, said=said, known=known, attributed=attributed)
    return Judged(certainty, known, fresh, tuple(look.used), said)


def _certainty(look: _Look, frame: Frame, kind: Kind, *, said: bool, known: bool, attributed: bool) -> Certainty:
    """The first that holds, from the most careful down."""
    row, term = look.row, look.term
    if mark := look(Cue.DENY):
        return Certainty.DENIED if _by_party(row, mark, frame) else Certainty.RUMOUR
    if row.has(Cue.SOURCES) is None and look(Cue.CONFIRM):  # insiders confirm nothing
        return Certainty.CONFIRMED
    if (mark := row.has(Cue.NOT)) and _denies_thought(row, mark):
        look.used.append(mark)
        return Certainty.DENIED
    if look(Cue.HEARSAY, Cue.SOURCES, Cue.SPECULATE) or _hearsay_verb(row, frame, look.used) or _asks(row):
        return Certainty.RUMOUR
    if (attributed and not said) or (not known and look(Cue.REPORTED)):
        return Certainty.RUMOUR
    if kind is Kind.EV_NEWS:
        done = row.has(Cue.DONE, Cue.PERFECT)
        return Certainty.ANNOUNCED if done is None or row.has(Cue.PLAN) else Certainty.DONE
    negation = look.find(Cue.NOT, level=0)
    stop = look.find(Cue.CANCEL, level=1)
    if negation and stop and negation.end <= stop.start:
        look.used += (negation, stop)
        return Certainty.ANNOUNCED  # they do not end it: it goes on
    if negation and _negates(row, negation, term) and not _ends(row, negation):
        look.used.append(negation)
        return Certainty.DENIED
    if kind is not Kind.EV_EXIT and look(Cue.CANCEL, level=1):
        return Certainty.CANCELLED
    if (mark := look.find(Cue.DONE, level=1)) and not _planned(row, mark):
        look.used.append(mark)
        return Certainty.DONE
    start, end = row.clause(term.start, term.end, 1)
    if not said and row.has(Cue.PLAN, start=start, end=end) is None and look(Cue.PERFECT, level=1):
        return Certainty.DONE
    return Certainty.ANNOUNCED


def _hearsay_verb(row: Row, frame: Frame, used: list[CueMark]) -> bool:
    """German soll beside a company is hearsay; beside a thing (das Werk soll 2027 starten) it is a plan."""
    for cue in row.cues:
        if cue.cue is not Cue.HEARSAY_VERB:
            continue
        for group in row.groups:
            if group.introduced and (group.end <= cue.start or not set(group.ids) & set(frame.who)):
                continue  # a thing of the company's is meant: das Werk von BYD soll
            if row.words(cue.end, group.start) <= 3 if group.start >= cue.end else row.words(group.end, cue.start) <= 2:
                used.append(cue)
                return True
    return False


def _asks(row: Row) -> bool:
    """Whether the sentence is a question."""
    return row.text.norm[row.sentence.start : row.sentence.end].rstrip(" \"'\u201d\u00bb)").endswith("?")


def _negates(row: Row, mark: CueMark, term: Hit) -> bool:
    """Whether a negation is near enough to mean the claim; before a number it is none: plant no. 5."""
    if row.text.norm[mark.end : mark.end + 3].lstrip(" .")[:1].isdigit():
        return False
    if mark.end <= term.start:
        return row.words(mark.end, term.start) <= 6
    return mark.start >= term.end and row.words(term.end, mark.start) <= 3


def _by_party(row: Row, cue: CueMark, frame: Frame) -> bool:
    """Whether a party speaks: the nearest name before the cue is one, or none stands there."""
    speaker = next((g for g in reversed(row.groups) if g.end <= cue.start and not g.introduced), None)
    return speaker is None or bool({*speaker.ids} & {*frame.who, *frame.whom})


def _planned(row: Row, done: CueMark) -> bool:
    """Whether what would be done is planned (will open), not yet so, or said to come (announces the opening of)."""
    start, _ = row.clause(done.start, done.end, 0)
    for cue in row.cues:
        if cue.cue is Cue.PLAN and start <= cue.start and cue.end <= done.start:
            return row.has(Cue.PERFECT, start=cue.end, end=done.start) is None
        if cue.cue is Cue.NOT and cue.end <= done.start and row.words(cue.end, done.start) <= 1:
            return True
        if cue.cue is Cue.SAY and cue.end <= done.start and row.words(cue.end, done.start) <= 4:
            return row.has(Cue.PERFECT, Cue.PLUPERFECT, Cue.CLAUSE, start=cue.end, end=done.start) is None
    return False


def _denies_thought(row: Row, negation: CueMark) -> bool:
    """Not considering: a party that does not even think of it denies it."""
    return any(
        c.cue is Cue.SPECULATE and c.start >= negation.end and row.words(negation.end, c.start) == 0 for c in row.cues
    )


def _ends(row: Row, negation: CueMark) -> bool:
    """Whether the negation belongs to a word for an end: no more."""
    return any(c.cue is Cue.CANCEL and c.start <= negation.start and negation.end <= c.end for c in row.cues)


def _dates(row: Row, start: int, end: int, when: datetime | None) -> tuple[bool, bool]:
    """Whether the clause is dated back, and whether it has a fresh date; no date of the entry: neither."""
    if when is None:
        return False, False
    today = when.date()
    norm = row.text.norm
    years = [int(m.group()) for m in _YEAR.finditer(norm, start, end)]
    past = fresh = False
    for month in row.months:
        if not (start <= month.start and month.end <= end):
            continue
        if month.start > start and norm[month.start - 1] in "-~/":
            continue  # January to March: a quarter's figures, told when it is over
        year = next((int(m.group()) for m in _YEAR.finditer(norm, month.end, min(month.end + 6, end))), today.year)
        number = int(month.pattern.id)
        if year == today.year and number > today.month:
            continue  # to come
        last = date(year, number, calendar.monthrange(year, number)[1])
        if today - min(last, today) > FRESH:
            past = True
        elif last >= today - FRESH:
            fresh = True
    if years and not row.months and max(years) < today.year:
        past = True
    return past and not fresh, fresh
