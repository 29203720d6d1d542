"""The App Home: what this is, what the person's own channels are told of, how the feeds are, what is new."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack.answers import plain
from bot.adapters.chat.slack.blocks import lines_block, story_blocks
from bot.adapters.chat.slack.forms import About
from bot.adapters.chat.slack.people import NO_ANSWER
from bot.domain.requests import Overview, Subscribed

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: The buttons of the page and their commands.
ACTIONS = ("subscribe", "latest", "help")
_MOST_SUBSCRIPTIONS, _PAGE = 30, 999


async def channels_of(web: AsyncWebClient, user: str) -> frozenset[str]:
    """The channels this person is in, as far as the bot may know; none where Slack does not say."""
    found: set[str] = set()
    cursor = ""
    try:
        while True:
            page = await web.users_conversations(
                user=user, types="public_channel,private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor
            )
            found |= {str(channel["id"]) for channel in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)
    except NO_ANSWER as e:
        log.warning("whose channels these are is not known: the Home tab shows none", error=type(e).__name__)
        return frozenset()


def home(overview: Overview, own: Collection[str], team: str, about: About) -> Json:
    """The page of somebody who is in these channels. What other channels are told of is theirs."""
    texts = overview.texts
    seen = [s for s in overview.subscriptions if _channel(s, team) in own]
    blocks = [lines_block([texts["about"]]), _buttons(overview), _header(texts["subscriptions"])]
    blocks.append(_listed(seen, team) if seen else lines_block([texts["no-subscriptions"]]))
    blocks += [_header(texts["feeds"]), lines_block(overview.feeds)] if overview.feeds else []
    blocks.append(_header(texts["newest"]))
    for message in overview.newest:
        # Without buttons: a mute holds for a channel, and this is none.
        blocks += [*story_blocks(replace(message, actions=())), {"type": "divider"}]
    if not overview.newest:
        blocks.append(lines_block([texts["no-newest"]]))
    return {"type": "home", "private_metadata": json.dumps({"channel": about.channel}), "blocks": blocks}


def _channel(s: Subscribed, team: str) -> str | None:
    workspace, _, channel = s.subscription.channel.ref.room.partition("/")
    return channel if workspace == team else None


def _listed(seen: Sequence[Subscribed], team: str) -> Json:
    lines = [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "channel", "channel_id": _channel(s, team)},
                {"type": "text", "text": f" {s.words}"},
            ],
        }
        for s in seen[:_MOST_SUBSCRIPTIONS]
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": lines}]}


def _header(text: str) -> Json:
    return {"type": "header", "text": plain(text, 150)}


def _buttons(overview: Overview) -> Json:
    made = [
        {"type": "button", "action_id": f"ev-home-{what}", "text": plain(overview.texts[what]), "value": what}
        for what in ACTIONS
    ]
    made[0]["style"] = "primary"
    return {"type": "actions", "elements": made}
