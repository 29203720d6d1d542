"""Whether the lines of a rule hold around a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.claims import Field
from bot.domain.rulebook import AllOf, AnyOf, Companies, Company, Condition, Rule, Sector, Terms, Within
from bot.engine.automaton import Hit
from bot.engine.companies import Named
from bot.engine.rows import Row


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rule is tried: a sentence, the anchor in it, and how many parties its frame has."""

    row: Row
    term: Hit | Named
    parties: int


@dataclass(frozen=True, slots=True)
class Scopes:
    """What stands in each sentence, paragraph and field of one entry."""

    terms: Mapping[tuple[Within, int, Field], frozenset[str]]
    companies: Mapping[tuple[Within, int, Field], frozenset[str]]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Scopes:
        """Gather them once an entry."""
        terms: dict[tuple[Within, int, Field], set[str]] = {}
        companies: dict[tuple[Within, int, Field], set[str]] = {}
        for row in rows:
            s = row.sentence
            for key in ((Within.SENTENCE, s.index), (Within.PARAGRAPH, s.paragraph), (Within.ENTRY, 0)):
                terms.setdefault((*key, s.field), set()).update(t.pattern.id for t in row.terms)
                companies.setdefault((*key, s.field), set()).update(n.company for n in row.named)
        return cls({k: frozenset(v) for k, v in terms.items()}, {k: frozenset(v) for k, v in companies.items()})


def _look(
    found: Mapping[tuple[Within, int, Field], frozenset[str]], row: Row, within: Within, fields: frozenset[str]
) -> frozenset[str]:
    s = row.sentence
    if within is Within.CLAUSE:
        within = Within.SENTENCE
    number = {Within.SENTENCE: s.index, Within.PARAGRAPH: s.paragraph, Within.ENTRY: 0}[within]
    title = found.get((within, number, Field.TITLE), frozenset()) if "title" in fields else frozenset()
    text = found.get((within, number, Field.TEXT), frozenset()) if "text" in fields else frozenset()
    return title | text


def holds(condition: Condition, place: Place, scopes: Scopes, companies: Mapping[str, Company]) -> bool:
    """Whether one line of a rule holds at this place."""
    row, term = place.row, place.term
    match condition:
        case Companies(count, within, fields):
            if within in (Within.CLAUSE, Within.SENTENCE):
                return place.parties >= count
            return len(_look(scopes.companies, row, within, fields)) >= count
        case Terms(list_id, Within.CLAUSE, fields):
            start, end = row.clause(term.start, term.end, 1)
            inside = (t for t in row.terms if t.start >= start and t.end <= end and t.pattern.id == list_id)
            return row.sentence.field.value in fields and next(inside, None) is not None
        case Terms(list_id, within, fields):
            return list_id in _look(scopes.terms, row, within, fields)
        case Sector(sectors, within, fields):
            found = _look(scopes.companies, row, within, fields)
            return any(sectors.intersection(companies[c].sector) for c in found if c in companies)
        case AnyOf(conditions):
            return any(holds(c, place, scopes, companies) for c in conditions)
        case AllOf(conditions):
            return all(holds(c, place, scopes, companies) for c in conditions)


def rule_holds(rule: Rule, place: Place, scopes: Scopes, companies: Mapping[str, Company]) -> bool:
    """Whether every line of `all` and no line of `none` holds."""
    return all(holds(c, place, scopes, companies) for c in rule.all) and not any(
        holds(c, place, scopes, companies) for c in rule.none
    )


def companies_needed(rule: Rule) -> int:
    """How many parties the rule wants in the sentence."""
    return max((c.count for c in rule.all if isinstance(c, Companies) and c.within is Within.SENTENCE), default=1)
