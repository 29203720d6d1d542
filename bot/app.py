"""The composition root: puts the parts together, starts them in order, stops them in the reverse."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, timedelta
from typing import IO, TYPE_CHECKING, Any

import structlog

from bot import parts
from bot.chats import Chats
from bot.domain.channels import Channel, ChannelRef, Subscription, SubscriptionId
from bot.errors import DeliveryError, StoreError
from bot.supervise import Supervisor

if TYPE_CHECKING:
    from bot.pipeline.reload import Rules
    from bot.ports import Clock
    from bot.settings import Settings

log = structlog.get_logger(__name__)

CONSOLE = ChannelRef("console", "main")

#: All of stopping, in seconds; past it the process ends as it is, which loses nothing.
STOP_WITHIN = 7.5
_POLLS_GET, _DELIVERIES_GET = 1.5, 4.0

_EACH_SECOND, _DIGESTS, _RETENTION = timedelta(seconds=1), timedelta(seconds=5), timedelta(hours=6)
#: Between two looks at the rules, in seconds.
_RULES = 2.0

#: One line for somebody who has set nothing up.
NO_CHAT = (
    "no chat is set up, so messages go to this console; a chat is connected by EVWATCH_SLACK_BOT_TOKEN and"
    " EVWATCH_SLACK_APP_TOKEN (docs/slack.md), or EVWATCH_MATRIX_HOMESERVER, EVWATCH_MATRIX_USER and"
    " EVWATCH_MATRIX_PASSWORD (docs/matrix.md)"
)


class App:
    """evwatch in one process."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        stream: IO[str] | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.settings = settings
        self.rules = rules or parts.Rules(settings)
        self.clock = clock or parts.SystemClock()
        self.chats = Chats(settings, stream=stream)
        self._stack = AsyncExitStack()
        self._stopping = asyncio.Event()
        self._told: set[str] = set()

    # ------------------------------------------------------------------------------------------------ run and once

    async def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raises ConfigError before anything started, StoreError when the store broke."""
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        async with self._stack:
            await self.start()
            for name in self.chats.wanted:
                self.supervisor.start(f"chat {name}", self._keeper(name))
            self.supervisor.start("deliverer", self.deliverer.run)
            self.supervisor.start("rules", self._follow_rules)
            self._start_ticking()
            gc.freeze()  # rules and code are no garbage: later collections need not walk them
            gc.enable()
            log.info("ready", **await self._summary(), seconds=round(time.monotonic() - began, 2))
            await _first(self._stopping.wait(), self.supervisor.wait_broken())
        log.info("stopped")

    def stop(self) -> None:
        """Begin to stop; `run` returns when it is done."""
        log.info("stopping")
        # A thread, because even a loop that hangs must end in time. What is cut off is settled at the next start.
        timer = threading.Timer(STOP_WITHIN, os._exit, (0,))
        timer.daemon = True
        timer.start()
        self._stopping.set()

    async def once(self) -> list[str]:
        """Poll every due feed once, deliver what is due, and stop; the platforms that could not be reached."""
        failed = []
        async with self._stack:
            await self.start()
            self._stack.push_async_callback(self.chats.close)
            for name in self.chats.wanted:
                try:
                    await self.chats.connect(name)
                except DeliveryError as e:
                    log.warning("not connected", platform=name, error=str(e))
                    failed.append(name)
            began = self.clock.now()  # what becomes due while we poll is for the next time
            while await self.poller.tick(began):
                await self.poller.idle()
            await self.catch_up.tick()
            while await self.deliverer.turn():
                await self.deliverer.idle()
            self.supervisor.check()
        return failed

    # ------------------------------------------------------------------------------------------------ start and stop

    async def start(self) -> None:
        """Rules, lock, store, what the store must know; nothing runs yet. The stack closes what is started."""
        from bot.pipeline.catchup import CatchUp
        from bot.pipeline.deliver import Deliverer
        from bot.pipeline.heartbeat import Heartbeat
        from bot.pipeline.notices import Notices
        from bot.pipeline.poll import Poller
        from bot.pipeline.reload import Reloader

        settings, stack = self.settings, self._stack
        stamp = self.rules.stamp()  # before it is read: what is changed meanwhile is seen
        self.live = self.rules.load()
        stack.enter_context(parts.lock(settings))
        self.store = parts.make_store(settings)
        stack.push_async_callback(self.store.close)
        await self.store.start()
        if parts.is_alone(settings):
            await self.store.reclaim()
        # The file lies beside the database: a backup that is put back does not bring an older one with it.
        file = settings.data_dir / "heartbeat" if parts.is_alone(settings) else None
        heartbeat = Heartbeat(self.store, self.clock, file)
        await heartbeat.start()
        self.sources = parts.Sources(settings, self.clock)
        stack.push_async_callback(self.sources.close)
        self.supervisor = Supervisor(self._crashed)
        stack.push_async_callback(self.supervisor.close)
        self.notices = Notices(self.store, self._operators(), self._wake)
        self.reloader = Reloader(self.store, self.clock, self.live, self.notices, self.rules, stamp=stamp)
        self.deliverer = Deliverer(
            self.store,
            self.clock,
            self.live,
            self.chats.up,
            self.notices,
            platform_down=self.chats.went_down,
            broken=self.supervisor.broken,
            telling=heartbeat.beat,
        )
        stack.push_async_callback(self.deliverer.close, _DELIVERIES_GET)
        self.chats.desk = parts.make_desk(
            settings, self.store, self.clock, self.live, wake=self._wake, pause=self.deliverer.pause
        )
        self.catch_up = CatchUp(self.store, self.clock, self.live, self._wake, heartbeat)
        self.poller = Poller(
            self.store,
            self.clock,
            self.live,
            self.sources.get,
            self.notices,
            enqueued=self._wake,
            broken=self.supervisor.broken,
            floor=settings.poll_floor,
            allow_hosts=settings.allow_hosts,
            catching_up=self.catch_up.covers,
        )
        stack.push_async_callback(self.poller.close, _POLLS_GET)
        await self.reloader.start()
        await self._prepare()
        await self.catch_up.start()
        await self._digests()  # before the first poll: what is due is not put off by what comes now

    async def _prepare(self) -> None:
        """Tell the store what the settings say."""
        if self.chats.only_console:
            await self._prepare_console()

    async def _prepare_console(self) -> None:
        """Without a chat the console is told of everything, unless somebody has subscribed something."""
        log.info(NO_CHAT)
        if await self.store.all_subscriptions():
            return
        # What somebody has set in chat stays.
        channel = await self.store.set_channel(Channel(CONSOLE, self.settings.language, self.settings.timezone))
        everything = self.live.rulebook.watchlists.get("all")
        lists, single = (("all",), frozenset[str]()) if everything else ((), frozenset(self.live.rulebook.companies))
        watched = everything.companies if everything else single
        subscription = Subscription(SubscriptionId(0), channel, lists, single, watched)
        await self.store.subscribe(subscription, self.clock.now())

    def _operators(self) -> tuple[ChannelRef, ...]:
        return self.settings.operators or ((CONSOLE,) if self.chats.only_console else ())

    # ------------------------------------------------------------------------------------------------------- working

    def _start_ticking(self) -> None:
        """Ticks only: they start work and return; when something is due is in the database."""
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        for name, every, tick in (
            ("poll", _EACH_SECOND, self._poll),
            ("deliver", _EACH_SECOND, self._wake_softly),
            ("digest", _DIGESTS, self._digests),
            ("retention", _RETENTION, self._keep),
        ):
            seconds = every.total_seconds()
            scheduler.add_job(self._tick, "interval", (name, tick), seconds=seconds, id=name)
        scheduler.start()
        for name in ("poll", "deliver"):
            scheduler.modify_job(name, next_run_time=self.clock.now())
        self._stack.callback(scheduler.shutdown, wait=False)

    async def _tick(self, name: str, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except StoreError as e:
            log.exception("store broken", tick=name)
            self.supervisor.broken(e)
        except Exception as e:  # the next tick tries again
            log.exception("tick crashed", tick=name)
            if name not in self._told:
                self._told.add(name)
                await self._crashed(name, e)

    def _keeper(self, name: str) -> Callable[[], Awaitable[None]]:
        return lambda: self.chats.keep(name, self._wake)

    def _wake(self) -> None:
        self.deliverer.wake()

    async def _poll(self) -> None:
        await self.catch_up.look()
        await self.poller.tick()

    async def _wake_softly(self) -> None:
        self.deliverer.wake()

    async def _digests(self) -> None:
        from bot.pipeline.digest import send_digests

        await send_digests(self.store, self.clock, self.live, self._wake)
        await self.catch_up.tick()

    async def _keep(self) -> None:
        from bot.pipeline.keep import keep

        await keep(self.store, self.clock)

    async def _follow_rules(self) -> None:
        while True:
            await asyncio.sleep(_RULES)
            if await self.reloader.tick():
                gc.freeze()  # as at the start

    async def _crashed(self, name: str, error: BaseException) -> None:
        line = f"{name}: {error}" if isinstance(error, DeliveryError) else f"{name} crashed ({type(error).__name__})"
        await self.notices.tell(f"crash:{name}", self.clock.now(), f"{line}; it is started again")

    async def _summary(self) -> dict[str, Any]:
        feeds = await self.store.feeds()
        subscriptions = await self.store.all_subscriptions()
        return {"feeds": len(feeds), "subscriptions": len(subscriptions), "chats": ",".join(self.chats.wanted)}


async def _first(*works: Awaitable[object]) -> None:
    """Wait for whichever ends first; raises what it raises."""
    tasks = [asyncio.ensure_future(w) for w in works]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()
