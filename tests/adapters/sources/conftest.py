"""A site with feeds, and the source that reads them over real HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.http import GuardedFetcher, Limits
from bot.adapters.sources.feed import FeedSource
from bot.adapters.sources.parse_pool import ParseLimits, ParsePool
from bot.domain.feeds import Feed, FeedId, FeedSpec, FeedStatus
from tests.kit.feed_server import FeedServer


class HandClock:
    """Time stands still until it is moved."""

    def __init__(self):
        self.time = datetime(2021, 2, 19, 12, 0, tzinfo=UTC)

    def now(self):
        return self.time

    def move(self, **delta):
        self.time += timedelta(**delta)


class Reader:
    """A feed as the pipeline sees it: polls, and remembers the state if the poll was good."""

    def __init__(self, source, url):
        self.source = source
        self.feed = Feed(FeedId(1), FeedSpec("news", url), "rules", FeedStatus.ACTIVE)

    @property
    def state(self):
        return self.feed.state

    async def poll(self):
        polled = await self.source.poll(self.feed)
        self.feed = replace(self.feed, state=polled.state)
        return polled

    async def entry(self):
        """The only entry of the next poll."""
        (entry,) = (await self.poll()).entries
        return entry


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
async def site():
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def fetcher(site, clock):
    """It may ask the site."""
    made = GuardedFetcher(
        allow_hosts=frozenset({site.place}), user_agent="evwatch/test", clock=clock, limits=Limits(retry_pause=0.01)
    )
    yield made
    await made.close()


@pytest.fixture
async def make(fetcher, clock):
    """Make a source with limits of its own."""
    sources = []

    def make_source(**limits):
        sources.append(FeedSource(fetcher, clock, ParsePool(ParseLimits(**limits))))
        return sources[-1]

    yield make_source
    for source in sources:
        await source.close()


@pytest.fixture
def reader(site, make):
    """A reader of the feed "news"."""
    return Reader(make(children=1), site.feed("news").url)


@pytest.fixture
def read(site, reader):
    """Serve these bytes as the feed, and poll it."""

    async def read_body(body, content_type="application/rss+xml"):
        feed = site.feed("news")
        feed.body = body if isinstance(body, bytes) else body.encode()
        feed.headers = {"Content-Type": content_type}
        return await reader.poll()

    return read_body
