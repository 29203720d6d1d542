"""From rows to claims: rules make candidates, mentions of one claim are merged, one of them leads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.claims import Certainty, Claim, Evidence, Kind, Origin, OriginType
from bot.domain.rulebook import Cue, Parties, Rule, Rulebook, Status
from bot.engine import quotes
from bot.engine.anchors import anchors_of
from bot.engine.automaton import Hit
from bot.engine.candidates import Candidate, lead_of, merge, most_specific, party_said
from bot.engine.certainty import Judged, judge
from bot.engine.conditions import Place, Scopes, companies_needed, rule_holds
from bot.engine.frames import Frame, find_frame
from bot.engine.origin import NAMED, Attribution, first_source
from bot.engine.rows import Row
from bot.engine.ventures import named_ventures, of_parents, only_described

#: How many sentences of the text may hedge a lead that stands in the title.
_OPENING = 2


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
        merged = merge(most_specific(candidates))
        merged += self._ventures(rows, merged)
        lead = lead_of(merged)
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
    ) -> list[Candidate]:
        found: list[Candidate] = []
        scopes = Scopes.of(rows)
        outlet_rows = {id(a.row) for a in attributed if a.origin.type is OriginType.OUTLET}
        for row, term, rule, frame in self.tried(rows):
            if frame is None or not rule_holds(rule, Place(row, term, frame.size), scopes, self._rulebook.companies):
                continue
            judged = judge(row, term, frame, rule.kind, when, attributed=id(row) in outlet_rows)
            if rule.kind is Kind.JOINT_VENTURE and only_described(row, self._rulebook.companies):
                judged = replace(judged, retold=True)
            if frame.borrowed:  # who said it is not sure enough to count as a party's word
                judged = replace(judged, said=False)
            found.append(Candidate(rule, row, term, frame, judged, [row]))
            if rule.kind.is_move and rule.parties is Parties.ONE and frame.whom and self._partners is not None:
                # what a company does with another makes them partners
                both = replace(frame, who=(*frame.who, *frame.whom), whom=())
                found.append(Candidate(self._partners, row, term, both, judged, [row]))
        return found

    def tried(self, rows: Sequence[Row]) -> Iterator[tuple[Row, Hit, Rule, Frame | None]]:
        """Every rule at each of its anchors, with the parties it finds there, if any."""
        topic: tuple[str, ...] = ()
        for row in rows:
            anchors = [] if row.has(Cue.NO_COMMENT) else row.terms
            for term, rule in ((t, r) for t in anchors for r in self._by_anchor.get(t.pattern.id, ())):
                frame = find_frame(row, term, rule.parties, companies_needed(rule), topic, kind=rule.kind)
                if frame is not None and rule.kind is Kind.JOINT_VENTURE and frame.who:
                    frame = of_parents(frame, row, self._rulebook.companies)
                    if frame.size == 1 and self._rulebook.companies[frame.who[0]].venture_of:
                        frame = None  # a venture makes no venture with nobody
                yield row, term, rule, frame if frame is not None and frame.who else None
            topic = _topic(row) or topic

    def _ventures(self, rows: Sequence[Row], told: Sequence[Candidate]) -> list[Candidate]:
        """A named venture pairs its parents, told as known, where no claim has paired them."""
        rule = self._venture
        paired = [c.key[1] for c in told if c.kind is Kind.JOINT_VENTURE]
        judged = Judged(Certainty.DONE, True, False, ())
        return [
            Candidate(rule, row, name, Frame(parents), judged, [row])
            for row, name, parents in named_ventures(rows, self._rulebook.companies)
            if rule is not None and not any(set(parents) <= p for p in paired)
        ]

    def _lead_claim(self, lead: Candidate, rows: Sequence[Row], attributed: Sequence[Attribution]) -> Claim:
        """The lead, hedged by what stands around it: a headline is often surer than its report."""
        certainty = lead.judged.certainty
        opening = [r for r in rows if r.sentence.paragraph > 0][:_OPENING]
        near = {id(r): r for r in (*lead.rows, *opening)}
        source = first_source([a for a in attributed if id(a.row) in near])
        said = any(party_said(c.judged) for c in (lead, *lead.others))
        after = next((r for r in rows if r.sentence.index == lead.row.sentence.index + 1), None)
        hedges = [r for r in near.values() if _about(r, lead) or r is after]
        bare = [r for r in near.values() if not r.groups]  # names nobody: only who said it counts
        plain = certainty in (Certainty.ANNOUNCED, Certainty.DONE)
        named = source is not None and source.rank >= NAMED and any(r is source.row for r in (*hedges, *bare))
        if any(_denies_all(r) and _about(r, lead) for r in hedges):
            certainty = Certainty.DENIED
        elif plain and any(r.has(Cue.CONFIRM) and not r.has(Cue.SOURCES) for r in hedges):
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

    def _side_claim(self, side: Candidate, lead: Candidate | None, attributed: Sequence[Attribution]) -> Claim:
        """A side claim is news only beside the lead, or with a fresh date of its own."""
        retold = side.judged.retold
        if lead is not None and not side.judged.dated:
            beside = side.row is lead.row or side.row.sentence.paragraph == 0
            retold = retold or not beside
        own = first_source([a for a in attributed if a.row is side.row])
        certainty = side.judged.certainty
        return self._claim(side, certainty, retold, self._origin(side, certainty, own), lead=False)

    def _origin(self, c: Candidate, certainty: Certainty, source: Attribution | None) -> Origin | None:
        """Who said it: for what no party says the source, else the party where the sentence names it as speaker."""
        if certainty is Certainty.RUMOUR:
            return source.origin if source else None
        if certainty in (Certainty.DENIED, Certainty.CONFIRMED, Certainty.CANCELLED) or c.judged.said:
            return Origin(c.frame.who[0], OriginType.PARTY)
        return None

    def _claim(
        self,
        c: Candidate,
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


def _denies_all(row: Row) -> bool:
    """Whether a sentence does nothing but deny what was said before it: the company denied the report."""
    return row.has(Cue.DENY) is not None and not any(t.pattern.id in row.anchors for t in row.terms)


def _about(row: Row, lead: Candidate) -> bool:
    """Whether a sentence goes on about the lead's parties."""
    return any(set(g.ids) & lead.key[1] for g in row.groups)


def _evidence(c: Candidate) -> tuple[Evidence, ...]:
    """The words the rule saw, in order of the entry."""
    text = c.row.text
    concept = c.term.pattern.id if isinstance(c.term, Hit) else f"company:{c.term.company}"
    found = [text.evidence(concept, c.term.start, c.term.end)]
    found += [text.evidence(f"company:{m.company}", m.start, m.end) for g in c.frame.groups for m in g.members]
    found += [text.evidence(f"cue:{k.cue.value}", k.start, k.end) for k in c.judged.cues]
    return tuple(sorted(dict.fromkeys(found), key=lambda e: (e.start, e.end, e.concept)))
