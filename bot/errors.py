"""Every exception evwatch raises.

EvwatchError
├── ConfigError            the rules or settings are wrong: carries every Problem, each with file and line
├── PollError              a feed could not be read this time
│   ├── FetchError         no usable answer (`retry_after` in seconds, `gone` for 410)
│   └── ParseError         an answer that is no feed
├── DeliveryError          a message did not reach its channel
│   ├── Throttled          come back after `retry_after` seconds; nothing was sent
│   ├── Unavailable        nothing was sent, try again later
│   ├── Uncertain          it may have been sent: settle before sending again
│   └── Rejected           will never be sent as it is; `scope` says how much is dead
└── StoreError             the database refused
    ├── Forgotten          what is asked for is not there, or not any more
    ├── StaleClaim         the lease of this work was lost to somebody else (fencing)
    └── AlreadyRunning     another process holds the data folder
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a rule file or a setting."""

    file: str
    line: int  #: 1-based; 0 where there is no line
    path: str  #: e.g. `when.all.2.terms`
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class EvwatchError(Exception):
    """The root of the tree above."""


class ConfigError(EvwatchError):
    """The rules or settings are wrong; `problems` has all of it, sorted by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class PollError(EvwatchError):
    """A feed could not be read this time; the text is safe to show in chat."""


class FetchError(PollError):
    """No usable answer from the feed's host."""

    def __init__(self, reason: str, *, retry_after: float | None = None, gone: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.gone = gone


class ParseError(PollError):
    """The answer is not a feed, or could not be parsed within the limits."""


class DeliveryError(EvwatchError):
    """A message did not reach its channel."""


class Throttled(DeliveryError):
    """The platform asks to come back after `retry_after` seconds; nothing was sent."""

    def __init__(self, reason: str, *, retry_after: float) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class Unavailable(DeliveryError):
    """Nothing was sent; try again later."""


class Uncertain(DeliveryError):
    """The message may have been sent: it must be settled before it is sent again."""


class Scope(StrEnum):
    """How much a refusal kills."""

    MESSAGE = "message"
    CHANNEL = "channel"
    PLATFORM = "platform"


class Rejected(DeliveryError):
    """The platform will never take this message as it is."""

    def __init__(self, reason: str, *, scope: Scope = Scope.MESSAGE) -> None:
        super().__init__(reason)
        self.scope = scope


class StoreError(EvwatchError):
    """The database refused."""


class Forgotten(StoreError):
    """What is asked for was never there, or retention has taken it."""


class StaleClaim(StoreError):
    """The lease of this work ran out and somebody else has claimed it since."""


class AlreadyRunning(StoreError):
    """Another process holds the lock on the data folder."""
