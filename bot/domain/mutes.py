"""What people say to what they were told: mutes and feedback."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.domain.channels import ChannelRef
from bot.domain.stories import StoryId

MuteId = NewType("MuteId", int)


class Mutable(StrEnum):
    """What can be muted."""

    COMPANY = "company"
    STORY = "story"
    WATCHLIST = "watchlist"


@dataclass(frozen=True, slots=True)
class Mute:
    """A company, story or watch list that a channel, or every channel, does not want to hear of for a while."""

    id: MuteId  #: 0 until the store has given it one
    channel: ChannelRef | None  #: None: everywhere
    what: Mutable
    name: str  #: company id, watch list id, or the story's number
    until: datetime | None  #: None: until it is ended
    by: str  #: who said so, as `platform:user`
    at: datetime
    companies: frozenset[str] = frozenset()  #: what it silences now: the company, or the list's members

    def covers(self, story: StoryId) -> bool:
        """Whether it is this story that is muted."""
        return self.what is Mutable.STORY and self.name == str(story)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one person thinks of one story; the last word counts."""

    story: StoryId
    person: str  #: `platform:user`
    channel: ChannelRef
    useful: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Score:
    """What people thought of one rule's stories."""

    rule: str
    told: int  #: stories told
    useful: int
    useless: int
