"""What somebody typed or clicked, the same from every platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.channels import Channel, ChannelRef, Subscription
from bot.domain.messages import Message


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
    here: bool = True  #: False: the bot is not in that channel, so nothing could be told there


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a form."""

    value: str  #: as it would be typed
    label: str  #: as people read it


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription as a form shows it."""

    subscription: Subscription
    words: str
    outlets: tuple[str, ...]  #: of its filter, as they would be typed


@dataclass(frozen=True, slots=True)
class Overview:
    """All that forms and start pages show, in the channel's language."""

    channel: Channel
    subscriptions: tuple[Subscribed, ...]  #: of every channel of the platform: who sees which is the platform's to say
    #: list, kind, certainty, severity, lang, appetite, cadence, weekday, period; company: those of `subscriptions`
    choices: Mapping[str, tuple[Choice, ...]]
    mutable: tuple[Choice, ...]  #: what may be muted about the story the request is about
    feeds: tuple[str, ...]
    newest: tuple[Message, ...]
    texts: Mapping[str, str]  #: of the forms' labels: the messages of forms.ftl without `form-`
