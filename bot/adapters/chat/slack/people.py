"""Who somebody is, and what they may do: users.info, remembered for a few minutes or until Slack says it changed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack.rooms import room
from bot.domain.channels import ChannelRef
from bot.domain.requests import Role

log = structlog.get_logger(__name__)

#: What a call of the Web API may raise.
NO_ANSWER = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)
_SECONDS, _MOST = 300.0, 2000


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who types or clicks."""

    ref: ChannelRef  #: under their own workspace: a stranger is nobody of ours, whatever the id
    role: Role
    name: str


class People:
    """The people of one workspace, and its guests."""

    def __init__(self, web: AsyncWebClient, team: str) -> None:
        self._web = web
        self._team = team
        self._known: OrderedDict[str, tuple[float, Person]] = OrderedDict()
        self._changes = 0

    async def person(self, user: str) -> Person:
        """Who this is; somebody Slack tells us nothing about may look things up."""
        until, known = self._known.get(user, (0.0, None))
        if known is not None and until > time.monotonic():
            return known
        changes = self._changes
        try:
            told = (await self._web.users_info(user=user))["user"]
        except NO_ANSWER as e:
            log.warning("who is asking is not known: look-ups only", error=type(e).__name__)
            return Person(ChannelRef("slack", room(self._team, user)), Role.GUEST, user)
        found = self._read(user, told)
        if changes == self._changes:  # what was asked before a change is no news after it
            self._known[user] = (time.monotonic() + _SECONDS, found)
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return found

    def changed(self, user: str) -> None:
        """Ask anew at the next occasion."""
        self._changes += 1
        self._known.pop(user, None)

    def _read(self, user: str, told: Mapping[str, Any]) -> Person:
        profile = told.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or told.get("name") or user
        ours = told.get("team_id") == self._team or self._team in (told.get("enterprise_user") or {}).get("teams", ())
        team = self._team if ours else str(told.get("team_id"))
        return Person(ChannelRef("slack", room(team, user)), _role(told) if ours else Role.GUEST, str(name))


def _role(told: Mapping[str, Any]) -> Role:
    """Of somebody of our own workspace."""
    if any(told.get(word) for word in ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted", "is_bot")):
        return Role.GUEST
    admin = any(told.get(word) for word in ("is_admin", "is_owner", "is_primary_owner"))
    return Role.ADMIN if admin else Role.MEMBER
