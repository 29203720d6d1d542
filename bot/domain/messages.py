"""Messages as every platform can render them: plain words and links, never markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A link to a report, shown with its host and date."""

    label: str  #: the outlet or host, shown
    url: str | None  #: http or https only, safe as it is
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done about a message with one click, and the command that does it."""

    id: str  #: mute, why, story, useful, useless
    label: str
    command: str  #: as it would be typed: `mute S42 7d`


@dataclass(frozen=True, slots=True)
class Message:
    """One message: every string is one plain line, safe to show, and never markup."""

    first_line: str
    quote: str = ""  #: the source's own words, in its language
    sources: tuple[SourceLink, ...] = ()
    notes: tuple[str, ...] = ()  #: side claims, "3 origins, 7 outlets", certainty history
    ringing: bool = False  #: severity high: may ring where a platform can choose
    timezone: str = "UTC"  #: dates are shown in this zone
    language: str = "en"
    story: str | None = None  #: S42
    revision: int | None = None
    items: tuple[Message, ...] = ()  #: of a digest
    actions: tuple[Action, ...] = ()  #: the ones needed most first


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a command: plain lines, then stories. Every string is one line, safe to show, and never markup."""

    lines: tuple[str, ...]
    messages: tuple[Message, ...] = ()
    understood: bool = True  #: False: nothing was done, the lines say why
    language: str = "en"
    command: str = ""  #: which was meant: latest, subscribe, ...
    actions: tuple[Action, ...] = ()  #: share: a look-up that everybody may see
