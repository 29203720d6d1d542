"""Names to addresses for aiohttp: asked once a connection, and refused as a whole if one address is not public."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.adapters.http.addresses import NOT_PUBLIC, is_public, place_of
from bot.errors import FetchError

#: A name and a port to addresses. Raises OSError where there are none.
Lookup = Callable[[str, int], Awaitable[list[str]]]


class VettingResolver(AbstractResolver):
    """The addresses of a name, if all of them may be asked; aiohttp connects to these very addresses."""

    def __init__(self, allow_hosts: frozenset[str], lookup: Lookup) -> None:
        self._allow_hosts = allow_hosts
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look up `host`. Raises OSError for an unknown name, FetchError for a refused one."""
        addresses = await self._lookup(host, port)
        if place_of(host, port) not in self._allow_hosts and not all(map(is_public, addresses)):
            raise FetchError(NOT_PUBLIC)
        results = [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in addresses
        ]
        if not results:
            raise OSError("no address")
        return results

    async def close(self) -> None:
        """Nothing is held open."""


async def system_lookup(host: str, port: int) -> list[str]:
    """Ask the system. In a daemon thread: a dead name server holds up neither the other threads nor the exit."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def deliver(found: list[str] | Exception) -> None:
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def work() -> None:
        found: list[str] | Exception
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(info[4][0]) for info in infos))
        except OSError as error:
            found = error
        except UnicodeError:  # a label that is empty or too long
            found = OSError("not a host name")
        with suppress(RuntimeError):  # the loop closed meanwhile
            loop.call_soon_threadsafe(deliver, found)

    threading.Thread(target=work, name="evwatch-dns", daemon=True).start()
    return await answer
