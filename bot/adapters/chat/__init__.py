"""Chat platforms: one module each, found by its name and imported only when it is asked for.

A platform is one new file here: `create(settings) -> ChatPlatform` and `configured(settings) -> bool`. Names that start
with an underscore are not platforms.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any, cast
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from bot.domain.messages import Message, SourceLink
from bot.errors import ConfigError, Problem
from bot.ports import ChatPlatform

#: What shows that something was left out.
_MORE = "…"
#: How a day is written; every other language gets ISO, which nobody misreads.
_DATES = {"de": "%d.%m.%Y", "en": "%d %b %Y", "fr": "%d/%m/%Y", "es": "%d/%m/%Y", "it": "%d/%m/%Y"}


def names() -> tuple[str, ...]:
    """Every platform there is a module for; none of them is imported."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")))


def configured(name: str, settings: Mapping[str, Any]) -> bool:
    """Whether these settings are enough for the platform. Imports it."""
    return bool(_module(name).configured(settings))


def create(name: str, settings: Mapping[str, Any]) -> ChatPlatform:
    """Make a platform, not yet started. ConfigError for an unknown name."""
    return cast(ChatPlatform, _module(name).create(settings))


def _module(name: str) -> ModuleType:
    if name not in names():
        known = ", ".join(names())
        raise ConfigError([Problem("chat", 0, name, f"no such chat platform (there are: {known})")])
    return importlib.import_module(f"{__name__}.{name}")


def shown_date(when: datetime, message: Message) -> str:
    """The day as the message's channel writes it, in its zone."""
    return when.astimezone(ZoneInfo(message.timezone)).strftime(_DATES.get(message.language, "%Y-%m-%d"))


def shown_source(source: SourceLink, message: Message) -> str:
    """`news.example (19.02.2021)`."""
    return f"{source.label} ({shown_date(source.published, message)})" if source.published else source.label


def safe_link(url: str | None) -> str | None:
    """The address as markup and terminals may have it: http(s) to a host, without quotes, spaces or controls."""
    try:
        parts = urlsplit(url or "")
        whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return quote(url, safe="/:?#[]@!$&()*+,;=%~-._") if url and whole else None


def plain_lines(message: Message, *, addresses: bool = False) -> list[str]:
    """The whole message as plain lines: what screen readers, notifications and, with their `addresses`, pipes get."""
    lines = [message.first_line]
    if message.quote:
        lines.append(f"> {message.quote}")
    if message.sources or message.story:
        # Without their links two reports of one outlet and day look the same.
        tail = [*dict.fromkeys(shown_source(s, message) for s in message.sources), *message.notes]
        tail += [message.story] if message.story else []  # the word for `why` and `mute`
        lines.append(" · ".join(tail))
    else:  # a text of several lines, as an answer is
        lines.extend(message.notes)
    if addresses:
        lines.extend(dict.fromkeys(f"  {s.url}" for s in message.sources if s.url))
    for item in message.items:
        lines.extend(f"  {line}" for line in plain_lines(item, addresses=addresses))
    return lines


def ever_shorter(message: Message) -> Iterator[Message]:
    """The message, then with ever fewer items, the beginnings of its lines, the first one; that more was is shown."""
    yield message
    items = message.items
    while items:
        items = items[: len(items) // 2]
        yield replace(message, items=items, notes=(*message.notes, _MORE))
    message = replace(
        message,
        first_line=_cut(message.first_line, 400),
        quote=_cut(message.quote, 400),
        sources=tuple(map(_bare, message.sources[:3])),
        notes=(*(_cut(note, 100) for note in message.notes[:3]), _MORE),
        items=(),
    )
    yield message
    yield replace(message, quote="", sources=(), notes=(_MORE,))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(_MORE)] + _MORE


def _bare(source: SourceLink) -> SourceLink:
    """Short enough, whatever the feed called it; half an address is none."""
    whole = len(safe_link(source.url) or "") <= 500
    return replace(source, label=_cut(source.label, 100), url=source.url if whole else None)
