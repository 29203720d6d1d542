"""How the benchmarks measure and print: CPU time, peers by turns, medians, ratios beside their targets."""

from __future__ import annotations

import gc
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

#: A pass of one peer takes at least so long: shorter ones measure the clock.
PASS = 0.12

#: What is measured; it is handed the number of the turn, 0 being the one that warms up.
Work = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One ratio and its targets."""

    what: str
    value: float
    unit: str = "x"
    must: float | None = None
    aim: float | None = None
    more_is_better: bool = False

    def reaches(self, target: float | None) -> bool | None:
        """Whether the value is as good as a target; None where there is none."""
        if target is None:
            return None
        return self.value >= target if self.more_is_better else self.value <= target

    @property
    def verdict(self) -> str:
        """In one word."""
        if self.reaches(self.must) is False:
            return "missed"
        if self.reaches(self.aim):
            return "aim"
        return "must" if self.must is not None else ""


def cpu(peers: Mapping[str, Work], passes: int, *, fresh: bool = False) -> dict[str, list[float]]:
    """CPU seconds of one call of each peer, pass by pass; in every pass each has its turn.

    `fresh`: every turn has work of its own, so none is repeated to make a pass longer.
    """
    rounds = dict.fromkeys(peers, 1)
    for name, work in peers.items():
        work(0)
        if not fresh:
            start = time.process_time()
            work(0)
            rounds[name] = max(1, round(PASS / max(time.process_time() - start, 1e-6)))
    taken: dict[str, list[float]] = {name: [] for name in peers}
    for turn in range(1, passes + 1):
        for name, work in peers.items():
            gc.collect()
            start = time.process_time()
            for _ in range(rounds[name]):
                work(turn)
            taken[name].append((time.process_time() - start) / rounds[name])
    return taken


def ratio(taken: Mapping[str, list[float]], slow: str, fast: str) -> float:
    """How many times as long one takes as the other: the median over the passes."""
    return statistics.median(a / b for a, b in zip(taken[slow], taken[fast], strict=True))


def resident() -> float:
    """The memory of this process in MB."""
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def machine() -> str:
    """The machine in words."""
    return f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def report(title: str, rows: Iterable[Row], notes: Iterable[str], *, as_json: bool) -> int:
    """Print all of it; 1 where a `must` is missed."""
    rows, notes = list(rows), list(notes)
    if as_json:
        found = [asdict(row) | {"verdict": row.verdict} for row in rows]
        print(json.dumps({"title": title, "machine": machine(), "rows": found, "notes": notes}, indent=2))
    else:
        _print(title, rows, notes)
    return int(any(row.verdict == "missed" for row in rows))


def _print(title: str, rows: list[Row], notes: list[str]) -> None:
    if not sys.stdout.isatty():
        print(f"{title} ({machine()})")
        for row in rows:
            must, aim = ("-" if t is None else f"{t:g}" for t in (row.must, row.aim))
            print(f"{row.what:<62} {row.value:9.2f} {row.unit:<2} must {must:<5} aim {aim:<5} {row.verdict}".rstrip())
        print(*notes, sep="\n")
        return
    table = Table("measured", "value", "must", "aim", "", title=f"{title} ({machine()})", title_justify="left")
    for column in table.columns[1:4]:
        column.justify = "right"
    colours = {"aim": "green", "must": "yellow", "missed": "red"}
    for row in rows:
        sign = ">=" if row.more_is_better else "<="
        targets = ["" if t is None else f"{sign} {t:g}" for t in (row.must, row.aim)]
        table.add_row(row.what, f"{row.value:.2f} {row.unit}", *targets, row.verdict, style=colours.get(row.verdict))
    console = Console()
    console.print(table)
    for note in notes:
        console.print(note, highlight=False, soft_wrap=True)
