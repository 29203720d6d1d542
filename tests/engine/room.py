"""The store's part in a row of polls, for the tests of routing."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.channels import (
    Channel,
    ChannelRef,
    Post,
    ReasonCode,
    Routed,
    Subscription,
)
from bot.domain.claims import Certainty, Kind
from bot.domain.entries import StoredEntry
from bot.domain.feeds import FeedSpec
from bot.domain.stories import Story, StoryId
from bot.engine.routing import route
from bot.engine.silence import Silence
from bot.engine.stories import assign
from tests.engine.makers import FEED, NOW, RULEBOOK, channel, claim, numbered, party, subscription

MAIN, ASIA = channel("console:main"), channel("matrix:!asia:example.org", "zh")
ANNOUNCED, DENIED = Certainty.ANNOUNCED, Certainty.DENIED
DENIAL = claim("xiaomi", certainty=DENIED, origin=party("xiaomi"))
NEWS = claim("byd", kind=Kind.EV_NEWS, certainty=ANNOUNCED, anchors="named:seal")


class Room:
    """The store's part in a row of polls: stories, posts and subscriptions."""

    def __init__(self, *subscriptions: Subscription, feed: FeedSpec = FEED) -> None:
        self.subscriptions = subscriptions
        self.feed = feed
        self.stories: dict[int, Story] = {}
        self.posts: dict[tuple[StoryId, ChannelRef], Post] = {}
        self.polls = 0

    def poll(self, *entries: StoredEntry, days: float = 0, silence: Silence = Silence()) -> Routed:  # noqa: B008
        now = NOW + timedelta(days=days)
        self.polls += 1
        updates = numbered(assign(entries, list(self.stories.values()), now), len(self.stories) + 1)
        self.stories.update({u.story.id: u.story for u in updates})
        routed = self.route(entries, updates, now, silence)
        self.posts.update({(p.story, p.channel): p for p in routed.posts})
        return routed

    def route(self, entries, updates, now: datetime, silence: Silence = Silence()) -> Routed:  # noqa: B008
        return route(
            entries,
            updates,
            self.subscriptions,
            list(self.posts.values()),
            now,
            feed=self.feed,
            poll=str(self.polls),
            languages=RULEBOOK.languages,
            silence=silence,
        )

    def told_in_digest(self) -> None:
        for story in self.stories.values():
            for ref in {s.channel.ref for s in self.subscriptions}:
                post = Post(story.id, ref, None, story.revision, story.certainty, in_digest=True)
                self.posts[story.id, ref] = post


def keys(routed: Routed) -> list[str]:
    return [d.key for d in routed.deliveries]


def codes(routed: Routed) -> list[ReasonCode]:
    return [d.reason.code for d in routed.decisions]


def watch(companies: str, at: Channel = MAIN, id: int = 1, **more) -> Subscription:
    return subscription(id, companies, at, **more)
