"""Digests: what was held for a subscription becomes one message a day, or a week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain.channels import Channel, ChannelRef, Held, NewDelivery, Part, Post, Routed, Subscription
from bot.domain.messages import Message
from bot.domain.stories import Story, StoryId
from bot.engine import messages, timing
from bot.engine.silence import Mutes
from bot.pipeline.live import Live
from bot.ports import Clock, Store, Transaction

log = structlog.get_logger(__name__)

#: A digest this much past its hour may still be on its way out: what comes now goes into it.
_JUST_NOW = timedelta(minutes=2)


class ToldAlready(Exception):
    """A digest of this key has gone out: raised to roll back, so that what was taken is held again."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one digest is made of."""

    key: str  #: of its delivery
    channel: Channel
    held: tuple[Held, ...]
    on: date  #: shown in its first line
    label: str = "digest"  #: which first line


async def schedule_digests(
    tx: Transaction, held: Sequence[Held], subscriptions: Sequence[Subscription], now: datetime
) -> None:
    """Set the hour of every digest that something was just held for.

    Not when the last one goes out: a subscription nothing was held for would stay overdue, and tell the next thing at
    once. Send what is due before polling, and nothing that was due is put off.
    """
    waiting = {h.subscription for h in held}
    for s in subscriptions:
        if s.id in waiting:
            await tx.release_subscription(s.id, timing.digest_due(s, now - _JUST_NOW))


async def send_digests(store: Store, clock: Clock, live: Live, enqueued: Callable[[], None]) -> int:
    """Enqueue every digest that is due; how many."""
    sent = 0
    for subscription in await store.due_digests(clock.now()):
        sent += await _send_one(store, clock.now(), live, subscription)
    if sent:
        enqueued()
    return sent


async def _send_one(store: Store, now: datetime, live: Live, subscription: Subscription) -> bool:
    channel = subscription.channel
    on = now.astimezone(ZoneInfo(channel.timezone)).date()
    due = timing.digest_due(subscription, now)
    # By its hour: another one that somebody set since is another digest, the same one of a clock set back is none.
    key = f"digest:{subscription.id}:{timing.digest_was_due(subscription, now):%Y-%m-%dT%H%M}"
    try:
        async with store.begin() as tx:
            held = await tx.take_held(subscription.id)
            await tx.release_subscription(subscription.id, due)
            stories = await put_digest(tx, store, live, Digest(key, channel, tuple(held), on), now)
    except ToldAlready:
        async with store.begin() as tx:
            await tx.release_subscription(subscription.id, due)
        return False
    log.info("digest", subscription=subscription.id, channel=str(channel.ref), stories=stories)
    return stories > 0


async def put_digest(tx: Transaction, store: Store, live: Live, digest: Digest, now: datetime) -> int:
    """Enqueue one digest of what is left to tell; how many stories. Raises ToldAlready."""
    channel = digest.channel
    posts = {p.story: p for p in await tx.posts([h.story for h in digest.held]) if p.channel == channel.ref}
    waiting = [(await store.story_view(h.story), h, posts.get(h.story)) for h in digest.held]
    left = [(view, post) for view, h, post in waiting if not _told_meanwhile(h, post, view.story)]
    if muted := await _muted(tx, channel, [view.story for view, _ in left], now):
        await tx.forget_posts(channel.ref, muted)
        left = [(view, post) for view, post in left if view.story.id not in muted]
    if not left:
        return 0
    changed = frozenset(post.story for _, post in left if post is not None and post.root is not None)
    views = [view for view, _ in left]
    message = messages.digest(views, channel, live.rulebook, digest.on, changed=changed, label=digest.label)
    rows = _rows(digest.key, channel.ref, message)
    told = tuple(_post(view.story, channel.ref, post) for view, post in left)
    if await tx.enqueue(Routed(deliveries=tuple(rows), posts=told)) < len(rows):
        raise ToldAlready
    return len(left)


def _told_meanwhile(held: Held, post: Post | None, story: Story) -> bool:
    """Whether the channel has heard it since it was held: by a message of its own, a line, or another digest."""
    if post is None:  # a message that died is none
        return False
    if post.root is not None:
        return post.root != held.root or post.certainty is not held.certainty
    return post.in_digest and post.certainty is story.certainty


async def _muted(tx: Transaction, channel: Channel, stories: Sequence[Story], now: datetime) -> frozenset[StoryId]:
    """Those that the channel does not want to hear of now: muted themselves, or with every company it watches."""
    mutes = Mutes(await tx.mutes([channel.ref], now), channel.ref)
    parties = frozenset[str]().union(*(s.parties for s in stories))
    watched = frozenset[str]()
    if not mutes.companies.isdisjoint(parties):
        watching = [s for s in await tx.subscriptions(parties) if s.channel.ref == channel.ref]
        watched = watched.union(*(s.watched - s.filter.without for s in watching))
    return frozenset(s.id for s in stories if mutes.story(s.id) or mutes.all_of(sorted(s.parties & watched)))


def _post(story: Story, ref: ChannelRef, post: Post | None) -> Post:
    """What the digest tells: the story, or how the message that it has here has changed."""
    if post is not None and post.root is not None:
        return replace(post, certainty=story.certainty)
    return Post(story.id, ref, None, story.revision, story.certainty, in_digest=True)


def _rows(key: str, ref: ChannelRef, digest: Message) -> list[NewDelivery]:
    """A row a page; the first has the digest's own key."""
    pages = enumerate(messages.pages(digest), start=1)
    return [NewDelivery(key + (f":{n}" if n > 1 else ""), ref, Part.DIGEST, message=page) for n, page in pages]
