"""Changed rules are taken over while everything runs: built beside those in use, proven, and swapped whole."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import structlog

from bot.domain.rulebook import Rule, Rulebook
from bot.engine.hygiene import shown
from bot.errors import ConfigError, Problem
from bot.pipeline.adopt import adopt
from bot.pipeline.live import Live
from bot.pipeline.notices import Notices
from bot.ports import Clock, Store

log = structlog.get_logger(__name__)

#: Which wrong rules the operators were told of, and not yet that they are well again.
_NOTE = "rules-refused"
_KINDS = ("companies", "watchlists", "terms", "languages", "outlets", "places", "rules", "feeds")
_MAX_PROBLEM = 300


class Rules(Protocol):
    """What the rules are on disk."""

    def stamp(self) -> object:
        """Equal to an earlier one unless something was changed."""
        ...

    def load(self, *, proven: bool = False) -> Live:
        """The rulebook and its reader, `proven` by its own examples. ConfigError with every mistake."""
        ...


class Reloader:
    """Looks whether the rules were changed, and takes them over where they are well."""

    def __init__(
        self, store: Store, clock: Clock, live: Live, notices: Notices, rules: Rules, *, stamp: object
    ) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._notices = notices
        self._rules = rules
        self._judged = self._seen = stamp  #: of the rules in use, or refused; as of the last look
        self._adopting = False  #: where the last taking over was cut short

    async def start(self) -> None:
        """Take over the rules the process begins with."""
        await adopt(self._store, self._clock, self._live, self._live, self._notices)
        await self._well()

    async def tick(self) -> bool:
        """Look; take over what has changed, once it is left alone and proven. True where other rules are in use now."""
        stamp = await asyncio.to_thread(self._rules.stamp)
        left_alone, self._seen = stamp == self._seen, stamp
        if stamp == self._judged or not left_alone:
            return False
        began = time.perf_counter()
        # A thread gives the loop its turn every few milliseconds, and half a second of it is worth no process.
        built = await asyncio.to_thread(self._build)
        if await asyncio.to_thread(self._rules.stamp) != stamp:
            return False  # written meanwhile: what was read may be half of each
        if not isinstance(built, Live):
            await self._refuse(built)
            self._judged = stamp
            return False
        before, after = self._live.rulebook, built.rulebook
        if after.hash != before.hash or self._adopting:
            self._adopting = True
            await adopt(self._store, self._clock, self._live, built, self._notices)
            self._adopting = False
            seconds = round(time.perf_counter() - began, 2)
            log.info("rules reloaded", hash=after.hash[:12], seconds=seconds, **changes(before, after))
        await self._well()
        self._judged = stamp  # not sooner: what the store did not take is tried again
        return after.hash != before.hash

    def _build(self) -> Live | Sequence[Problem]:
        try:
            return self._rules.load(proven=True)
        except ConfigError as e:
            return e.problems
        except Exception as e:  # a bug that these rules find must not be found again at every look
            log.exception("reload crashed")
            return (Problem("rules", 0, "", f"cannot be loaded ({type(e).__name__})"),)

    async def _refuse(self, problems: Sequence[Problem]) -> None:
        """Stay with the rules in use; the operators are told once of each state that is wrong."""
        for problem in problems:
            log.error("rules refused", problem=str(problem))
        state = hashlib.sha256("\n".join(map(str, problems)).encode(errors="replace")).hexdigest()[:16]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        line = f"The changed rules are not used, those of before are: {shown(str(problems[0]), _MAX_PROBLEM)}{more}"
        await self._notices.tell(f"rules-refused:{state}", None, line)
        await self._store.set_note(_NOTE, state)

    async def _well(self) -> None:
        """Say so, where the last that was said is that they are not."""
        refused = await self._store.note(_NOTE)
        if refused is not None:
            line = "The rules are well again, and in use as they are now"
            await self._notices.tell(f"rules-well:{refused}:{self._live.rulebook.hash[:16]}", None, line)
            await self._store.set_note(_NOTE, None)


def changes(before: Rulebook, after: Rulebook) -> dict[str, str]:
    """What has changed, by kind of thing: `+added/-gone/~changed`; kinds that are as they were are left out."""
    found = {}
    for kind in _KINDS:
        was, now = _said(getattr(before, kind)), _said(getattr(after, kind))
        added, gone = now.keys() - was.keys(), was.keys() - now.keys()
        changed = [key for key in now.keys() & was.keys() if now[key] != was[key]]
        if added or gone or changed:
            found[kind] = f"+{len(added)}/-{len(gone)}/~{len(changed)}"
    return found


def _said(things: Mapping[str, object]) -> dict[str, object]:
    """The things of one kind; where a rule stands says nothing, and what it promises neither."""
    return {
        key: replace(thing, file="", line=0, examples=()) if isinstance(thing, Rule) else thing
        for key, thing in things.items()
    }
