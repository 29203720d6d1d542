"""Chaos: an evwatch killed at random moments, on a bad line to its chat, by a clock that jumps.

`Chaos(...).run(folder)` replays the same news twice, calmly and with all of that; tests/kit/chaos_verdict.py says what
was lost, told twice or told out of order. All chance comes from one seed, but for the moments: those are the machine's.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path

from bot.domain.channels import Appetite, Cadence, Channel, QuietHours, Subscription, SubscriptionId
from bot.domain.rulebook import Rulebook
from bot.engine.reader import Reader
from tests.kit import chaos_news
from tests.kit.chaos_killer import Killer
from tests.kit.chaos_news import Item
from tests.kit.chaos_process import DroppedIn
from tests.kit.chaos_run import TIMEOUT, Run, Site
from tests.kit.chaos_verdict import Verdict, judge
from tests.kit.proxy import FaultProxy
from tests.kit.wire_server import ChatServer, WireServer

#: Requests in trouble: so few that deliveries keep pace with the news.
_RATE = 0.06
_ROWS = "SELECT c.ref, o.key, o.id, o.status, o.error FROM outbox o JOIN channels c ON c.id = o.channel_id"


@dataclass
class Report:
    """What was done, and what came of it."""

    seed: int
    verdict: Verdict
    calm: Counter[str]  #: what arrived, by part
    killed: Counter[str]
    events: Counter[str]  #: kills, restarts, jumps, troubles by kind
    kills: list[str]  #: when, and how
    dead: list[str]  #: deliveries given up
    minutes: float

    def __str__(self) -> str:
        rows = [
            ("seed", self.seed),
            ("without kills", _counted(self.calm)),
            ("with kills", _counted(self.killed)),
            ("done to it", _counted(self.events)),
            ("given up", "".join(f"\n  {d}" for d in self.dead) or 0),
            ("minutes", f"{self.minutes:.1f}"),
        ]
        lines = [f"{name}: {value}" for name, value in rows] + [str(self.verdict)]
        lines.append(f"edits made twice: {self.verdict.repeated_edits}")
        if not self.verdict.clean:
            lines += ["kills:", *(f"  {k}" for k in self.kills)]
        return "\n".join(lines)


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{n} {name}" for name, n in sorted(counter.items()))


def subscriptions(server: ChatServer, book: Rulebook) -> list[Subscription]:
    """Rooms of every sort, their watch lists overlapping."""
    everything = book.watchlists["all"].companies
    names = sorted(everything)
    most, middle = frozenset(names[: len(names) * 2 // 3]), frozenset(names[len(names) // 3 :])

    def made(
        room: str, watched: frozenset[str], channel: Mapping[str, object] | None = None, **values: object
    ) -> Subscription:
        listed = watched == everything
        return Subscription(
            SubscriptionId(0),
            replace(Channel(server.room(room)), **(channel or {})),  # type: ignore[arg-type]  # names and types as in Channel
            ("all",) if listed else (),
            frozenset() if listed else watched,
            watched,
            **values,  # type: ignore[arg-type]  # as above
        )

    berlin = {"language": "de", "timezone": "Europe/Berlin"}
    shanghai = {"language": "zh", "timezone": "Asia/Shanghai"}
    quiet = QuietHours(clock_time(20), clock_time(7))
    return [
        made("all", everything),
        made("most", most, berlin, appetite=Appetite.ALL),
        made("mixed", middle - most, shanghai),
        made("mixed", middle, shanghai, cadence=Cadence.DAILY),
        made("daily", everything, cadence=Cadence.DAILY),
        made("quiet", everything, {**berlin, "quiet": quiet}),
        made("budget", most, {"budget": 20}),
    ]


@dataclass(frozen=True)
class Chaos:
    """How much of it."""

    rules: tuple[Rulebook, Reader]
    seed: int
    kills: int
    entries: int
    steps: int  #: what is published at once; a poll takes one of them
    server: Callable[[], AbstractAsyncContextManager[ChatServer]] = WireServer
    progress: Callable[[str], None] = print

    async def run(self, folder: Path) -> Report:
        """Both runs, side by side: the calm one mostly waits."""
        began = time.monotonic()
        base = datetime.now(UTC) - timedelta(days=2)
        plan = chaos_news.write(self.rules, self.entries, self.steps, random.Random(self.seed))
        async with AsyncExitStack() as stack:
            calm = await self._prepare(stack, folder / "calm", plan, base, rate=0)
            killed = await self._prepare(stack, folder / "killed", plan, base, rate=_RATE)
            killer = Killer(killed, self.kills, random.Random(self.seed + 2))
            async with asyncio.TaskGroup() as both:
                both.create_task(self._calm(calm))
                both.create_task(self._killed(killed, killer, calm))
            outbox = killed.process.rows(_ROWS) or []
        rooms = {s.channel.ref: s.channel for s in subscriptions(killed.server, self.rules[0])}
        rows = {(ref, key): row for ref, key, row, _, _ in outbox}
        return Report(
            seed=self.seed,
            verdict=judge(calm.server.arrived, killed.server.arrived, rows, rooms),
            calm=calm.arrived(),
            killed=killed.arrived(),
            events=killer.events + Counter({t.value: n for t, n in killed.proxy.troubles.items()}),
            kills=killer.log,
            dead=[f"{ref} {key}: {error}" for ref, key, _, status, error in outbox if status == "dead"],
            minutes=(time.monotonic() - began) / 60,
        )

    async def _prepare(
        self, stack: AsyncExitStack, folder: Path, plan: list[list[Item]], base: datetime, rate: float
    ) -> Run:
        process = DroppedIn(folder)
        site = await stack.enter_async_context(Site(base))
        server = await stack.enter_async_context(self.server())
        chance = random.Random(self.seed + 1)
        proxy = await stack.enter_async_context(FaultProxy(server.url, chance=chance, timeout=TIMEOUT, rate=rate))
        site.feed_to(process)
        process.environment |= server.settings(proxy.url, TIMEOUT)
        process.environment["EVWATCH_OPERATORS"] = str(server.room("operators"))
        await process.subscribe(subscriptions(server, self.rules[0]))
        stack.push_async_callback(process.end)
        return Run(process, site, server, proxy, plan)

    async def _calm(self, run: Run) -> None:
        await run.process.start()
        await run.replay()
        await run.finish()

    async def _killed(self, run: Run, killer: Killer, calm: Run) -> None:
        began = time.monotonic()
        replay = asyncio.create_task(run.replay(lambda share: share <= killer.progress))  # the news lasts as long
        try:
            for number in range(1, self.kills + 1):
                if replay.done():
                    await replay  # raises what stopped it
                await killer.kill()
                self.progress(
                    f"{number}/{self.kills} kills, {run.progress:.0%} of the news ({calm.progress:.0%} calmly),"
                    f" {len(run.server.arrived)} arrived, {(time.monotonic() - began) / 60:.1f} min"
                )
            killer.mend()
            await run.process.start()
            await replay
        finally:
            replay.cancel()
        await run.finish()
