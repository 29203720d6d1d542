"""Slack as a chat platform (library: slack_sdk): says what is to be said, and has an Inbox listen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import structlog
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack import blocks, settling
from bot.adapters.chat.slack.errors import PLAIN_HELPS, translated, word_of
from bot.adapters.chat.slack.inbox import Inbox
from bot.adapters.chat.slack.rooms import channel_of
from bot.domain.channels import Outgoing, Part, Receipt
from bot.errors import Unavailable
from bot.ports import Desk

log = structlog.get_logger(__name__)

#: What an answer may take, seconds; nothing was sent where there was no connection after CONNECT.
TIMEOUT, CONNECT = 15.0, 8.0


class Slack:
    """The bot in one workspace."""

    name = "slack"

    def __init__(self, bot_token: SecretStr, app_token: SecretStr, api_url: str | None = None) -> None:
        #: What has not arrived by then never will: no request is waited for any longer.
        self.grace = timedelta(seconds=TIMEOUT)
        self._bot_token = bot_token
        self._app_token = app_token
        self._api_url = api_url or AsyncWebClient.BASE_URL
        self._session: aiohttp.ClientSession | None = None
        self._web: AsyncWebClient | None = None
        self._inbox: Inbox | None = None
        self._team = self._bot_user = ""
        self._blind = False  #: it was logged that history may not be read

    async def start(self, desk: Desk) -> None:
        """Ask Slack who we are, then listen. Raises Rejected for a wrong token, Unavailable where nobody answers."""
        self._down: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        # A connection each: what is written to one that is just being closed may have arrived or not.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT),
        )
        token = self._bot_token.get_secret_value()
        web = AsyncWebClient(token, base_url=self._api_url, session=self._session, retry_handlers=[])
        try:
            me = await web.auth_test()
        except Exception as e:
            raise translated(e, sending=False) from e
        self._team, self._bot_user = str(me["team_id"]), str(me["user_id"])
        self._inbox = Inbox(
            web=web,
            app_token=self._app_token,
            desk=desk,
            team=self._team,
            bot_user=self._bot_user,
            down=self._went_down,
        )
        await self._inbox.start()
        self._web = web
        log.info("slack", team=me["team"], bot=me["user"])

    async def close(self) -> None:
        """Stop listening, then hang up."""
        self._web = None
        if self._inbox is not None:
            await self._inbox.close()
        if self._session is not None:
            await self._session.close()
        self._inbox = self._session = None

    async def down(self) -> str:
        """Wait until nothing more can be heard; why."""
        return await asyncio.shield(self._down)

    def _went_down(self, why: str) -> None:
        if not self._down.done():
            self._down.set_result(why)

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Post or update; what Slack finds wrong with the blocks goes as plain text, once."""
        web, channel = self._place(outgoing)
        try:
            return await _say(web, channel, outgoing, blocks.content(outgoing))
        except Exception as e:
            word = word_of(e)
            if word not in PLAIN_HELPS:
                raise translated(e) from e
            log.warning("sent as plain text", key=outgoing.key, error=word)
        try:
            return await _say(web, channel, outgoing, blocks.plain(outgoing, metadata="metadata" not in word))
        except Exception as e:
            raise translated(e) from e

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        """Look for the key in the channel, or in the thread. An edit is made once more: that does no harm."""
        web, channel = self._place(outgoing)
        if outgoing.part is Part.EDIT:
            return None
        try:
            return await settling.find(web, channel, self._bot_user, outgoing)
        except Exception as e:
            if word_of(e) != "missing_scope":
                raise translated(e, sending=False) from e
        if not self._blind:
            self._blind = True
            log.warning("may not look whether messages arrived: one may come twice", see="docs/slack.md, history")
        return None

    def _place(self, outgoing: Outgoing) -> tuple[AsyncWebClient, str]:
        if self._web is None:
            raise Unavailable("Slack is not connected")
        return self._web, channel_of(outgoing.ref, self._team)


async def _say(web: AsyncWebClient, channel: str, outgoing: Outgoing, content: Mapping[str, Any]) -> Receipt:
    if outgoing.part is Part.EDIT:
        answer = await web.chat_update(channel=channel, ts=str(outgoing.root), **content)
        return Receipt(str(answer["ts"]), datetime.now(UTC))
    thread = outgoing.root if outgoing.part is Part.LINE else None
    # Markup is off: of the text, which notifications show, nothing is ours but the words.
    answer = await web.chat_postMessage(
        channel=channel, thread_ts=thread, mrkdwn=False, unfurl_links=False, unfurl_media=False, **content
    )
    return settling.receipt(str(answer["ts"]))
