"""Brings answers to people: to the asker alone by response_url or as an ephemeral message, or into a thread.

At most once: who is left without an answer asks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.chat.slack.blocks import escaped, lines_block, story_blocks, story_text
from bot.adapters.chat.slack.errors import translated
from bot.adapters.chat.slack.people import NO_ANSWER
from bot.domain.messages import Reply
from bot.errors import Throttled

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: Of Slack's 50 blocks and 13,200 characters; of a button's 2,000.
_MOST_BLOCKS, _MOST_TEXT, _MOST_VALUE = 48, 10_000, 2000
#: Longer than this nobody waits for an answer, in seconds.
_PATIENCE = 30.0
_TIMEOUT = 15
_MORE = "..."


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes."""

    channel: str
    user: str
    url: str = ""  #: response_url
    thread: str | None = None
    public: bool = False  #: everybody there may see it


class Answers:
    """Says what is to be said to who has asked."""

    def __init__(self, web: AsyncWebClient) -> None:
        self._web = web

    async def bring(self, place: Place, reply: Reply, *, below: Sequence[Json] = ()) -> None:
        """Say it there; a refusal is for the asker alone. `below`: blocks behind it."""
        content = written(reply, below)
        if place.url and await self.by_url(place.url, content, public=place.public):
            return
        try:
            await self._say(place, content, public=place.public and reply.understood)
        except Throttled as e:
            if e.retry_after > _PATIENCE:
                raise
            await asyncio.sleep(e.retry_after)
            await self._say(place, content, public=place.public and reply.understood)

    async def by_url(self, url: str, content: Json, *, public: bool = False) -> bool:
        """Answer what somebody did; False where Slack takes no answer to it any more."""
        how = {"response_type": "in_channel" if public else "ephemeral", "replace_original": False}
        client = AsyncWebhookClient(url, timeout=_TIMEOUT, session=self._web.session, retry_handlers=[])
        try:
            taken = await client.send_dict({**how, "unfurl_links": False, **content})
        except NO_ANSWER as e:
            log.warning("an answer may be lost", error=type(e).__name__)
            return True  # perhaps it arrived
        return taken.status_code == 200

    async def _say(self, place: Place, content: Json, *, public: bool) -> None:
        where: Json = {"channel": place.channel, **({"thread_ts": place.thread} if place.thread else {})}
        try:
            if public or place.channel.startswith("D"):
                await self._web.chat_postMessage(
                    **where, mrkdwn=False, unfurl_links=False, unfurl_media=False, **content
                )
            else:
                await self._web.chat_postEphemeral(**where, user=place.user, **content)
        except NO_ANSWER as e:
            raise translated(e) from e


def written(reply: Reply, below: Sequence[Json] = ()) -> Json:
    """Lines, then stories; what is too much is left out from the end, and that is shown."""
    lines, room = [], _MOST_TEXT
    for line in reply.lines:
        room -= len(line)
        if room < 0:
            lines.append(_MORE)
            break
        lines.append(line)
    blocks, texts = [lines_block(lines)] if lines else [], [escaped("\n".join(lines))]
    for message in reply.messages:
        more, text = [{"type": "divider"}, *story_blocks(message)], story_text(message)
        room -= len(text)
        if room < 0 or len(blocks) + len(more) + len(below) >= _MOST_BLOCKS:
            blocks.append(lines_block([_MORE]))
            break
        blocks += more
        texts.append(text)
    return {"text": "\n".join(texts), "blocks": [*blocks, *below]}


def buttons(reply: Reply) -> list[Json]:
    """What can be done about an answer that only the asker sees."""
    made = [
        {"type": "button", "action_id": f"ev-{a.id}", "text": plain(a.label), "value": a.command}
        for a in reply.actions
        if len(a.command) <= _MOST_VALUE
    ]
    return [{"type": "actions", "elements": made}] if made else []


def plain(text: str, limit: int = 75) -> Json:
    """A text as it is, cut to what an element holds."""
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return {"type": "plain_text", "text": cut, "emoji": False}
