"""The real process and a fake Slack: told, asked, muted, rated; and how soon it acknowledges while it works."""

import asyncio
import statistics
from contextlib import AsyncExitStack

import pytest

from tests.kit.feed_server import FeedServer
from tests.kit.slack_fake import visible
from tests.kit.slack_manifest import installed

GERMAN = (
    "Der Handyhersteller Xiaomi soll in den Bau von Elektroautos einsteigen wollen. Das berichtet das chinesische "
    "Medium „Late Post“ unter Berufung auf Insider. Baidu hatte im Januar angekündigt, gemeinsam mit Geely ins "
    "Autogeschäft einzusteigen."
)
CONFIRMED = "Xiaomi confirmed on Tuesday that it will enter the electric-car business."
COMPANIES = (
    "byd",
    "小米",
    "Volkswagen",
    "latest",
    "why S1",
    "feeds",
    "subscribe",
    "help",
    "search joint venture",
    "nio",
)
COMPANY = (
    "BYD",
    "NIO",
    "Xpeng",
    "Geely",
    "Xiaomi",
    "Tesla",
    "Volvo",
    "Volkswagen",
    "BMW",
    "Renault",
    "Foxconn",
    "CATL",
)


@pytest.fixture
async def slack(evwatch):
    async with installed() as fake:
        evwatch.environment |= fake.settings()
        yield fake


@pytest.fixture
def ann(slack):
    return slack.user("ann")


@pytest.fixture
def room(slack, ann):
    return slack.channel("ev-desk", members=[ann])


async def until_asked(feed, times):
    """Wait until the feed was asked for so often."""
    async with asyncio.timeout(20):
        while len(feed.asked) < times:  # noqa: ASYNC110 - the server's log has no event
            await asyncio.sleep(0.02)


async def test_the_model_case_arrives_is_asked_for_muted_and_rated(evwatch, site, slack, ann, room):
    """With nothing set but the tokens; published after the first poll, it is one message."""
    feed = site.feed("news")
    evwatch.feeds({"id": "news", "url": feed.url, "interval": "2s"}, allow=site.place)
    feed.publish("An old story: BYD and Uber form EV joint venture")
    await evwatch.start()
    await slack.sockets.connected()

    await slack.slash(ann, room, "/ev", "subscribe")
    assert "Watch lists" in visible(slack.modal(ann)).text
    (xiaomi,) = await slack.suggest(ann, None, "ev-form-company", "小米")
    await slack.submit(ann, None, {"ev-form-company": [xiaomi]})
    await slack.until(lambda: slack.ephemerals(ann))
    assert "Subscribed." in visible(slack.ephemerals(ann)[0]).text

    await until_asked(feed, 1)
    feed.publish("Xiaomi plant Elektroautos", text=GERMAN)
    await slack.until(lambda: slack.shown(room), 20)
    (message,) = slack.shown(room)
    assert "Xiaomi" in visible(message).text
    assert "Late" in visible(message).text

    for name in ("xiaomi", "小米"):
        (answer,) = (await slack.slash(ann, room, "/ev", name)).answers
        assert "Late" in visible(answer).text

    story = message.blocks[-2]["elements"][1]["value"].split()[-1]  # `why S2`
    await slack.click(ann, message, "ev-feedback", f"useful {story}", answers=1)
    (counted,) = (await slack.slash(ann, room, "/ev", "quality")).answers
    assert "1 useful" in visible(counted).text

    (muted,) = (await slack.click(ann, message, "ev-mute", answers=1)).answers
    assert "unmute" in visible(muted).text
    await slack.slash(ann, room, "/ev", "subscribe geely")
    feed.publish("Xiaomi confirms electric cars", text=CONFIRMED)
    feed.publish("Geely and Foxconn set up an electric car joint venture")
    await slack.until(lambda: len(slack.shown(room)) == 2, 20)
    assert (message.edits, message.replies) == (0, [])
    assert await evwatch.stop() == 0
    assert "xoxb" not in evwatch.log.decode()


async def test_a_restart_comes_back(evwatch, site, slack, ann, room):
    """Killed or told to stop: the next process answers."""
    for end in (evwatch.kill, evwatch.stop):
        await evwatch.start()
        await slack.sockets.connected()
        assert (await slack.slash(ann, room, "/ev", "help")).error is None
        await end()
        await slack.until(lambda: not slack.sockets.count)


@pytest.mark.slow
async def test_everything_is_acknowledged_within_a_second_while_a_thousand_feeds_are_polled(
    evwatch, slack, ann, room, capsys
):
    """Of all acknowledgements 99 in 100, and answers come; the figures are printed."""
    async with AsyncExitStack() as stack:
        sites = [await stack.enter_async_context(FeedServer()) for _ in range(8)]
        feeds = [sites[n % len(sites)].feed(f"feed-{n}") for n in range(1000)]
        for n, feed in enumerate(feeds):
            feed.publish(f"{COMPANY[n % 7]} and {COMPANY[n % 5 + 7]} form EV joint venture in town {n}")
            for k in range(9):
                feed.publish(f"{COMPANY[(n + k) % 12]} sold more cars in month {k} than in the one before")
        specs = [{"id": f"feed-{n}", "url": feed.url, "interval": "1h"} for n, feed in enumerate(feeds)]
        evwatch.feeds(*specs, allow=" ".join(site.place for site in sites))
        await evwatch.start()
        await slack.sockets.connected()
        seconds: list[float] = []
        answered: list[float] = []
        began = asyncio.get_running_loop().time()
        while len(seconds) < 300 and not all(feed.asked for feed in feeds):
            text = COMPANIES[len(seconds) % len(COMPANIES)]
            said = await slack.slash(ann, room, "/ev", text, answers=0)
            assert said.ack is not None, (text, said.error)  # within Slack's three seconds
            seconds.append(said.ack)
            if len(seconds) % 10 == 0:
                asked = asyncio.get_running_loop().time()
                await slack.until(lambda said=said: said.answers, 20)
                answered.append(asyncio.get_running_loop().time() - asked)
        took = asyncio.get_running_loop().time() - began
    p50, p99 = (statistics.quantiles(seconds, n=100)[k] for k in (49, 98))
    with capsys.disabled():
        print(
            f"\n{len(seconds)} commands in {took:.1f} s while 1,000 feeds of 10 entries are polled: acknowledged in "
            f"{p50 * 1000:.0f} ms (median), {p99 * 1000:.0f} ms (p99), {max(seconds) * 1000:.0f} ms (longest); "
            f"answered in {statistics.median(answered) * 1000:.0f} ms (median), {max(answered) * 1000:.0f} ms (longest)"
        )
