"""The fake Slack as a chat of the chaos kit: channels for rooms, its messages as plain lines with their links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Self

from bot.domain.channels import ChannelRef, Part
from tests.kit.bench_slack import ref
from tests.kit.chaos_process import SLACK_TIMEOUT
from tests.kit.slack_fake import SCOPES, Message, SlackFake, notification, visible
from tests.kit.slack_things import Json
from tests.kit.wire_server import Arrived


class SlackServer:
    """A workspace. Without `history` the app may not look whether a message arrived."""

    def __init__(self, *, history: bool = True) -> None:
        self._fake = SlackFake(scopes={scope for scope in SCOPES if history or not scope.endswith(":history")})
        self._rooms: dict[str, ChannelRef] = {}
        self._arrived: list[Arrived] = []

    async def __aenter__(self) -> Self:
        await self._fake.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._fake.__aexit__()

    @property
    def url(self) -> str:
        return self._fake.url

    @property
    def arrived(self) -> Sequence[Arrived]:
        self._arrived += map(_arrived, self._fake.arrived[len(self._arrived) :])
        return self._arrived

    def settings(self, url: str, timeout: float) -> Mapping[str, str]:
        return {**self._fake.settings(f"{url}/api/"), SLACK_TIMEOUT: str(timeout)}

    def room(self, name: str) -> ChannelRef:
        if name not in self._rooms:
            self._rooms[name] = ref(self._fake.channel(name))
        return self._rooms[name]

    async def next_arrival(self) -> None:
        before = len(self._fake.arrived)
        await self._fake.until(lambda: len(self._fake.arrived) > before, seconds=3600)


def _arrived(message: Message) -> Arrived:
    assert message.metadata is not None
    told = message.metadata["event_payload"]
    part = Part(told["part"])
    root = message.ts if part is Part.EDIT else message.thread_ts
    text, at = "\n".join(_lines(message, part)), datetime.fromtimestamp(float(message.ts), UTC)
    return Arrived(ref(message.channel), told["key"], part, message.ts, root, text, at)


def _lines(message: Message, part: Part) -> Iterator[str]:
    """All that is said, then its links; of a digest the first line and the links of each story."""
    if part is not Part.DIGEST:
        yield notification(message).text
        yield from (url for url, _ in visible(message).links)
        return
    head, stories = message.blocks[0]["elements"]
    yield visible(_block(head)).text
    for story in stories["elements"]:
        seen = visible(_block(story))
        yield seen.text.splitlines()[0]
        yield from (url for url, _ in seen.links)


def _block(element: Json) -> Json:
    return {"blocks": [{"type": "rich_text", "elements": [element]}]}
