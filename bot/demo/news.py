"""The demo's news: bundled feeds, written for it, as RSS 2.0 and Atom documents that grow step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import yaml

from bot.settings import duration

FOLDER = Path(__file__).parent / "feeds"


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One piece of news."""

    id: str  #: link and guid are made from it: they never change
    title: str
    paragraphs: tuple[str, ...]
    step: int  #: when it is published; 0: it is there before the first poll
    age: timedelta  #: how long before that it is dated
    language: str


@dataclass(frozen=True, slots=True)
class NewsFeed:
    """One feed with all it will ever publish."""

    id: str
    title: str
    site: str  #: the invented outlet
    format: Literal["rss", "atom"]
    language: str
    items: tuple[NewsItem, ...]

    def document(self, published: Sequence[datetime]) -> bytes:
        """The feed after the steps published so far, the newest on top; `published`: when each step was."""
        dated = [(published[i.step] - i.age, i) for i in self.items if i.step < len(published)]
        dated.sort(key=lambda pair: pair[0], reverse=True)
        lines = _atom(self, dated) if self.format == "atom" else _rss(self, dated)
        return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', *lines, ""]).encode()

    def link(self, item: NewsItem) -> str:
        """Where the item would be, were there such an outlet."""
        return f"{self.site}/{item.id}"


def bundled() -> tuple[NewsFeed, ...]:
    """The feeds of the demo."""
    return tuple(_feed(yaml.safe_load(p.read_text(encoding="utf-8"))) for p in sorted(FOLDER.glob("*.yaml")))


def last_step(feeds: Sequence[NewsFeed]) -> int:
    """How many steps there are after the first poll."""
    return max(i.step for f in feeds for i in f.items)


def count(feeds: Sequence[NewsFeed], step: int) -> int:
    """How many entries a step publishes."""
    return sum(i.step == step for f in feeds for i in f.items)


def _feed(data: dict[str, Any]) -> NewsFeed:
    items = tuple(_item(e, data["language"]) for e in data["entries"])
    return NewsFeed(data["id"], data["title"], data["site"], data["format"], data["language"], items)


def _item(data: dict[str, Any], language: str) -> NewsItem:
    paragraphs = tuple(" ".join(p.split()) for p in data["text"].strip().split("\n\n"))
    age = duration(data["age"])
    return NewsItem(data["id"], data["title"], paragraphs, data["step"], age, data.get("language", language))


def _html(item: NewsItem) -> str:
    return "".join(f"<p>{escape(p)}</p>" for p in item.paragraphs)


def _rss(feed: NewsFeed, dated: Sequence[tuple[datetime, NewsItem]]) -> Iterator[str]:
    yield '<rss version="2.0"><channel>'
    yield f"<title>{escape(feed.title)}</title><link>{feed.site}/</link><description>Invented news</description>"
    yield f"<language>{feed.language}</language>"
    for when, item in dated:
        yield f"<item><title>{escape(item.title)}</title><link>{feed.link(item)}</link>"
        yield f'<guid isPermaLink="false">{feed.id}/{item.id}</guid>'
        yield f"<pubDate>{format_datetime(when, usegmt=True)}</pubDate>"
        yield f"<description>{escape(_html(item))}</description></item>"
    yield "</channel></rss>"


def _atom(feed: NewsFeed, dated: Sequence[tuple[datetime, NewsItem]]) -> Iterator[str]:
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(feed.language)}>'
    yield f'<title>{escape(feed.title)}</title><id>{feed.site}/</id><link href="{feed.site}/"/>'
    if dated:
        yield f"<updated>{dated[0][0].isoformat()}</updated>"
    for when, item in dated:
        yield f"<entry xml:lang={quoteattr(item.language)}><title>{escape(item.title)}</title>"
        yield f'<id>{feed.link(item)}</id><link href="{feed.link(item)}"/>'
        yield f"<published>{when.isoformat()}</published><updated>{when.isoformat()}</updated>"
        yield f'<content type="html">{escape(_html(item))}</content></entry>'
    yield "</feed>"
