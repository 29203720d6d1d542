"""Places in a sentence: where something happens, not where the report was written."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from bot.engine.automaton import Hit, What
from bot.engine.companies import longest
from bot.engine.text import FieldText, Sentence, is_cjk

_Span = tuple[int, int]

#: The term list that tells where a company is at home: Hefei-based, with its seat in.
SEAT = "seat"

#: What stands before and between the places of a dateline: Hefei, China / Berlin/Wolfsburg.
_BEFORE = re.compile(r"[\s(]*")
_BETWEEN = re.compile(r" ?[,/] ?| - ?")
#: What ends one: Wolfsburg (dpa) - / SHANGHAI, March 3 (Reuters) -- / HEFEI --
_TAIL = re.compile(r"(?:,? (?:\w+\.? \d{1,2}\.?|\d{1,2}\.? \w+\.?))?,?(?: ?\([^()]{1,40}\))? ?(?: -{1,2}|--) ")
#: A day written behind the place without a space, as in the datelines of CJK.
_DAY = re.compile(r"\d{1,2}[^\W\d_]\d{1,2}[^\W\d_]")
#: How far into its sentence such a place may stand.
_EARLY = 6


def find_places(
    sentence: Sentence, text: FieldText, hits: Iterable[Hit], names: Collection[_Span], seats: Sequence[Hit] = ()
) -> list[Hit]:
    """The places of a sentence, by position, the longest of a span; none inside a name, no seat, no dateline."""
    found = [
        h
        for h in longest(h for h in hits if h.pattern.what in (What.PLACE, What.NOT_PLACE))
        if h.pattern.what is What.PLACE and not any(_inside(h, span) for span in names)
    ]
    if found and sentence.paragraph > 0:  # a headline has no dateline
        line = _dateline(sentence, text, found)
        behind_names = {b for _, b in names}
        found = [h for h in found[line:] if not _signed(sentence, text.norm, h, behind_names)]
    return [h for h in found if not any(_home(h, seat, text.norm) for seat in seats)]


def _inside(hit: Hit, span: _Span) -> bool:
    """Whether a name covers the place or a part of it; a name within that of the place does not count."""
    start, end = span
    within = hit.start <= start and end <= hit.end and end - start < hit.end - hit.start
    return start < hit.end and hit.start < end and not within


def _home(place: Hit, seat: Hit, norm: str) -> bool:
    """Whether the place is only where a company is at home: its plants stand elsewhere."""
    before, behind = norm[place.end : seat.start], norm[seat.end : place.start]
    return (seat.start >= place.end and not before.strip()) or (place.start >= seat.end and not behind.strip())


def _dateline(sentence: Sentence, text: FieldText, found: list[Hit]) -> int:
    """How many of the first places are the dateline of a report: they say where it was written."""
    norm, at, count = text.norm, sentence.start, 0
    for hit in found:
        gap = _BETWEEN if count else _BEFORE
        if not gap.fullmatch(norm, at, hit.start):
            break
        at, count = hit.end, count + 1
        if _TAIL.match(norm, at, sentence.end):
            return count
    return 0


def _signed(sentence: Sentence, norm: str, hit: Hit, behind_names: Collection[int]) -> bool:
    """Whether it is the dateline of a script without spaces: behind the agency's name, or before the day."""
    if not is_cjk(norm[hit.start]) or hit.start - sentence.start > _EARLY:
        return False
    return hit.start in behind_names or _DAY.match(norm, hit.end) is not None
