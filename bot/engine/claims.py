"""From rows to claims: rules make candidates, mentions of one claim are merged, one of them leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.claims import Certainty, Claim, Evidence, Family, Kind, Origin, OriginType
from bot.domain.rulebook import Cue, Parties, Rule, Rulebook, Severity, Status
from bot.engine import quotes
from bot.engine.anchors import anchors_of
from bot.engine.automaton import Hit
from bot.engine.certainty import PRIORITY, Judged, judge
from bot.engine.companies import Named
from bot.engine.conditions import Place, Scopes, companies_needed, rule_holds
from bot.engine.frames import Frame, find_frame
from bot.engine.origin import NAMED, Attribution, first_source
from bot.engine.rows import Row
from bot.engine.ventures import named_ventures, of_parents, only_described

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
#: How many sentences of the text may hedge a lead that stands in the title.
_OPENING = 2


@dataclass(slots=True)
class _Candidate:
    """A rule that holds in a sentence."""

    rule: Rule
    row: Row
    term: Hit | Named  #: what it hangs on: a phrase of the rule, or a venture's name
    frame: Frame
    judged: Judged
    rows: list[Row] = field(default_factory=list)
    others: list[_Candidate] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        return self.rule.kind

    @property
    def key(self) -> tuple[Kind, frozenset[str]]:
        return self.kind, frozenset((*self.frame.who, *self.frame.whom))


class ClaimFinder:
    """Applies the rules of one rulebook to the rows of an entry."""

    def __init__(self, rulebook: Rulebook, by_anchor: Mapping[str, Sequence[Rule]]) -> None:
        self._rulebook = rulebook
        self._by_anchor = by_anchor
        rules = [r for found in by_anchor.values() for r in found if r.status is Status.STABLE]
        self._partners = next((r for r in rules if r.kind is Kind.PARTNERSHIP), None)
        self._venture = next((r for r in rules if r.kind is Kind.JOINT_VENTURE), None)

    def find(
        self, rows: Sequence[Row], attributed: Sequence[Attribution], when: datetime | None
    ) -> tuple[tuple[Claim, ...], str]:
        """Every claim of the entry, the lead first, and the lead's quote."""
        candidates = self._candidates(rows, attributed, when)
        merged = _merge(_most_specific(candidates))
        merged += self._ventures(rows, merged)
        lead = _lead(merged)
        claims: list[Claim] = []
        if lead is not None:
            claims.append(self._lead_claim(lead, rows, attributed))
        sides = (c for c in merged if c is not lead and c.kind is not Kind.EV_NEWS)
        claims += [self._side_claim(c, lead, attributed) for c in sides]
        if lead is None:
            return tuple(claims), ""
        return tuple(claims), quotes.choose(lead.rows, rows, claims[0].certainty)

    def _candidates(
        self, rows: Sequence[Row], attributed: Sequence[Attribution], when: datetime | None
    ) -> list[_Candidate]:
        found: list[_Candidate] = []
        scopes = Scopes.of(rows)
        outlet_rows = {id(a.row) for a in attributed if a.origin.type is OriginType.OUTLET}
        topic: tuple[str, ...] = ()
        for row in rows:
            anchors = [] if row.has(Cue.NO_COMMENT) else row.terms
            for term, rule in ((t, r) for t in anchors for r in self._by_anchor.get(t.pattern.id, ())):
                frame = find_frame(row, term, rule.parties, companies_needed(rule), topic, kind=rule.kind)
                if frame is None or not frame.who:
                    continue
                described = False
                if rule.kind is Kind.JOINT_VENTURE:
                    frame = of_parents(frame, row, self._rulebook.companies)
                    if frame.size == 1 and self._rulebook.companies[frame.who[0]].venture_of:
                        continue  # a venture makes no venture with nobody
                    described = only_described(row, self._rulebook.companies)
                if rule_holds(rule, Place(row, term, frame.size), scopes, self._rulebook.companies):
                    judged = judge(row, term, frame, rule.kind, when, attributed=id(row) in outlet_rows)
                    judged = replace(judged, retold=judged.retold or described)
                    if frame.borrowed:  # who said it is not sure enough to count as a party's word
                        judged = replace(judged, said=False)
                    found.append(_Candidate(rule, row, term, frame, judged, [row]))
                    if rule.kind.is_move and rule.parties is Parties.ONE and frame.whom and self._partners is not None:
                        # what a company does with another makes them partners
                        both = replace(frame, who=(*frame.who, *frame.whom), whom=())
                        found.append(_Candidate(self._partners, row, term, both, judged, [row]))
            topic = _topic(row) or topic
        return found

    def _ventures(self, rows: Sequence[Row], told: Sequence[_Candidate]) -> list[_Candidate]:
        """A named venture pairs its parents, told as known, where no claim has paired them."""
        rule = self._venture
        paired = [c.key[1] for c in told if c.kind is Kind.JOINT_VENTURE]
        judged = Judged(Certainty.DONE, True, False, ())
        return [
            _Candidate(rule, row, name, Frame(parents), judged, [row])
            for row, name, parents in named_ventures(rows, self._rulebook.companies)
            if rule is not None and not any(set(parents) <= p for p in paired)
        ]

    def _lead_claim(self, lead: _Candidate, rows: Sequence[Row], attributed: Sequence[Attribution]) -> Claim:
        """The lead, hedged by what stands around it: a headline is often surer than its report."""
        certainty = lead.judged.certainty
        opening = [r for r in rows if r.sentence.paragraph > 0][:_OPENING]
        near = {id(r): r for r in (*lead.rows, *opening)}
        source = first_source([a for a in attributed if id(a.row) in near])
        said = any(_party_said(c.judged) for c in (lead, *lead.others))
        after = next((r for r in rows if r.sentence.index == lead.row.sentence.index + 1), None)
        hedges = [r for r in near.values() if _about(r, lead) or r is after]
        bare = [r for r in near.values() if not r.groups]  # names nobody: only who said it counts
        plain = certainty in (Certainty.ANNOUNCED, Certainty.DONE)
        named = source is not None and source.rank >= NAMED and any(r is source.row for r in (*hedges, *bare))
        if plain and any(r.has(Cue.CONFIRM) and not r.has(Cue.SOURCES) for r in hedges):
            certainty = Certainty.CONFIRMED
        elif (
            plain
            and not said
            and (
                named
                or any(r.has(Cue.HEARSAY, Cue.REPORTED, Cue.SOURCES) for r in hedges)
                or any(r.has(Cue.SOURCES) for r in bare)
            )
        ):
            certainty = Certainty.RUMOUR
        if certainty is Certainty.RUMOUR:
            source = first_source(attributed)
        opened = [r for r in rows if any(r is x for x in (*lead.rows, *hedges))]
        return self._claim(lead, certainty, False, self._origin(lead, certainty, source), lead=True, around=opened)

    def _side_claim(self, side: _Candidate, lead: _Candidate | None, attributed: Sequence[Attribution]) -> Claim:
        """A side claim is news only beside the lead, or with a fresh date of its own."""
        retold = side.judged.retold
        if lead is not None and not side.judged.dated:
            beside = side.row is lead.row or side.row.sentence.paragraph == 0
            retold = retold or not beside
        own = first_source([a for a in attributed if a.row is side.row])
        certainty = side.judged.certainty
        return self._claim(side, certainty, retold, self._origin(side, certainty, own), lead=False)

    def _origin(self, c: _Candidate, certainty: Certainty, source: Attribution | None) -> Origin | None:
        """Who said it: for what no party says the source, else the party where the sentence names it as speaker."""
        if certainty is Certainty.RUMOUR:
            return source.origin if source else None
        if certainty in (Certainty.DENIED, Certainty.CONFIRMED, Certainty.CANCELLED) or c.judged.said:
            return Origin(c.frame.who[0], OriginType.PARTY)
        return None

    def _claim(
        self,
        c: _Candidate,
        certainty: Certainty,
        retold: bool,
        origin: Origin | None,
        *,
        lead: bool,
        around: Sequence[Row] = (),
    ) -> Claim:
        return Claim(
            kind=c.kind,
            who=c.frame.who,
            whom=c.frame.whom,
            certainty=certainty,
            retold=retold,
            origin=origin,
            rule=c.rule.id,
            severity=c.rule.severity.value,
            lead=lead,
            evidence=_evidence(c),
            anchors=anchors_of(around or c.rows),
            draft=c.rule.status is Status.DRAFT,
        )


def _topic(row: Row) -> tuple[str, ...]:
    """The companies a sentence is about: its first group that nothing introduces."""
    return next((g.ids for g in row.groups if not g.introduced and not g.compared), ())


def _about(row: Row, lead: _Candidate) -> bool:
    """Whether a sentence goes on about the lead's parties."""
    return any(set(g.ids) & lead.key[1] for g in row.groups)


def _weight(c: _Candidate) -> tuple[int, int, int, int]:
    """Candidates of a sentence in order: what says most, then what is loudest, then what stands first."""
    return c.row.sentence.index, RANK.index(c.kind), -_LOUD.index(c.rule.severity), c.term.start


def _most_specific(found: Sequence[_Candidate]) -> list[_Candidate]:
    """In each sentence keep for the same parties the kind that says most."""
    kept: list[_Candidate] = []
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
    strong = [k for k in alliances if not any(cue.cue is Cue.NOT for cue in k.judged.cues)]
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


def _merge(found: Sequence[_Candidate]) -> list[_Candidate]:
    """Mentions of one claim become one, with the certainty of its most careful mention."""
    merged: dict[tuple[Kind, frozenset[str]], _Candidate] = {}
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
                said=_party_said(first.judged) or _party_said(c.judged),
            )
    return list(merged.values())


def _careful(a: Judged, b: Judged) -> Certainty:
    """The certainty of two mentions of one claim: the more careful, but a party's own word outranks hearsay."""
    if _party_said(a) and b.certainty is Certainty.RUMOUR:
        return a.certainty
    if _party_said(b) and a.certainty is Certainty.RUMOUR:
        return b.certainty
    return min(a.certainty, b.certainty, key=PRIORITY.index)


def _party_said(judged: Judged) -> bool:
    return judged.said and judged.certainty is not Certainty.RUMOUR


def _lead(merged: Sequence[_Candidate]) -> _Candidate | None:
    """The claim the entry is about: in the title or first paragraph and not retold, else the first not retold."""
    fresh = [c for c in merged if not c.judged.retold]
    moves = [c for c in fresh if c.kind.is_move]

    def place(c: _Candidate) -> tuple[int, int, bool, int, int]:
        paragraph = min(r.sentence.paragraph for r in c.rows)
        aside = any(k.cue is Cue.NOT for k in c.judged.cues)  # "wants alliances, not a merger"
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


def _evidence(c: _Candidate) -> tuple[Evidence, ...]:
    """The words the rule saw, in order of the entry."""
    text = c.row.text
    concept = c.term.pattern.id if isinstance(c.term, Hit) else f"company:{c.term.company}"
    found = [text.evidence(concept, c.term.start, c.term.end)]
    found += [text.evidence(f"company:{m.company}", m.start, m.end) for g in c.frame.groups for m in g.members]
    found += [text.evidence(f"cue:{k.cue.value}", k.start, k.end) for k in c.judged.cues]
    return tuple(sorted(dict.fromkeys(found), key=lambda e: (e.start, e.end, e.concept)))
