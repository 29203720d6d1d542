"""A polite feed client, judged from the server's side."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters import sources
from bot.adapters.sources.feed import FeedSource
from bot.errors import ConfigError, FetchError, ParseError
from tests.adapters.sources.conftest import Reader
from tests.kit import feed_server
from tests.kit.feed_server import raw, redirect, status

HALF = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>one</title></item><item><ti'


# --------------------------------------------------------------------------------------------------------- validators


@pytest.mark.parametrize(
    ("etag", "last_modified"),
    [
        ('W/"abc"', "Fri, 19 Feb 2021 08:00:00 GMT"),
        ('"a b, c"', "Fri,  19 Feb 2021 08:00:00 +0000"),
        ("unquoted", "yesterday, or so"),
        ('"--gzip"', None),
        ('"\\"', "0"),
        (None, "Fri, 19 Feb 2021 08:00:00 GMT"),
        ('"é日本"', None),
    ],
)
async def test_validators_come_back_as_they_were_sent(site, reader, etag, last_modified):
    """Both are opaque: byte for byte, weak mark, quotes and nonsense included."""
    feed = site.feed("news", etag=False, last_modified=False)
    feed.publish("one")
    feed.headers = {k: v for k, v in {"ETag": etag, "Last-Modified": last_modified}.items() if v is not None}
    await reader.poll()
    await reader.poll()
    first, second = feed.asked
    assert (first["If-None-Match"], first["If-Modified-Since"]) == (None, None)
    assert (second["If-None-Match"], second["If-Modified-Since"]) == (etag, last_modified)


async def test_a_feed_that_did_not_change_is_not_read_again(site, reader, clock):
    """304: no entries, the state stays, the poll counts as one."""
    site.feed("news").publish("one")
    first = await reader.poll()
    clock.move(hours=1)
    second = await reader.poll()
    assert (len(first.entries), first.not_modified) == (1, False)
    assert (second.entries, second.not_modified) == ((), True)
    assert second.state.polled_at == clock.now()
    assert second.state.parsed_at == clock.now() - timedelta(hours=1)
    assert (second.state.etag, second.state.rhythm) == (first.state.etag, first.state.rhythm)


async def test_a_304_may_bring_new_validators(site, reader):
    """Those it has replace ours, those it has not stay."""
    feed = site.feed("news")
    feed.publish("one")
    before = (await reader.poll()).state
    feed.fail(status(304, {"ETag": '"new"'}))
    after = (await reader.poll()).state
    assert (after.etag, after.last_modified) == ('"new"', before.last_modified)
    feed.fail(status(304))
    assert (await reader.poll()).state.etag == '"new"'


async def test_a_200_without_validators_forgets_the_old_ones(site, reader):
    """They belonged to another document."""
    feed = site.feed("news")
    feed.publish("one")
    await reader.poll()
    feed.etag = feed.last_modified = False
    feed.publish("two")
    state = (await reader.poll()).state
    assert (state.etag, state.last_modified) == (None, None)


async def test_the_same_bytes_under_new_validators_are_not_read_again(site, reader):
    """A host that ignores conditions costs no parsing; its validators are kept all the same."""
    feed = site.feed("news", last_modified=False)
    feed.publish("one")
    feed.headers = {"ETag": '"1"'}
    await reader.poll()
    feed.headers = {"ETag": '"2"'}
    polled = await reader.poll()
    assert (polled.not_modified, polled.entries, polled.state.etag) == (True, (), '"2"')


@pytest.mark.parametrize(
    "fault",
    [
        raw(b"<html><body>Please log in</body></html>", {"ETag": '"bad"', "Content-Type": "text/html"}),
        raw(HALF, {"ETag": '"bad"', "Content-Type": "application/xml"}),
        raw(b"", {"ETag": '"bad"'}),
        raw(b"http://127.0.0.1/feed", {"ETag": '"bad"'}),
        feed_server.cut(HALF, 40, {"ETag": '"bad"'}),
        status(500, {"ETag": '"bad"'}),
    ],
)
async def test_a_bad_answer_leaves_no_validator(site, reader, fault):
    """A broken, cut or unreadable answer is an error, and the next question is the old one."""
    feed = site.feed("news")
    feed.publish("one")
    good = (await reader.poll()).state.etag
    feed.fail(fault)
    with pytest.raises((FetchError, ParseError)):
        await reader.poll()
    feed.publish("two")
    polled = await reader.poll()
    assert feed.asked[-1]["If-None-Match"] == good
    assert [entry.title for entry in polled.entries] == ["two", "one"]


# ---------------------------------------------------------------------------------------------------------- next poll


@pytest.mark.parametrize(
    ("headers", "channel", "wait"),
    [
        ({}, "", None),
        ({"Cache-Control": "max-age=3600"}, "", 3600),
        ({"Cache-Control": 'public,MAX-AGE="7200", must-revalidate'}, "", 7200),
        ({"Cache-Control": "s-maxage=7200, x-max-age=9"}, "", None),
        ({"Cache-Control": "max-age=-1"}, "", None),
        ({"Cache-Control": "max-age=soon"}, "", None),
        ({"Cache-Control": "no-cache"}, "", None),
        ({"Cache-Control": "max-age=31536000"}, "", 86400),
        ({"Cache-Control": "max-age=9999999999999999999"}, "", 86400),
        ({"Expires": "Fri, 19 Feb 2021 14:00:00 GMT"}, "", 7200),
        ({"Expires": "Fri, 19 Feb 2021 10:00:00 GMT"}, "", None),
        ({"Expires": "Fri, 19 Feb 2021 11:00:00 GMT", "Date": "Fri, 19 Feb 2021 10:00:00 GMT"}, "", 3600),
        ({"Expires": "Fri, 19 Feb 2100 10:00:00 GMT"}, "", 86400),
        ({"Expires": "0"}, "", None),
        ({}, "<ttl>120</ttl>", 7200),
        ({}, "<ttl> 90 </ttl>", 5400),
        ({}, "<ttl>-5</ttl>", None),
        ({}, "<ttl>often</ttl>", None),
        ({}, "<ttl>99999999</ttl>", 86400),
        ({}, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1800),
        ({}, "<sy:updatePeriod>\n daily \n</sy:updatePeriod>", 86400),
        ({}, "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 3600),
        ({}, "<sy:updatePeriod>never</sy:updatePeriod>", None),
        ({}, "<skipHours><hour>12</hour></skipHours><skipDays><day>Friday</day></skipDays>", None),
        ({"Cache-Control": "max-age=3600", "Expires": "Fri, 19 Feb 2021 16:00:00 GMT"}, "<ttl>120</ttl>", 14400),
    ],
)
async def test_the_host_says_when_to_come_back(site, reader, headers, channel, wait):
    """The longest of all wishes holds, up to a day; nonsense is no wish."""
    now = datetime(2021, 2, 19, 12, 0, tzinfo=UTC)
    feed = site.feed("news", channel=channel)
    # The server's own Date is today's; one of the stopped clock goes with it.
    feed.headers = {"Date": "Fri, 19 Feb 2021 12:00:00 GMT", **headers}
    feed.publish("one")
    state = (await reader.poll()).state
    assert state.next_poll_at == (None if wait is None else now + timedelta(seconds=wait))


async def test_what_the_document_asked_for_holds_for_a_304(site, reader, clock):
    """A 304 has no <ttl> to say it again with."""
    site.feed("news", channel="<ttl>120</ttl>").publish("one")
    await reader.poll()
    clock.move(hours=2)
    polled = await reader.poll()
    assert polled.not_modified
    assert polled.state.next_poll_at == clock.now() + timedelta(hours=2)


async def test_the_rhythm_is_the_median_distance_of_the_newest_dates(site, reader, clock):
    """Old entries, undated ones and announcements of the future have no say."""
    feed = site.feed("news")
    for n in range(30):
        feed.publish(f"old {n}", published=clock.now() - timedelta(days=100 - n))
    for n in range(21):
        feed.publish(f"new {n}", published=clock.now() - timedelta(hours=3 * (21 - n)))
    feed.publish("undated", published=None)
    feed.publish("future", published=clock.now() + timedelta(days=40))
    assert (await reader.poll()).state.rhythm == timedelta(hours=3)


async def test_one_date_is_no_rhythm(site, reader):
    """There is no distance to measure."""
    site.feed("news").publish("one")
    assert (await reader.poll()).state.rhythm is None


# ---------------------------------------------------------------------------------------------------------- redirects


async def test_a_feed_that_moved_for_good_is_asked_at_its_new_address(site, make):
    """Once its target parsed as a feed."""
    site.feed("old").fail(redirect("/new", 301), times=None)
    site.feed("new").publish("one")
    reader = Reader(make(), site.feed("old").url)
    assert (await reader.poll()).state.url == site.feed("new").url
    assert (await reader.poll()).not_modified
    assert len(site.feed("old").asked) == 1


async def test_a_feed_that_is_elsewhere_for_now_keeps_its_address(site, make):
    """302, 303 and 307 are followed each time."""
    site.feed("old").fail(redirect("/new", 307), times=None)
    site.feed("new").publish("one")
    reader = Reader(make(), site.feed("old").url)
    assert (await reader.poll()).state.url is None
    assert (await reader.poll()).not_modified
    assert len(site.feed("old").asked) == 2


async def test_a_move_to_something_else_is_not_believed(site, make):
    """A host that was sold redirects everything to its front page."""
    site.feed("old").fail(redirect("/shop", 301), times=None)
    site.feed("shop", body=b"<!DOCTYPE html><html><body>Buy!</body></html>")
    reader = Reader(make(), site.feed("old").url)
    with pytest.raises(ParseError, match="not a feed"):
        await reader.poll()
    assert reader.feed.url == site.feed("old").url


# -------------------------------------------------------------------------------------------------------------- names


def test_a_kind_of_feed_is_a_module():
    """Its tools are not kinds."""
    assert sources.names() == ["feed"]


async def test_a_source_is_made_by_its_name(fetcher, clock):
    """The source brings its own limits."""
    source = sources.create("feed", fetcher, clock)
    assert isinstance(source, FeedSource)
    await source.start()
    await source.close()


@pytest.mark.parametrize("kind", ["atom", "parse_child", "", "os", "..http"])
async def test_an_unknown_kind_is_refused(kind, fetcher, clock):
    """Nothing is imported for it."""
    with pytest.raises(ConfigError, match="must be one of feed, not"):
        sources.create(kind, fetcher, clock)


async def test_times_are_aware(site, reader):
    """Everything that is remembered is UTC."""
    site.feed("news", headers={"Cache-Control": "max-age=60"}).publish(
        "one", published=datetime(2021, 1, 1, tzinfo=UTC)
    )
    polled = await reader.poll()
    times = [polled.state.next_poll_at, polled.state.polled_at, polled.state.parsed_at, polled.entries[0].published]
    assert all(time.tzinfo is UTC for time in times)
