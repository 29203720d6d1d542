"""A site to ask, and fetchers that may ask it."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot.adapters.http import GuardedFetcher, Limits
from tests.kit.feed_server import FeedServer

NOW = datetime(2021, 2, 19, 12, 0, tzinfo=UTC)


class StoppedClock:
    def now(self):
        return NOW


@pytest.fixture
async def site():
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def make(site):
    """Make a fetcher; by default the site is on its allow-list, and nothing waits."""
    async with AsyncExitStack() as stack:

        def make_fetcher(*, allow=None, lookup=None, **limits):
            more = {} if lookup is None else {"lookup": lookup}
            fetcher = GuardedFetcher(
                allow_hosts=frozenset({site.place} if allow is None else allow),
                user_agent="evwatch/0.1.0 (+mailto:ops@example.org)",
                clock=StoppedClock(),
                limits=Limits(**{"retry_pause": 0.01, **limits}),
                **more,
            )
            stack.push_async_callback(fetcher.close)
            return fetcher

        yield make_fetcher


@pytest.fixture
def fetcher(make):
    return make()
