"""Where every platform brings what people type: who asks, which command, may they, the answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from weakref import WeakValueDictionary

import structlog

from bot.commands.context import Context, Live, Refused
from bot.commands.names import Names
from bot.commands.overview import overview, suggest
from bot.commands.parsing import run
from bot.commands.replies import as_message
from bot.commands.texts import Voice
from bot.domain.channels import Channel, ChannelRef, NewDelivery, Part
from bot.domain.messages import Reply
from bot.domain.requests import Choice, Overview, Request, Role
from bot.domain.rulebook import Rulebook, WatchList
from bot.errors import StoreError
from bot.ports import Clock, Store

log = structlog.get_logger(__name__)

#: Whoever types there sits at the machine.
_LOCAL = "console"
#: A platform that gets no answer in time asks again within seconds, not after this many other questions.
_REMEMBERED = 1000
#: More than anybody types; what is behind it is not looked at.
_MAX_TEXT = 20_000
#: Of what is wrong with one line.
_MOST_LINES = 12


class CommandDesk:
    """A bot.ports.Desk: one parser and one set of handlers for every platform."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        live: Live,
        *,
        operators: Collection[ChannelRef],
        language: str,
        timezone: str,
        wake: Callable[[], None],
        pause: Callable[[ChannelRef, str], Awaitable[None]] | None = None,
    ) -> None:
        """`operators`: persons who may everything; `language`, `timezone`: of channels nobody has set up yet.

        `pause`: tells nothing more in a channel, and somebody why; by default it is written down alone.
        """
        self._store = store
        self._clock = clock
        self._live = live
        self._operators = frozenset(operators)
        self._language = language
        self._timezone = timezone
        self._wake = wake
        self._pause = pause or store.pause_channel
        self._names: tuple[Rulebook, list[WatchList], Names] | None = None
        self._turns: WeakValueDictionary[ChannelRef, asyncio.Lock] = WeakValueDictionary()
        self._answered: OrderedDict[tuple[ChannelRef, str], Reply] = OrderedDict()

    async def answer(self, request: Request) -> Reply:
        """Do it and answer; the same event again gets the same answer, and does nothing."""
        async with self._turn(request.channel):
            event = (request.channel, request.event)
            if request.event and event in self._answered:
                return self._answered[event]
            reply = await self._do(request)
            if request.event:
                self._answered[event] = reply
                if len(self._answered) > _REMEMBERED:
                    self._answered.popitem(last=False)
            return reply

    async def answer_later(self, request: Request) -> None:
        """Do it and put the answer into the outbox, once per event."""
        key = f"reply:{request.event}"
        if await self._store.enqueued(request.channel, key):
            return
        reply = await self.answer(request)
        message = as_message(reply, (await self._channel(request.channel)).timezone)
        if await self._store.enqueue([NewDelivery(key, request.channel, Part.REPLY, message=message)]):
            self._wake()

    async def moved(self, old: ChannelRef, new: ChannelRef) -> None:
        """What was asked for in the old room holds in the new one."""
        if await self._store.move_channel(old, new):
            self._wake()

    async def lost(self, ref: ChannelRef, why: str) -> None:
        """A channel that nobody had subscribed anything for is nobody's loss."""
        if await self._store.all_subscriptions(ref):
            await self._pause(ref, why)

    async def overview(self, request: Request) -> Overview:
        """What forms and start pages show."""
        return await overview(await self._context(request))

    async def suggest(self, request: Request) -> tuple[Choice, ...]:
        """Companies and watch lists by a part of any of their names."""
        return suggest(await self._context(request))

    def _turn(self, channel: ChannelRef) -> asyncio.Lock:
        """One at a time in a channel: settings are read, changed and written back."""
        return self._turns.setdefault(channel, asyncio.Lock())

    async def _do(self, request: Request) -> Reply:
        ctx = await self._context(request)
        voice = ctx.voice
        try:
            return await run(ctx)
        except Refused as e:
            lines = e.lines if len(e.lines) <= _MOST_LINES else (*e.lines[:_MOST_LINES], "...")
            return Reply(lines, understood=False, language=voice.language, command=e.command)
        except StoreError:
            raise
        except Exception:
            # Not the text: what people type is theirs.
            log.exception("a command failed", channel=str(request.channel), request=request.event)
            return Reply((voice.say("failed"),), understood=False, language=voice.language)

    async def _context(self, request: Request) -> Context:
        channel = await self._channel(request.channel)
        return Context(
            request=replace(request, text=request.text[:_MAX_TEXT], role=self._role(request)),
            channel=channel,
            store=self._store,
            live=self._live,
            now=self._clock.now(),
            voice=Voice(channel.language),
            names=await self._known_names(),
        )

    async def _channel(self, ref: ChannelRef) -> Channel:
        return await self._store.channel(ref) or Channel(ref, self._language, self._timezone)

    def _role(self, request: Request) -> Role:
        local = request.person.platform == _LOCAL
        return Role.OPERATOR if local or request.person in self._operators else request.role

    async def _known_names(self) -> Names:
        """Built anew when the rules or the lists made in chat have changed."""
        rulebook, lists = self._live.rulebook, await self._store.watchlists()
        if self._names is None or self._names[0] is not rulebook or self._names[1] != lists:
            self._names = (rulebook, lists, Names(rulebook, lists))
        return self._names[2]
