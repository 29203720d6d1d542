"""Who does it, and with or to whom: one algorithm for all languages over a sentence's row of marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.claims import Kind
from bot.domain.rulebook import Cue, Parties
from bot.engine.automaton import Hit
from bot.engine.rows import Group, Row

#: How many words may stand between a term and the group its own preposition brings.
_NEAR = 3
#: ... between a verb and its object.
_OBJECT = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """The parties of one term in one sentence."""

    who: tuple[str, ...]
    whom: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()  #: where they are named
    borrowed: bool = False  #: who was named in an earlier sentence
    half: bool = False  #: only the side that a preposition brings in is named here

    @property
    def size(self) -> int:
        """How many different companies."""
        return len({*self.who, *self.whom})


def find_frame(row: Row, term: Hit, parties: Parties, need: int, topic: tuple[str, ...], *, kind: Kind) -> Frame | None:
    """The parties of `term`, from the smallest clause that names both sides (and at least `need` of them).

    In supplies who gives is the doer (B buys cells from A: A supplies B), elsewhere who takes is. A product stands for
    its maker where cars are made or sold; it enters no market and signs nothing.
    `topic` are the companies the text was about before this sentence: they stand in where the sentence names none.
    """
    best: Frame | None = None
    want = max(need, 1 if parties is Parties.ONE else 2)
    for level in (0, 1, 2):
        start, end = row.clause(term.start, term.end, level)
        groups = [g for g in row.groups if not g.compared and g.start >= start and g.end <= end and g.acts(kind)]
        frame = _resolve(row, term, parties, groups, giver_first=kind is Kind.SUPPLY)
        if frame is None:
            continue
        whole = not frame.half and (parties is not Parties.FROM_TO or bool(frame.whom))
        if whole and frame.size >= want:
            return frame
        if best is None or frame.size > best.size:
            best = frame
    if topic and (best is None or best.half or best.size < want):
        best = _borrow(row, best, parties, topic) or best
    if best is None or best.half or best.size < need:
        return None
    return None if parties is Parties.FROM_TO and need > 1 and not best.whom else best


def _resolve(row: Row, term: Hit, parties: Parties, groups: Sequence[Group], *, giver_first: bool) -> Frame | None:
    """The parties among these groups."""
    if not groups:
        return None
    match parties:
        case Parties.BETWEEN:
            return _between(row, term, groups)
        case Parties.FROM_TO:
            return _from_to(row, term, groups, giver_first=giver_first)
        case Parties.ONE:
            return _one(term, groups)


def _subject(term: Hit, groups: Sequence[Group]) -> Group | None:
    """The nearest group before the term that nothing introduces; else the first one behind it."""
    free = [g for g in groups if not g.introduced]
    before = [g for g in free if g.end <= term.end]
    return before[-1] if before else next(iter(free), None)


def _between(row: Row, term: Hit, groups: Sequence[Group]) -> Frame | None:
    bound = next(
        (
            g
            for g in groups
            if g.start >= term.end and g.introduced & {Cue.OF, Cue.BETWEEN} and row.words(term.end, g.start) <= _NEAR
        ),
        None,
    )
    partners = [g for g in groups if Cue.WITH in g.introduced]
    if bound is None:
        bound = next((g for g in groups if Cue.BETWEEN in g.introduced), None)
    subject = bound or _subject(term, [g for g in groups if g not in partners])
    if bound is not None and len(bound.ids) >= 2:
        return Frame(bound.ids, (), (bound,))
    if subject is None:
        loose = [g for g in groups if g.introduced & {Cue.BY, Cue.OF} and g not in partners]
        ids = _ids([*loose, *partners])
        return Frame(ids, (), (*loose, *partners), half=bool(partners) and not loose) if ids else None
    others = [g for g in partners if set(g.ids) - set(subject.ids)]
    if not others and subject.end <= term.start and row.words(subject.end, term.start) == 0:
        # "Great Wall warns BMW joint venture": the name beside the term and the one before it
        others = [g for g in groups if not g.introduced and g.end <= subject.start][-1:]
    if not others and len(subject.ids) < 2:
        # "Waymo taps Geely": the next free group behind the subject is its partner
        others = [
            g
            for g in groups
            if g is not subject and (not g.introduced or Cue.TO in g.introduced) and set(g.ids) - set(subject.ids)
        ][:1]
        if others and not _reaches(row, term, subject, others[0]):
            others = []
    whom = tuple(i for i in _ids(others) if i not in subject.ids)
    if len(subject.ids) + len(whom) <= 2:
        return Frame((*subject.ids, *whom), (), (subject, *others))
    return Frame(subject.ids, whom, (subject, *others))


def _reaches(row: Row, term: Hit, subject: Group, other: Group) -> bool:
    """Whether the term joins subject and object: it stands between them, and the object near behind it."""
    if not subject.end <= term.start < term.end <= other.start:
        return False
    return row.words(term.end, other.start) <= _OBJECT and row.has(Cue.CLAUSE, start=term.end, end=other.start) is None


def _from_to(row: Row, term: Hit, groups: Sequence[Group], *, giver_first: bool) -> Frame | None:
    free = [g for g in groups if not g.introduced]
    passive = row.has(Cue.PASSIVE) is not None
    # one word may be by, of and from: by in a passive, of right behind the term, else from
    by = [g for g in groups if Cue.BY in g.introduced and (passive or g.introduced == {Cue.BY})]
    goal = [g for g in groups if Cue.TO in g.introduced and g not in by]
    of = [g for g in groups if g.introduced & {Cue.OF, Cue.BETWEEN} and g not in by and g not in goal]
    giver = [
        g for g in groups if Cue.FROM in g.introduced and g not in by and (giver_first or not _bound(row, term, g))
    ]
    mates = [g for g in groups if g.introduced == {Cue.WITH} and row.words(term.end, g.start) <= _NEAR]
    if by and free and passive:
        return _frame(by[:1], free[:1])
    if by and not free:
        return _frame(by[:1], [*goal, *of][:1])
    before = [g for g in free if g.end <= term.end]
    behind = [g for g in free if g.start >= term.end]
    if not goal and row.verb_last and len(before) >= 2 and not behind:
        return _frame(before[-2:-1], before[-1:])
    subject = before[-1:] or behind[:1]
    rest = [g for g in behind if g not in subject]
    if giver and not goal and not rest and subject:
        return _frame(giver[:1], subject) if giver_first else _frame(subject, giver[:1])
    whom = goal[:1] or rest[:1] or [g for g in of if g.start >= term.start][:1] or of[:1] or mates[:1]
    if not subject and giver:
        return _frame(giver[:1], whom)
    return _frame(subject or by[:1], whom)


def _bound(row: Row, term: Hit, group: Group) -> bool:
    """Whether an `of` right behind the term belongs to it: the takeover of B."""
    return Cue.OF in group.introduced and group.start >= term.end and row.words(term.end, group.start) <= _NEAR


def _one(term: Hit, groups: Sequence[Group]) -> Frame | None:
    subject = _subject(term, groups)
    if subject is None:
        by = [g for g in groups if g.introduced & {Cue.BY, Cue.OF}]
        return Frame(by[0].ids, (), (by[0],)) if by else None
    mates = [g for g in groups if Cue.WITH in g.introduced and set(g.ids) - set(subject.ids)]
    return Frame(subject.ids, tuple(i for i in _ids(mates) if i not in subject.ids), (subject, *mates))


def _borrow(row: Row, found: Frame | None, parties: Parties, topic: tuple[str, ...]) -> Frame | None:
    """Let the companies the text is about stand in for a subject the sentence does not name."""
    named = any(not g.introduced and not g.compared for g in row.groups)
    if named and not row.has(Cue.IT):
        return None
    partners = found.who + found.whom if found is not None else ()
    who = tuple(t for t in topic if t not in partners)
    if not who:
        return None
    groups = found.groups if found is not None else ()
    if parties is Parties.BETWEEN and len(who) + len(partners) <= 2:
        return Frame((*who, *partners), (), groups, borrowed=True)
    return Frame(who, partners, groups, borrowed=True)


def _frame(who: Sequence[Group], whom: Sequence[Group]) -> Frame | None:
    doers = _ids(who)
    targets = tuple(i for i in _ids(whom) if i not in doers)
    if not doers:  # somebody unnamed does it to them
        return Frame(targets, (), tuple(whom)) if targets else None
    return Frame(doers, targets, (*who, *whom))


def _ids(groups: Sequence[Group]) -> tuple[str, ...]:
    """Every company of these groups once."""
    return tuple(dict.fromkeys(i for g in groups for i in g.ids))
