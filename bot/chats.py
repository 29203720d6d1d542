"""The chat platforms that are set up: which there are, connecting them, and connecting again what went down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

import structlog

from bot.adapters import chat
from bot.errors import Unavailable

if TYPE_CHECKING:
    from bot.ports import ChatPlatform, Desk
    from bot.settings import Settings

log = structlog.get_logger(__name__)

CONSOLE = "console"


class Chats:
    """Platforms by name; `up` holds those that can be sent to right now."""

    def __init__(self, settings: Settings, *, stream: IO[str] | None = None) -> None:
        self.up: dict[str, ChatPlatform] = {}
        self.desk: Desk  #: set before the first is connected
        self._settings = settings
        self._stream = stream
        self._down: dict[str, asyncio.Future[str]] = {}
        self._wanted: tuple[str, ...] | None = None

    @property
    def wanted(self) -> tuple[str, ...]:
        """The console, and every platform with enough settings; a module is imported only where some are there."""
        if self._wanted is None:
            found = [CONSOLE]
            for name in chat.names():
                if name == CONSOLE or not self._settings.mentions(name):
                    continue
                if chat.configured(name, self._values(name)):
                    found.append(name)
                else:
                    log.warning("not enough is set to connect", platform=name, see=f"docs/{name}.md")
            self._wanted = tuple(found)
        return self._wanted

    @property
    def only_console(self) -> bool:
        """Whether nothing but the console is set up."""
        return self.wanted == (CONSOLE,)

    async def connect(self, name: str) -> ChatPlatform:
        """Make one and start it. Raises DeliveryError where it cannot connect."""
        platform = chat.create(name, self._values(name))
        try:
            await platform.start(self.desk)
        except BaseException:
            await platform.close()
            raise
        self.up[name] = platform
        return platform

    async def keep(self, name: str, connected: Callable[[], None]) -> None:
        """Connect and stay so until the platform is down: then Unavailable says why."""
        down = self._down[name] = asyncio.get_running_loop().create_future()
        platform = await self.connect(name)
        ended = asyncio.ensure_future(platform.down())
        try:
            log.info("connected", platform=name)
            connected()
            await asyncio.wait([down, ended], return_when=asyncio.FIRST_COMPLETED)
            why = down.result() if down.done() else ended.result()
        finally:
            ended.cancel()
            self.up.pop(name, None)
            await platform.close()
        raise Unavailable(f"{name} is down: {why}")

    def went_down(self, name: str, why: str) -> None:
        """Nothing can be sent there as it is: `keep` ends, and may be started again."""
        self.up.pop(name, None)
        down = self._down.get(name)
        if down is not None and not down.done():
            down.set_result(why)

    async def close(self) -> None:
        """Disconnect whatever is still up."""
        while self.up:
            _, platform = self.up.popitem()
            await platform.close()

    def _values(self, name: str) -> dict[str, Any]:
        values = self._settings.for_platform(name)
        if name == CONSOLE and self._stream is not None:
            values["stream"] = self._stream
        return values
