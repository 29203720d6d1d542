"""The real process against a real server, the console as its chat."""

import asyncio
import signal
import time

import pytest

JOINT_VENTURE = "BYD and Uber form EV joint venture"
ANOTHER = "Geely and Foxconn set up an electric car joint venture"


@pytest.fixture
def news(site, evwatch):
    """One feed, polled every two seconds, told from its first poll on."""
    feed = site.feed("news")
    evwatch.feeds({"id": "news", "url": feed.url, "interval": "2s", "backlog": "all"}, allow=site.place)
    return feed


async def test_what_is_published_is_told_within_one_tick(evwatch, news):
    """From the feed's next poll to the channel there is no waiting."""
    await evwatch.start()
    await evwatch.until_told(0)
    news.publish(JOINT_VENTURE)
    (told,) = await evwatch.until_told(1, seconds=5)
    assert "BYD" in told["text"]
    assert told["channel"] == "console:main"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_when_told_to(evwatch, news, number):
    """Within eight seconds, with status 0."""
    await evwatch.start()
    began = time.monotonic()
    assert await evwatch.stop(number) == 0
    assert time.monotonic() - began < 8


async def test_it_stops_in_time_while_a_feed_hangs(evwatch, news):
    """A poll under way is cut short: it has written nothing."""

    async def hang(_):
        await asyncio.sleep(60)

    news.fail(hang)
    await evwatch.start()
    async with asyncio.timeout(10):
        while not news.asked:  # noqa: ASYNC110 - the server's log has no event
            await asyncio.sleep(0.02)
    began = time.monotonic()
    assert await evwatch.stop() == 0
    assert time.monotonic() - began < 8


async def test_a_restart_repeats_nothing(evwatch, news):
    """The same document after a restart tells nothing; a new entry does."""
    news.publish(JOINT_VENTURE)
    await evwatch.start()
    await evwatch.until_told(1)
    await evwatch.stop()
    await evwatch.start()
    news.publish(ANOTHER)
    told = await evwatch.until_told(2)
    assert len({t["key"] for t in told}) == 2
    await evwatch.stop()
    assert len(evwatch.told()) == 2


async def test_two_on_one_folder_are_refused(evwatch, news):
    """The second says who holds it; other commands may run beside."""
    await evwatch.start()
    status, _, err = await evwatch.run("run")
    assert status == 1
    assert str(evwatch.pid) in err
    status, out, _ = await evwatch.run("feeds", "list")
    assert status == 0
    assert "news" in out


async def test_once_tells_and_ends(evwatch, news):
    """`evwatch once` polls what is due, tells it, and exits with 0."""
    news.publish(JOINT_VENTURE)
    status, out, err = await evwatch.run("once")
    assert status == 0, err
    assert len(evwatch.told()) == 1
    assert "BYD" in out


async def test_no_chat_library_is_loaded_without_tokens(evwatch, news):
    """Nobody pays for what is not set up."""
    news.publish(JOINT_VENTURE)
    evwatch.environment["PYTHONPROFILEIMPORTTIME"] = "1"
    status, _, err = await evwatch.run("once")
    assert status == 0
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in err.splitlines() if "import time:" in line}
    assert "sqlalchemy" in loaded
    assert loaded & {"slack_sdk", "slack_bolt", "nio"} == set()


async def test_wrong_settings_and_rules_start_nothing(evwatch):
    """All of it is said at once, with status 2."""
    evwatch.environment |= {"EVWATCH_TIMEZONE": "Europe/Berln", "EVWATCH_POLL_FLOOR": "soon"}
    status, _, err = await evwatch.run("run")
    assert status == 2
    assert err.splitlines() == [
        "EVWATCH_POLL_FLOOR: must be a number with s, m, h or d behind it, like 15m",
        "EVWATCH_TIMEZONE: no such IANA time zone (did you mean Europe/Berlin?)",
    ]
    assert not evwatch.data.exists()


async def test_wrong_rules_start_nothing(evwatch):
    """A mistake in a rule file is a line with its place."""
    evwatch.feeds({"id": "news", "url": "https://news.example/feed", "intervall": "2s"})
    status, _, err = await evwatch.run("run")
    assert status == 2
    assert "feeds.yaml:" in err
    assert "interval" in err


async def test_once_polls_each_feed_once(site, evwatch):
    """However short their intervals: what becomes due meanwhile is for the next time."""
    names = [f"news{n}" for n in range(3)]
    urls = [site.feed(name).url for name in names]
    specs = [{"id": n, "url": u, "interval": "1s", "backlog": "all"} for n, u in zip(names, urls, strict=True)]
    evwatch.feeds(*specs, allow=site.place)
    status, _, err = await evwatch.run("once")
    assert status == 0, err
    assert [len(site.feed(name).asked) for name in names] == [1, 1, 1]
