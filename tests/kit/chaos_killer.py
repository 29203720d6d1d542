"""What ends a run again and again, at moments of every sort, and sets its clock."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from tests.kit.chaos_run import TIMEOUT, Run
from tests.kit.proxy import Trouble

_HOUR = timedelta(hours=1)
#: All jumps forwards together: well inside what stories, outbox rows and seen marks are kept for.
_FURTHEST = timedelta(days=20)


class Killer:
    """Has so many kills to make of one run."""

    def __init__(self, run: Run, kills: int, chance: random.Random) -> None:
        self.events: Counter[str] = Counter()  #: kills, jumps and restarts by kind
        self.log: list[str] = []  #: a line a kill: when and how
        self._run = run
        self._kills = kills
        self._chance = chance
        self._furthest = timedelta()  #: the clock has been there
        self._jumped_at = 0  #: the step it was then
        self._behind = 0  #: kills until it is right again
        self._jump_rate = max(0.05, 6 / kills)

    @property
    def progress(self) -> float:
        """The share of the kills that are made."""
        return self.events["kills"] / self._kills

    async def kill(self) -> None:
        """Start the process, let it live for a while, end it."""
        process, jump = self._run.process, self._jump()
        if jump is not None and self._chance.random() < 0.5:
            process.set_clock(jump)
            jump = None
        await process.start(ready=False)
        how = await self._live(jump)
        await process.kill()
        self.events.update(["kills", f"kills {how}"])
        clock = f"clock {process.shift / _HOUR:+.1f} h"
        self.log.append(f"{datetime.now(UTC):%H:%M:%S.%f} {how}, {clock}, step {self._run.taken}")

    def mend(self) -> None:
        """Let the line be good and the clock be right."""
        self._run.proxy.rate = 0
        self._run.process.set_clock(self._furthest)

    async def _live(self, jump: timedelta | None) -> str:
        """Wait for the moment to kill, and set the clock on the way; how the moment was chosen."""
        chance, run = self._chance, self._run
        if jump is None and chance.random() < 0.2:
            await asyncio.sleep(chance.uniform(0, 1))
            return "at its start"
        await run.process.until_ready()
        if jump is not None:
            run.proxy.next = Trouble.HELD
            with suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await run.proxy.held.wait()  # a message is on its way while the clock changes
            run.process.set_clock(jump)
            await asyncio.sleep(2 * TIMEOUT)
        if run.progress < self.progress - 0.05 and not self._behind:
            await run.until_taken()  # the news is to last as long as the kills, and no longer
        life = chance.uniform(0, 1.2)
        if chance.random() < 0.4:
            with suppress(TimeoutError):
                async with asyncio.timeout(3):
                    for _ in range(chance.randint(1, 40)):
                        await run.server.next_arrival()
                    return "as a message arrived"
        else:
            await asyncio.sleep(life)
        return "at work"

    def _jump(self) -> timedelta | None:
        """What to set the clock to, if at all: forwards by up to a day, or back by hours for a few kills."""
        chance = self._chance
        if self._behind:
            self._behind -= 1
            return None if self._behind else self._furthest
        if chance.random() >= self._jump_rate:
            return None
        if chance.random() < 0.4:
            self._behind = chance.randint(1, 2)
            self.events["jumps back"] += 1
            return self._furthest - _HOUR * chance.uniform(1, 6)
        if self._furthest > _FURTHEST or self._run.taken == self._jumped_at:
            return None  # without a poll since the last one it would seem to have been off for days
        self._furthest += _HOUR * chance.uniform(1, 26)
        self._jumped_at = self._run.taken
        self.events["jumps forwards"] += 1
        return self._furthest
