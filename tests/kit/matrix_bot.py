"""The bot on a real homeserver, with a desk that writes down what it is asked."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.adapters import chat
from bot.domain.channels import ChannelRef, Outgoing, Part, Receipt
from bot.domain.messages import Message
from bot.domain.requests import Request
from bot.errors import Unavailable
from bot.ports import ChatPlatform, Desk
from tests.kit.bench_matrix import settings
from tests.kit.desk import ScriptedDesk
from tests.kit.synapse import Account, Synapse


class WaitedFor(ScriptedDesk):
    """One can wait for what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self._news = asyncio.Event()

    async def answer(self, request: Request) -> Any:
        answered = await super().answer(request)
        self._news.set()
        return answered

    async def answer_later(self, request: Request) -> None:
        if all(r.event != request.event for r in self.requests):  # as the real one does
            await super().answer_later(request)
        self._news.set()

    async def moved(self, old: ChannelRef, new: ChannelRef) -> None:
        await super().moved(old, new)
        self._news.set()

    async def lost(self, ref: ChannelRef, why: str) -> None:
        await super().lost(ref, why)
        self._news.set()

    async def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until it is as expected."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._news.clear()
                await self._news.wait()

    @property
    def texts(self) -> list[str]:
        return [r.text for r in self.requests]

    async def heard(self, *texts: str) -> list[Request]:
        """Wait until so many requests have come; these they must be."""
        try:
            await self.until(lambda: len(self.requests) >= len(texts))
        except TimeoutError:
            raise AssertionError(f"heard only {self.texts}") from None
        assert self.texts == list(texts)
        return self.requests


class Bot:
    """`start` and `close` as often as you like: the folder stays."""

    def __init__(self, synapse: Synapse, folder: Path, account: Account | None = None, **more: Any) -> None:
        self.synapse, self.folder = synapse, folder
        self.account = account or synapse.register("evwatch")
        self.settings = settings(synapse, self.account, folder, **more)
        self.desk = WaitedFor()
        self.platform: ChatPlatform = chat.create("matrix", self.settings)

    @property
    def user(self) -> str:
        return self.account.user

    async def start(self, desk: Desk | None = None) -> None:
        """A new process, with a desk of its own if there is one."""
        self.platform = chat.create("matrix", self.settings)
        await self.platform.start(desk or self.desk)

    async def close(self) -> None:
        await self.platform.close()

    async def restart(self) -> None:
        await self.close()
        await self.start()

    async def send(self, room: str, key: str = "story:1:r1:root", part: Part = Part.ROOT, **more: Any) -> Receipt:
        """Send something, as the outbox would: a room that was joined just now takes it a moment later."""
        async with asyncio.timeout(20):
            while True:
                try:
                    return await self.platform.send(outgoing(room, key, part, **more))
                except Unavailable:
                    await asyncio.sleep(0.02)


def outgoing(room: str, key: str, part: Part = Part.ROOT, *, root: str | None = None, **message: Any) -> Outgoing:
    """A message for a room; its words are made up unless given."""
    now = datetime.now(UTC)
    text = replace(Message("BYD + Uber: joint venture. Announced.", story="S1", revision=1), **message)
    return Outgoing(key, ChannelRef("matrix", room), part, text, root, now, now)
