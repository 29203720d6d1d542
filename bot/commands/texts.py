"""What replies say, in the language of the channel: Fluent messages, one line each, under texts/<language>/."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.engine.hygiene import shown

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

FOLDER = Path(__file__).with_suffix("")
#: Spoken where a language, or a message of it, is missing.
FALLBACK = "en"
#: A value is a name, a list of names or a line from elsewhere; nothing said in chat needs more.
_MAX_VALUE = 1000
#: Values that are typed as they stand, spaces and all.
_TYPED = frozenset({"command", "words", "subscribe", "weekly", "usage", "example", "search", "help", "all", "one"})
_HAN = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]")
#: Spaces of a message beside a value (marked) that begins or ends as the message goes on: in Chinese.
_SPACED = re.compile(rf"(?<={_HAN.pattern}) +(?=\x01)|(?<=\x01) +(?={_HAN.pattern}|\x01)")


class Voice:
    """How one channel is answered."""

    def __init__(self, language: str) -> None:
        self.language = next((c for c in (language, language.partition("-")[0]) if c in languages()), FALLBACK)

    def say(self, key: str, **values: str | int) -> str:
        """The message of this key as one safe line. Values are never read as Fluent. LookupError for an unknown key."""
        bundle = _bundle(self.language)
        if not bundle.has_message(key):
            bundle = _bundle(FALLBACK)
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise LookupError(key)
        safe = {k: v if isinstance(v, int) else _marked(k, shown(v, _MAX_VALUE)) for k, v in values.items()}
        line, errors = bundle.format_pattern(pattern, safe)
        if errors:
            raise LookupError(f"{key}: {errors[0]}")
        return _unmarked(str(line))

    def has(self, key: str) -> bool:
        """Whether there is such a message."""
        return _bundle(self.language).has_message(key) or _bundle(FALLBACK).has_message(key)


def _marked(name: str, value: str) -> str:
    """A value whose ends are Chinese, so that no space is left between it and Chinese around it."""
    if name in _TYPED or not value:
        return value
    start, end = ("\x01" if _HAN.match(c) else "" for c in (value[0], value[-1]))
    return f"{start}{value}{end}"


def _unmarked(line: str) -> str:
    return _SPACED.sub("", line).replace("\x01", "") if "\x01" in line else line


@cache
def languages() -> tuple[str, ...]:
    """The languages that replies are written in."""
    return tuple(sorted(f.name for f in FOLDER.iterdir() if f.is_dir()))


@cache
def _bundle(language: str) -> FluentBundle:
    from fluent.runtime import FluentBundle, FluentResource  # noqa: PLC0415  50 ms, and only whoever answers needs it

    # Without isolation: chat clients show its marks, and `shown` has taken out whatever could turn a line around.
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted((FOLDER / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle
