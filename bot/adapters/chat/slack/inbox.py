"""What people type and click in Slack, over Socket Mode (library: slack_bolt); every bit of it becomes a Request.

Bolt acknowledges at once; the work is a task of its own. Slack hands out an event again when it saw no
acknowledgement, and people click twice: both are done once.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import structlog
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack import forms
from bot.adapters.chat.slack.acts import Acts
from bot.adapters.chat.slack.answers import Place
from bot.adapters.chat.slack.errors import translated
from bot.adapters.chat.slack.forms import About
from bot.adapters.chat.slack.typed import typed
from bot.errors import Unavailable
from bot.ports import Desk

log = structlog.get_logger(__name__)

Json = dict[str, Any]
T = TypeVar("T")

#: Seconds: to get connected; without a connection before we give up; between two looks; between two pings.
_CONNECT, _DEAF, _LOOK, _PING = 20.0, 30.0, 5.0, 5.0
#: An acknowledgement that has something to say, in seconds.
_SOON = 0.7
#: Two clicks on one thing within so many seconds are one.
_DOUBLE = 3.0
_REMEMBERED = 5000


class Inbox:
    """Listens in one workspace."""

    def __init__(
        self,
        *,
        web: AsyncWebClient,
        app_token: SecretStr,
        desk: Desk,
        team: str,
        bot_user: str,
        down: Callable[[str], None],
    ) -> None:
        """`down`: told why when nothing more can be heard."""
        self._web = web
        self._app_token = app_token
        self._team = team
        self._bot_user = bot_user
        self._down = down
        self._acts = Acts(web, desk, team, bot_user)
        self._socket: AsyncSocketModeHandler | None = None
        self._work: set[asyncio.Task[None]] = set()
        self._seen: OrderedDict[object, float] = OrderedDict()

    async def start(self) -> None:
        """Open the socket. Raises DeliveryError where Slack does not let us."""
        token = self._app_token.get_secret_value()
        web = AsyncWebClient(token, base_url=self._web.base_url, session=self._web.session, retry_handlers=[])
        self._socket = AsyncSocketModeHandler(self._app(), token, web_client=web, ping_interval=_PING)
        client = self._socket.client
        try:
            client.wss_uri = str((await web.apps_connections_open(app_token=token))["url"])
            # Left to itself the SDK would try for ever.
            connecting: Coroutine[Any, Any, None] = self._socket.connect_async()  # type: ignore[no-untyped-call]
            await asyncio.wait_for(connecting, _CONNECT)
        except TimeoutError:
            raise Unavailable("no connection for Socket Mode") from None
        except Exception as e:
            raise translated(e, sending=False) from e
        self._do(self._watch())

    async def close(self) -> None:
        """Hang up; what is under way ends."""
        socket, self._socket = self._socket, None
        for task in list(self._work):
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        if socket is not None:
            await socket.close_async()  # type: ignore[no-untyped-call]

    async def _watch(self) -> None:
        """Tell when the SDK cannot connect anew: it never gives up, nor says so."""
        heard = time.monotonic()
        while self._socket is not None:
            if await self._socket.client.is_connected():
                heard = time.monotonic()
            elif time.monotonic() - heard > _DEAF:
                self._down(f"no connection for Socket Mode in {_DEAF:.0f} s")
                return
            await asyncio.sleep(_LOOK)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(self._done(work))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    async def _done(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception:
            # Not what was typed: that is theirs.
            log.exception("what somebody did in Slack came to nothing")

    def _first(self, what: object, seconds: float = float("inf")) -> bool:
        """Whether this was not seen before, within so many seconds."""
        now, before = time.monotonic(), self._seen.get(what)
        if before is not None and now - before < seconds:
            return False
        self._seen[what] = now
        self._seen.move_to_end(what)
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return True

    # ------------------------------------------------------------------------------------------------- what is heard

    def _app(self) -> AsyncApp:
        """Bolt, with a listener for everything there is: what nobody listens to it would log whole."""

        async def authorize(**_: Any) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id=self._team, bot_user_id=self._bot_user, bot_token=self._web.token
            )

        # Known already: to ask Slack who we are would put off the first acknowledgement. Calls are our client's.
        app = AsyncApp(client=AsyncWebClient(base_url=self._web.base_url), authorize=authorize, name="evwatch")
        app.command(re.compile(r"^/"))(self._on_command)
        app.action(re.compile(r"^ev-form-which$"))(self._on_which)
        app.action(re.compile(r"^ev-(?!form-)"))(self._on_click)
        app.shortcut("ev-why")(self._on_shortcut)
        app.options(re.compile(r"^ev-form-"))(self._on_typing)
        app.view(f"ev-{forms.SUBSCRIBE}")(self._on_subscribe)
        app.view(f"ev-{forms.MUTE}")(self._on_mute)
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)
        app.event("app_home_opened")(self._on_home)
        app.event("user_change")(self._on_user_change)
        app.event("member_joined_channel")(self._on_membership)
        app.event("member_left_channel")(self._on_membership)
        app.event("channel_archive")(self._on_archive)
        app.event("group_archive")(self._on_archive)
        app.event("app_uninstalled")(self._on_end)
        app.event("tokens_revoked")(self._on_end)
        app.event(re.compile("."))(_acknowledged)
        app.action(re.compile("."))(_acknowledged)
        app.shortcut(re.compile("."))(_acknowledged)
        app.error(_failed)
        return app

    async def _on_command(self, ack: Any, body: Json) -> None:
        await ack()
        if self._first(body["trigger_id"]):
            place = Place(body["channel_id"], body["user_id"], body["response_url"])
            text = typed(body.get("text") or "", self._bot_user)
            self._do(self._acts.command(place, text, trigger=body["trigger_id"]))

    async def _on_click(self, ack: Any, body: Json) -> None:
        await ack()
        action, container, user = body["actions"][0], body["container"], body["user"]["id"]
        value = action.get("value") or (action.get("selected_option") or {}).get("value") or ""
        where = container.get("message_ts") or container.get("view_id")
        if not value or not self._first((user, where, action["action_id"], value), _DOUBLE):
            return
        if container["type"] == "view":
            place = Place(About.of(body["view"]).channel, user)
        else:
            thread = container.get("thread_ts")
            place = Place(container["channel_id"], user, body.get("response_url") or "", thread)
        ephemeral = container.get("is_ephemeral")
        message = None if ephemeral else container.get("message_ts")
        self._do(self._acts.click(place, action["action_id"], value, trigger=body["trigger_id"], message=message))

    async def _on_shortcut(self, ack: Any, body: Json) -> None:
        await ack()
        if self._first(body["trigger_id"]):
            place = Place(body["channel"]["id"], body["user"]["id"], body.get("response_url") or "")
            message = body["message"].get("thread_ts") or body["message_ts"]
            self._do(self._acts.command(place, "why", trigger=body["trigger_id"], message=message))

    async def _on_typing(self, ack: Any, body: Json) -> None:
        about = About.of(body["view"])
        found = await _soon(self._acts.options(about, body["user"]["id"], body.get("value") or ""))
        await ack(options=found or [])

    async def _on_which(self, ack: Any, body: Json) -> None:
        await ack()
        number = body["actions"][0]["selected_option"]["value"]
        about = replace(About.of(body["view"]), number=number)
        self._do(self._acts.show_again(about, body["user"]["id"], body["view"]["id"]))

    async def _on_subscribe(self, ack: Any, body: Json) -> None:
        about, user = About.of(body["view"]), body["user"]["id"]
        wrong = await _soon(self._acts.mistakes(about, user, body["view"]))
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        await ack()
        if self._first(body["trigger_id"]):
            self._do(self._acts.subscribe(about, user, body["view"], trigger=body["trigger_id"]))

    async def _on_mute(self, ack: Any, body: Json) -> None:
        await ack()
        if self._first(body["trigger_id"]):
            about, command = About.of(body["view"]), forms.mute_command(body["view"])
            self._do(self._acts.commands(about, body["user"]["id"], [command], trigger=body["trigger_id"]))

    async def _on_mention(self, body: Json) -> None:
        event = body["event"]
        if self._said(event) and self._first(body["event_id"]):
            thread = event.get("thread_ts")
            place = Place(event["channel"], event["user"], thread=thread or event["ts"], public=True)
            self._do(self._acts.said(place, typed(event["text"], self._bot_user), body["event_id"], message=thread))

    async def _on_message(self, body: Json) -> None:
        event = body["event"]
        if event.get("channel_type") == "im" and self._said(event) and self._first(body["event_id"]):
            thread = event.get("thread_ts")
            place = Place(event["channel"], event["user"], thread=thread, public=True)
            self._do(self._acts.said(place, typed(event["text"], self._bot_user), body["event_id"], message=thread))

    def _said(self, event: Mapping[str, Any]) -> bool:
        """Whether a person wrote it: not a bot, not we, no edit, no notice of joining."""
        written = bool(event.get("text")) and not event.get("subtype") and not event.get("bot_id")
        return written and bool(event.get("user")) and event["user"] != self._bot_user

    async def _on_home(self, body: Json) -> None:
        event = body["event"]
        if event.get("tab", "home") == "home" and self._first(body["event_id"]):
            self._do(self._acts.home(event["user"], event["channel"]))

    async def _on_user_change(self, body: Json) -> None:
        self._acts.people.changed(body["event"]["user"]["id"])

    async def _on_membership(self, body: Json) -> None:
        event = body["event"]
        if event["user"] == self._bot_user and self._first(body["event_id"]):
            gone = event["type"] == "member_left_channel"
            self._do(self._acts.came_or_went(event["channel"], "the bot was removed from the channel" if gone else ""))

    async def _on_archive(self, body: Json) -> None:
        if self._first(body["event_id"]):
            self._do(self._acts.came_or_went(body["event"]["channel"], "the channel was archived"))

    async def _on_end(self, body: Json) -> None:
        event = body["event"]
        if event["type"] == "app_uninstalled":
            self._down("the app was removed from the workspace")
        elif self._bot_user in (event.get("tokens") or {}).get("bot", ()):
            self._down("the bot's token was revoked")


async def _soon(asked: Coroutine[Any, Any, T]) -> T | None:
    """What an acknowledgement may wait for, and no longer; None where it was too slow or failed."""
    try:
        return await asyncio.wait_for(asked, _SOON)
    except TimeoutError:
        return None
    except Exception:
        log.exception("what a form needs is not known")
        return None


async def _acknowledged(ack: Any) -> None:
    """Nothing of ours."""
    await ack()


async def _failed(error: Exception) -> None:
    log.error("what Slack sent could not be understood", error=type(error).__name__)
