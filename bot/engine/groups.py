"""Companies of a sentence in groups: which are equals, which only describe another, and what introduces each group."""

from __future__ import annotations

from bot.domain.rulebook import Cue, NameKind
from bot.engine.automaton import Hit
from bot.engine.companies import Named
from bot.engine.rows import CueMark, Group, Row

_COMMAS = frozenset({",", "\u3001"})
_JOINERS = _COMMAS | {"/", "-", "&", "+", "\u00d7", "x", "\u30fb", "\u00b7"}

#: Cues that stand between two companies which are no list of equals.
_PARTING = frozenset(
    {Cue.WITH, Cue.BY, Cue.TO, Cue.FROM, Cue.OF, Cue.BETWEEN, Cue.CLAUSE, Cue.SAY, Cue.PLAN, Cue.DONE, Cue.HEARSAY_VERB}
    | {Cue.NOT, Cue.PASSIVE, Cue.COMPARE, Cue.DENY, Cue.CONFIRM, Cue.CANCEL}
)
#: Nouns that make the name before them a description of somebody else.
DESCRIBING = (Cue.LABEL, Cue.ROLE)
#: Cues that give a group its part in the sentence.
_PREPOSITIONS = (Cue.WITH, Cue.BY, Cue.TO, Cue.FROM, Cue.OF, Cue.BETWEEN)


def group_names(row: Row) -> None:
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
    cue = next((c for c in row.cues if c.cue in DESCRIBING and name.end <= c.start), None)
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
    return row.has(*DESCRIBING, start=term.start - 1, end=term.end + 20) is not None


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
    return any(n.end <= cue.start and row.text.norm[n.end : cue.start].strip(" '-") in ("", "s") for n in row.labels)


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
