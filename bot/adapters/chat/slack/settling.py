"""Looking for a message that may have arrived: by its key, in the metadata of what the channel or thread holds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.chat.slack.blocks import EVENT
from bot.domain.channels import Outgoing, Part, Receipt

#: Before the first attempt, for clocks that are not quite right.
_BEFORE = timedelta(seconds=60)
#: Where the clock was set back since the attempt: nobody knows how long ago that was.
_FAR = timedelta(days=2)
_PAGE = 200


async def find(web: AsyncWebClient, channel: str, bot_user: str, outgoing: Outgoing) -> Receipt | None:
    """The message with this key, if it is there. Raises what the SDK raises."""
    if outgoing.part is Part.LINE:
        thread = await web.conversations_replies(
            channel=channel, ts=str(outgoing.root), include_all_metadata=True, limit=_PAGE
        )
    else:
        thread = await web.conversations_history(
            channel=channel, oldest=await _since(web, outgoing), include_all_metadata=True, limit=_PAGE
        )
    async for message in _messages(thread):
        if message.get("user") == bot_user and _key(message) == outgoing.key:
            return receipt(message["ts"])
    return None


def receipt(ts: str) -> Receipt:
    """Slack's id of a message is the time it took it."""
    return Receipt(ts, datetime.fromtimestamp(float(ts), UTC))


async def _since(web: AsyncWebClient, outgoing: Outgoing) -> str:
    """The earliest the message can have arrived, by Slack's clock; ours may be wrong, or have been set meanwhile.

    There is no latest: it can have arrived until now.
    """
    answer = await web.auth_test()
    ago = datetime.now(UTC) - outgoing.first_attempt_at
    since = parsedate_to_datetime(answer.headers["Date"]) - (ago if ago > timedelta() else _FAR) - _BEFORE
    return f"{since.timestamp():.6f}"


async def _messages(answer: AsyncSlackResponse) -> AsyncIterator[dict[str, Any]]:
    async for page in answer:
        for message in page["messages"]:
            yield message


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == EVENT else None
    return payload.get("key") if isinstance(payload, dict) else None
