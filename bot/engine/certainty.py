"""How sure a sentence is of its claim, and whether it only tells again what is known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
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


def judge(row: Row, term: Hit, frame: Frame, kind: Kind, when: datetime | None, *, attributed: bool) -> Judged:
    """Read certainty and retold off the cues around `term`; `attributed`: the sentence names an outlet as its source."""
    start, end = row.clause(term.start, term.end, 1)
    near_start, near_end = row.clause(term.start, term.end, 0)
    used: list[CueMark] = []

    def cue(*kinds: Cue, start: int = row.sentence.start, end: int = row.sentence.end) -> CueMark | None:
        mark = row.has(*kinds, start=start, end=end)
        if mark is not None:
            used.append(mark)
        return mark

    said = row.has(Cue.SAY, start=row.sentence.start, end=row.sentence.end) is not None
    if cue(Cue.DENY):
        certainty = Certainty.DENIED
    elif cue(Cue.CONFIRM):
        certainty = Certainty.CONFIRMED
    elif cue(Cue.HEARSAY, Cue.SOURCES, Cue.SPECULATE) or _hearsay_verb(row, frame, used) or _asks(row):
        certainty = Certainty.RUMOUR
    elif attributed and not said:
        certainty = Certainty.RUMOUR
    elif (mark := cue(Cue.NOT, start=near_start, end=near_end)) and _negates(row, mark, term):
        certainty = Certainty.DENIED
    elif kind is not Kind.EV_EXIT and cue(Cue.CANCEL, start=start, end=end):
        certainty = Certainty.CANCELLED
    elif cue(Cue.DONE, start=start, end=end):
        certainty = Certainty.DONE
    elif not said and not row.has(Cue.PLAN, start=start, end=end) and cue(Cue.PERFECT, start=start, end=end):
        certainty = Certainty.DONE
    else:
        certainty = Certainty.ANNOUNCED
    in_title = row.sentence.paragraph == 0
    past, fresh = _dates(row, start, end, when)
    retold = past or (
        not in_title
        and bool(cue(Cue.PLUPERFECT, start=start, end=end) or cue(Cue.ALREADY, start=near_start, end=near_end))
        and not fresh
    )
    return Judged(certainty, retold, fresh, tuple(used), said)


def _hearsay_verb(row: Row, frame: Frame, used: list[CueMark]) -> bool:
    """German soll beside a company is hearsay; beside a thing (das Werk soll 2027 starten) it is a plan."""
    for cue in row.cues:
        if cue.cue is not Cue.HEARSAY_VERB:
            continue
        for group in row.groups:
            if group.introduced and not set(group.ids) & set(frame.who):
                continue
            if row.words(cue.end, group.start) <= 3 if group.start >= cue.end else row.words(group.end, cue.start) <= 2:
                used.append(cue)
                return True
    return False


def _asks(row: Row) -> bool:
    """Whether the sentence is a question."""
    return row.text.norm[row.sentence.start : row.sentence.end].rstrip(" \"'\u201d\u00bb)").endswith("?")


def _negates(row: Row, mark: CueMark, term: Hit) -> bool:
    """Whether a negation is near enough to mean the claim."""
    if mark.end <= term.start:
        return row.words(mark.end, term.start) <= 6
    return mark.start >= term.end and row.words(term.end, mark.start) <= 3


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
