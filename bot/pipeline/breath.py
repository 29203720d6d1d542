"""Reading is work for the processor: one feed at a time, and the event loop gets its turn every 10 ms."""

from __future__ import annotations

import asyncio
import time
from typing import Self

SLICE = 0.010  #: seconds


class Breath:
    """A poll's turn at reading; the lock is shared by all polls.

    One at a time, because ten polls that each yield after 10 ms would still keep the loop busy for 100 ms a round.
    Waiting polls get their turn in order at each breath.
    """

    def __init__(self, turn: asyncio.Lock) -> None:
        self._turn = turn
        self._held = False
        self._since = 0.0

    async def __aenter__(self) -> Self:
        await self._take()
        return self

    async def __aexit__(self, *raised: object) -> None:
        self._give()

    async def breathe(self) -> None:
        """Between two entries: yield to the loop and to other polls once the slice is used up."""
        if time.perf_counter() - self._since >= SLICE:
            self._give()
            await asyncio.sleep(0)
            await self._take()

    async def _take(self) -> None:
        await self._turn.acquire()
        self._held = True
        self._since = time.perf_counter()

    def _give(self) -> None:
        if self._held:
            self._held = False
            self._turn.release()
