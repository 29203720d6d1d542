"""The guarded GET over real HTTP."""

import asyncio
import gzip
import zlib

import pytest
from aiohttp import web

from bot.errors import FetchError
from tests.kit import feed_server
from tests.kit.feed_server import raw, redirect, status


async def fetch_error(fetcher, url, headers=None):
    with pytest.raises(FetchError) as caught:
        await fetcher.get(url, headers or {})
    assert "127.0.0.1" not in str(caught.value)
    return caught.value


# ------------------------------------------------------------------------------------------------------------ manners


async def test_a_request_says_who_asks_and_nothing_else(site, fetcher):
    """No cookies, no Referer, no delta encodings, no compression we would not bound."""
    feed = site.feed("news", headers={"Set-Cookie": "a=b"})
    site.feed("old").fail(redirect(feed.url), times=None)
    for _ in range(2):
        await fetcher.get(site.feed("old").url, {"Accept": "application/rss+xml"})
    names = {name.lower() for asked in feed.asked for name in asked.headers}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert feed.asked[1]["User-Agent"] == "evwatch/0.1.0 (+mailto:ops@example.org)"
    assert feed.asked[1]["Accept-Encoding"] == "gzip, deflate"


async def test_proxies_of_the_environment_are_not_used(site, fetcher, monkeypatch):
    """A proxy would connect to whatever it likes."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert (await fetcher.get(site.feed("news").url, {})).status == 200


async def test_one_request_per_host_at_a_time(site, fetcher):
    """Ten feeds of one host are asked one after the other."""
    await asyncio.gather(*(fetcher.get(site.feed(f"{n}").url, {}) for n in range(10)))
    assert site.most_at_once == 1


async def test_a_host_has_a_pause_between_two_requests(make):
    """Without the allow-list a second request waits for the gap after the first one's end."""
    times = []
    loop = asyncio.get_running_loop()

    async def lookup(_host, _port):
        times.append(loop.time())
        raise OSError

    fetcher = make(allow=(), lookup=lookup, gap=0.08)
    await asyncio.gather(*(fetch_error(fetcher, "http://news.example/") for _ in range(2)))
    await fetch_error(fetcher, "http://other.example/")
    assert times[1] - times[0] >= 0.08
    assert times[2] - times[1] < 0.06, "another host does not wait"


async def test_a_slow_host_delays_no_other(site, make):
    """The turn is the host's own."""
    fetcher = make(total=0.3)
    site.feed("slow").fail(feed_server.slow(5))
    async with feed_server.FeedServer() as other:
        fetcher = make(allow={site.place, other.place}, total=0.3)
        waiting = asyncio.create_task(fetch_error(fetcher, site.feed("slow").url))
        await asyncio.wait_for(fetcher.get(other.feed("news").url, {}), 0.25)
        assert "within 0.3 seconds" in str(await waiting)


# ------------------------------------------------------------------------------------------------------------- safety


async def test_a_private_host_is_refused_before_a_byte_is_sent(site, make):
    """By number (no port 80 here, so the port says it first) and by name."""

    async def lookup(_host, _port):
        return ["127.0.0.1"]

    fetcher = make(allow=(), lookup=lookup)
    await fetch_error(fetcher, site.feed("news").url)
    assert "may not be asked" in str(await fetch_error(fetcher, "http://127.0.0.1/news"))
    assert "may not be asked" in str(await fetch_error(fetcher, "http://rebound.example/news"))
    assert not site.feed("news").asked


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/x", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "http://internal.example/",
     "file:///etc/passwd", "http://u:p@example.org/", "//2130706433/", "http://127.0.0.1:22/", "\\\\host\\share", ""],
)  # fmt: skip
async def test_a_redirect_to_a_private_place_is_refused(site, make, location):
    """Every hop is vetted like the first."""

    async def lookup(_host, _port):
        return ["10.0.0.1"]

    fetcher = make(lookup=lookup)
    site.feed("news").fail(redirect(location))
    await fetch_error(fetcher, site.feed("news").url)


async def test_a_name_is_looked_up_once_and_that_address_is_asked(site, make):
    """A name server that changes its mind between check and connect changes nothing."""
    port = site.place.rpartition(":")[2]
    asked = []

    async def lookup(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    fetcher = make(allow={f"feeds.example:{port}"}, lookup=lookup)
    site.feed("news")
    assert (await fetcher.get(f"http://feeds.example:{port}/news", {})).status == 200
    assert asked == ["feeds.example"]
    assert site.feed("news").asked[0]["Host"] == f"feeds.example:{port}"


async def test_a_public_answer_that_turns_private_is_refused_the_second_time(make):
    """No name cache keeps the first answer, and the second is vetted as if there had been none."""
    answers = [OSError(), ["127.0.0.1"]]

    async def lookup(_host, _port):
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    fetcher = make(allow=(), lookup=lookup, gap=0)
    assert "not known" in str(await fetch_error(fetcher, "http://rebound.example/"))
    assert "may not be asked" in str(await fetch_error(fetcher, "http://rebound.example/"))


# ---------------------------------------------------------------------------------------------------------- redirects


@pytest.mark.parametrize(
    ("codes", "permanent"),
    [([301], True), ([308, 301], True), ([302], False), ([301, 307], False), ([303, 301], False)],
)
async def test_only_permanent_redirects_move_a_feed(site, fetcher, codes, permanent):
    """One temporary step in the chain, and the old address stays."""
    end = site.feed("end")
    for n, code in enumerate(codes):
        target = site.feed(f"hop{n + 1}").path if n + 1 < len(codes) else end.url + "#top"
        site.feed(f"hop{n}").fail(redirect(target, code))
    fetched = await fetcher.get(site.feed("hop0").url, {"If-None-Match": '"x"'})
    assert fetched.url == end.url
    assert fetched.permanent_url == (end.url if permanent else None)
    assert end.asked[0]["If-None-Match"] == '"x"'


async def test_no_redirect_is_no_move(site, fetcher):
    """An address that answers itself has not moved."""
    assert (await fetcher.get(site.feed("news").url, {})).permanent_url is None


async def test_redirects_in_a_circle_end(site, fetcher):
    """Each address is asked once."""
    site.feed("a").fail(redirect("/b", 301), times=None)
    site.feed("b").fail(redirect("/a", 301), times=None)
    assert "circle" in str(await fetch_error(fetcher, site.feed("a").url))
    assert len(site.feed("a").asked) == 1


async def test_ten_redirects_are_followed_and_no_more(site, fetcher):
    """A chain that never repeats ends as well."""
    for n in range(30):
        site.feed(f"hop{n}").fail(redirect(f"/hop{n + 1}"), times=None)
    site.feed("hop30")
    assert (await fetcher.get(site.feed("hop20").url, {})).status == 200
    assert "10 redirects" in str(await fetch_error(fetcher, site.feed("hop0").url))
    assert not site.feed("hop11").asked


# ------------------------------------------------------------------------------------------------------------- status


@pytest.mark.parametrize("code", [201, 204, 206, 300, 304, 400, 401, 403, 404, 429, 500, 502, 503])
async def test_everything_but_an_answer_is_an_error(site, fetcher, code):
    """Also a 304 to a question that carried no validator. No status is asked for twice."""
    feed = site.feed("news")
    feed.fail(status(code), times=None)
    error = await fetch_error(fetcher, feed.url)
    assert (error.gone, error.retry_after) == (False, None)
    assert len(feed.asked) == 1


async def test_not_modified_is_an_answer_to_a_validator(site, fetcher):
    """The 304's own headers are handed on."""
    feed = site.feed("news")
    first = await fetcher.get(feed.url, {})
    second = await fetcher.get(feed.url, {"If-None-Match": first.headers["etag"]})
    assert (second.status, second.body) == (304, b"")
    assert second.headers["etag"] == first.headers["etag"]


async def test_gone_is_said_once_and_for_all_by_the_feed_itself(site, fetcher):
    """Behind a temporary redirect a 410 says nothing about the feed."""
    site.feed("gone").fail(status(410), times=None)
    site.feed("moved").fail(redirect("/gone", 301))
    site.feed("lent").fail(redirect("/gone", 302))
    assert (await fetch_error(fetcher, site.feed("gone").url)).gone
    assert (await fetch_error(fetcher, site.feed("moved").url)).gone
    assert not (await fetch_error(fetcher, site.feed("lent").url)).gone


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 7200 ", 7200.0),
        ("0", 0.0),
        ("172800", 172800.0),
        ("5000000", 30 * 86400.0),
        ("Fri, 19 Feb 2021 13:00:00 GMT", 3600.0),
        ("Sunday, 21-Feb-21 12:00:00 GMT", 2 * 86400.0),
        ("Fri, 19 Feb 2021 11:00:00 GMT", None),
        ("Fri, 99 Feb 2021 11:00:00 GMT", None),
        ("Fri, 19 Feb 99999999999 11:00:00 GMT", None),
        ("-5", None),
        ("1e3", None),
        ("soon", None),
        ("٣٠", None),
        ("", None),
        ("2147483648", None),
        ("9" * 30, None),
    ],
)
async def test_retry_after_is_read_with_care(site, fetcher, code, value, seconds):
    """Seconds or a date, up to 30 days; garbage, the past and overflows mean the default back-off."""
    site.feed("news").fail(status(code, {"Retry-After": value}))
    assert (await fetch_error(fetcher, site.feed("news").url)).retry_after == seconds


async def test_retry_after_holds_for_429_and_503_alone(site, fetcher):
    """Elsewhere it means other things."""
    site.feed("news").fail(status(403, {"Retry-After": "60"}))
    assert (await fetch_error(fetcher, site.feed("news").url)).retry_after is None


async def test_a_lost_connection_is_tried_once_more(site, make):
    """Not a byte came back, so nothing was answered."""
    feed = site.feed("news")
    feed.fail(feed_server.hang_up())
    assert (await make().get(feed.url, {})).status == 200
    assert len(feed.asked) == 2
    feed.fail(feed_server.hang_up(), times=None)
    await fetch_error(make(), feed.url)
    assert len(feed.asked) == 4
    await site.close()
    assert "connection" in str(await fetch_error(make(), feed.url))


async def test_an_encryption_that_fails_is_said_and_not_tried_again(site, fetcher):
    """A host without a valid certificate will not have one two seconds later."""
    site.feed("news")
    assert "encryption" in str(await fetch_error(fetcher, site.feed("news").url.replace("http:", "https:")))


async def test_an_address_of_version_six_is_asked_in_its_brackets(make):
    """An intranet feed may live on one."""
    server = feed_server.FeedServer()
    try:
        await server.start("::1")
    except OSError:
        pytest.skip("no IPv6 on this machine")
    fetched = await make(allow={server.place}).get(server.feed("news").url, {})
    assert fetched.status == 200
    assert server.feed("news").asked[0]["Host"] == server.place
    await server.close()


# --------------------------------------------------------------------------------------------------------------- body


DOCUMENT = b"<rss>" + b"news " * 50_000 + b"</rss>"
raw_deflate = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(DOCUMENT)),
        ("x-gzip", gzip.compress(DOCUMENT)),
        ("gzip", gzip.compress(DOCUMENT[:99]) + gzip.compress(b"") + gzip.compress(DOCUMENT[99:])),
        ("gzip", gzip.compress(DOCUMENT) + b"\0" * 100),
        ("deflate", zlib.compress(DOCUMENT)),
        ("deflate", raw_deflate.compress(DOCUMENT) + raw_deflate.flush()),
        ("identity", DOCUMENT),
    ],
)
async def test_compressed_bodies_are_unpacked(site, fetcher, encoding, packed):
    """There is gzip of several members and with padding, deflate with and without zlib's header."""
    site.feed("news").fail(raw(packed, {"Content-Encoding": encoding}))
    assert (await fetcher.get(site.feed("news").url, {})).body == DOCUMENT


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(DOCUMENT)[:-9]),
        ("gzip", gzip.compress(DOCUMENT)[:-9] + b"\0" * 9),
        ("gzip", b"\x1f"),
        ("gzip", DOCUMENT),
        ("deflate", zlib.compress(DOCUMENT)[:-5]),
        ("br", b"\x0b\x02\x80<rss>\x03"),
        ("zstd", b"\x28\xb5\x2f\xfd"),
        ("gzip, gzip", gzip.compress(gzip.compress(DOCUMENT))),
    ],
)
async def test_a_broken_or_unasked_compression_is_an_error(site, fetcher, encoding, packed):
    """A cut gzip is no shorter document."""
    site.feed("news").fail(raw(packed, {"Content-Encoding": encoding}))
    await fetch_error(fetcher, site.feed("news").url)


async def test_a_gzip_bomb_is_refused(site, fetcher):
    """The limit counts what comes out of it."""
    site.feed("news").fail(feed_server.gzip_bomb(200 * 1024 * 1024))
    assert "larger than 15 MiB" in str(await fetch_error(fetcher, site.feed("news").url))


async def test_a_large_body_is_refused_and_one_at_the_limit_is_not(site, make):
    """By its length, and by its bytes where it gives none."""
    fetcher = make(body=1000)
    feed = site.feed("news", body=b"x" * 1000)
    assert len((await fetcher.get(feed.url, {})).body) == 1000
    feed.body = b"x" * 1001
    assert "larger" in str(await fetch_error(fetcher, feed.url))

    async def endless(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x" * 100)
        return response

    feed.fail(endless)
    assert "larger" in str(await fetch_error(fetcher, feed.url))


async def test_a_cut_body_is_an_error_and_not_asked_for_twice(site, fetcher):
    """Bytes did come back."""
    feed = site.feed("news")
    feed.fail(feed_server.cut(DOCUMENT, 1000), times=None)
    assert "cut" in str(await fetch_error(fetcher, feed.url))
    assert len(feed.asked) == 1


async def test_a_host_that_dribbles_ends_at_the_deadline(site, make):
    """Each byte is in time, their sum is not."""

    async def dribble(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x")
            await asyncio.sleep(0.02)
        return response

    site.feed("news").fail(dribble)
    assert "0.2 seconds" in str(await fetch_error(make(total=0.2), site.feed("news").url))


async def test_an_answer_that_is_no_http_is_an_error():
    """Other protocols answer on these ports, too."""
    from bot.adapters.http import GuardedFetcher, Limits
    from tests.adapters.http.conftest import StoppedClock

    async def serve(reader, writer):
        await reader.read(10)
        writer.write(b"220 mail.example ESMTP\r\n" * 5)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    fetcher = GuardedFetcher(
        allow_hosts=frozenset({place}), user_agent="x", clock=StoppedClock(), limits=Limits(retry_pause=0)
    )
    async with server:
        await fetch_error(fetcher, f"http://{place}/")
    await fetcher.close()


async def test_header_bytes_that_cannot_be_echoed_are_left_out(site, fetcher):
    """A validator outside of UTF-8 could be neither stored nor sent back as it was."""
    from bot.adapters.http.headers import readable

    assert readable([(b"ETag", b'"\xe9"'), (b"X", b" a "), (b"x", b"b")]) == {"x": "a"}
    both = readable([(b"Cache-Control", b"public"), (b"Cache-Control", b"max-age=60")])
    assert both == {"cache-control": "public, max-age=60"}
    feed = site.feed("news", headers={"ETag": 'W/"ünïcode, \\"odd"'})
    first = await fetcher.get(feed.url, {})
    assert (await fetcher.get(feed.url, {"If-None-Match": first.headers["etag"]})).status == 304
