"""Feeds: what is polled, and what is remembered between polls."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.domain.entries import ParsedEntry

FeedId = NewType("FeedId", int)

#: The owner of feeds that come from rules/feeds.yaml; others are `cli`, `opml` or a chat user's ref.
RULES_OWNER = "rules"


class FeedStatus(StrEnum):
    """Life of a feed. Feeds are never deleted."""

    ACTIVE = "active"
    RETIRED = "retired"  #: left the file, or removed by its owner
    GONE = "gone"  #: the host answered 410


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """A feed as a person wrote it down."""

    id: str  #: stays when the address changes
    url: str
    title: str = ""
    language: str | None = None
    kind: str = "feed"  #: the module under bot/adapters/sources that reads it
    outlet: str | None = None
    interval: timedelta | None = None  #: None: from the feed's own rhythm
    backlog: int | None = 0  #: entries of the first poll that are told; None: all
    burst: int = 20  #: messages per channel and poll; the rest in one overflow line
    status: FeedStatus = FeedStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is remembered of a feed between polls; kept in the transaction that keeps its entries."""

    url: str | None = None  #: where a permanent redirect led, once its target parsed as a feed
    etag: str | None = None  #: opaque, echoed byte for byte
    last_modified: str | None = None
    body_hash: str | None = None
    next_poll_at: datetime | None = None  #: None: due now
    polled_at: datetime | None = None  #: the last answer, of any kind
    parsed_at: datetime | None = None  #: the last poll that gave entries; None: never, so the next is the first
    failures: int = 0  #: in a row
    error: str | None = None  #: of the last poll, safe to show
    rhythm: timedelta | None = None  #: median distance of the entries' dates, for the own interval
    ttl: timedelta | None = None  #: what the document itself asks for (ttl, sy:updatePeriod); holds for a 304 too

    @property
    def answered_at(self) -> datetime | None:
        """When it last answered; of one that fails just now, when it last gave entries."""
        return self.parsed_at if self.failures else self.polled_at


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed of the database, claimed for polling when `fence` is set."""

    id: FeedId
    spec: FeedSpec
    owner: str
    status: FeedStatus
    state: FeedState = field(default_factory=FeedState)
    fence: int = 0  #: raised at each claim; a late worker with an old one is refused

    @property
    def url(self) -> str:
        """The address to ask: where a permanent redirect led, else as written."""
        return self.state.url or self.spec.url


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll brought."""

    entries: tuple[ParsedEntry, ...]
    state: FeedState
    not_modified: bool = False
    title: str = ""  #: the document's own
