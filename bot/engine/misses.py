"""What was missing for a claim: for whoever asks why an entry told nothing. Slower than reading, and asked seldom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.claims import Field
from bot.domain.rulebook import (
    AllOf,
    AnyOf,
    Companies,
    Company,
    Condition,
    Rule,
    Rulebook,
    Sector,
    Status,
    Terms,
    Within,
)
from bot.engine.automaton import Hit, What
from bot.engine.companies import Named
from bot.engine.conditions import Place, Scopes, holds
from bot.engine.frames import Frame
from bot.engine.hygiene import shown
from bot.engine.rows import Row

_MAX_SENTENCE = 300


class Lack(StrEnum):
    """The one thing that was missing, the nearest to a claim first."""

    UNWANTED = "unwanted"  #: something stands there that the rule excludes
    TERMS = "terms"  #: a phrase of a term list
    SECTOR = "sector"  #: a company of a sector
    PARTNER = "partner"  #: more companies that do it together
    SUBJECT = "subject"  #: companies stand there, and none of them is the one that does it
    PROOF = "proof"  #: a doubtful spelling of a company stands there, and nothing that proves it is meant
    ANCHOR = "anchor"  #: companies stand there, and no word that any rule begins with
    COMPANY = "company"  #: no company we know stands there


@dataclass(frozen=True, slots=True)
class Miss:
    """A claim that was nearly made."""

    lack: Lack
    rule: str | None  #: the rule that came so near; None where none was tried
    words: tuple[str, ...]  #: what stands there: phrases and names, as written
    wanted: tuple[str, ...]  #: any of these would have done: ids of term lists or sectors, a number of companies
    within: Within  #: how near it was wanted
    sentence: str  #: where, as written


def nearest(
    rows: Sequence[Row],
    named: Sequence[Named],
    hits: Sequence[Sequence[Hit]],
    tried: Iterable[tuple[Row, Hit, Rule, Frame | None]],
    rulebook: Rulebook,
) -> tuple[Miss, ...]:
    """The claims that came nearest: first those that lack one thing, of these the ones in the title.

    `hits`: everything found in the title, and in the text; `tried`: each rule where its anchor stands.
    """
    scopes = Scopes.of(rows)
    found: dict[tuple[object, ...], tuple[tuple[int, ...], Miss]] = {}

    def add(miss: Miss, lacks: int, row: Row | None) -> None:
        place = row.sentence.index if row else 0
        rank = lacks, list(Lack).index(miss.lack), place
        key = miss.lack, miss.rule, miss.wanted
        if key not in found or rank < found[key][0]:
            found[key] = rank, miss

    begun: set[int] = set()  #: sentences in which some rule begins
    for one in tried:
        begun.add(one[0].sentence.index)
        if one[2].status is Status.STABLE and one[2].kind.is_move:
            for lacks, miss in _tried(one, scopes, rulebook.companies):
                add(miss, lacks, one[0])
    for row, hit in _doubtful(rows, named, hits):
        add(Miss(Lack.PROOF, None, (_said(row, hit),), hit.pattern.needs, Within.SENTENCE, _sentence(row)), 1, row)
    for row in rows:
        names = tuple(dict.fromkeys(_said(row, m) for g in row.groups for m in g.members))
        wanted = _anchors(row, scopes, rulebook) if names and row.sentence.index not in begun else ()
        if wanted:
            add(Miss(Lack.ANCHOR, None, names, wanted, Within.SENTENCE, _sentence(row)), 2, row)
        elif not names and row.labels:  # Tesla rival X: the name only describes somebody else
            names = tuple(dict.fromkeys(_said(row, m) for m in row.labels))
            add(Miss(Lack.SUBJECT, None, names, (), Within.SENTENCE, _sentence(row)), 2, row)
    if not named and not any(miss.lack is Lack.PROOF for _, miss in found.values()):
        terms = next((r for r in rows if any(t.pattern.id in r.anchors for t in r.terms)), None)
        words = tuple(dict.fromkeys(_said(terms, t) for t in terms.terms)) if terms else ()
        add(Miss(Lack.COMPANY, None, words, (), Within.ENTRY, _sentence(terms) if terms else ""), 1, terms)
    return tuple(miss for _, miss in sorted(found.values(), key=lambda f: f[0]))


def _tried(
    tried: tuple[Row, Hit, Rule, Frame | None], scopes: Scopes, companies: Mapping[str, Company]
) -> Iterator[tuple[int, Miss]]:
    """What one rule lacks where its anchor stands: nothing where it holds."""
    row, term, rule, frame = tried
    words: tuple[str, ...] = (_said(row, term),)
    place = Place(row, term, frame.size if frame else 0)
    lacks: list[tuple[Lack, tuple[str, ...], Within]] = []
    if frame is None:
        needs = max((c.count for c in rule.all if isinstance(c, Companies)), default=1)
        here = {m.company for g in row.groups for m in g.members}
        if not here:
            return  # somewhere else in the entry a company stands, or none does: both are said once
        one = len(here) < needs
        lacks.append((Lack.PARTNER if one else Lack.SUBJECT, (str(needs),), Within.SENTENCE))
        words += tuple(dict.fromkeys(_said(row, m) for g in row.groups for m in g.members))
    rest = [c for c in rule.all if frame is not None or not isinstance(c, Companies)]
    lacks += [_lack(c) for c in rest if not holds(c, place, scopes, companies)]
    lacks += [(Lack.UNWANTED, _lack(c)[1], _lack(c)[2]) for c in rule.none if holds(c, place, scopes, companies)]
    for lack, wanted, within in lacks:
        yield len(lacks), Miss(lack, rule.id, words, wanted, within, _sentence(row))


def _lack(condition: Condition) -> tuple[Lack, tuple[str, ...], Within]:
    """A line of a rule as what is missing where it does not hold."""
    match condition:
        case Companies(count, within, _):
            return Lack.PARTNER, (str(count),), within
        case Terms(list_id, within, _):
            return Lack.TERMS, (list_id,), within
        case Sector(sectors, within, _):
            return Lack.SECTOR, tuple(sorted(sectors)), within
        case AnyOf(conditions) | AllOf(conditions):
            parts = [_lack(c) for c in conditions]
            wanted = dict.fromkeys(w for _, words, _ in parts for w in words)
            return parts[0][0], tuple(wanted), parts[0][2]


def _doubtful(rows: Sequence[Row], named: Sequence[Named], hits: Sequence[Sequence[Hit]]) -> Iterator[tuple[Row, Hit]]:
    """Spellings of companies that prove nothing alone, where nothing proves them; each company once."""
    meant = {n.company for n in named}
    for number, field in enumerate((Field.TITLE, Field.TEXT)):
        for hit in hits[number]:
            pattern = hit.pattern
            if pattern.what is not What.COMPANY or pattern.id in meant or not pattern.needs:
                continue
            row = next((r for r in rows if r.sentence.field is field and _in(r, hit)), None)
            if row is not None:
                meant.add(pattern.id)
                yield row, hit


def _anchors(row: Row, scopes: Scopes, rulebook: Rulebook) -> tuple[str, ...]:
    """The anchors of the rules for which all else stands in this sentence."""
    first = row.groups[0].members[0]
    place = Place(row, first, len({m.company for g in row.groups for m in g.members}))
    found: dict[str, None] = {}
    for rule in rulebook.rules.values():
        if rule.status is not Status.STABLE or not rule.kind.is_move or rule.anchor is None:
            continue
        rest = [c for c in rule.all if rule.anchor not in _lack(c)[1]]
        if all(holds(c, place, scopes, rulebook.companies) for c in rest):
            found[rule.anchor] = None
    return tuple(found)


def _in(row: Row, hit: Hit) -> bool:
    return row.sentence.start <= hit.start and hit.end <= row.sentence.end


def _said(row: Row, mark: Hit | Named) -> str:
    """The words of a mark as the entry writes them."""
    return shown(row.text.plain_slice(mark.start, mark.end), 60)


def _sentence(row: Row) -> str:
    return shown(row.text.plain_slice(row.sentence.start, row.sentence.end), _MAX_SENTENCE)
