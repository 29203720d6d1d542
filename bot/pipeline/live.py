"""The rulebook in use: swapped whole, between two entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.domain.claims import Reading
from bot.domain.entries import Entry
from bot.domain.rulebook import Rulebook
from bot.engine.misses import Miss

Read = Callable[[Entry], Reading]


class Reads(Protocol):
    """What reads by a rulebook: a `bot.engine.reader.Reader`. Pure."""

    def read(self, entry: Entry) -> Reading:
        """Understand one entry."""
        ...

    def misses(self, entry: Entry, limit: int = 3) -> Sequence[Miss]:
        """What was missing for a claim, the nearest first."""
        ...


class Live:
    """Rulebook and reader that belong together."""

    def __init__(self, rulebook: Rulebook, reader: Reads) -> None:
        self._current = (rulebook, reader)

    @property
    def rulebook(self) -> Rulebook:
        """As of now; take it once for work that must not see two."""
        return self._current[0]

    @property
    def reader(self) -> Reads:
        """The reader of this rulebook."""
        return self._current[1]

    @property
    def read(self) -> Read:
        """How this rulebook reads an entry."""
        return self.reader.read

    def swap(self, rulebook: Rulebook, reader: Reads) -> None:
        """Use another from the next entry on."""
        self._current = (rulebook, reader)
