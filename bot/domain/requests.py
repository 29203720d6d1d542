"""What somebody typed or clicked, the same from every platform."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from bot.domain.channels import ChannelRef


class Role(IntEnum):
    """What somebody may do, as the platform sees them; each may all that stands before it."""

    GUEST = 0  #: look-ups only: guests, people of other organisations
    MEMBER = 1  #: their own channel's subscriptions, mutes and settings
    ADMIN = 2  #: watch lists and feeds too
    OPERATOR = 3  #: named by EVWATCH_OPERATORS: everything, everywhere


@dataclass(frozen=True, slots=True)
class Request:
    """One command. `event` is the platform's id of it: the same one twice is answered once."""

    text: str  #: as typed, without `/ev`, `!ev` or the mention
    channel: ChannelRef
    person: ChannelRef  #: `slack:T024BE/U012AB`, `matrix:@me:example.org`
    role: Role = Role.MEMBER
    event: str = ""
    message: str | None = None  #: the platform's id of the message it was clicked on: "this story"
