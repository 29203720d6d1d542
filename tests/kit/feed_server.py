"""A news site on 127.0.0.1: feeds one can publish in, with validators, faults, and a log of what it was asked."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Self
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

#: A fault answers in the feed's place.
Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]

_EPOCH = datetime(2021, 2, 19, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> str | None:
        return self.headers.get(name)


@dataclass
class Item:
    """An entry as it is published; `None` leaves the element out."""

    title: str
    link: str | None = None
    guid: str | None = None
    text: str = ""
    published: datetime | None = None
    source: tuple[str, str] | None = None  #: title and address of the outlet
    language: str | None = None


@dataclass
class ServedFeed:
    """One feed of the site; change anything between two requests."""

    server: FeedServer
    path: str
    title: str = "A feed"
    kind: str = "rss"  #: or "atom"
    items: list[Item] = field(default_factory=list)
    channel: str = ""  #: more XML for the head: <ttl>, sy:updatePeriod
    headers: dict[str, str] = field(default_factory=dict)  #: more headers, or others than the usual
    etag: bool = True
    last_modified: bool = True
    changed: datetime = _EPOCH
    body: bytes | None = None  #: instead of the items
    faults: deque[Fault] = field(default_factory=deque)
    always: Fault | None = None
    asked: list[Asked] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The feed's address."""
        return f"http://{self.server.place}{self.path}"

    def publish(self, title: str, **values: object) -> Item:
        """Put a new entry on top; link, guid and date are made up unless given."""
        number = len(self.items) + 1
        usual: dict[str, object] = {
            "link": f"{self.url}/{number}",
            "guid": f"guid-{self.path}-{number}",
            "published": self.changed,
        }
        item = Item(title, **{**usual, **values})  # type: ignore[arg-type]  # names and types are the caller's to get right
        self.items.insert(0, item)
        return item

    def fail(self, fault: Fault, *, times: int | None = 1) -> None:
        """Answer the next requests (None: all of them) with a fault."""
        if times is None:
            self.always = fault
        else:
            self.faults.extend([fault] * times)

    def render(self) -> bytes:
        """The document as it stands."""
        if self.body is not None:
            return self.body
        return (_atom(self) if self.kind == "atom" else _rss(self)).encode()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The next fault, or the feed, or 304."""
        self.asked.append(Asked(request.path_qs, request.headers.copy()))
        if self.faults:
            return await self.faults.popleft()(request)
        if self.always is not None:
            return await self.always(request)
        body = self.render()
        headers = {"Content-Type": f"application/{self.kind}+xml; charset=utf-8"}
        if self.etag:
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.last_modified:
            headers["Last-Modified"] = format_datetime(self.changed, usegmt=True)
        headers |= self.headers
        if "ETag" in headers and request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers={k: v for k, v in headers.items() if k != "Content-Type"})
        return web.Response(body=body, headers=headers)


class FeedServer:
    """The site: `async with FeedServer() as site: site.feed("news").publish("...")`."""

    def __init__(self) -> None:
        self.feeds: dict[str, ServedFeed] = {}
        self.place = ""  #: host:port, as for the allow-list
        self.connections = 0  #: requests under way
        self.most_at_once = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def start(self, host: str = "127.0.0.1") -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    async def close(self) -> None:
        """Hang up."""
        if self._runner is not None:
            await self._runner.cleanup()

    def feed(self, name: str, **values: object) -> ServedFeed:
        """The feed of this name, made at its first mention; values are set on it at any."""
        path = f"/{name}"
        feed = self.feeds.setdefault(path, ServedFeed(self, path))
        for key, value in values.items():
            setattr(feed, key, value)
        return feed

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        feed = self.feeds.get(request.path)
        if feed is None:
            return web.Response(status=404, text="<html><title>Not found</title></html>", content_type="text/html")
        self.connections += 1
        self.most_at_once = max(self.most_at_once, self.connections)
        try:
            return await feed.answer(request)
        finally:
            self.connections -= 1


# ------------------------------------------------------------------------------------------------------------- faults


def status(code: int, headers: Mapping[str, str] | None = None, body: str = "<html>an error page</html>") -> Fault:
    """Answer with a status."""

    async def fault(_: web.Request) -> web.StreamResponse:
        return web.Response(status=code, headers=headers, text=None if code in (204, 304) else body)

    return fault


def redirect(to: str, code: int = 302) -> Fault:
    """Point somewhere else."""
    return status(code, {"Location": to}, "")


def slow(seconds: float) -> Fault:
    """Say nothing for a while, then nothing useful."""

    async def fault(_: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return web.Response(status=500)

    return fault


def hang_up() -> Fault:
    """Close the connection without a byte."""

    async def fault(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    return fault


def cut(body: bytes, after: int, headers: Mapping[str, str] | None = None) -> Fault:
    """Promise the whole body, send a part of it, hang up."""

    async def fault(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/xml", **(headers or {})})
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[:after])
        assert request.transport is not None
        request.transport.close()
        return response

    return fault


def raw(body: bytes, headers: Mapping[str, str] | None = None) -> Fault:
    """Send exactly these bytes under these headers."""

    async def fault(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers=headers or {"Content-Type": "application/xml"})

    return fault


def gzip_bomb(size: int) -> Fault:
    """A few bytes that unpack to `size`."""
    packed = gzip.compress(b"\0" * size, 9)
    return raw(packed, {"Content-Type": "application/xml", "Content-Encoding": "gzip"})


# ---------------------------------------------------------------------------------------------------------- documents


def _rss(feed: ServedFeed) -> str:
    items = "".join(
        "<item>"
        + _element("title", item.title)
        + _element("link", item.link)
        + (f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else "")
        + _element("description", item.text or None)
        + _element("pubDate", format_datetime(item.published, usegmt=True) if item.published else None)
        + (f"<source url={quoteattr(item.source[1])}>{escape(item.source[0])}</source>" if item.source else "")
        + _element("dc:language", item.language)
        + "</item>"
        for item in feed.items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>{escape(feed.title)}</title><link>http://{feed.server.place}/</link>"
        f"<description>news</description>{feed.channel}{items}</channel></rss>"
    )


def _atom(feed: ServedFeed) -> str:
    entries = "".join(
        f"<entry{f' xml:lang={quoteattr(item.language)}' if item.language else ''}>"
        + _element("title", item.title)
        + (f"<link href={quoteattr(item.link)}/>" if item.link else "")
        + _element("id", item.guid)
        + (f'<content type="html">{escape(item.text)}</content>' if item.text else "")
        + _element("updated", item.published.isoformat() if item.published else None)
        + (
            f"<source>{_element('title', item.source[0])}<link href={quoteattr(item.source[1])}/></source>"
            if item.source
            else ""
        )
        + "</entry>"
        for item in feed.items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(feed.title)}</title><id>{escape(feed.url)}</id>"
        f"<updated>{feed.changed.isoformat()}</updated>{feed.channel}{entries}</feed>"
    )


def _element(name: str, value: str | None) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value is not None else ""
