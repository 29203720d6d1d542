"""A Slack of our own: Web API, Socket Mode, response addresses and people, on one port of 127.0.0.1.

In a test:

    async with SlackFake() as slack:
        ann = slack.user("ann")
        desk = slack.channel("ev-desk", members=[ann])
        ...  # the app, pointed at slack.api with BOT_TOKEN and APP_TOKEN
        said = await slack.slash(ann, desk, "/ev", "xiaomi")
        assert visible(said.answers[0]).text == "..."

Beside a real `evwatch run`: `python -m tests.kit.slack_fake --port 0` prints one line of JSON with `settings` (what the
process needs) and `control`. `POST <control>/slash` with `{"user": ..., "channel": ..., "text": "xiaomi"}` is
`fake.slash(...)`, and so for every word of VERBS. Things come back as JSON, messages with `seen`, what people read.
"""

from __future__ import annotations

import argparse
import asyncio
import inspect
import json
import signal
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Self

from aiohttp import web

from tests.kit.slack_sight import Sight, notification, visible
from tests.kit.slack_state import EVENTS, SCOPES
from tests.kit.slack_things import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, Interaction, Json, Message, Refused, View
from tests.kit.slack_web import Door

__all__ = [
    "APP_TOKEN",
    "BOT_TOKEN",
    "BOT_USER",
    "EVENTS",
    "SCOPES",
    "TEAM",
    "Interaction",
    "Message",
    "Sight",
    "SlackFake",
    "View",
    "notification",
    "visible",
]

#: What can be said through the control door.
VERBS = frozenset(
    {
        "advance",
        "archive",
        "called",
        "channel",
        "click",
        "dismiss",
        "dm",
        "ephemerals",
        "event",
        "fail",
        "home",
        "invite",
        "kick",
        "mention",
        "modal",
        "open_home",
        "release",
        "revoke",
        "shortcut",
        "shown",
        "slash",
        "submit",
        "suggest",
        "unarchive",
        "user",
    }
)
_SOCKET_VERBS = frozenset({"close", "connected", "cut", "disconnect"})


class SlackFake(Door):
    """The whole of it: start and stop it with `async with`.

    `scopes` and `events` are what the app was installed with; `from_manifest` takes them from its manifest.
    """

    def __init__(self, *, port: int = 0, **what: Any) -> None:
        super().__init__(**what)
        self._port = port
        self._runner: web.AppRunner | None = None

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Any], **what: Any) -> Self:
        """Installed as the app's manifest says."""
        scopes = manifest["oauth_config"]["scopes"]["bot"]
        events = manifest["settings"].get("event_subscriptions", {}).get("bot_events", [])
        return cls(scopes=scopes, events=events, **what)

    @property
    def api(self) -> str:
        """EVWATCH_SLACK_API_URL, and the SDK's base_url."""
        return f"{self.url}/api/"

    def settings(self, api: str | None = None) -> dict[str, str]:
        """What points a process here, or at a proxy in front."""
        return {
            "EVWATCH_SLACK_API_URL": api or self.api,
            "EVWATCH_SLACK_BOT_TOKEN": BOT_TOKEN,
            "EVWATCH_SLACK_APP_TOKEN": APP_TOKEN,
        }

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 2**20)
        app.router.add_route("*", "/api/{method}", self.api_call)
        app.router.add_post("/response/{number}", self.response)
        app.router.add_get("/link/", self.sockets.link)
        app.router.add_post("/control/{verb}", self.control)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        self.release()
        await self.stop()
        await self.sockets.close()
        await self._runner.cleanup()

    async def control(self, request: web.Request) -> web.Response:
        """One word of a test in another process."""
        verb, given = request.match_info["verb"], json.loads(await request.text() or "{}")
        if verb in VERBS:
            said = getattr(self, verb)
        elif verb in _SOCKET_VERBS:
            said = getattr(self.sockets, verb)
        else:
            raise web.HTTPNotFound
        try:
            found = said(**given)
            if inspect.isawaitable(found):
                found = await found
        except (LookupError, TimeoutError, TypeError, Refused) as error:
            return web.json_response({"error": type(error).__name__, "text": str(error)}, status=400)
        return web.json_response(describe(found))


def describe(thing: Any) -> Any:
    """A thing as JSON; messages and views with what people read."""
    if isinstance(thing, Message | View):
        told: Json = {field.name: describe(getattr(thing, field.name)) for field in fields(thing)}
        return told | {"seen": visible(thing).text}
    if is_dataclass(thing):
        return {field.name: describe(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, Mapping):
        return {name: describe(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [describe(each) for each in thing]
    return thing


async def serve(port: int) -> None:
    """Run until a signal ends it."""
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    async with SlackFake(port=port) as slack:
        print(json.dumps({"control": f"{slack.url}/control", "settings": slack.settings()}), flush=True)
        await ended.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A Slack to test against.")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free")
    asyncio.run(serve(parser.parse_args().port))
