"""A real evwatch with a chat dropped in and a clock that can be set: all of it in its own copy of the package.

The clock is a file with an offset in seconds; `sitecustomize.py` beside the copy lays it over the clock of the parts
and over the scheduler's. libfaketime would do the same from outside, but needs a package and slows every call.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.adapters import store as stores
from bot.domain.channels import Subscription
from tests.kit import wire
from tests.kit.clock import START
from tests.kit.process import ROOT, Evwatch

#: What the process waits for an answer of Slack's, seconds: no setting, so it is laid over like the clock.
SLACK_TIMEOUT = "SLACK_TIMEOUT"
_SITECUSTOMIZE = """
import os
import sys

if "bot" in sys.orig_argv:  # not in the parser's children
    from datetime import datetime, timedelta
    from pathlib import Path

    import apscheduler.executors.base
    import apscheduler.schedulers.base
    import apscheduler.triggers.interval
    import bot.parts

    CLOCK = Path(__file__).with_name("clock")

    class Shifted(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(seconds=float(CLOCK.read_text()))

    modules = [bot.parts, apscheduler.executors.base, apscheduler.schedulers.base, apscheduler.triggers.interval]
    if "SLACK_TIMEOUT" in os.environ:
        from bot.adapters.chat.slack import platform, settling

        platform.TIMEOUT = float(os.environ["SLACK_TIMEOUT"])
        modules += [platform, settling]
    for module in modules:
        module.datetime = Shifted
"""


class DroppedIn(Evwatch):
    """`python -m bot` in a checkout of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        shutil.copytree(ROOT / "bot", folder / "bot", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(wire.__file__, folder / "bot/adapters/chat/wire.py")
        (folder / "sitecustomize.py").write_text(_SITECUSTOMIZE, encoding="utf-8")
        self.environment |= {"PYTHONPATH": str(folder), "EVWATCH_LOG_FORMAT": "text"}
        self._shift = timedelta()
        self.set_clock(timedelta())

    @property
    def shift(self) -> timedelta:
        """How far the process's clock is ahead of this machine's."""
        return self._shift

    def set_clock(self, shift: timedelta) -> None:
        """From its next look at the clock on, whether it runs or not."""
        new = self.folder / "clock.new"
        new.write_text(str(shift.total_seconds()))
        new.replace(self.folder / "clock")
        self._shift = shift

    async def subscribe(self, subscriptions: Iterable[Subscription]) -> None:
        """Write down who is told what; before the first start."""
        self.data.mkdir(exist_ok=True)
        store = stores.create(stores.sqlite_url(self._database))
        await store.start()
        for subscription in subscriptions:
            await store.save_channel(subscription.channel)
            await store.subscribe(subscription, START)
        await store.close()

    async def start(self, *arguments: str, ready: bool = True) -> None:
        """Start it; what it has logged so far goes to the file `log`."""
        self.keep_log()
        await super().start(*arguments, ready=ready)

    async def end(self) -> None:
        """Whatever has become of it."""
        if self._process is not None:
            await self.kill()
        self.keep_log()

    def keep_log(self) -> None:
        with open(self.folder / "log", "ab") as file:
            file.write(self.log)
        self.log = b""

    def rows(self, query: str) -> list[tuple[Any, ...]] | None:
        """Look into its database without touching it; None while that cannot be done."""
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=1)) as database:
                return database.execute(query).fetchall()
        except sqlite3.OperationalError:  # it is being opened, or mended after a kill
            return None

    @property
    def _database(self) -> Path:
        return self.data / "evwatch.db"
