"""A sentence as a row of marks: companies in groups, terms, cues, outlets, clause borders."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.domain.claims import Kind
from bot.domain.rulebook import Cue, NameKind
from bot.engine.automaton import Hit
from bot.engine.companies import Named
from bot.engine.text import CJK, FieldText, Sentence

_HARD = re.compile(r"[;:\u2022|]| - ")
_SOFT = re.compile(",")
#: Kinds a product's name can stand for its maker in.
_OF_PRODUCTS = frozenset({Kind.EV_NEWS, Kind.PRODUCTION, Kind.PLANT})


@dataclass(frozen=True, slots=True)
class CueMark:
    """A cue at a place."""

    cue: Cue
    start: int
    end: int


@dataclass(slots=True)
class Group:
    """Companies named as equals side by side, and what introduces them."""

    members: list[Named]
    introduced: frozenset[Cue] = frozenset()  #: what the preposition before it can mean: German von is of, by and from
    compared: bool = False

    @property
    def start(self) -> int:
        """Where its first name begins."""
        return self.members[0].start

    @property
    def end(self) -> int:
        """Where its last name ends."""
        return self.members[-1].end

    def acts(self, kind: Kind) -> bool:
        """Whether it can be a party: a product can where cars are made or sold, else only its maker's name."""
        return kind in _OF_PRODUCTS or any(m.kind is not NameKind.PRODUCT for m in self.members)

    @property
    def ids(self) -> tuple[str, ...]:
        """Its companies, each once."""
        return tuple(dict.fromkeys(m.company for m in self.members))


@dataclass(slots=True)
class Row:
    """One sentence with everything that was found in it."""

    sentence: Sentence
    text: FieldText
    nouns_capitalised: bool = False  #: a capital proves no name
    anchors: frozenset[str] = frozenset()  #: term lists that make a move: such a term between two names parts them
    postpositions: bool = False  #: particles stand behind the name they mark
    verb_last: bool = False  #: a language, or a German clause, that puts the verb behind its object
    named: list[Named] = field(default_factory=list)
    terms: list[Hit] = field(default_factory=list)
    cues: list[CueMark] = field(default_factory=list)
    outlets: list[Hit] = field(default_factory=list)
    places: list[Hit] = field(default_factory=list)  #: where it happens
    months: list[Hit] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    labels: list[Named] = field(default_factory=list)  #: names that only describe another one
    _found_borders: dict[int, list[int]] = field(default_factory=dict)  #: by level; looked for when all groups are made

    def has(self, *cues: Cue, start: int = 0, end: int = 1 << 60) -> CueMark | None:
        """The first of these cues within a span."""
        return next((c for c in self.cues if c.cue in cues and c.start >= start and c.end <= end), None)

    def clause(self, start: int, end: int, level: int) -> tuple[int, int]:
        """The clause around a span: level 0 between any commas, 1 between harder borders, 2 the sentence."""
        a, b = self.sentence.start, self.sentence.end
        if level == 2:
            return a, b
        borders = self._found_borders.get(level)
        if borders is None:
            borders = self._found_borders[level] = self._borders(level)
        for border in borders:
            if border <= start:
                a = max(a, border)
            elif border >= end:
                b = min(b, border)
                break
        return a, b

    def _borders(self, level: int) -> list[int]:
        norm, s = self.text.norm, self.sentence
        found = [m.start() for m in _HARD.finditer(norm, s.start, s.end)]
        found += [c.start for c in self.cues if c.cue is Cue.CLAUSE]
        if level == 0:
            found += [m.start() for m in _SOFT.finditer(norm, s.start, s.end)]
        # a list of names is one thing, whatever commas stand in it; a number keeps its comma
        return sorted(
            b
            for b in found
            if not any(g.start < b < g.end for g in self.groups)
            and not (norm[b] in ",:" and b + 1 < s.end and norm[b + 1].isdigit() and norm[b - 1].isdigit())
        )

    def words(self, start: int, end: int) -> int:
        """How many words stand between two places; two CJK characters count as one."""
        text = self.text.norm[start:end]
        if text.isascii():
            return len(text.split())
        text, cjk = CJK.subn(" ", text)
        return len(text.split()) + (cjk + 1) // 2
