"""Texts in, readings out, in as few words as a table needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.domain.claims import Claim, Evidence, OriginType, Reading
from bot.domain.entries import Entry
from bot.engine.reader import Reader

#: The day the texts of the tables were written.
DAY = datetime(2021, 2, 19, 8, tzinfo=UTC)


def entry(text: str, title: str = "", *, day: datetime | None = DAY) -> Entry:
    """An entry of that day."""
    return Entry(title=title, text=text, published=day)


def told(claim: Claim | None) -> str:
    """A claim in one line: `byd > tesla: supply, announced`; equals are joined by `+`, in order of the alphabet."""
    if claim is None:
        return "nothing"
    who = " + ".join(sorted(claim.who))
    whom = f" > {' + '.join(sorted(claim.whom))}" if claim.whom else ""
    return f"{who}{whom}: {claim.kind}, {claim.certainty}"


def lead(reader: Reader, text: str, title: str = "") -> str:
    """The lead of a text, in one line."""
    return told(reader.read(entry(text, title)).lead)


def parties(reader: Reader, text: str, title: str = "") -> str:
    """The lead of a text without its certainty."""
    return lead(reader, text, title).rpartition(",")[0] or "nothing"


def companies(reader: Reader, text: str) -> set[str]:
    """Every company a text names."""
    return set(reader.read(entry(text)).companies)


def all_evidence(reading: Reading) -> Iterator[Evidence]:
    """Everything the reading points at."""
    for claim in reading.claims:
        yield from claim.evidence
    for mention in reading.mentions:
        yield from mention.evidence


def assert_slices(of: Entry, reading: Reading) -> None:
    """Each piece of evidence is exactly what stands at its place, and is not nothing."""
    for e in all_evidence(reading):
        assert getattr(of, e.field.value)[e.start : e.end] == e.text, e
        assert e.text.strip(), e


def understood(reading: Reading) -> dict[str, object]:
    """A reading without its places and spellings, to be compared with that of the same text in other bytes.

    Insiders and documents are named in the words of the text: only that they are named is compared.
    """
    return {
        "language": reading.language,
        "mentions": [(m.company, m.aboutness, len(m.evidence)) for m in reading.mentions],
        "topics": reading.topics,
        "silent": reading.did_not_comment,
        "claims": [
            (
                c.kind,
                c.who,
                c.whom,
                c.certainty,
                c.retold,
                c.lead,
                c.rule,
                c.anchors,
                c.origin and (c.origin.type in _IN_ITS_WORDS or _plain(c.origin.name), c.origin.type),
                [e.concept for e in c.evidence],
            )
            for c in reading.claims
        ],
    }


_IN_ITS_WORDS = (OriginType.SOURCES, OriginType.DOCUMENT)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", "".join(c for c in name if unicodedata.category(c) != "Cf"))
