"""The part of the store that keeps what people want: channels, subscriptions, lists, mutes, feedback; and names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.adapters.store import channels, feedback, holding, moving, mutes, notes, renaming, subscriptions, watchlists
from bot.adapters.store.base import Base
from bot.domain.channels import Channel, ChannelRef, Held, Subscription, SubscriptionId
from bot.domain.mutes import Feedback, Mute, MuteId, Score
from bot.domain.rulebook import WatchList
from bot.domain.stories import StoryId


class Wishes(Base):
    """See bot.ports.Store: channels and subscriptions, mutes and feedback, names and notes."""

    async def channel(self, ref: ChannelRef) -> Channel | None:
        """A channel's settings, if anybody has ever set it up."""
        async with self._db.read() as conn:
            return await channels.find(conn, ref)

    async def save_channel(self, channel: Channel) -> None:
        """Insert or update a channel's settings."""
        async with self._db.write() as conn:
            await channels.save(conn, channel)

    async def set_channel(self, channel: Channel, **changes: Any) -> Channel:
        """Set up a channel, or change these of its settings; as it is then."""
        async with self._db.write() as conn:
            return await channels.change(conn, channel, changes)

    async def pause_channel(self, ref: ChannelRef, why: str) -> None:
        """Send nothing more there until somebody un-pauses it."""
        async with self._db.write() as conn:
            await channels.pause(conn, ref, why)

    async def move_channel(self, old: ChannelRef, new: ChannelRef) -> bool:
        """Everything of a channel goes to another room with it; False where nobody knows the old one."""
        async with self._db.write() as conn:
            return await moving.move(conn, old, new, self._clock.now())

    async def subscribe(self, subscription: Subscription, now: datetime) -> SubscriptionId:
        """Add a subscription, or find the same one."""
        async with self._db.write() as conn:
            return await subscriptions.subscribe(conn, subscription, now)

    async def change_subscription(self, new: Subscription, now: datetime, next_digest_at: datetime) -> SubscriptionId:
        """Let a subscription say something else, under its number where it can."""
        async with self._db.write() as conn:
            return await subscriptions.change(conn, new, now, next_digest_at)

    async def unsubscribe(self, subscription: SubscriptionId) -> bool:
        """End a subscription; False for an unknown one."""
        async with self._db.write() as conn:
            return await subscriptions.unsubscribe(conn, subscription)

    async def pause_subscription(self, subscription: SubscriptionId, why: str | None) -> None:
        """Tell nothing by it; None goes on with it."""
        async with self._db.write() as conn:
            await subscriptions.pause(conn, subscription, why)

    async def all_subscriptions(self, channel: ChannelRef | None = None) -> list[Subscription]:
        """Every subscription, oldest first."""
        async with self._db.read() as conn:
            return await subscriptions.every(conn, channel)

    # digests

    async def held(self, channel: ChannelRef) -> list[Held]:
        """What waits for the digests of this channel, oldest first; not for subscriptions that are paused."""
        async with self._db.read() as conn:
            return await holding.of_channel(conn, channel)

    async def due_digests(self, now: datetime) -> list[Subscription]:
        """Subscriptions whose digest is due and that have something held."""
        async with self._db.read() as conn:
            return await subscriptions.due_digests(conn, now)

    async def next_digest_at(self) -> datetime | None:
        """The earliest time a digest may be due; now for one that is."""
        async with self._db.read() as conn:
            return await subscriptions.next_digest_at(conn, self._clock.now())

    # watch lists

    async def resolve_watchlists(self, members: Mapping[str, frozenset[str]]) -> None:
        """Write down which companies each subscription and each mute means now."""
        async with self._db.write() as conn:
            await watchlists.resolve(conn, members)

    async def save_watchlist(self, watchlist: WatchList, by: str, now: datetime) -> None:
        """Insert a list made in chat, or replace its title and members."""
        async with self._db.write() as conn:
            await watchlists.save(conn, watchlist, by, now)

    async def drop_watchlist(self, id: str) -> bool:
        """End a list made in chat; False for an unknown one."""
        async with self._db.write() as conn:
            return await watchlists.drop(conn, id)

    async def watchlists(self) -> list[WatchList]:
        """The lists made in chat, by id."""
        async with self._db.read() as conn:
            return await watchlists.every(conn)

    # mutes and feedback

    async def mute(self, mute: Mute) -> Mute:
        """Add a mute in place of one of the same thing; with its id."""
        async with self._db.write() as conn:
            return await mutes.add(conn, mute)

    async def unmute(self, mute: MuteId) -> bool:
        """End a mute; False for an unknown one."""
        async with self._db.write() as conn:
            return await mutes.end(conn, mute)

    async def mutes(self, channel: ChannelRef, now: datetime) -> list[Mute]:
        """What is muted now in this channel, and everywhere; oldest first."""
        async with self._db.read() as conn:
            return await mutes.now_in(conn, [channel], now)

    async def add_feedback(self, said: Feedback) -> bool:
        """Write down what somebody thinks of a story; False where that was said already."""
        async with self._db.write() as conn:
            return await feedback.add(conn, said)

    async def drop_feedback(self, story: StoryId, person: str) -> bool:
        """Forget what one person thinks of a story; False where nothing was said."""
        async with self._db.write() as conn:
            return await feedback.drop(conn, story, person)

    async def scores(self, since: datetime) -> list[Score]:
        """By rule: stories told since then, and what people thought of them."""
        async with self._db.read() as conn:
            return await feedback.scores(conn, since)

    async def opinions(self, since: datetime) -> tuple[int, int]:
        """How often a story told since then was called useful, and how often not."""
        async with self._db.read() as conn:
            return await feedback.opinions(conn, since)

    # names and notes

    async def know_companies(self, names: Mapping[str, str]) -> dict[str, str]:
        """Remember these names; all that were ever known."""
        async with self._db.write() as conn:
            return await notes.know_companies(conn, names)

    async def rename(
        self,
        companies: Mapping[str, str],
        lists: Mapping[str, str],
        members: Mapping[str, frozenset[str]] | None = None,
    ) -> list[str]:
        """Put the ids of today in the place of former ones; those former ones that stood anywhere."""
        async with self._db.write() as conn:
            met = await renaming.rename(conn, companies, lists)
            if members is not None:
                await watchlists.resolve(conn, members)
            return met

    async def note(self, name: str) -> str | None:
        """A thing to remember between starts."""
        async with self._db.read() as conn:
            return await notes.note(conn, name)

    async def set_note(self, name: str, value: str | None) -> None:
        """Write it down; None forgets it."""
        async with self._db.write() as conn:
            await notes.set_note(conn, name, value)
