"""Candidates: rules that hold in a sentence; which of them stay, which are one claim, and which one leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.claims import Certainty, Family, Kind
from bot.domain.rulebook import Cue, Rule, Severity
from bot.engine.automaton import Hit
from bot.engine.certainty import PRIORITY, Judged
from bot.engine.companies import Named
from bot.engine.frames import Frame
from bot.engine.rows import Row

#: Of several kinds named for the same parties in one sentence the first says most.
RANK = (
    Kind.JOINT_VENTURE,
    Kind.ACQUISITION,
    Kind.CONTRACT_MANUFACTURING,
    Kind.INVESTMENT,
    Kind.PARTNERSHIP,
    Kind.EV_EXIT,
    Kind.EV_ENTRY,
    Kind.PLANT,
    Kind.TALKS,
    Kind.SUPPLY,
    Kind.PRODUCTION,
    Kind.EV_NEWS,
)
_LOUD = tuple(Severity)
#: Kinds that only say less of what another alliance of the same parties says.
_VAGUE = frozenset({Kind.PARTNERSHIP, Kind.TALKS})


@dataclass(slots=True)
class Candidate:
    """A rule that holds in a sentence."""

    rule: Rule
    row: Row
    term: Hit | Named  #: what it hangs on: a phrase of the rule, or a venture's name
    frame: Frame
    judged: Judged
    rows: list[Row] = field(default_factory=list)
    others: list[Candidate] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """The kind its rule makes."""
        return self.rule.kind

    @property
    def negated(self) -> bool:
        """Whether a bare negation denies it: "wants alliances, not a merger" is about the alliances."""
        return self.judged.certainty is Certainty.DENIED and any(k.cue is Cue.NOT for k in self.judged.cues)

    @property
    def key(self) -> tuple[Kind, frozenset[str]]:
        """What makes two candidates mentions of one claim."""
        return self.kind, frozenset((*self.frame.who, *self.frame.whom))


def _weight(c: Candidate) -> tuple[int, int, int, int]:
    """Candidates of a sentence in order: what says most, then what is loudest, then what stands first."""
    return c.row.sentence.index, RANK.index(c.kind), -_LOUD.index(c.rule.severity), c.term.start


def most_specific(found: Sequence[Candidate]) -> list[Candidate]:
    """In each sentence keep for the same parties the kind that says most."""
    kept: list[Candidate] = []
    for c in sorted(found, key=_weight):
        parties = c.key[1]
        beside = [k for k in kept if k.row is c.row]
        if c.kind is Kind.EV_ENTRY and any(k.kind is Kind.EV_EXIT and parties <= k.key[1] for k in beside):
            continue  # to stop a car project is no entry
        if c.kind is Kind.EV_ENTRY and any(k.kind.family is Family.ALLIANCE and parties <= k.key[1] for k in beside):
            continue
        if any(k.kind is c.kind and parties <= k.key[1] for k in beside):
            continue
        kept.append(c)
    entrants = {p for k in kept if k.kind is Kind.EV_ENTRY for p in k.key[1]}
    kept = [k for k in kept if not (k.kind is Kind.PRODUCTION and k.key[1] <= entrants)]
    firm = [(k.row, k.key[1]) for k in kept if k.kind in (Kind.INVESTMENT, Kind.SUPPLY)]
    kept = [  # who buys a stake or parts takes nobody over
        k for k in kept if not (k.kind is Kind.ACQUISITION and any(k.row is r and k.key[1] <= p for r, p in firm))
    ]
    owners = [k.key[1] for k in kept if k.kind is Kind.JOINT_VENTURE]
    kept = [k for k in kept if not (k.kind is Kind.INVESTMENT and any(k.key[1] <= o for o in owners))]
    alliances = [k for k in kept if k.kind.family is Family.ALLIANCE and k.kind not in _VAGUE]
    strong = [k for k in alliances if not k.negated]
    supplies = [k for k in kept if k.kind is Kind.SUPPLY]
    return [
        c
        for c in kept
        if not (
            c.kind in _VAGUE
            and any(c.key[1] <= s.key[1] and (s in strong or s.row is c.row) for s in (*strong, *supplies))
        )
        and not (
            c.kind is Kind.TALKS
            and any(k.kind is Kind.PARTNERSHIP and k.row is c.row and c.key[1] <= k.key[1] for k in kept)
        )
    ]


def merge(found: Sequence[Candidate]) -> list[Candidate]:
    """Mentions of one claim become one, with the certainty of its most careful mention."""
    merged: dict[tuple[Kind, frozenset[str]], Candidate] = {}
    for c in found:
        first = merged.get(c.key)
        if first is None and c.kind.family in (Family.ENTRY, Family.NEWS):
            first = next((m for m in merged.values() if m.kind is c.kind and m.key[1] & c.key[1]), None)
        if first is None:
            merged[c.key] = c
            continue
        first.rows.append(c.row)
        first.others.append(c)
        if not c.judged.retold:
            certainty = _careful(first.judged, c.judged)
            retold = first.judged.retold and c.judged.retold
            first.judged = replace(
                first.judged,
                certainty=certainty,
                retold=retold,
                dated=first.judged.dated or c.judged.dated,
                said=party_said(first.judged) or party_said(c.judged),
            )
    return list(merged.values())


def _careful(a: Judged, b: Judged) -> Certainty:
    """The certainty of two mentions of one claim: the more careful, but a party's own word outranks hearsay."""
    if party_said(a) and b.certainty is Certainty.RUMOUR:
        return a.certainty
    if party_said(b) and a.certainty is Certainty.RUMOUR:
        return b.certainty
    return min(a.certainty, b.certainty, key=PRIORITY.index)


def party_said(judged: Judged) -> bool:
    """Whether a party says it in the sentence, and not only somebody about it."""
    return judged.said and judged.certainty is not Certainty.RUMOUR


def lead_of(merged: Sequence[Candidate]) -> Candidate | None:
    """The claim the entry is about: in the title or first paragraph and not retold, else the first not retold."""
    fresh = [c for c in merged if not c.judged.retold]
    moves = [c for c in fresh if c.kind.is_move]

    def place(c: Candidate) -> tuple[int, int, bool, int, int]:
        paragraph = min(r.sentence.paragraph for r in c.rows)
        aside = c.negated  # "wants alliances, not a merger"
        return (
            paragraph,
            c.rows[0].sentence.index if paragraph else 0,
            aside,
            -_LOUD.index(c.rule.severity),
            RANK.index(c.kind),
        )

    opening = [c for c in moves if place(c)[0] <= 1]
    if opening:
        return min(opening, key=place)
    news = [c for c in fresh if not c.kind.is_move and place(c)[0] <= 1]
    if news:
        return min(news, key=place)
    return min(moves or fresh, key=place, default=None)
