"""A chat over HTTP (library: aiohttp), as somebody would drop it in: one file, settings EVWATCH_WIRE_*.

Its server is tests/kit/wire_server.py. Like Slack it knows no idempotency: the same key twice is two messages, so all
that keeps evwatch from telling twice is `Uncertain` and `settle`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from bot.adapters.chat import shown_source
from bot.domain.channels import Outgoing, Receipt
from bot.domain.messages import Message
from bot.errors import DeliveryError, Rejected, Throttled, Unavailable, Uncertain
from bot.ports import Desk


def configured(settings: Mapping[str, Any]) -> bool:
    """An address is enough."""
    return "wire_url" in settings


def create(settings: Mapping[str, Any]) -> Wire:
    """A chat at `wire_url`; `wire_timeout` in seconds."""
    return Wire(settings["wire_url"], float(settings.get("wire_timeout", "10")))


class Wire:
    """Rooms behind one address."""

    name = "wire"
    grace = timedelta(0)  #: the proxy lets nothing through whose sender is gone

    def __init__(self, url: str, timeout: float) -> None:
        self._url = url
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def start(self, desk: Desk) -> None:
        """Nothing is said before there is something to say."""
        self._session = aiohttp.ClientSession(timeout=self._timeout)

    async def down(self) -> str:
        """Never."""
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Post, edit or add a line."""
        what = {"key": outgoing.key, "part": outgoing.part.value, "root": outgoing.root}
        sent = await self._ask("POST", outgoing, json={**what, "text": text_of(outgoing.message)})
        if sent is None:
            raise Rejected("there is no such root")
        return sent

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        """The server knows every key it has taken."""
        return await self._ask("GET", outgoing, params={"key": outgoing.key})

    async def _ask(self, method: str, outgoing: Outgoing, **values: Any) -> Receipt | None:
        if self._session is None:
            raise Unavailable("the wire is not up")
        url = f"{self._url}/rooms/{outgoing.ref.room}/messages"
        try:
            async with self._session.request(method, url, **values) as answer:
                if answer.status == 404:
                    return None
                if answer.status != 200:
                    raise _refused(answer.status, answer.headers)
                taken = await answer.json()
        except aiohttp.ClientConnectorError as e:
            raise Unavailable("nobody answers") from e
        except (aiohttp.ClientError, TimeoutError) as e:  # the request had left
            raise Uncertain(f"no answer ({type(e).__name__})") from e
        return Receipt(taken["id"], datetime.fromisoformat(taken["at"]))


def _refused(status: int, headers: Mapping[str, str]) -> DeliveryError:
    if status == 429:
        return Throttled("too much", retry_after=float(headers.get("Retry-After", "1")))
    if status == 503:
        return Unavailable("the server is down")
    if status >= 500:
        return Uncertain(f"status {status}")
    return Rejected(f"status {status}")


def text_of(message: Message) -> str:
    """The whole message as plain lines, with the addresses of its links."""
    return "\n".join(_lines(message))


def _lines(message: Message) -> list[str]:
    lines = [message.first_line]
    if message.quote:
        lines.append(f"> {message.quote}")
    lines += [f"{shown_source(s, message)} {s.url or ''}".rstrip() for s in message.sources]
    lines += message.notes
    for item in message.items:
        lines += [f"  {line}" for line in _lines(item)]
    return lines
