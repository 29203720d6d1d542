"""Reading is work for the processor: one feed at a time, and the event loop gets its turn every 10 ms."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

SLICE = 0.010  #: seconds


class Breath:
    """A turn at reading, shared by all polls.

    One at a time, because ten polls that each yield after 10 ms would still keep the loop busy for 100 ms a round.
    Waiting polls get their turn in order at each breath.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._since = 0.0

    async def __aenter__(self) -> Breath:
        await self._turn.acquire()
        self._since = time.perf_counter()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self._turn.release()

    async def breathe(self) -> None:
        """Between two entries: yield to the loop and to other polls once the slice is used up."""
        if time.perf_counter() - self._since < SLICE:
            return
        self._turn.release()
        try:
            await asyncio.sleep(0)
        finally:
            # Taken back even when cancelled: __aexit__ releases it.
            await self._turn.acquire()
        self._since = time.perf_counter()
