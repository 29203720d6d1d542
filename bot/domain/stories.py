"""Stories: one happening, told by several entries over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.claims import Certainty, Claim, Family, Kind
from bot.domain.entries import EntryId, StoredEntry

StoryId = NewType("StoryId", int)


@dataclass(frozen=True, slots=True)
class Story:
    """Lead claims joined over time. `id` is 0 until the store has given it one."""

    id: StoryId
    kind: Kind  #: of its first lead claim
    parties: frozenset[str]
    anchors: frozenset[str]  #: named things, places, amounts, dates of its lead claims
    certainty: Certainty
    revision: int  #: raised at every change a channel should see
    opened_at: datetime
    last_claim_at: datetime | None  #: None: only undated claims so far
    changed_at: datetime  #: when its certainty last changed
    closed: bool = False  #: cancelled: a later announcement opens a new story that links it
    follows: StoryId | None = None
    related: tuple[StoryId, ...] = ()  #: bridges: never merged once told
    origins: frozenset[str] = frozenset()  #: who said it, by origin: ten copies of one wire are one
    outlets: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()

    @property
    def family(self) -> Family:
        """The family of its kind."""
        return self.kind.family

    @property
    def name(self) -> str:
        """As people write it: S42."""
        return f"S{self.id}"

    def with_id(self, id: StoryId) -> Story:
        """The same story, with the id the store gave it."""
        return replace(self, id=id)


class Change(StrEnum):
    """What an entry did to a story, the loudest first."""

    OPENED = "opened"
    LINE = "line"  #: a change of certainty
    EDITED = "edited"  #: another outlet, or a denial by no party
    SIDE = "side"  #: a side claim joined: shown nowhere, changes nothing
    NOTHING = "nothing"  #: the same outlet with nothing new


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """An entry's part in a story."""

    entry: EntryId
    claim: Claim
    change: Change
    certainty: Certainty  #: the story's after this entry


@dataclass(frozen=True, slots=True)
class StoryUpdate:
    """What one poll did to one story. `story.id` 0 means new."""

    before: Story | None
    story: Story
    entries: tuple[StoryEntry, ...]  #: in order
    lead_entries: tuple[StoredEntry, ...]  #: those of `entries` whose lead joined, in the same order

    @property
    def change(self) -> Change:
        """The loudest of its entries' changes."""
        order = list(Change)
        return min((e.change for e in self.entries), key=order.index, default=Change.NOTHING)


@dataclass(frozen=True, slots=True)
class Told:
    """One report of a story as a message shows it."""

    entry: EntryId
    title: str
    link: str | None
    outlet: str
    published: datetime | None
    language: str | None
    quote: str
    claim: Claim
    change: Change
    certainty: Certainty
    sides: tuple[Claim, ...]  #: the other claims of the same entry


@dataclass(frozen=True, slots=True)
class StoryView:
    """All that a message about a story needs, oldest report first."""

    story: Story
    reports: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that was looked for, with the story its lead joined."""

    entry: StoredEntry
    story: StoryId | None
    certainty: Certainty | None = None  #: the story's now
