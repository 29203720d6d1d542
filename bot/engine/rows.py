"""A sentence as a row of marks: companies in groups, terms, cues, outlets, clause borders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.claims import Kind
from bot.domain.rulebook import Cue, Language, NameKind
from bot.engine.automaton import Hit, What
from bot.engine.companies import Named, longest
from bot.engine.places import SEAT, find_places
from bot.engine.text import FieldText, Sentence, is_cjk

_HARD = re.compile(r"[;:\u2022|]| - ")
_SOFT = re.compile(",")
_COMMAS = frozenset({",", "\u3001"})
_JOINERS = _COMMAS | {"/", "-", "&", "+", "\u00d7", "x", "\u30fb", "\u00b7"}

#: Cues that stand between two companies which are no list of equals.
_PARTING = frozenset(
    {Cue.WITH, Cue.BY, Cue.TO, Cue.FROM, Cue.OF, Cue.BETWEEN, Cue.CLAUSE, Cue.SAY, Cue.PLAN, Cue.DONE, Cue.HEARSAY_VERB}
    | {Cue.NOT, Cue.PASSIVE, Cue.COMPARE, Cue.DENY, Cue.CONFIRM, Cue.CANCEL}
)
#: Nouns that make the name before them a description of somebody else.
_DESCRIBING = (Cue.LABEL, Cue.ROLE)
#: Kinds a product's name can stand for its maker in.
_OF_PRODUCTS = frozenset({Kind.EV_NEWS, Kind.PRODUCTION, Kind.PLANT})
#: Cues that give a group its part in the sentence.
_PREPOSITIONS = (Cue.WITH, Cue.BY, Cue.TO, Cue.FROM, Cue.OF, Cue.BETWEEN)


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

    def has(self, *cues: Cue, start: int = 0, end: int = 1 << 60) -> CueMark | None:
        """The first of these cues within a span."""
        return next((c for c in self.cues if c.cue in cues and c.start >= start and c.end <= end), None)

    def clause(self, start: int, end: int, level: int) -> tuple[int, int]:
        """The clause around a span: level 0 between any commas, 1 between harder borders, 2 the sentence."""
        a, b = self.sentence.start, self.sentence.end
        if level == 2:
            return a, b
        for border in self._borders(level):
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
        cjk = sum(map(is_cjk, text))
        return len("".join(" " if is_cjk(c) else c for c in text).split()) + (cjk + 1) // 2


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
    row.cues.sort(key=lambda c: (c.start, c.end))
    row.terms.sort(key=lambda h: (h.start, h.end))
    row.months = longest(h for h in hits if h.pattern.what is What.MONTH and h.pattern.language == code)
    _group(row)
    row.terms = [t for t in row.terms if not _describes(row, t)]
    return row


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
        over = cue.cue in _DESCRIBING and cue.start < term.end and term.start < cue.end
        if over and any(n.end <= cue.start and row.words(n.end, cue.start) <= 1 for n in row.labels):
            return True
    return False


def _group(row: Row) -> None:
    """Set labels aside, join equals, and see what introduces each group."""
    names: list[Named] = []
    for i, name in enumerate(row.named):
        following = row.named[i + 1] if i + 1 < len(row.named) else None
        if _is_label(row, name, following):
            row.labels.append(name)
        elif not (names and name.start < names[-1].end):
            names.append(name)
    for name in names:
        if row.groups and _equals(row, row.groups[-1].members[-1], name):
            row.groups[-1].members.append(name)
        else:
            row.groups.append(Group([name]))
    behind = row.sentence.start
    for group in row.groups:
        if row.postpositions:
            _introduce_behind(row, group, behind)
        else:
            _introduce(row, group, behind)
        behind = group.end


def _is_label(row: Row, name: Named, following: Named | None) -> bool:
    """Whether `name` only describes another: Apple supplier Foxconn, Foxconn, an iPhone contract maker."""
    cue = next((c for c in row.cues if c.cue in _DESCRIBING and name.end <= c.start), None)
    if cue is None or row.text.norm[name.end : cue.start].strip(" '-") not in ("", "s"):
        return False
    if name.kind is NameKind.PRODUCT or cue.cue is Cue.ROLE:
        return True
    if following is None or following.company == name.company:
        return False
    if cue.end > following.start or row.words(cue.end, following.start) > 2:
        return False
    if row.has(*_PREPOSITIONS, start=name.end, end=following.start):
        return False
    between = row.text.norm[name.end : following.start]
    return not any(c in between for c in ",;:()") and not row.has(Cue.AND, start=name.end, end=following.start)


def _equals(row: Row, left: Named, right: Named) -> bool:
    """Whether two names stand side by side in one list."""
    gap = row.text.norm[left.end : right.start]
    bare = gap.strip().removeprefix("'s").strip()
    if bare in _COMMAS and row.postpositions and _is_object(row, right):
        return False  # a headline's topic, then what a particle marks: Toyota, with Panasonic
    if bare == "," and _fronted(row, left):
        return False
    if bare in _JOINERS or (not bare and right.company == left.company):
        return True
    if row.has(*(c for c in _PARTING if c is not Cue.WITH), start=left.end, end=right.start):
        return False
    parting = (t for t in row.terms if t.pattern.id in row.anchors and t.start >= left.end and t.end <= right.start)
    if any(not _in_compound(row, t) for t in parting):
        return False
    if any(c in gap for c in ";:()"):
        return False
    words = row.words(left.end, right.start)
    conjunction = row.has(Cue.AND, start=left.end, end=right.start)
    with_only = row.has(Cue.WITH, start=left.end, end=right.start)
    if with_only and not (conjunction and conjunction.start <= with_only.start <= conjunction.end):
        return False
    if conjunction:
        return words <= 6
    return gap.lstrip().startswith(",") and words <= 3 and not row.has(Cue.COMPARE, start=left.end, end=right.start)


def _fronted(row: Row, name: Named) -> bool:
    """Whether a name closes a phrase put before the sentence: together with LG, Honda ...; like Tesla, BYD ..."""
    cues = (c for c in row.cues if c.cue in _PREPOSITIONS or c.cue is Cue.COMPARE)
    return any(
        c.end <= name.start and row.words(c.end, name.start) == 0 and row.words(row.sentence.start, c.start) <= 1
        for c in cues
    )


def _in_compound(row: Row, term: Hit) -> bool:
    """Whether a term is only part of a describing word: the car maker, the battery firm."""
    return row.has(*_DESCRIBING, start=term.start - 1, end=term.end + 20) is not None


def _introduce(row: Row, group: Group, behind: int) -> None:
    """Find the nearest preposition before a group, and whether the group is only a comparison."""
    nearest: tuple[int, int] | None = None
    for cue in reversed(row.cues):
        if cue.start < behind or cue.end > group.start:
            continue
        near = row.words(cue.end, group.start)
        if (cue.cue is Cue.COMPARE and near <= 2 and not _of_label(row, cue)) or (cue.cue is Cue.NOT and near == 0):
            group.compared = True
        if cue.cue not in _PREPOSITIONS or near > 4 or _adverbial(row, cue.end, group.start):
            continue
        if nearest is None:
            parted = row.has(Cue.PLAN, Cue.SAY, Cue.DONE, Cue.HEARSAY_VERB, start=cue.end, end=group.start)
            if parted or any(c in row.text.norm[cue.end : group.start] for c in ",;:()"):
                continue
            nearest = cue.start, cue.end
        if (cue.start <= nearest[0] and cue.end >= nearest[1]) or (cue.start, cue.end) == nearest:
            group.introduced |= {cue.cue}


def _of_label(row: Row, cue: CueMark) -> bool:
    """Whether a comparing word is the role noun of a label: Tesla rival BYD."""
    return any(n.end <= cue.start and row.words(n.end, cue.start) == 0 for n in row.labels)


def _adverbial(row: Row, start: int, end: int) -> bool:
    """Whether a preposition brings a place or a time, and not the name that happens to follow: in China BYD builds."""
    between = row.text.norm[start:end]
    marks = (*row.places, *row.months)
    return any(start <= m.start and m.end <= end for m in marks) or any(c.isdigit() for c in between)


def _introduce_behind(row: Row, group: Group, behind: int) -> None:
    """Find the particle right behind a group (Japanese, Korean), and whether the group is only a comparison."""
    group.introduced = _postposition(row, group.end)
    if all(set(g.ids) <= set(group.ids) for g in row.groups):  # nobody else: Nissan and somebody unknown, VW's new car
        joined = any(c.cue is Cue.AND and c.start == group.end for c in row.cues)
        group.introduced -= {Cue.OF, Cue.WITH} if joined else {Cue.OF}
    group.compared = any(
        cue.cue is Cue.COMPARE
        and (cue.start == group.end or (behind < cue.start < group.start and row.words(cue.end, group.start) <= 2))
        for cue in row.cues
    )


def _postposition(row: Row, at: int) -> frozenset[Cue]:
    """What the longest particle that begins at a place can mean."""
    found = [c for c in row.cues if c.start == at and (c.cue in _PREPOSITIONS or c.cue is Cue.COMPARE)]
    end = max((c.end for c in found), default=0)
    return frozenset(c.cue for c in found if c.end == end and c.cue in _PREPOSITIONS)


def _is_object(row: Row, name: Named) -> bool:
    """Whether a particle makes a name the partner, giver or goal, and does not only join it to the next name."""
    marked = _postposition(row, name.end) - {Cue.OF, Cue.BETWEEN}
    following = next((n.start for n in row.named if n.start > name.end), None)
    joined = following is not None and row.words(name.end, following) <= 1
    return bool(marked) and not joined
