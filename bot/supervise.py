"""Tasks that must not end: a crash is logged, told once, and the task is started again after a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.errors import AlreadyRunning, StaleClaim, StoreError

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  #: seconds


class Supervisor:
    """Keeps tasks running; only a broken store is the end of all of them."""

    def __init__(self, crashed: Callable[[str, BaseException], Awaitable[None]]) -> None:
        self._crashed = crashed
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._broken: asyncio.Future[None] | None = None

    def start(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        """Run `work` until it returns; start it again whenever it raises."""
        self._tasks[name] = asyncio.create_task(self._keep(name, work), name=name)

    def broken(self, error: StoreError) -> None:
        """End it all: the store cannot be used."""
        future = self._future()
        if not future.done():
            future.set_exception(error)

    async def wait_broken(self) -> None:
        """Raises the StoreError that ends the process, once there is one."""
        await asyncio.shield(self._future())

    def check(self) -> None:
        """Raises the StoreError that ends the process, if there is one."""
        if self._broken is not None and self._broken.done():
            self._broken.result()

    async def stop(self, name: str) -> None:
        """Cancel one task and wait for it."""
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Stop every task."""
        for name in reversed(list(self._tasks)):
            await self.stop(name)
        if self._broken is not None and self._broken.done():
            self._broken.exception()  # seen: no complaint at exit

    def _future(self) -> asyncio.Future[None]:
        if self._broken is None:
            self._broken = asyncio.get_running_loop().create_future()
        return self._broken

    async def _keep(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        pause = FIRST_PAUSE
        told = False
        while True:
            started = asyncio.get_running_loop().time()
            try:
                await work()
                return
            except (AlreadyRunning, StaleClaim):
                raise
            except StoreError as e:
                log.exception("store broken", task=name)
                self.broken(e)
                return
            except Exception as e:
                log.exception("task crashed", task=name, again_in=pause)
                if not told:
                    told = True
                    await self._crashed(name, e)
            if asyncio.get_running_loop().time() - started > LONGEST_PAUSE:
                pause, told = FIRST_PAUSE, False  # it ran well for long: this is another trouble
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
