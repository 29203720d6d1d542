"""The children that parse: killed, replaced, and never in anybody's way."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.adapters.sources.parse_pool import ParseLimits, ParsePool
from bot.errors import ParseError
from tests.adapters.sources.conftest import Reader
from tests.kit.feed_server import raw

GOOD = b'<rss version="2.0"><channel><title>t</title><item><title>x</title></item></channel></rss>'
#: 50 kB that keep feedparser's search for e-mail addresses busy for minutes.
HANGS = GOOD.replace(b"<title>x</title>", b"<author>" + b"a" * 200_000 + b"</author>")


@pytest.fixture
async def pool():
    """A pool of one child, with little patience."""
    made = ParsePool(ParseLimits(children=1, wall=0.5))
    await made.start()
    yield made
    await made.close()


def runs(pid):
    return Path(f"/proc/{pid}").exists()


def environment(pid):
    return Path(f"/proc/{pid}/environ").read_bytes()


async def titles(pool, body=GOOD):
    _, entries = await pool.parse(body, "application/xml", "http://news.example/")
    return [entry["title"] for entry in entries]


async def test_a_feed_that_hangs_the_parser_costs_its_own_poll_alone(site, make):
    """It is an error within the limits, and the next feed is read by a new child."""
    reader = Reader(make(children=1, wall=0.3), site.feed("bad").url)
    site.feed("bad").fail(raw(HANGS), times=None)
    site.feed("good").publish("x")
    with pytest.raises(ParseError, match="within the limits"):
        await asyncio.wait_for(reader.poll(), 5)
    assert (await Reader(reader.source, site.feed("good").url).entry()).title == "x"


async def test_a_hanging_feed_does_not_delay_another(make, site):
    """There is a second child."""
    source = make(children=2, wall=5)
    await source.start()
    site.feed("bad").fail(raw(HANGS), times=None)
    site.feed("good").publish("x")
    bad = asyncio.create_task(Reader(source, site.feed("bad").url).poll())
    await asyncio.sleep(0.05)
    assert (await asyncio.wait_for(Reader(source, site.feed("good").url).entry(), 4)).title == "x"
    assert not bad.done()
    bad.cancel()
    with pytest.raises(asyncio.CancelledError):
        await bad


async def test_the_kernel_ends_a_child_that_computes_too_long():
    """The limit of processor time holds where the parent's clock does not."""
    pool = ParsePool(ParseLimits(children=1, wall=20, cpu=1))
    with pytest.raises(ParseError):
        await asyncio.wait_for(titles(pool, HANGS), 10)
    assert await titles(pool) == ["x"]
    await pool.close()


async def test_a_child_that_stands_still_is_replaced(pool):
    """SIGSTOP is the purest hang; SIGKILL ends it all the same."""
    (stopped,) = pool.pids
    os.kill(stopped, signal.SIGSTOP)
    with pytest.raises(ParseError):
        await titles(pool)
    assert await titles(pool) == ["x"]
    assert stopped not in pool.pids
    assert not runs(stopped)


async def test_a_child_that_died_between_two_feeds_is_replaced_unnoticed(pool):
    """Whoever killed it: the next feed is read."""
    (dead,) = pool.pids
    os.kill(dead, signal.SIGKILL)
    while runs(dead):  # noqa: ASYNC110 - the watcher that reaps it has no event to wait for
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
    assert await titles(pool) == ["x"]


async def test_a_feed_that_takes_too_much_memory_is_refused():
    """The limit is the child's, so the parent feels nothing."""
    pool = ParsePool(ParseLimits(children=1, memory=80 * 1024 * 1024))
    body = GOOD.replace(b"<title>x</title>", b"<title>x</title><description>" + b"x" * 12_000_000 + b"</description>")
    with pytest.raises(ParseError):
        await titles(pool, body)
    assert await titles(pool) == ["x"]
    await pool.close()


async def test_a_child_serves_many_feeds_and_not_for_ever():
    """It stays warm between them, and whatever leaks is gone after so many jobs."""
    pool = ParsePool(ParseLimits(children=1, jobs=3))
    seen = []
    for _ in range(4):
        await titles(pool)
        seen += pool.pids
    assert len(seen) == 3
    assert len(set(seen[:2])) == 1
    assert seen[2] != seen[0]
    await pool.close()


async def test_a_large_parent_does_not_make_its_children_large():
    """The kernel's peak value is inherited, so it is not what is looked at."""
    ballast = b"x" * 300_000_000
    pool = ParsePool(ParseLimits(children=1))
    await titles(pool)
    (pid,) = pool.pids
    assert await titles(pool) == ["x"]
    assert pool.pids == [pid]
    assert ballast
    await pool.close()


async def test_entries_are_looked_at_up_to_a_number():
    """Ten thousand, in document order; several answers carry them."""
    pool = ParsePool()
    items = b"".join(
        b"<item><title>%d</title><description>%s</description></item>" % (n, b"x" * 900) for n in range(10_100)
    )
    found = await titles(pool, GOOD.replace(b"<item><title>x</title></item>", items))
    assert found == [str(n) for n in range(10_000)]
    await pool.close()


async def test_a_feed_with_more_text_than_can_be_sent_loses_the_ends_of_texts():
    """Not its entries: what is lost would be lost silently."""
    pool = ParsePool()
    items = b"".join(
        b"<item><title>%d</title><description>%s</description></item>" % (n, b"x" * 7_000) for n in range(2_000)
    )
    items += "".join(
        f"<item><title>{n}</title><description>{'小' * 1_000}</description></item>" for n in range(300)
    ).encode()
    _, entries = await pool.parse(GOOD.replace(b"<item><title>x</title></item>", items), "", "http://x.example/")
    assert len(entries) == 2_300
    hostile = b"<item><title>%d</title><link>a</link></item>"
    base = b'<rss version="2.0" xml:base="http://x.example/' + b"b" * 3_900 + b'/">'
    body = GOOD.replace(b'<rss version="2.0">', base)
    body = body.replace(b"<item><title>x</title></item>", b"".join(hostile % n for n in range(10_000)))
    assert 3_000 < len((await pool.parse(body, "", "http://x.example/"))[1]) < 10_000
    await pool.close()


async def test_a_cancelled_poll_leaves_no_half_talk(pool):
    """The child was in the middle of an answer: it goes."""
    (pid,) = pool.pids
    task = asyncio.create_task(titles(pool, HANGS))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await titles(pool) == ["x"]
    assert pid not in pool.pids


async def test_children_know_nothing_and_end_with_the_pool(monkeypatch):
    """No token of the environment reaches the process that reads what strangers wrote."""
    monkeypatch.setenv("EVWATCH_SLACK_BOT_TOKEN", "xoxb-secret")
    pool = ParsePool()
    await pool.start()
    (pid,) = pool.pids
    assert b"xoxb" not in environment(pid)
    await pool.close()
    assert not runs(pid)


async def test_the_parent_imports_no_parser():
    """It is the child's; the parent would pay for it in memory."""
    code = (
        "import sys, bot.adapters.sources as s; c = s.create('feed', None, None); "
        "assert not {'feedparser', 'sgmllib', 'aiohttp'} & set(sys.modules)"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=Path(__file__).parents[3])
    assert await process.wait() == 0
