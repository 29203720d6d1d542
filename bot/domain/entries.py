"""Entries: one item of a feed, from the parser to the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NewType

from bot.domain.claims import Reading

EntryId = NewType("EntryId", int)

#: How much of an entry's text is kept and read, in code points.
MAX_TEXT = 20_000
MAX_TITLE = 1_000


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """An item as the feed's document has it; links absolute, NUL cleaned, nothing decided."""

    guid: str | None
    link: str | None
    title: str  #: plain text
    text: str  #: plain text or HTML, whichever is longer of content and summary
    published: datetime | None = None  #: aware; untrusted
    outlet_name: str | None = None  #: of the entry's `<source>`
    outlet_link: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry to be read. `explain`, cases and feeds all make these."""

    title: str
    text: str
    link: str | None = None
    published: datetime | None = None  #: aware
    seen_at: datetime | None = None  #: aware; the clock of relative dates where `published` is missing or absurd
    outlet: str | None = None  #: its name as shown
    language: str | None = None  #: a hint, never a condition

    @property
    def when(self) -> datetime | None:
        """The date to reckon with: as published, but never after it was seen."""
        if self.published and self.seen_at:
            return min(self.published, self.seen_at)
        return self.published or self.seen_at


@dataclass(frozen=True, slots=True)
class FreshEntry:
    """An entry the store has not seen, or not in these words; with the keys it will be known by."""

    parsed: ParsedEntry
    entry: Entry
    keys: tuple[str, ...]  #: `link:...`, `guid:...`, `title:...`; the first is its identity in the feed
    same_as: EntryId | None = None  #: held back by its title alone; stored, not told
    edits: EntryId | None = None  #: the known entry, without a claim so far, that it is now
    fingerprint: str = ""  #: see bot.domain.edits


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """A fresh entry with its reading; ready for the transaction."""

    fresh: FreshEntry
    reading: Reading
    silent: bool = False  #: part of a first poll's backlog: read and stored, not told
    rulebook: str = ""  #: hash of the rules it was read by


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of the database."""

    id: EntryId
    feed: str  #: the feed spec's id
    entry: Entry
    reading: Reading
    silent: bool = False
    same_as: EntryId | None = None
    rulebook: str = ""  #: hash of the rules it was read by

    def __hash__(self) -> int:
        return hash(self.id)
