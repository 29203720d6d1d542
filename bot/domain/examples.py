"""What the rules promise of themselves: examples of one rule or language, and cases of several entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.claims import Certainty, Kind


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example expects; None is not checked."""

    kind: Kind | None = None
    who: tuple[str, ...] | None = None
    whom: tuple[str, ...] | None = None
    certainty: Certainty | None = None
    retold: bool | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence or entry with what must come out; `expect` None means no claim of this rule (nothing)."""

    text: str
    expect: Expected | None
    title: str = ""
    date: date | None = None
    language: str | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry of a case."""

    title: str
    text: str
    date: date | None
    outlet: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """Several entries and the stories and messages that must come out; None is not checked."""

    id: str
    title: str
    entries: tuple[CaseEntry, ...]
    stories: int | None = None
    certainty: Certainty | None = None  #: of the last story
    lines: int | None = None
    file: str = ""
    line: int = 0
