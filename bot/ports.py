"""The edges of the pure core as Protocols; each docstring is the contract the adapters are tested against."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

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
from bot.domain.messages import Message, Reply
from bot.domain.mutes import Feedback, Mute, MuteId, Score
from bot.domain.requests import Choice, Overview, Request
from bot.domain.rulebook import WatchList
from bot.domain.stories import Found, Story, StoryId, StoryUpdate, StoryView


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


class Desk(Protocol):
    """Whom platforms hand what people type or click to."""

    async def answer(self, request: Request) -> Reply:
        """Do it and answer. Raises StoreError only: what is wrong with the request is said in the reply."""
        ...

    async def answer_later(self, request: Request) -> None:
        """Do it and put the answer into the outbox as `reply:<event>`; an event that has one already is left alone.

        For platforms whose answers are messages like any other.
        """
        ...

    async def moved(self, old: ChannelRef, new: ChannelRef) -> None:
        """A room became another: what was asked for in the old one holds in the new. Raises StoreError."""
        ...

    async def lost(self, ref: ChannelRef, why: str) -> None:
        """Nothing can be told there any more: pause the channel, and tell the operators. Raises StoreError."""
        ...

    async def overview(self, request: Request) -> Overview:
        """What forms and start pages show; `text` is the command that a form is for. Raises StoreError."""
        ...

    async def suggest(self, request: Request) -> tuple[Choice, ...]:
        """Companies and watch lists of which a name in any script begins like `text`, or has it in it."""
        ...


class ChatPlatform(Protocol):
    """One chat platform; the module's name under bot/adapters/chat is the ChannelRef's platform.

    Such a module has `create(settings: Mapping[str, Any]) -> ChatPlatform` and `configured(settings) -> bool`.
    Sending the same key to the same channel twice must give one message, or raise Uncertain: then `settle` tells.
    """

    name: str
    #: How long after it was sent a message may still come in, whatever became of its sender: settled no sooner.
    grace: timedelta

    async def start(self, desk: Desk) -> None:
        """Connect, and hand what people say to `desk` from now on. Raises DeliveryError where it cannot."""
        ...

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Send, edit (`part` edit: replaces the root) or add a line to the root's thread.

        Raises Throttled and Unavailable (nothing was sent), Uncertain (it may have been), Rejected (never will be).
        """
        ...

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        """Find out whether an uncertain message arrived: its receipt, or None if it did not. Raises like `send`."""
        ...

    async def down(self) -> str:
        """Wait until this one is of no use any more, and say why: a new one may be."""
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
        """Store what is new under (feed, first key); mark every key seen. Let edited entries say what they say now.

        Returns only the new ones, in order, and the edited ones.
        """
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

    async def mutes(self, channels: Collection[ChannelRef], now: datetime) -> list[Mute]:
        """What is muted now in these channels, and everywhere."""
        ...

    async def forget_posts(self, channel: ChannelRef, stories: Collection[StoryId]) -> None:
        """Forget that these stories wait for a digest here; what was told stays told."""
        ...

    async def told_since(self, since: Mapping[ChannelRef, datetime]) -> dict[ChannelRef, int]:
        """How many roots and lines each channel was sent since then, those still under way among them."""
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
        """Take every story held for this subscription's digest; oldest first."""
        ...

    async def take_missed(self, channel: ChannelRef) -> list[Held]:
        """Take every story held in this channel because it was missed (`catch-up`); oldest first.

        One that several subscriptions hold comes once, whatever the others hold it for: it is told now.
        """
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
        """The entries this feed has not had before, by the identity rules of docs/feeds.md, in document order.

        Behind them those it had, without a claim, that say something else now (`edits`).
        """
        ...

    async def accounts(self, feed: FeedId | None = None, *, since: datetime | None = None) -> dict[str, int]:
        """How many entries ended how: ReasonCode -> entries; a told entry counts once, at its loudest.

        `since`: of entries seen since then.
        """
        ...

    async def decisions(
        self, *, link: str | None = None, story: StoryId | None = None, limit: int = 1000
    ) -> list[tuple[StoredEntry, Decision]]:
        """What became of entries, newest first; of the entry under `link`, of those of `story` where given."""
        ...

    async def entries_at(self, link: str) -> list[StoredEntry]:
        """The entries under this link (normalised), newest first; whatever became of them."""
        ...

    async def search(self, words: str, companies: Collection[str] = (), limit: int = 10) -> list[Found]:
        """Full text: entries with all these words, or that name all these companies; best first, then newest.

        Words are normalised; runs of Chinese, Japanese and Korean letters match as parts of longer ones. Any text is a
        search: nothing in it is syntax. Nothing to search for finds nothing.
        """
        ...

    async def leads_since(self, since: datetime, companies: Collection[str]) -> list[Found]:
        """Entries with a lead that joined a story, seen since then, with a party among `companies`; newest first."""
        ...

    # stories
    async def story_view(self, story: StoryId, revision: int | None = None) -> StoryView:
        """The story with its reports; up to `revision` where given. Raises Forgotten for an unknown one."""
        ...

    async def latest(
        self, *, companies: Collection[str] = (), channel: ChannelRef | None = None, limit: int = 5
    ) -> list[StoryView]:
        """Stories, the newest claim first; with a party among `companies`, told in `channel`, where given."""
        ...

    async def post(self, story: StoryId, channel: ChannelRef) -> Post | None:
        """The story in this channel, if it was told or waits for a digest there."""
        ...

    async def story_under(self, channel: ChannelRef, message: str) -> StoryId | None:
        """The story whose root the platform knows as `message`."""
        ...

    # channels and subscriptions
    async def channel(self, ref: ChannelRef) -> Channel | None:
        """A channel's settings, if anybody has ever set or subscribed something there."""
        ...

    async def save_channel(self, channel: Channel) -> None:
        """Insert or update a channel's settings, all of them."""
        ...

    async def set_channel(self, channel: Channel, **changes: Any) -> Channel:
        """Set up a channel as `channel` says, where nobody has yet; change these settings and no others; as it is then.

        What somebody else has changed since `channel` was read stays.
        """
        ...

    async def move_channel(self, old: ChannelRef, new: ChannelRef) -> bool:
        """A room became another: settings, subscriptions, mutes and what waits go with it, and it is paused no more.

        What was told in the old room counts as told, as in a digest: the next change of certainty is a message of its
        own. A line that waits becomes one. False where nobody knows the old room.
        """
        ...

    async def subscribe(self, subscription: Subscription, now: datetime) -> SubscriptionId:
        """Add a subscription; its `id` is ignored. The channel must be saved. The same one again gives the same id.

        Until `release_subscription` its digest is due as soon as something is held.
        """
        ...

    async def change_subscription(self, new: Subscription, now: datetime, next_digest_at: datetime) -> SubscriptionId:
        """Let the subscription of `new.id` say what `new` says; what is held goes with it, and is due then.

        It keeps its number, unless another says the same already: then that one is all there is. Like `subscribe`
        where there is no such number any more.
        """
        ...

    async def unsubscribe(self, subscription: SubscriptionId) -> bool:
        """End a subscription; False for an unknown one."""
        ...

    async def all_subscriptions(self, channel: ChannelRef | None = None) -> list[Subscription]:
        """Every subscription, of `channel` where given; oldest first."""
        ...

    async def pause_subscription(self, subscription: SubscriptionId, why: str | None) -> None:
        """Tell nothing by it; None goes on with it."""
        ...

    async def held(self, channel: ChannelRef) -> list[Held]:
        """What waits for the digests of this channel, oldest first."""
        ...

    async def resolve_watchlists(self, members: Mapping[str, frozenset[str]]) -> None:
        """After rules or lists changed: write down which companies each subscription and each mute means now.

        `members`: of the rules' watch lists, remembered until the next time; those made in chat are the store's own,
        and win nothing over these.
        """
        ...

    async def save_watchlist(self, watchlist: WatchList, by: str, now: datetime) -> None:
        """A watch list made in chat: insert it, or replace its members; subscriptions and mutes mean these at once."""
        ...

    async def drop_watchlist(self, id: str) -> bool:
        """End a watch list made in chat; False for an unknown one."""
        ...

    async def watchlists(self) -> list[WatchList]:
        """The watch lists made in chat, by id."""
        ...

    # mutes and feedback
    async def mute(self, mute: Mute) -> Mute:
        """Add a mute; one of the same thing in the same channel is replaced. With its id."""
        ...

    async def unmute(self, mute: MuteId) -> bool:
        """End a mute; False for an unknown one."""
        ...

    async def mutes(self, channel: ChannelRef, now: datetime) -> list[Mute]:
        """What is muted now in this channel, and everywhere; oldest first."""
        ...

    async def add_feedback(self, feedback: Feedback) -> bool:
        """Write down what somebody thinks of a story; False where that person had said the same already."""
        ...

    async def drop_feedback(self, story: StoryId, person: str) -> bool:
        """Forget what this person (`platform:user`) thinks of the story; False where they had said nothing."""
        ...

    async def scores(self, since: datetime) -> list[Score]:
        """By rule: stories told since then, and what people thought of them."""
        ...

    async def opinions(self, since: datetime) -> tuple[int, int]:
        """How often a story told since then was called useful, and how often not; once a person and story."""
        ...

    # names and notes
    async def know_companies(self, names: Mapping[str, str]) -> dict[str, str]:
        """Remember the names (id -> name) of the rules; all that were ever known, those that left the rules too."""
        ...

    async def rename(
        self,
        companies: Mapping[str, str],
        watchlists: Mapping[str, str],
        members: Mapping[str, frozenset[str]] | None = None,
    ) -> list[str]:
        """Former id -> id of today, in stories, subscriptions, mutes and lists; the former ids that stood anywhere.

        `members`: what `resolve_watchlists` is told with it, so that nobody sees the one without the other.
        """
        ...

    async def note(self, name: str) -> str | None:
        """A thing to remember between starts."""
        ...

    async def set_note(self, name: str, value: str | None) -> None:
        """Write it down; None forgets it."""
        ...

    async def last_polled_at(self) -> datetime | None:
        """When any feed last answered a poll."""
        ...

    async def numbers(self) -> dict[str, int]:
        """The highest number given out so far, by what people or keys name by it: stories, deliveries and the like."""
        ...

    async def skip_numbers(self, numbers: Mapping[str, int]) -> None:
        """Give out only higher ones than these from now on."""
        ...

    # outbox
    async def enqueue(self, deliveries: Sequence[NewDelivery]) -> int:
        """Put deliveries that have no story poll behind them (notices, replies) into the outbox."""
        ...

    async def enqueued(self, channel: ChannelRef, key: str) -> bool:
        """Whether a delivery of this key is in the outbox of this channel, whatever became of it."""
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

    async def put_off(self, delivery: Delivery, at: datetime) -> None:
        """Not now, in quiet hours: as if it had never been claimed, due at `at`; it holds nobody else up till then."""
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

    async def next_digest_at(self) -> datetime | None:
        """The earliest time a digest may be due."""
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
    "Desk",
    "Fetched",
    "Fetcher",
    "Source",
    "Store",
    "Transaction",
]
