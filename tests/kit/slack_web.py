"""The fake Slack's HTTP side: reading requests, tokens, scopes, what goes wrong, response addresses."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from aiohttp import web

from tests.kit import slack_methods, slack_views
from tests.kit.slack_methods import Method
from tests.kit.slack_people import People
from tests.kit.slack_things import APP_TOKEN, BOT_TOKEN, Interaction, Json, Refused

METHODS = {**slack_methods.METHODS, **slack_views.METHODS}
RESPONSE_USES, RESPONSE_LIVES = 5, 1800  #: answers, seconds

_AS_JSON = ("blocks", "metadata", "view", "attachments")
_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


@dataclass
class Fault:
    """What goes wrong with a request.

    `throttled` (429) · `text500` and `html500` (no JSON) · `cut` (no answer, nothing taken) · `lost` (taken, no
    answer) · `slow` (the answer comes after `seconds`) · `hold` (it comes at `release()`) · any other word: Slack's
    JSON error of that name.
    """

    kind: str
    taken: bool = False  #: whether the request was carried out all the same, or before it waits
    retry_after: int = 1  #: seconds
    seconds: float = 0.2
    channel: str | None = None  #: only requests about this channel


@dataclass(frozen=True)
class Call:
    """One request as it came."""

    method: str
    given: Json
    error: str | None  #: Slack's word, or the fault's


class Door(People):
    """A workspace behind HTTP."""

    def __init__(self, **what: Any) -> None:
        super().__init__(**what)
        self.calls: list[Call] = []
        self._faults: dict[str, deque[Fault]] = {}
        self._released = asyncio.Event()

    def fail(self, method: str, kind: str, *, times: int = 1, **what: Any) -> None:
        """The next requests of this method (`response_url` is one, too) go wrong; `what` are Fault's fields."""
        self._faults.setdefault(method, deque()).extend([Fault(kind, **what)] * times)

    def release(self) -> None:
        """Let every held request go on, and those that come."""
        self._released.set()

    def called(self, method: str) -> list[Json]:
        """What this method was asked for, in order."""
        return [call.given for call in self.calls if call.method == method]

    async def api_call(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        name = request.match_info["method"]
        try:
            token, given = await _read(request)
        except Refused as refused:
            return self._json(_refusal(refused))
        return await self._through_faults(request, name, given, lambda: self._call(name, token, given))

    async def response(self, request: web.Request) -> web.StreamResponse:
        """One answer to a response_url."""
        number = int(request.match_info["number"])
        if number >= len(self.interactions):
            return web.Response(status=404, text="invalid_url")
        interaction = self.interactions[number]
        given = json.loads(await request.text())
        return await self._through_faults(request, "response_url", given, lambda: self._respond(interaction, given))

    async def _through_faults(self, request: web.Request, name: str, given: Json, carry_out: Any) -> web.StreamResponse:
        fault = self._fault(name, given)
        if fault is None:
            return self._note(name, given, carry_out())
        self.calls.append(Call(name, given, fault.kind))
        answer: web.Response | None = carry_out() if fault.taken or fault.kind == "lost" else None
        self.touch()
        if fault.kind in ("cut", "lost"):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault.kind in ("slow", "hold"):
            if fault.kind == "slow":
                await asyncio.sleep(fault.seconds)
            else:
                await self._released.wait()
            gone = request.transport is None or request.transport.is_closing()
            return answer or (web.Response() if gone else carry_out())
        if fault.kind == "throttled":
            return self._json(_refusal(Refused("ratelimited", retry_after=fault.retry_after)))
        if fault.kind == "text500":
            return web.Response(status=500, text="upstream connect error or disconnect/reset before headers")
        if fault.kind == "html500":
            return web.Response(status=500, text="<html><body>Server Error</body></html>", content_type="text/html")
        return self._json(_refusal(Refused(fault.kind)))

    def _fault(self, name: str, given: Json) -> Fault | None:
        for fault in (waiting := self._faults.get(name, deque())):
            if fault.channel in (None, given.get("channel")):
                waiting.remove(fault)
                return fault
        return None

    def _note(self, name: str, given: Json, answer: web.Response) -> web.Response:
        told = json.loads(answer.text) if answer.content_type == "application/json" and answer.text else {}
        self.calls.append(Call(name, given, told.get("error")))
        self.touch()
        return answer

    def _call(self, name: str, token: str | None, given: Json) -> web.Response:
        accepted = ""
        try:
            self._admit(name, token)
            if name == "apps.connections.open":
                return self._json({"ok": True, "url": f"ws{self.url[4:]}/link/?ticket={self.sockets.ticket()}"})
            if name not in METHODS:
                raise Refused("unknown_method", req_method=name)
            function, accepted = self._scoped(name, given)
            return self._json({"ok": True} | function(self, given), accepted)
        except Refused as refused:
            return self._json(_refusal(refused), accepted)

    def _admit(self, name: str, token: str | None) -> None:
        if not token:
            raise Refused("not_authed")
        if token not in (BOT_TOKEN, APP_TOKEN):
            raise Refused("invalid_auth")
        if token in self.tokens:
            raise Refused(self.tokens[token])
        if (token == APP_TOKEN) != (name == "apps.connections.open") and name != "auth.test":
            raise Refused("not_allowed_token_type")

    def _scoped(self, name: str, given: Json) -> tuple[Method, str]:
        """The method, and the scopes it needs: refused without them."""
        function, scope = METHODS[name]
        needed = [scope] if scope else []
        if scope.startswith(":"):
            channel = self.channels.get(str(given.get("channel")))
            types = str(given.get("types") or "public_channel").split(",")
            kinds = [channel.kind] if channel else ["channels"] if "channel" in given else [_KINDS[t] for t in types]
            needed = [kind + scope for kind in kinds]
        if missing := [each for each in needed if each not in self.scopes]:
            provided = ",".join(sorted(self.scopes))
            raise Refused("missing_scope", needed=",".join(missing), provided=provided)
        return function, ",".join(needed)

    def _respond(self, interaction: Interaction, given: Json) -> web.Response:
        if self.clock.now() - interaction.at > RESPONSE_LIVES:
            return self._json({"ok": False, "error": "expired_url"}, status=404)
        if interaction.response_uses >= RESPONSE_USES:
            return self._json({"ok": False, "error": "used_url"}, status=404)
        interaction.response_uses += 1
        try:
            self.respond(interaction, given)
        except Refused as refused:
            return web.Response(status=400, text=refused.error)
        return web.Response(text="ok")

    def _json(self, told: Json, accepted: str = "", status: int = 200) -> web.Response:
        headers = {
            "Date": formatdate(self.clock.now(), usegmt=True),
            "X-OAuth-Scopes": ",".join(sorted(self.scopes)),
            "X-Accepted-OAuth-Scopes": accepted,
        }
        if told.get("error") == "ratelimited":
            status, headers["Retry-After"] = 429, str(told.pop("retry_after"))
        return web.json_response(told, status=status, headers=headers)


def _refusal(refused: Refused) -> Json:
    return {"ok": False, "error": refused.error, **refused.more}


async def _read(request: web.Request) -> tuple[str | None, Json]:
    """Token and arguments: from the address, a form or JSON."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        given |= body
    else:
        given |= {name: str(value) for name, value in (await request.post()).items()}
    for name in _AS_JSON:
        if isinstance(given.get(name), str):
            try:
                given[name] = json.loads(given[name])
            except ValueError:
                raise Refused("invalid_blocks_format" if name == "blocks" else "invalid_arguments") from None
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    in_arguments = given.pop("token", None)
    return (token.strip() if kind == "Bearer" else None) or in_arguments, given
