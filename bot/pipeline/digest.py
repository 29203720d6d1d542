"""Digests: what was held for a subscription becomes one message a day, or a week."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.domain.channels import Cadence, Channel, Held, NewDelivery, Part, Post, Routed, Subscription
from bot.domain.messages import Message
from bot.domain.stories import Story
from bot.engine import messages, timing
from bot.pipeline.live import Live
from bot.ports import Clock, Store, Transaction

log = structlog.get_logger(__name__)

#: A digest this much past its hour may still be on its way out: what comes now goes into it.
_JUST_NOW = timedelta(minutes=2)
#: Weekly digests come on Mondays.
_MONDAY = 0


def next_digest_at(channel: Channel, cadence: Cadence, now: datetime) -> datetime:
    """When the next digest of such a subscription is due."""
    weekday = _MONDAY if cadence is Cadence.WEEKLY else None
    return timing.next_digest_at(now, channel.timezone, channel.digest_at, weekday)


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
            await tx.release_subscription(s.id, next_digest_at(s.channel, s.cadence, now - _JUST_NOW))


async def send_digests(store: Store, clock: Clock, live: Live, enqueued: Callable[[], None]) -> int:
    """Enqueue every digest that is due; how many."""
    sent = 0
    for subscription in await store.due_digests(clock.now()):
        sent += await _send_one(store, clock.now(), live, subscription)
    if sent:
        enqueued()
    return sent


class _ToldToday(Exception):
    """This day's digest has gone out already: what is held waits for the next."""


async def _send_one(store: Store, now: datetime, live: Live, subscription: Subscription) -> bool:
    channel = subscription.channel
    on = now.astimezone(ZoneInfo(channel.timezone)).date()
    due = next_digest_at(channel, subscription.cadence, now)
    try:
        async with store.begin() as tx:
            held = [h.story for h in await tx.take_held(subscription=subscription.id)]
            await tx.release_subscription(subscription.id, due)
            # Told meanwhile with a message of its own: not again.
            told = {p.story for p in await tx.posts(held) if p.channel == channel.ref and p.root}
            views = [await store.story_view(story) for story in held if story not in told]
            if not views:
                return False
            rows = _rows(subscription, messages.digest(views, channel, live.rulebook, on), on)
            posts = [_post(v.story, channel) for v in views]
            if await tx.enqueue(Routed(deliveries=tuple(rows), posts=tuple(posts))) < len(rows):
                raise _ToldToday  # rolls back: what was taken is held again
    except _ToldToday:
        async with store.begin() as tx:
            await tx.release_subscription(subscription.id, due)
        return False
    log.info("digest", subscription=subscription.id, channel=str(channel.ref), stories=len(views))
    return True


def _post(story: Story, channel: Channel) -> Post:
    return Post(story.id, channel.ref, None, story.revision, story.certainty, in_digest=True)


def _rows(subscription: Subscription, digest: Message, on: date) -> list[NewDelivery]:
    """A row a page; the first has the digest's own key."""
    key = f"digest:{subscription.id}:{on.isoformat()}"
    pages = enumerate(messages.pages(digest), start=1)
    ref = subscription.channel.ref
    return [NewDelivery(key + (f":{n}" if n > 1 else ""), ref, Part.DIGEST, message=page) for n, page in pages]
