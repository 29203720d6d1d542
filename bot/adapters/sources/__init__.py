"""Kinds of feeds, a module each: a feed's `kind` is the module's name. Those that begin with parse_ are their tools."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, cast

from bot.errors import ConfigError, Problem

if TYPE_CHECKING:  # the parser's child comes through here, and needs none of it
    from bot.ports import Clock, Fetcher, Source


def names() -> list[str]:
    """Every kind there is, without importing any."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("parse_"))


def create(kind: str, fetcher: Fetcher, clock: Clock) -> Source:
    """The source of this kind; its module is imported now. Raises ConfigError for an unknown one."""
    if kind not in names():
        raise ConfigError([Problem("", 0, "kind", f"must be one of {', '.join(names())}, not {kind!r}")])
    return cast("Source", import_module(f"{__name__}.{kind}").create(fetcher, clock))
