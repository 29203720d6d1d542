"""Killed anywhere, any number of times: nothing lost, nothing told twice."""

import asyncio
import os
import random

import pytest

KILLS = int(os.environ.get("EVWATCH_KILLS", "30"))
ENTRIES = int(os.environ.get("EVWATCH_KILL_ENTRIES", "500"))
#: Published in so many steps, so that polls, transactions and sends are under way all the time.
STEPS = 50

pytestmark = pytest.mark.slow


def titles(rulebook, count):
    """So many different stories, told by different pairs of companies."""
    names = [c.name for c in rulebook.companies.values() if c.name.isascii() and " " not in c.name]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    random.Random(1).shuffle(pairs)
    return [f"{a} and {b} form EV joint venture" for a, b in pairs[:count]]


async def publish_all(feed, lines, told, pause):
    """The whole replay, a step at a time."""
    size = max(1, len(lines) // STEPS)
    for at in range(0, len(lines), size):
        for line in lines[at : at + size]:
            feed.publish(line)
        await asyncio.sleep(pause)


def shape(told):
    """What was told, whatever the order polls cut it in."""
    return sorted(t["text"].splitlines()[0] for t in told if t["part"] == "root")


@pytest.fixture
def news(site, evwatch):
    feed = site.feed("news")
    spec = {"id": "news", "url": feed.url, "interval": "1s", "backlog": "all", "burst": "100000"}
    evwatch.feeds(spec, allow=site.place)
    return feed


async def test_kills_lose_nothing_and_repeat_nothing(evwatch, news, expected):
    """-9 at random moments; in the end the channel has every story once, as without kills."""
    lines, wanted = expected
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    await evwatch.start()
    replay = asyncio.create_task(publish_all(news, lines, evwatch, 0.02 * KILLS))
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0, 1.2))
        await evwatch.kill()
        await evwatch.start(ready=chance.random() < 0.7)  # some die before they are ready
    await replay
    await evwatch.until_ready()
    async with asyncio.timeout(120):
        while len(shape(evwatch.told())) < len(wanted):  # noqa: ASYNC110 - another process's file has no event
            await asyncio.sleep(0.2)
    await asyncio.sleep(3)  # time for anything to come twice
    assert await evwatch.stop() == 0
    told = evwatch.told()
    keys = [(t["channel"], t["key"]) for t in told]
    assert len(set(keys)) == len(keys)
    assert shape(told) == wanted
    _, out, _ = await evwatch.run("feeds", "list", "--json")
    assert '"failures": 0' in out


@pytest.fixture
async def expected(tmp_path, site):
    """The titles, and what a run without kills tells of them."""
    from tests.kit.process import Evwatch
    from tests.kit.world import real_rules

    lines = titles(real_rules()[0], ENTRIES)
    feed = site.feed("calm")
    calm = Evwatch(tmp_path / "calm")
    spec = {"id": "news", "url": feed.url, "interval": "1s", "backlog": "all", "burst": "100000"}
    calm.feeds(spec, allow=site.place)
    for line in lines:
        feed.publish(line)
    status, _, err = await calm.run("once")
    assert status == 0, err
    wanted = shape(calm.told())
    assert len(wanted) > ENTRIES * 0.9, "these titles were meant to be stories of their own"
    return lines, wanted
