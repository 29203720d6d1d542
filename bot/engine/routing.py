"""What each channel hears of a poll, and why: stories x subscriptions -> deliveries, every entry with its Reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.channels import (
    HOLDING,
    Cadence,
    Channel,
    ChannelRef,
    Decision,
    Held,
    NewDelivery,
    Part,
    Post,
    Reason,
    ReasonCode,
    Routed,
    Subscription,
)
from bot.domain.claims import Certainty, Claim
from bot.domain.entries import EntryId, StoredEntry
from bot.domain.feeds import FeedSpec
from bot.domain.rulebook import Language
from bot.domain.stories import Change, StoryEntry, StoryId, StoryUpdate
from bot.engine.appetite import Wish, best_wish
from bot.engine.messages import overflow
from bot.engine.silence import Hush, Silence

#: A channel that has not heard of a story hears of it only this long, or when its certainty changes.
FRESH = timedelta(days=7)
_SHOWN = frozenset({Change.OPENED, Change.LINE, Change.EDITED})
#: What makes somebody look.
_RINGING = frozenset({ReasonCode.ROOT, ReasonCode.LINE})
#: What goes to a message the channel has already.
_JOINING = frozenset({ReasonCode.EDIT, ReasonCode.LINE})
_TELLING = _RINGING | _JOINING | {ReasonCode.DIGEST}
_NO_SILENCE = Silence()


def route(
    entries: Sequence[StoredEntry],
    updates: Sequence[StoryUpdate],
    subscriptions: Sequence[Subscription],
    posts: Sequence[Post],
    now: datetime,
    *,
    feed: FeedSpec,
    poll: str,
    languages: Mapping[str, Language],
    silence: Silence = _NO_SILENCE,
) -> Routed:
    """Decide who is told what of one poll. `updates` have their ids; `poll` names this poll of `feed` for ever."""
    desk = _Desk(subscriptions, posts, now, feed.burst, silence)
    news = {entry.id: entry for entry in entries if stopped(entry) is None}
    known: set[EntryId] = set()
    for update in updates:
        parts = {part.entry: part for part in update.entries if part.change is not Change.SIDE}
        fresh = [(news[e.id], parts[e.id]) for e in update.lead_entries if e.id in news]
        known.update(entry.id for entry, _ in fresh)
        if fresh:
            desk.story(update, fresh)
    for entry in entries:
        code = stopped(entry)
        if code is None and entry.id not in known:
            code = ReasonCode.NOTHING_NEW  # its lead found no story: never so after `assign`
        if code is not None:
            desk.decide(entry, None, None, Reason(code, rule=_rule(entry), detail=entry.reading.unread or ""))
    return desk.routed(feed, poll, languages)


def stopped(entry: StoredEntry) -> ReasonCode | None:
    """The first thing that keeps an entry from every channel, if anything does."""
    reading = entry.reading
    if entry.same_as is not None:
        return ReasonCode.SAME_AS
    if reading.unread is not None:
        return ReasonCode.UNREAD
    lead = reading.lead
    if lead is None:
        if not reading.claims:
            return ReasonCode.NO_CLAIM if reading.mentions else ReasonCode.NO_COMPANY
        return ReasonCode.DRAFT if all(c.draft for c in reading.claims) else ReasonCode.ONLY_RETOLD
    if lead.retold:
        return ReasonCode.ONLY_RETOLD
    if lead.draft:
        return ReasonCode.DRAFT
    return ReasonCode.BACKLOG if entry.silent else None


def _rule(entry: StoredEntry) -> str | None:
    return entry.reading.claims[0].rule if entry.reading.claims else None


@dataclass(slots=True)
class _Heard:
    """What one channel might hear of one story."""

    channel: Channel
    wishes: list[tuple[StoredEntry, StoryEntry, Wish]] = field(default_factory=list)


class _Desk:
    """Collects what one poll leads to."""

    def __init__(
        self,
        subscriptions: Iterable[Subscription],
        posts: Iterable[Post],
        now: datetime,
        burst: int,
        silence: Silence,
    ) -> None:
        self._now = now
        self._burst = burst
        self._silence = silence
        self._posts = {(p.story, p.channel): p for p in posts}
        self._watchers: dict[str, list[Subscription]] = {}
        for subscription in subscriptions:
            for company in subscription.watched:
                self._watchers.setdefault(company, []).append(subscription)
        self._hushes: dict[ChannelRef, Hush] = {}
        self._roots: dict[ChannelRef, int] = {}
        self._over: dict[ChannelRef, tuple[Channel, int]] = {}
        self._deliveries: list[NewDelivery] = []
        self._told: list[Post] = []
        self._held: list[Held] = []
        self._decisions: list[Decision] = []

    def decide(self, entry: StoredEntry, channel: ChannelRef | None, story: StoryId | None, reason: Reason) -> None:
        self._decisions.append(Decision(entry.id, channel, story, reason))

    def routed(self, feed: FeedSpec, poll: str, languages: Mapping[str, Language]) -> Routed:
        for ref, (channel, count) in self._over.items():
            self._deliveries.append(
                NewDelivery(
                    key=f"overflow:{feed.id}:{poll}",
                    channel=ref,
                    part=Part.OVERFLOW,
                    reason=Reason(ReasonCode.OVERFLOW, detail=str(count)),
                    message=overflow(count, feed.title or feed.id, channel, languages),
                )
            )
        return Routed(tuple(self._deliveries), tuple(self._told), tuple(self._held), tuple(self._decisions))

    def story(self, update: StoryUpdate, fresh: Sequence[tuple[StoredEntry, StoryEntry]]) -> None:
        """Tell one story's news to every channel that watches a party of a lead."""
        heard: dict[ChannelRef, _Heard] = {}
        for entry, part in fresh:
            watching = self._watching(part.claim.parties)
            for ref, subscriptions in watching.items():
                channel = heard.setdefault(ref, _Heard(subscriptions[0].channel))
                mutes = self._hush(channel.channel).mutes
                wish = best_wish(subscriptions, entry, part.claim, update.story.certainty, mutes)
                channel.wishes.append((entry, part, wish))
            if not watching:
                reason = Reason(ReasonCode.NOT_WATCHED, rule=part.claim.rule)
                self.decide(entry, None, update.story.id, reason)
            self._sides(entry, part.claim, update.story.id, watching)
        for channel in heard.values():
            self._channel(update, channel)

    def _hush(self, channel: Channel) -> Hush:
        if channel.ref not in self._hushes:
            self._hushes[channel.ref] = Hush(channel, self._silence, self._now)
        return self._hushes[channel.ref]

    def _watching(self, companies: Iterable[str]) -> dict[ChannelRef, list[Subscription]]:
        """The subscriptions that watch one of these, by channel; each once, the oldest first."""
        found = {s.id: s for c in companies for s in self._watchers.get(c, ())}
        by_channel: dict[ChannelRef, list[Subscription]] = {}
        for _, subscription in sorted(found.items()):
            by_channel.setdefault(subscription.channel.ref, []).append(subscription)
        return by_channel

    def _sides(self, entry: StoredEntry, lead: Claim, story: StoryId, watching: Mapping[ChannelRef, object]) -> None:
        sides = {c for claim in entry.reading.claims if not claim.draft for c in claim.parties} - set(lead.parties)
        for ref, subscriptions in self._watching(sides).items():
            if ref not in watching:
                first = subscriptions[0]
                companies = tuple(sorted(first.watched & sides))
                reason = Reason(ReasonCode.SIDE_ONLY, first.id, companies, lead.rule)
                self.decide(entry, ref, story, reason)

    def _channel(self, update: StoryUpdate, heard: _Heard) -> None:
        """Decide for one channel: one telling of the story, a reason for each entry."""
        channel, story = heard.channel, update.story
        wanted = [w for w in heard.wishes if w[2].wanted]
        muted = self._hush(channel).mutes.story(story.id)
        due = ReasonCode.MUTED if muted else self._due(update, channel.ref, wanted)
        code = self._allowed(due, channel, story.certainty) if due in _TELLING else due
        if wanted and (code in _TELLING or code in HOLDING):
            # Told because of the entry that changed something, by the subscription that wants it soonest.
            wish = min((w for _, part, w in wanted if part.change in _SHOWN), default=None, key=lambda w: w.rank)
            wish = wish or min((w for _, _, w in wanted), key=lambda w: w.rank)
            self._tell(update, channel, code, wish)
        # Where what changed is in an entry that nobody watches here, the others stand for it.
        shown = any(part.change in _SHOWN for _, part, _ in wanted)
        for entry, part, wish in heard.wishes:
            own = code if wish.wanted else wish.silent
            joined = shown and part.change not in _SHOWN
            if own is code and code is not ReasonCode.PAUSED and due in _JOINING and joined:
                own = ReasonCode.NOTHING_NEW
            self.decide(entry, channel.ref, story.id, wish.reason(own, part.claim, muted if wish.wanted else ""))

    def _due(
        self, update: StoryUpdate, ref: ChannelRef, wanted: Sequence[tuple[StoredEntry, StoryEntry, Wish]]
    ) -> ReasonCode:
        """What the channel would hear of if it might be told now."""
        if not wanted:
            return ReasonCode.FILTERED
        story, before = update.story, update.before
        post = self._posts.get((story.id, ref))
        shown = any(part.change in _SHOWN for _, part, _ in wanted)
        if post is None:
            changed = before is None or before.certainty is not story.certainty
            if not changed and self._now - story.opened_at >= FRESH:
                return ReasonCode.OLD_STORY
            at_once = any(wish.cadence is Cadence.AT_ONCE for _, _, wish in wanted)
            return ReasonCode.ROOT if at_once else ReasonCode.DIGEST
        if post.root is None:
            if post.certainty is story.certainty:
                return ReasonCode.DIGEST if shown and _waits(post) else ReasonCode.NOTHING_NEW
            # News of a daily subscriber stays daily; for all others a change is worth a message of its own.
            daily = all(wish.subscription.cadence is not Cadence.AT_ONCE for _, _, wish in wanted)
            return ReasonCode.DIGEST if daily else ReasonCode.ROOT
        if post.certainty is not story.certainty:
            return ReasonCode.LINE
        return ReasonCode.EDIT if shown and post.revision < story.revision else ReasonCode.NOTHING_NEW

    def _allowed(self, due: ReasonCode, channel: Channel, certainty: Certainty) -> ReasonCode:
        """What becomes of it now: only new messages and lines are ever held, an edit rings nobody's bell."""
        if channel.paused is not None:
            return ReasonCode.PAUSED
        if due not in _RINGING:
            return due
        holds = self._hush(channel).holds(line_to=certainty if due is ReasonCode.LINE else None)
        if holds is None and due is ReasonCode.ROOT and self._roots.get(channel.ref, 0) >= self._burst:
            return ReasonCode.OVERFLOW
        return holds or due

    def _tell(self, update: StoryUpdate, channel: Channel, code: ReasonCode, wish: Wish) -> None:
        story, ref = update.story, channel.ref
        post = self._posts.get((story.id, ref))
        if post is not None and _waits(post) and post.certainty is story.certainty:
            return  # the digest will tell it as it is then
        key, root = f"story:{story.id}:r{story.revision}", post.root if post else None
        reason = wish.reason(code, wish.claim)
        if code in HOLDING:
            self._held.append(Held(wish.subscription.id, ref, story.id, reason, story.certainty, root))
        if code is ReasonCode.OVERFLOW:
            self._over[ref] = (channel, self._over.get(ref, (channel, 0))[1] + 1)
        if code is ReasonCode.DIGEST:
            return  # nobody wants it sooner; should somebody, it is a message then
        if root is not None:
            self._deliveries.append(_delivery(f"{key}:edit", ref, Part.EDIT, update, needs=root, reason=reason))
            if code is ReasonCode.LINE:
                self._deliveries.append(_delivery(f"{key}:line", ref, Part.LINE, update, needs=root, reason=reason))
        elif code is ReasonCode.ROOT:
            root = f"{key}:root"
            self._roots[ref] = self._roots.get(ref, 0) + 1
            self._deliveries.append(_delivery(root, ref, Part.ROOT, update, needs=None, reason=reason))
        if code in _RINGING:
            self._hush(channel).spend()
        self._told.append(Post(story.id, ref, root, story.revision, story.certainty))


def _waits(post: Post) -> bool:
    """Whether the story was never told there, but is held for a digest."""
    return post.root is None and not post.in_digest


def _delivery(
    key: str, channel: ChannelRef, part: Part, update: StoryUpdate, *, needs: str | None, reason: Reason
) -> NewDelivery:
    story = update.story
    return NewDelivery(key, channel, part, needs, story=story.id, revision=story.revision, reason=reason)
