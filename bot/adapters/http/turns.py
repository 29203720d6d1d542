"""Manners: one request per host at a time, and a pause between two."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0  #: of the event loop's clock


class Turns:
    """Whose turn it is at each host. Hosts nobody asks are forgotten after their pause."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def at(self, name: str, gap: float) -> AsyncIterator[None]:
        """Wait for the turn at this host; the next one has it `gap` seconds after the end."""
        loop = asyncio.get_running_loop()
        host = self._hosts.setdefault(name, _Host())
        host.users += 1
        try:
            async with host.lock:
                if (pause := host.free_at - loop.time()) > 0:
                    await asyncio.sleep(pause)
                try:
                    yield
                finally:
                    host.free_at = loop.time() + gap
        finally:
            host.users -= 1
            if not host.users:
                loop.call_later(gap, self._forget, name, host)

    def _forget(self, name: str, host: _Host) -> None:
        idle = not host.users and asyncio.get_running_loop().time() >= host.free_at
        if idle and self._hosts.get(name) is host:
            del self._hosts[name]
