"""Gold entries: what an analyst would have understood, and the answer that is held against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.claims import Certainty, Kind
from bot.pipeline.batch import BatchEntry, parse_line

#: What an entry is or is not: electric cars, an alliance, worth an alert, told at once.
FLAGS = ("ev", "jv", "alert", "move")
#: Everything told is told as known.
BACKGROUND = "background"
NOTHING_CLAIMED = "n/a"
CERTAINTIES = frozenset({*(c.value for c in Certainty), BACKGROUND, NOTHING_CLAIMED})

_KINDS = frozenset(kind.value for kind in Kind)
_MANDATORY = ("lang", "type", "companies", "alert")
_TEXTS = ("type", "certainty", "event_id", "why")
_NAMES = ("companies", "companies_optional", "certainty_also", "disputed", "event_related")
_LINKS = ("relations", "relations_optional", "pairs_agreed")

Pair = tuple[str, str]
#: Two companies in order of the alphabet, and the kind of what they do.
Relation = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Gold:
    """An entry with its labels. Readers of an entry may differ: what they differ on is left open."""

    item: BatchEntry
    lang: str
    type: str  #: positive, hard_negative, noise ...
    companies: frozenset[str]
    optional: frozenset[str]  #: companies that may be found or not
    flags: frozenset[str]  #: those of FLAGS that hold
    disputed: frozenset[str]  #: those of FLAGS that are not judged
    certainty: str
    certainties: frozenset[str]  #: every one that is right
    relations: frozenset[Relation]
    free_relations: frozenset[Relation]  #: may be found or not
    pairs: frozenset[Pair]
    free_pairs: frozenset[Pair]
    event: str | None  #: entries with the same one are one story
    related: frozenset[str]  #: events it may be joined with or not
    why: str

    @property
    def id(self) -> str:
        """As the file has it."""
        return self.item.id


@dataclass(frozen=True, slots=True)
class Answer:
    """What came out for an entry."""

    companies: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    certainty: str = NOTHING_CLAIMED
    relations: frozenset[Relation] = frozenset()
    story: str | None = None

    @property
    def pairs(self) -> frozenset[Pair]:
        """The relations without their kinds."""
        return pairs_of(self.relations)


def pairs_of(relations: Iterable[Relation]) -> frozenset[Pair]:
    """Who with whom, whatever they do."""
    return frozenset((a, b) for a, b, _ in relations)


def relation(a: str, b: str, kind: str) -> Relation:
    """A relation has no direction."""
    return (min(a, b), max(a, b), kind)


def answer_of(prediction: Mapping[str, Any]) -> Answer:
    """From a prediction as `bot.pipeline.batch.predict` makes it."""
    return Answer(
        companies=frozenset(prediction["companies"]),
        flags=frozenset(flag for flag in FLAGS if prediction[flag]),
        certainty=prediction["certainty"] or NOTHING_CLAIMED,
        relations=frozenset(relation(a, b, kind) for a, b, kind in prediction["relations"]),
        story=prediction["story"],
    )


def slips(line: Any) -> list[tuple[str, str]]:
    """(key, message) of every mistake in a gold line; an empty list where it can be parsed."""
    try:
        parse_line(line)
    except ValueError as e:
        found = [("", str(e))]
        if not isinstance(line, dict):
            return found
    else:
        found = []
    found += [(key, "is missing") for key in _MANDATORY if line.get(key) is None]
    found += [(k, "must be text") for k in _TEXTS if line.get(k) is not None and not isinstance(line[k], str)]
    found += [(k, "must be true or false") for k in FLAGS if line.get(k) is not None and not isinstance(line[k], bool)]
    for key in _NAMES:
        names = line.get(key)
        if names is None:
            continue
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            found.append((key, "must be a list of names"))
    for key in _LINKS:
        links = line.get(key)
        if links is None:
            continue
        if not isinstance(links, list):
            found.append((key, "must be a list"))
        else:
            found += [(f"{key}.{i}", said) for i, link in enumerate(links) if (said := _slip(key, link))]
    return found or _wrong_words(line)


def _slip(key: str, link: Any) -> str | None:
    """What is wrong with one relation or pair."""
    if not isinstance(link, list) or not all(isinstance(word, str) for word in link):
        return "must be names in a list"
    if len(link) != 3 and not (key == "pairs_agreed" and len(link) == 2):
        return "must be two companies" + (" and a kind" if key != "pairs_agreed" else "")
    if len(link) == 3 and link[2] not in _KINDS:
        return f"{link[2]!r} is no kind of claim"
    return None


def _wrong_words(line: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Words of closed sets that are not in theirs; the shape is right."""
    found = []
    if line["alert"] and line.get("certainty") is None:
        found.append(("certainty", "is missing: the entry is worth an alert"))
    for key, words in (("certainty", [line.get("certainty")]), ("certainty_also", line.get("certainty_also") or [])):
        found += [
            (key, f"{w!r} is none of {', '.join(sorted(CERTAINTIES))}") for w in words if w and w not in CERTAINTIES
        ]
    strangers = [flag for flag in line.get("disputed") or [] if flag not in FLAGS]
    return found + [("disputed", f"{flag!r} is none of {', '.join(FLAGS)}") for flag in strangers]


def parse_gold(line: Any) -> Gold:
    """A gold entry from one JSON object that has no slips; what it does not say does not hold.

    Two brands of one owner are one company: such a relation with itself is none.
    """
    relations, free = _relations(line, "relations"), _relations(line, "relations_optional")
    agreed = line.get("pairs_agreed")
    certainty = line.get("certainty") or NOTHING_CLAIMED
    event = line.get("event_id") or None
    return Gold(
        item=parse_line(line),
        lang=line["lang"],
        type=line["type"],
        companies=_names(line, "companies"),
        optional=_names(line, "companies_optional"),
        flags=frozenset(flag for flag in FLAGS if line.get(flag)),
        disputed=_names(line, "disputed"),
        certainty=certainty,
        certainties=frozenset({certainty}) | _names(line, "certainty_also"),
        relations=relations,
        free_relations=free,
        pairs=pairs_of(relations) if agreed is None else _pairs(agreed),
        free_pairs=pairs_of(free),
        event=event,
        related=_names(line, "event_related") - {event},
        why=line.get("why") or "",
    )


def _names(line: Mapping[str, Any], key: str) -> frozenset[str]:
    return frozenset(line.get(key) or ())


def _relations(line: Mapping[str, Any], key: str) -> frozenset[Relation]:
    return frozenset(relation(a, b, kind) for a, b, kind in line.get(key) or () if a != b)


def _pairs(links: Iterable[Sequence[str]]) -> frozenset[Pair]:
    return frozenset((min(a, b), max(a, b)) for a, b, *_ in links if a != b)
