"""The heartbeat: a file beside the database that knows what a backup put back has forgotten."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.ports import Clock, Store

log = structlog.get_logger(__name__)

#: How long the file may be behind with the time; with numbers it never is.
_EVERY = timedelta(minutes=1)


class Heartbeat:
    """When a feed was last polled, and the highest numbers given out, as far as the file knows.

    `file`: None where the database is on no disk of ours.
    """

    def __init__(self, store: Store, clock: Clock, file: Path | None) -> None:
        self._store = store
        self._clock = clock
        self._file = file
        self._writing = asyncio.Lock()
        self._written: Mapping[str, int] = {}
        self._written_at: datetime | None = None
        self.polled_at: datetime | None = None  #: as it was at the start; None where nothing is known

    async def start(self) -> None:
        """Read the file, and give out no number again that it knows; before anything gets one. Raises StoreError.

        Platforms know messages by keys that have numbers in them, and so do people: S42 is never another story.
        """
        if self._file is None:
            return
        self.polled_at, numbers = await asyncio.to_thread(_read, self._file)
        given = await self._store.numbers()
        ahead = {name: numbers[name] for name in given if numbers.get(name, 0) > given[name]}
        if ahead:
            await self._store.skip_numbers(ahead)
            log.warning("the database was put back: its numbers go on behind those given out since", **ahead)

    async def beat(self) -> None:
        """Write down what is known now; before a number is told. Raises StoreError."""
        if self._file is None:
            return
        async with self._writing:
            numbers, now = await self._store.numbers(), self._clock.now()
            if numbers == self._written and self._written_at is not None and now - self._written_at < _EVERY:
                return
            polled_at = await self._store.last_polled_at()
            known = {"polled_at": polled_at and polled_at.isoformat(), **numbers}
            await asyncio.to_thread(_replace, self._file, json.dumps(known))
            self._written, self._written_at = numbers, now


def _read(file: Path) -> tuple[datetime | None, dict[str, int]]:
    """What the file knows; nothing where it says nothing that can be meant."""
    try:
        said = file.read_text("ascii").strip()
        known = json.loads(said) if said.startswith("{") else {"polled_at": said}  # the time alone, as it once was
    except (OSError, ValueError):
        return None, {}
    polled_at = None
    with suppress(ValueError):
        polled_at = datetime.fromisoformat(str(known.get("polled_at")))
    return polled_at, {name: number for name, number in known.items() if type(number) is int}


def _replace(file: Path, text: str) -> None:
    """Write the whole file or nothing of it, past a power cut; one that cannot be written is done without."""
    new = file.with_name(f"{file.name}.new")
    try:
        with new.open("w", encoding="ascii") as f:
            f.write(f"{text}\n")
            f.flush()
            os.fsync(f.fileno())
        new.replace(file)
    except OSError as e:
        log.warning("heartbeat not written", file=file.name, error=str(e))
