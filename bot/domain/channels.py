"""Channels, subscriptions, deliveries and posts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import NewType

from bot.domain.claims import Certainty, Kind
from bot.domain.entries import EntryId
from bot.domain.messages import Message
from bot.domain.rulebook import Severity
from bot.domain.stories import StoryId

SubscriptionId = NewType("SubscriptionId", int)
DeliveryId = NewType("DeliveryId", int)


@dataclass(frozen=True, slots=True, order=True)
class ChannelRef:
    """A chat room's name: `slack:T024BE/C012AB`, `matrix:!opaque`, `console:main`."""

    platform: str
    room: str  #: known to the platform's adapter alone

    @classmethod
    def parse(cls, text: str) -> ChannelRef:
        """Split at the first colon; ValueError without a platform or a room."""
        platform, colon, room = text.partition(":")
        if not (platform and colon and room):
            raise ValueError(f"a channel is written platform:room, not {text!r}")
        return cls(platform, room)

    def __str__(self) -> str:
        return f"{self.platform}:{self.room}"


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when, local time, nothing is told; past midnight where `end` is before `start`."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start == self.end:
            raise ValueError("quiet hours that begin when they end")

    def cover(self, at: time) -> bool:
        """Whether it is quiet when the local clock shows this."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


@dataclass(frozen=True, slots=True)
class Channel:
    """A chat room with its settings."""

    ref: ChannelRef
    language: str = "en"  #: of the first line
    timezone: str = "UTC"  #: IANA
    digest_at: time = time(8, 0)  #: local
    paused: str | None = None  #: why nothing is sent there
    quiet: QuietHours | None = None  #: what comes then waits for the next digest
    budget: int | None = None  #: messages and lines a local day; what is over waits for the next digest


class Appetite(StrEnum):
    """How much a subscription wants at once."""

    MOVES = "moves"  #: moves only; ev-news never
    DEFAULT = "default"  #: moves at once, ev-news in the daily digest
    ALL = "all"  #: everything at once


class Cadence(StrEnum):
    """When a subscription is told."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a subscription leaves out; empty means no limit."""

    without: frozenset[str] = frozenset()  #: company ids
    kinds: frozenset[Kind] = frozenset()
    certainties: frozenset[Certainty] = frozenset()
    languages: frozenset[str] = frozenset()
    outlets: frozenset[str] = frozenset()
    severity: Severity = Severity.LOW  #: at least


#: How the reason begins why a subscription is paused that has nothing left to watch; the lists stand behind it.
LIST_LEFT = "left the rules: "


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel x watch lists or companies x filter x cadence."""

    id: SubscriptionId
    channel: Channel
    watchlists: tuple[str, ...]
    companies: frozenset[str]  #: companies named one by one
    watched: frozenset[str]  #: all companies it means now: lists and single ones, resolved
    appetite: Appetite = Appetite.DEFAULT
    cadence: Cadence = Cadence.AT_ONCE
    filter: Filter = field(default_factory=Filter)
    digest_at: time | None = None  #: local; None: the channel's
    weekday: int = 0  #: of a weekly digest, Monday is 0
    paused: str | None = None  #: why it tells nothing
    by: str = ""  #: who made it, as `platform:user`


class ReasonCode(StrEnum):
    """Why a channel hears of an entry, or does not."""

    ROOT = "root"  #: told as a new message
    EDIT = "edit"  #: told by editing the message
    LINE = "line"  #: told by a line in the thread
    DIGEST = "digest"  #: will be told in the digest
    OVERFLOW = "overflow"  #: more than the feed's burst: counted in one line
    QUIET = "quiet"  #: came in quiet hours: will be told in the digest
    BUDGET = "budget"  #: the day's budget was used up: will be told in the digest
    CATCH_UP = "catch-up"  #: the database was behind: will be told in the catch-up digest
    # silent, by the stage that stopped it
    SAME_AS = "same-as"  #: another entry under another link
    UNREAD = "unread"  #: could not be read
    NO_COMPANY = "no-company"
    NO_CLAIM = "no-claim"  #: a company, but no rule holds
    ONLY_RETOLD = "only-retold"  #: known facts told again
    DRAFT = "draft"  #: only draft rules hold
    BACKLOG = "backlog"  #: found by a feed's first poll
    NOT_WATCHED = "not-watched"  #: nobody watches a party of the lead
    SIDE_ONLY = "side-only"  #: a watched company stands in a side claim only
    FILTERED = "filtered"
    OLD_STORY = "old-story"  #: no post in this channel and the story is older than 7 days
    NOTHING_NEW = "nothing-new"  #: the story has it already
    MUTED = "muted"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, as a value: reaches logs, metrics and `why`."""

    code: ReasonCode
    subscription: SubscriptionId | None = None
    companies: tuple[str, ...] = ()  #: the watched parties that matched
    rule: str | None = None
    detail: str = ""

    @property
    def told(self) -> bool:
        """True where the channel hears of it, now or in the digest."""
        return self.code in _TOLD


#: Waiting for a digest.
HOLDING = frozenset({ReasonCode.DIGEST, ReasonCode.OVERFLOW, ReasonCode.QUIET, ReasonCode.BUDGET, ReasonCode.CATCH_UP})
_TOLD = HOLDING | {ReasonCode.ROOT, ReasonCode.EDIT, ReasonCode.LINE}


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one entry in one channel; `channel` None where it never got that far."""

    entry: EntryId
    channel: ChannelRef | None
    story: StoryId | None
    reason: Reason


class Part(StrEnum):
    """What a delivery is to its channel."""

    ROOT = "root"
    EDIT = "edit"
    LINE = "line"
    DIGEST = "digest"
    OVERFLOW = "overflow"
    NOTICE = "notice"
    REPLY = "reply"


class DeliveryStatus(StrEnum):
    """Life of a row of the outbox."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    DEAD = "dead"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """A row to be put into the outbox; the pair (channel, key) is unique for ever."""

    key: str  #: `story:42:r3:root`, `digest:<subscription>:<hour in UTC>`, `overflow:<feed>:<poll>`, ...
    channel: ChannelRef
    part: Part
    needs: str | None = None  #: the key that must be sent first
    story: StoryId | None = None
    revision: int | None = None
    reason: Reason | None = None
    message: Message | None = None  #: set where it does not depend on a story
    not_before: datetime | None = None
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed row of the outbox."""

    id: DeliveryId
    key: str
    channel: Channel
    part: Part
    status: DeliveryStatus
    story: StoryId | None
    revision: int | None
    attempts: int
    fence: int
    message: Message | None  #: rendered at the first attempt, kept from then on
    root: str | None  #: the platform's id of the message that `needs` became
    first_attempt_at: datetime | None = None
    attempted_at: datetime | None = None
    created_at: datetime | None = None
    needs: str | None = None
    reason: Reason | None = None
    payload: Mapping[str, str] = field(default_factory=dict, hash=False)  #: as enqueued

    @property
    def name(self) -> str:
        """As people write it: D17."""
        return f"D{self.id}"


@dataclass(frozen=True, slots=True)
class Held:
    """A story waiting for a subscription's digest."""

    subscription: SubscriptionId
    channel: ChannelRef
    story: StoryId
    reason: Reason
    certainty: Certainty  #: of the story when it was held
    root: str | None = None  #: key of the message it has here already: a change is held, not the story


@dataclass(frozen=True, slots=True)
class Post:
    """A story in one channel: what was told, and where. Kept as long as the story.

    Without a root it was told in a digest (`in_digest`), or waits for one.
    """

    story: StoryId
    channel: ChannelRef
    root: str | None  #: key of the root delivery
    revision: int  #: last told or enqueued
    certainty: Certainty  #: last told or enqueued
    in_digest: bool = False


@dataclass(frozen=True, slots=True)
class Routed:
    """All that routing decided for one poll; the transaction writes it down whole."""

    deliveries: tuple[NewDelivery, ...] = ()
    posts: tuple[Post, ...] = ()
    held: tuple[Held, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a platform is asked to send."""

    key: str  #: the platform makes its idempotency from key and channel
    ref: ChannelRef
    part: Part
    message: Message
    root: str | None  #: the platform's id of the root, for edits and lines
    first_attempt_at: datetime
    attempted_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's own id of what it took."""

    id: str
    sent_at: datetime
