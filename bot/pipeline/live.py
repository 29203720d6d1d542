"""The rulebook in use: swapped whole, between two entries."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.claims import Reading
from bot.domain.entries import Entry
from bot.domain.rulebook import Rulebook

#: `Reader(rulebook).read`: pure.
Read = Callable[[Entry], Reading]


class Live:
    """Rulebook and reader that belong together."""

    def __init__(self, rulebook: Rulebook, read: Read) -> None:
        self._current = (rulebook, read)

    @property
    def rulebook(self) -> Rulebook:
        """As of now; take it once for work that must not see two."""
        return self._current[0]

    @property
    def read(self) -> Read:
        """The reader of this rulebook."""
        return self._current[1]

    def swap(self, rulebook: Rulebook, read: Read) -> None:
        """Use another from the next entry on."""
        self._current = (rulebook, read)
