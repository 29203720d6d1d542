"""The edges of the pure core as Protocols; each docstring is the contract the adapters are tested against."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.channels import (
    Channel,
    ChannelRef,
    Decision,
    Delivery,
    DeliveryId,
    Held,
    NewDelivery,
    Outgoing,
    Post,
    Receipt,
    Routed,
    Subscription,
    SubscriptionId,
)
from bot.domain.claims import Family
from bot.domain.entries import FreshEntry, ParsedEntry, ReadEntry, StoredEntry
from bot.domain.feeds import Feed, FeedId, FeedSpec, FeedState, Polled
from bot.domain.messages import Message
from bot.domain.stories import Story, StoryId, StoryUpdate, StoryView


class Clock(Protocol):
    """The only source of time. Tests drive it by hand."""

    def now(self) -> datetime:
        """The time now, aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """The end of a chain of redirects: status 200 or 304."""

    status: int
    url: str  #: where the body came from
    permanent_url: str | None  #: set when every redirect on the way was permanent
    headers: Mapping[str, str]  #: names in lower case
    body: bytes  #: decompressed, cut never: over the limit is a FetchError


class Fetcher(Protocol):
    """A polite, guarded GET: one request per host at a time, private addresses refused, limits kept."""

    async def get(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """Fetch `url`. Raises FetchError for everything but 200 and 304."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class Source(Protocol):
    """One kind of feed; the module's name under bot/adapters/sources is the feed's `kind`.

    Such a module has `create(fetcher, clock) -> Source`.
    """

    async def start(self) -> None:
        """Get ready; called once before the first poll."""
        ...

    async def poll(self, feed: Feed) -> Polled:
        """Ask for the feed's entries, in document order. The only network call of a poll.

        The returned state has new validators, the permanent address if there is one, `rhythm`, `failures` 0, `error`
        None, `polled_at` now, `parsed_at` now unless not modified, and `next_poll_at` (bot.engine.timing is not
        imported here: the hints of the answer are in `state` as `next_poll_at`, the earliest time the host allows; the
        pipeline applies the own interval).
        Raises FetchError or ParseError; never anything else for bad input.
        """
        ...

    async def close(self) -> None:
        """Stop children and connections."""
        ...


class ChatPlatform(Protocol):
    """One chat platform; the module's name under bot/adapters/chat is the ChannelRef's platform.

    Such a module has `create(settings: Mapping[str, Any]) -> ChatPlatform` and `configured(settings) -> bool`.
    Sending the same key to the same channel twice must give one message, or raise Uncertain: then `settle` tells.
    """

    name: str

    async def start(self) -> None:
        """Connect. Raises DeliveryError where it cannot."""
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send, edit (`part` edit: replaces the root) or add a line to the root's thread.

        Raises Throttled and Unavailable (nothing was sent), Uncertain (it may have been), Rejected (never will be).
        """
        ...

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        """Find out whether an uncertain message arrived: its receipt, or None if it did not. Raises like `send`."""
        ...

    async def close(self) -> None:
        """Disconnect; a send under way may be finished."""
        ...


class Transaction(Protocol):
    """One short write transaction: rows only, all of it or none of it."""

    async def fence(self, feed: Feed) -> None:
        """Raise StaleClaim unless `feed.fence` is still the row's."""
        ...

    async def add_entries(self, feed: FeedId, readings: Sequence[ReadEntry], now: datetime) -> list[StoredEntry]:
        """Store what is new under (feed, first key); mark every key seen. Returns only the new ones, in order."""
        ...

    async def touch_seen(self, feed: FeedId, keys: Collection[str], now: datetime) -> None:
        """Keep alive the seen marks of everything the document still holds."""
        ...

    async def lock_stories(self) -> None:
        """Be alone with the stories until the end of the transaction."""
        ...

    async def open_stories(
        self, companies: Collection[str], families: Collection[Family], since: datetime
    ) -> list[Story]:
        """Stories with a party among `companies`, last claim not before `since`, oldest first; closed ones too."""
        ...

    async def save_stories(self, updates: Sequence[StoryUpdate]) -> list[StoryUpdate]:
        """Insert or update the stories and their entries; the same updates with ids filled in."""
        ...

    async def subscriptions(self, companies: Collection[str]) -> list[Subscription]:
        """Every subscription that watches one of `companies`, by its resolved set; paused channels included."""
        ...

    async def posts(self, stories: Collection[StoryId]) -> list[Post]:
        """The posts of these stories in every channel."""
        ...

    async def enqueue(self, routed: Routed) -> int:
        """Write deliveries, posts, held items and decisions; the number of new deliveries.

        A (channel, key) that exists is left alone. A new edit supersedes pending edits of the same story and channel
        that were never attempted.
        """
        ...

    async def save_state(self, feed: FeedId, state: FeedState) -> None:
        """Keep validators and due time, and end the claim."""
        ...

    async def take_held(self, subscription: SubscriptionId) -> list[Held]:
        """Take every story held for this subscription's digest, oldest first."""
        ...

    async def release_subscription(self, subscription: SubscriptionId, next_digest_at: datetime) -> None:
        """Write down when the subscription's next digest is due."""
        ...


class Store(Protocol):
    """Everything that is remembered. Times in and out are aware UTC; a naive one raises ValueError."""

    async def start(self) -> None:
        """Open, check the schema, upgrade where that is safe. Raises StoreError."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...

    async def reclaim(self) -> None:
        """End every lease, of feeds and of deliveries: sending rows become uncertain, claimed feeds may be claimed.

        Only for the one process that holds the data folder's lock, at its start: whoever had claimed is dead.
        """
        ...

    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A write transaction; rolled back on any exception."""
        ...

    # feeds
    async def sync_feeds(self, specs: Mapping[str, FeedSpec], now: datetime) -> list[str]:
        """Make the rows of owner `rules` equal to these; those that left are retired, those that came back revived.

        A feed whose id or address (normalised) another living feed has is left out; the lines returned name both.
        """
        ...

    async def add_feed(self, spec: FeedSpec, owner: str, now: datetime) -> Feed:
        """Add a feed. Raises StoreError naming the other feed where the address (normalised) exists."""
        ...

    async def retire_feed(self, spec_id: str, owner: str | None = None) -> None:
        """Retire, never delete. Raises StoreError for an unknown feed, or one of owner `rules`."""
        ...

    async def feeds(self, *, retired: bool = False) -> list[Feed]:
        """All feeds, by spec id."""
        ...

    async def claim_feeds(self, now: datetime, lease: timedelta, limit: int) -> list[Feed]:
        """Claim due feeds: raises each fence and sets its lease, so that nobody else gets them meanwhile.

        A due time more than 60 days ahead counts as due: the clock was wrong when it was written.
        """
        ...

    async def fail_feed(self, feed: Feed, state: FeedState, gone: bool = False) -> None:
        """Keep the state of a failed poll and end the claim; does nothing when the fence is stale."""
        ...

    async def next_poll_at(self) -> datetime | None:
        """The earliest due time of an active feed."""
        ...

    # entries
    async def unseen(self, feed: FeedId, entries: Sequence[ParsedEntry], now: datetime) -> list[FreshEntry]:
        """The entries this feed has not had before, by the identity rules of docs/feeds.md, in document order."""
        ...

    async def accounts(self, feed: FeedId | None = None) -> dict[str, int]:
        """How many entries ended how: ReasonCode -> entries; a told entry counts once, at its loudest."""
        ...

    async def decisions(self, *, link: str | None = None, limit: int = 1000) -> list[tuple[StoredEntry, Decision]]:
        """What became of entries, newest first; of the entry under `link` where given."""
        ...

    # stories
    async def story_view(self, story: StoryId, revision: int | None = None) -> StoryView:
        """The story with its reports; up to `revision` where given. Raises StoreError for an unknown one."""
        ...

    # channels and subscriptions
    async def save_channel(self, channel: Channel) -> None:
        """Insert or update a channel's settings."""
        ...

    async def subscribe(self, subscription: Subscription, now: datetime) -> SubscriptionId:
        """Add a subscription; its `id` is ignored. The channel must be saved. The same one again gives the same id.

        Until `release_subscription` its digest is due as soon as something is held.
        """
        ...

    async def unsubscribe(self, subscription: SubscriptionId) -> bool:
        """End a subscription; False for an unknown one."""
        ...

    async def all_subscriptions(self) -> list[Subscription]:
        """Every subscription, oldest first."""
        ...

    async def resolve_watchlists(self, members: Mapping[str, frozenset[str]]) -> None:
        """After rules were (re)loaded: write down which companies each subscription means now."""
        ...

    # outbox
    async def enqueue(self, deliveries: Sequence[NewDelivery]) -> int:
        """Put deliveries that have no story poll behind them (notices, replies) into the outbox."""
        ...

    async def claim_deliveries(self, now: datetime, lease: timedelta, limit: int) -> list[Delivery]:
        """Claim due deliveries, at most one a channel and the channel's oldest that may go; fair between channels.

        Pending ones become sending with a new fence and lease. Sending ones whose lease ran out, and uncertain ones,
        come as `uncertain`: they must be settled before they are sent again. What `needs` a row that is not yet sent
        waits; what needs a dead one becomes dead. While a channel has a claimed or uncertain row, nothing else of that
        channel is handed out.
        """
        ...

    async def set_message(self, delivery: Delivery, message: Message) -> None:
        """Keep the text of the first attempt, before it is sent."""
        ...

    async def sent(self, delivery: Delivery, receipt: Receipt) -> None:
        """Write down the receipt. Raises StaleClaim for a late worker.

        Waiting edits of a revision that the root or edit just sent tells already (`message.revision`) are superseded.
        """
        ...

    async def later(self, delivery: Delivery, at: datetime, error: str) -> None:
        """Nothing was sent: pending again, due at `at`."""
        ...

    async def uncertain(self, delivery: Delivery, at: datetime, error: str) -> None:
        """It may have been sent: settle at `at`."""
        ...

    async def dead(self, delivery: Delivery, error: str) -> None:
        """It will never be sent; neither will what needs it."""
        ...

    async def supersede(self, delivery: Delivery) -> None:
        """A newer edit has its place."""
        ...

    async def newer_revision(self, delivery: Delivery) -> int | None:
        """For a never-attempted root: the newest revision enqueued as an edit for its channel, if any."""
        ...

    async def pause_channel(self, ref: ChannelRef, why: str) -> None:
        """Send nothing more there until somebody un-pauses it."""
        ...

    async def next_delivery_at(self) -> datetime | None:
        """The earliest time a delivery may be due."""
        ...

    async def outbox_counts(self) -> dict[str, int]:
        """DeliveryStatus -> rows."""
        ...

    # digests and keeping
    async def due_digests(self, now: datetime) -> list[Subscription]:
        """Subscriptions whose digest is due and that have something held."""
        ...

    async def prune(self, now: datetime) -> dict[str, int]:
        """Drop what is past its time (docs/operating.md): table -> rows."""
        ...

    def all_entries(self) -> AsyncIterator[StoredEntry]:
        """Every stored entry in the order of arrival."""
        ...


__all__ = [
    "ChatPlatform",
    "Clock",
    "DeliveryId",
    "Fetched",
    "Fetcher",
    "Source",
    "Store",
    "Transaction",
]
