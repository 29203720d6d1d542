"""Delivering: rows of the outbox become messages, each channel in its order, nothing twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.channels import ChannelRef, Delivery, DeliveryId, DeliveryStatus, Outgoing, Part, Receipt
from bot.domain.messages import Message
from bot.engine import timing
from bot.engine.messages import compose
from bot.errors import DeliveryError, Forgotten, Rejected, Scope, StaleClaim, StoreError, Throttled, Unavailable
from bot.pipeline.live import Live
from bot.pipeline.notices import Notices
from bot.ports import ChatPlatform, Clock, Store

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=90)
#: Longest call of a platform; well inside the lease.
PATIENCE = timedelta(seconds=45)
#: Channels served at the same time.
MAX_CHANNELS = 16
#: Tried for so long and so often, then dead: a machine that slept for a day has not tried.
GIVE_UP, ENOUGH = timedelta(hours=24), 12
#: What is sent at any hour: somebody asked, or has to know.
_AT_ANY_HOUR = frozenset({Part.REPLY, Part.NOTICE})


class Deliverer:
    """Claims due deliveries and sends them: channels side by side, one message of a channel after the other."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        live: Live,
        platforms: Mapping[str, ChatPlatform],
        notices: Notices,
        *,
        platform_down: Callable[[str, str], None],
        broken: Callable[[StoreError], None],
        telling: Callable[[], Awaitable[None]],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._store = store
        self._clock = clock
        self._live = live
        self._platforms = platforms  #: those that are up; the app takes them out and puts them back
        self._notices = notices
        self._platform_down = platform_down
        self._broken = broken
        self._telling = telling  #: awaited before anything that was claimed is sent
        self._jitter = jitter
        self._wake = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: set[DeliveryId] = set()
        self._closing = False

    def wake(self) -> None:
        """Something may be due."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver whenever woken, until closed."""
        while not self._closing:
            await self._wake.wait()
            self._wake.clear()
            await self.turn()

    async def turn(self) -> int:
        """Claim what is due, a task a channel, and return; how many were claimed."""
        room = MAX_CHANNELS - len(self._tasks)
        if self._closing or room <= 0:
            return 0
        claimed = await self._store.claim_deliveries(self._clock.now(), LEASE, room)
        if claimed:
            await self._telling()
        for delivery in claimed:
            if delivery.id in self._in_hand:  # the clock jumped past its lease: it is settled when the new one is over
                continue
            self._in_hand.add(delivery.id)
            task = asyncio.create_task(self._work(delivery), name=f"deliver {delivery.name}")
            self._tasks.add(task)
            task.add_done_callback(self._done)
        return len(claimed)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()  # the channel's next may go now

    async def idle(self) -> None:
        """Wait until everything that was claimed is done with."""
        while self._tasks:
            await asyncio.wait(list(self._tasks))

    async def close(self, patience: float) -> None:
        """Claim no more; messages under way get `patience` seconds, then they are uncertain and settled next time."""
        self._closing = True
        self._wake.set()
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks), timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    # -------------------------------------------------------------------------------------------------- one delivery

    async def _work(self, delivery: Delivery) -> None:
        try:
            await self.attempt(delivery)
        except StaleClaim:
            log.info("claim lost", delivery=delivery.name)
        except StoreError as e:
            log.exception("delivery refused by the store", delivery=delivery.name)
            try:
                await self._store.outbox_counts()  # raises where it is the store that is broken, not this row
                await self._failed(delivery, e, doubtful=True)
            except StaleClaim:
                pass
            except StoreError as worse:
                self._broken(worse)
        finally:
            self._in_hand.discard(delivery.id)

    async def attempt(self, delivery: Delivery) -> None:
        """Settle, send, and write down what came of it. Raises StoreError."""
        # Without a message it never came to sending, whatever its last worker died of.
        doubtful = delivery.status is DeliveryStatus.UNCERTAIN and delivery.message is not None
        try:
            if not doubtful and (until := self._quiet_until(delivery)):
                await self._put_off(delivery, until)
                return
            message = delivery.message or await self._render(delivery)
            if message is None:
                return
            platform = self._platforms.get(delivery.channel.ref.platform)
            if platform is None:
                raise Unavailable(f"{delivery.channel.ref.platform} is not connected")
            outgoing = self._outgoing(delivery, message)
            async with asyncio.timeout(PATIENCE.total_seconds()):
                if doubtful:
                    arrived_by = outgoing.attempted_at + platform.grace
                    if self._clock.now() < arrived_by:
                        await self._store.uncertain(delivery, arrived_by, "it may be on its way")
                        return
                    receipt = await platform.settle(outgoing)
                    if receipt is None:  # sent again under a new claim: its time is where the next settling looks
                        await self._store.later(delivery, self._clock.now(), "it had not arrived")
                        return
                else:
                    doubtful = True  # until the platform has said otherwise
                    receipt = await _send(platform, replace(outgoing, attempted_at=self._clock.now()))
        except _NotSent as e:
            await self._failed(delivery, e.error, doubtful=False)
        except (StoreError, StaleClaim):
            raise
        except Exception as e:
            await self._failed(delivery, e, doubtful=doubtful)
        else:
            await self._store.sent(delivery, receipt)
            log.info("delivered", delivery=delivery.name, key=delivery.key, channel=str(delivery.channel.ref))

    def _quiet_until(self, delivery: Delivery) -> datetime | None:
        if delivery.part in _AT_ANY_HOUR:
            return None
        channel = delivery.channel
        return timing.in_quiet(self._clock.now(), channel.timezone, channel.quiet)

    async def _put_off(self, delivery: Delivery, until: datetime) -> None:
        if delivery.status is DeliveryStatus.UNCERTAIN:  # else it would hold up its channel all night
            await self._store.later(delivery, self._clock.now(), "it never came to sending")
        else:
            await self._store.put_off(delivery, until)
        log.info("put off", delivery=delivery.name, key=delivery.key, until=until.isoformat())

    async def _render(self, delivery: Delivery) -> Message | None:
        """The text of the first attempt, written down before it is sent; None where nothing is left to say."""
        if delivery.story is None:
            raise Rejected("there is nothing to say")
        revision = delivery.revision
        if delivery.part is Part.ROOT:  # what changed before anybody saw it is told in one go
            revision = max(revision or 0, await self._store.newer_revision(delivery) or 0) or None
        try:
            view = await self._store.story_view(delivery.story, revision)
        except Forgotten as e:  # retention has taken it: nobody waits for that any more
            await self._store.dead(delivery, str(e))
            log.warning("delivery dead", delivery=delivery.name, key=delivery.key, why=str(e))
            return None
        message = compose(view, delivery.part, delivery.channel, self._live.rulebook)
        await self._store.set_message(delivery, message)
        return message

    def _outgoing(self, delivery: Delivery, message: Message) -> Outgoing:
        now = self._clock.now()
        return Outgoing(
            delivery.key,
            delivery.channel.ref,
            delivery.part,
            message,
            delivery.root,
            first_attempt_at=delivery.first_attempt_at or now,
            attempted_at=delivery.attempted_at or now,
        )

    async def _failed(self, delivery: Delivery, error: Exception, *, doubtful: bool) -> None:
        """Write down when it goes on, or that it never will. `doubtful`: it may have been sent."""
        now = self._clock.now()
        what = str(error) or type(error).__name__
        started = delivery.first_attempt_at or now
        log.warning("not delivered", delivery=delivery.name, key=delivery.key, error=what, doubtful=doubtful)
        if not isinstance(error, DeliveryError | TimeoutError):
            log.error("delivery crashed", delivery=delivery.name, exc_info=error)
        if isinstance(error, Rejected) and error.scope is not Scope.PLATFORM:
            await self._dead(delivery, what)
            if error.scope is Scope.CHANNEL:
                await self.pause(delivery.channel.ref, what)
            return
        if isinstance(error, Rejected):
            self._platform_down(delivery.channel.ref.platform, what)
        if now - started >= GIVE_UP and delivery.attempts >= ENOUGH:
            await self._dead(delivery, what)
            return
        at = self._next(delivery, now, error)
        await (self._store.uncertain if doubtful else self._store.later)(delivery, at, what)

    def _next(self, delivery: Delivery, now: datetime, error: Exception) -> datetime:
        retry_after = error.retry_after if isinstance(error, Throttled) else None
        return timing.next_attempt_at(now, delivery.attempts, self._jitter(), retry_after)

    async def _dead(self, delivery: Delivery, why: str) -> None:
        await self._store.dead(delivery, why)
        log.error("delivery dead", delivery=delivery.name, key=delivery.key, channel=str(delivery.channel.ref), why=why)
        if delivery.part is not Part.NOTICE:  # a notice about a notice would never end
            line = f"{delivery.name} ({delivery.key}) to {delivery.channel.ref} is given up: {why}"
            await self._notices.tell(f"dead:{delivery.id}", self._clock.now(), line)

    async def pause(self, ref: ChannelRef, why: str) -> None:
        """Send nothing more there, and tell the operators why, and who had asked for it."""
        await self._store.pause_channel(ref, why)
        makers = sorted({s.by for s in await self._store.all_subscriptions(ref) if s.by})
        whose = f"; its subscriptions are by {', '.join(makers)}" if makers else ""
        now = self._clock.now()
        await self._notices.tell(f"paused:{ref}", now, f"{ref} is paused until somebody resumes it: {why}{whose}")


class _NotSent(Exception):
    """The platform itself says that nothing was sent."""

    def __init__(self, error: DeliveryError) -> None:
        super().__init__(str(error))
        self.error = error


async def _send(platform: ChatPlatform, outgoing: Outgoing) -> Receipt:
    """Send, telling apart what was certainly not sent; anything else that is raised leaves it open."""
    try:
        return await platform.send(outgoing)
    except (Throttled, Unavailable, Rejected) as e:
        raise _NotSent(e) from e
