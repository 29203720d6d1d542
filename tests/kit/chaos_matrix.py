"""A real homeserver as a chat of the chaos kit: somebody in every room writes down what comes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from html import unescape
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from bot.adapters.chat.matrix.rendering import ITEM
from bot.domain.channels import ChannelRef, Part
from tests.kit.synapse import Synapse
from tests.kit.wire_server import Arrived

_V3 = "/_matrix/client/v3"
_MOST = 1000
_FILTER = {"room": {"timeline": {"limit": _MOST, "types": ["m.room.message"]}}, "presence": {"types": []}}


def servers(synapse: Synapse) -> Callable[[], MatrixServer]:
    """What makes the chat of each run: the same homeserver, other rooms."""
    return partial(MatrixServer, synapse, {})


class MatrixServer:
    """An account for evwatch on a homeserver, and rooms that it is in.

    `latest`: name -> the room of the server made last. Its rooms are what all transcripts speak of: nobody chooses the
    ids of rooms, and the runs are to be compared.
    """

    def __init__(self, synapse: Synapse, latest: dict[str, ChannelRef]) -> None:
        self._arrived: list[tuple[str, Arrived]] = []
        self._latest = latest
        self.url = synapse.url
        self._synapse = synapse
        self._bot, self._observer = synapse.register("evwatch"), synapse.register("observer")
        self._rooms: dict[str, ChannelRef] = {}
        self._news = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._watching = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._watching is not None
        self._watching.cancel()
        with suppress(asyncio.CancelledError):
            await self._watching

    @property
    def arrived(self) -> Sequence[Arrived]:
        return [replace(a, channel=self._latest[name]) for name, a in self._arrived]

    def settings(self, url: str, timeout: float) -> Mapping[str, str]:
        return {
            "EVWATCH_MATRIX_HOMESERVER": url,
            "EVWATCH_MATRIX_USER": self._bot.user,
            "EVWATCH_MATRIX_PASSWORD": self._bot.password,
            "EVWATCH_MATRIX_ALLOW": self._observer.user,
        }

    def room(self, name: str) -> ChannelRef:
        if name not in self._rooms:
            body = {"preset": "private_chat", "name": name, "invite": [self._bot.user]}
            made = self._synapse.call("POST", f"{_V3}/createRoom", body, self._observer.token)["room_id"]
            self._synapse.call("POST", f"{_V3}/join/{quote(made)}", {}, self._bot.token)
            self._rooms[name] = self._latest[name] = ChannelRef("matrix", made)
        return self._rooms[name]

    async def next_arrival(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _watch(self) -> None:
        headers = {"Authorization": f"Bearer {self._observer.token}"}
        since: dict[str, str] = {}
        async with aiohttp.ClientSession(self.url, headers=headers) as session:
            while True:
                words = {"timeout": "30000", "filter": json.dumps(_FILTER), **since}
                async with session.get(f"{_V3}/sync", params=words) as answer:
                    news = await answer.json()
                since = {"since": news["next_batch"]}
                for room, shown in news.get("rooms", {}).get("join", {}).items():
                    assert not shown["timeline"]["limited"] or len(shown["timeline"]["events"]) < _MOST
                    self._take(ChannelRef("matrix", room), shown["timeline"]["events"])

    def _take(self, room: ChannelRef, events: Sequence[Mapping[str, Any]]) -> None:
        name = next((name for name, ref in self._rooms.items() if ref == room), "")
        taken = [(name, _arrived(room, e)) for e in events if e["sender"] == self._bot.user]
        self._arrived += taken
        if taken:
            self._news.set()


def _arrived(room: ChannelRef, event: Mapping[str, Any]) -> Arrived:
    content = event["content"]
    part = Part(content[ITEM]["part"])
    root = content.get("m.relates_to", {}).get("event_id")
    shown = content.get("m.new_content", content)["formatted_body"]
    own = root if part is Part.EDIT else event["event_id"]
    at = datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
    return Arrived(room, content[ITEM]["key"], part, own, root, _text(shown), at)


def _text(html: str) -> str:
    """All that is said, then its links; of a digest the first line and the links of each story."""
    head, *stories = re.split("<li>", html)
    if not stories:
        return "\n".join([*_lines(head), *_links(head)])
    return "\n".join([*_lines(head), *(line for s in stories for line in [f"  {_lines(s)[0]}", *_links(s)])])


def _lines(html: str) -> list[str]:
    plain = re.sub("<[^>]*>", "", re.sub("<br>|</?blockquote>", "\n", html))
    return [line for line in unescape(plain).splitlines() if line.strip()]


def _links(html: str) -> list[str]:
    return [f"  {unescape(link)}" for link in re.findall('href="([^"]*)"', html)]
