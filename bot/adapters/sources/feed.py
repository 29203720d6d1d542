"""RSS, Atom and JSON Feed: a conditional GET, parsed in a child process (feedparser)."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from statistics import median
from typing import Any

from bot.adapters.sources.parse_pool import ParsePool
from bot.domain.entries import MAX_TITLE, ParsedEntry
from bot.domain.feeds import Feed, FeedState, Polled
from bot.errors import ParseError
from bot.ports import Clock, Fetched, Fetcher

#: The longest a host can keep us away with anything but Retry-After.
MAX_WISH = timedelta(hours=24)
#: Raise it when the same bytes give other entries than before: unchanged bodies are not parsed again.
_READING = "1"
#: Longer ones are no validators, and would be sent with every request.
_MAX_VALIDATOR = 1_000
_RHYTHM_OF = 20
_HASH_INLINE = 256 * 1024

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, */*;q=0.5"
)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,19})\"?(?=$|[\s,])", re.IGNORECASE | re.ASCII)


def create(fetcher: Fetcher, clock: Clock) -> FeedSource:
    """The source for feeds of kind `feed`."""
    return FeedSource(fetcher, clock, ParsePool())


class FeedSource:
    """The Source of bot.ports for RSS, Atom and JSON Feed."""

    def __init__(self, fetcher: Fetcher, clock: Clock, pool: ParsePool) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._pool = pool

    async def start(self) -> None:
        """Warm up the parser."""
        await self._pool.start()

    async def poll(self, feed: Feed) -> Polled:
        """Ask for the feed's entries, in document order. Raises FetchError or ParseError."""
        state = feed.state
        fetched = await self._fetcher.get(feed.url, _request_headers(state))
        now = self._clock.now()
        if fetched.status == 304:
            return Polled((), _unchanged(state, fetched, now), not_modified=True)
        digest = await _digest(fetched.body)
        if digest == state.body_hash:  # it parsed then, so it would now
            kept = replace(_unchanged(state, fetched, now), **_validators(fetched), url=_moved(state, fetched))
            return Polled((), kept, not_modified=True)
        content_type = fetched.headers.get("content-type", "")
        head, raw = await self._pool.parse(fetched.body, content_type, fetched.url)
        try:
            entries = tuple(_entry(values, now) for values in raw)
            title, ttl = str(head["title"]), _seconds(head["ttl"])
        except (KeyError, TypeError, ValueError) as error:  # only a child that was taken over answers like that
            raise ParseError("the feed is broken") from error
        parsed = replace(
            state,
            **_validators(fetched),
            url=_moved(state, fetched),
            body_hash=digest,
            next_poll_at=_earliest(fetched.headers, ttl, now),
            polled_at=now,
            parsed_at=now,
            failures=0,
            error=None,
            rhythm=_rhythm(entries, now),
            ttl=ttl,
        )
        return Polled(entries, parsed, title=title)

    async def close(self) -> None:
        """End the children."""
        await self._pool.close()


def _request_headers(state: FeedState) -> dict[str, str]:
    headers = {"Accept": _ACCEPT}
    if state.etag:
        headers["If-None-Match"] = state.etag
    if state.last_modified:
        headers["If-Modified-Since"] = state.last_modified
    return headers


def _validator(fetched: Fetched, name: str) -> str | None:
    value = fetched.headers.get(name)
    return value if value and len(value) <= _MAX_VALIDATOR else None


def _validators(fetched: Fetched) -> dict[str, Any]:
    """Those of a 200: one it does not have is no longer true."""
    return {"etag": _validator(fetched, "etag"), "last_modified": _validator(fetched, "last-modified")}


def _unchanged(state: FeedState, fetched: Fetched, now: datetime) -> FeedState:
    """After a 304: its validators replace ours where it has some."""
    return replace(
        state,
        etag=_validator(fetched, "etag") or state.etag,
        last_modified=_validator(fetched, "last-modified") or state.last_modified,
        next_poll_at=_earliest(fetched.headers, state.ttl, now),
        polled_at=now,
        failures=0,
        error=None,
    )


def _moved(state: FeedState, fetched: Fetched) -> str | None:
    return fetched.permanent_url or state.url


async def _digest(body: bytes) -> str:
    if len(body) <= _HASH_INLINE:
        digest = hashlib.sha256(body).hexdigest()
    else:
        digest = await asyncio.to_thread(lambda: hashlib.sha256(body).hexdigest())
    return f"{_READING}:{digest}"


def _earliest(headers: Mapping[str, str], ttl: timedelta | None, now: datetime) -> datetime | None:
    """The earliest time the host allows: the longest of all that is asked for, within a day; None: nothing is."""
    wishes = [ttl or timedelta(), _max_age(headers.get("cache-control", "")), *_expires(headers, now)]
    wish = min(max(wishes), MAX_WISH)
    return now + wish if wish > timedelta() else None


def _max_age(value: str) -> timedelta:
    found = _MAX_AGE.search(value)
    return timedelta(seconds=min(int(found[1]), 10**9)) if found else timedelta()


def _expires(headers: Mapping[str, str], now: datetime) -> list[timedelta]:
    """By our clock and by the host's: whichever of them is wrong, we come no sooner than it meant."""
    expires = _http_date(headers.get("expires"))
    return [expires - begin for begin in (now, _http_date(headers.get("date"))) if expires and begin]


def _http_date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _entry(values: Mapping[str, Any], now: datetime) -> ParsedEntry:
    return ParsedEntry(
        guid=_text(values["guid"]),
        link=_text(values["link"]),
        title=str(values["title"])[:MAX_TITLE],
        text=str(values["text"]),
        published=_published(values["published"], now),
        outlet_name=_text(values["outlet_name"]),
        outlet_link=_text(values["outlet_link"]),
        language=_text(values["language"]),
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


def _seconds(value: int | None) -> timedelta | None:
    return timedelta(seconds=min(value, 10**9)) if value else None


def _published(stamp: int | None, now: datetime) -> datetime | None:
    """None for what cannot be meant: before there were feeds, or more than a year ahead."""
    if stamp is None:
        return None
    try:
        date = datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return date if date.year >= 1990 and date - now < timedelta(days=366) else None


def _rhythm(entries: Sequence[ParsedEntry], now: datetime) -> timedelta | None:
    """The median distance of the newest dates; announcements of the future are no rhythm."""
    dates = sorted((entry.published for entry in entries if entry.published and entry.published <= now), reverse=True)
    dates = dates[:_RHYTHM_OF]
    gaps = [(newer - older).total_seconds() for newer, older in pairwise(dates)]
    return timedelta(seconds=median(gaps)) if gaps else None
