"""The things of a workspace - people, channels, messages, views, interactions - and how Slack writes them.

Written from the wire format of slack_sdk and slack_bolt and from docs.slack.dev.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

TEAM, OTHER_TEAM = "T0TEAM", "T0OTHER"
APP, BOT, BOT_USER = "A0APP", "B0BOT", "U0BOT"
BOT_TOKEN, APP_TOKEN = "xoxb-test-bot-token", "xapp-test-app-token"  #: any test may use them; they open nothing


class Refused(Exception):
    """Slack's `ok: false`, with what else stands in the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass
class User:
    id: str
    name: str
    admin: bool = False
    owner: bool = False
    guest: bool = False  #: multi-channel guest: is_restricted
    single_channel_guest: bool = False  #: is_restricted and is_ultra_restricted
    connect: bool = False  #: of another workspace, here by Slack Connect
    stranger: bool = False  #: of another workspace and in no channel the bot sees
    bot: bool = False
    deleted: bool = False
    tz: str = "Europe/Berlin"
    locale: str = "en-US"

    @property
    def team(self) -> str:
        return OTHER_TEAM if self.connect or self.stranger else TEAM

    def json(self, *, locale: bool = False) -> Json:
        """As users.info gives it."""
        more: Json = {"locale": self.locale} if locale else {}
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.name.title(),
            "deleted": self.deleted,
            "tz": self.tz,
            "profile": {"real_name": self.name.title(), "display_name": self.name, "team": self.team},
            "is_admin": self.admin or self.owner,
            "is_owner": self.owner,
            "is_primary_owner": False,
            "is_restricted": self.guest or self.single_channel_guest,
            "is_ultra_restricted": self.single_channel_guest,
            "is_stranger": self.stranger,
            "is_bot": self.bot,
            "is_app_user": False,
            **more,
        }


@dataclass
class Message:
    """A message or a reply in a thread; ephemeral ones have `ephemeral_to`."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    replies: list[Message] = field(default_factory=list)
    edits: int = 0
    broadcast: bool = False  #: a reply that is shown in the channel too
    ephemeral_to: str | None = None
    via: str = "chat.postMessage"  #: the method, `response_url` or `ack` that brought it
    asked: Json = field(default_factory=dict)  #: everything it was sent with: unfurl_links, ...

    @property
    def from_bot(self) -> bool:
        return self.user == BOT_USER

    def json(self, *, metadata: bool = False) -> Json:
        """As Slack gives it back; metadata only where it was asked for."""
        told: Json = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": TEAM}
        if self.from_bot:
            told |= {"bot_id": BOT, "app_id": APP, "bot_profile": {"id": BOT, "app_id": APP, "name": "evwatch"}}
        if self.blocks:
            told["blocks"] = copy.deepcopy(self.blocks)
        if self.metadata and metadata:
            told["metadata"] = copy.deepcopy(self.metadata)
        if self.edits:
            told["edited"] = {"user": self.user, "ts": self.ts}
        if self.thread_ts:
            told["thread_ts"] = self.thread_ts
        if self.broadcast:
            told["subtype"] = "thread_broadcast"
        if self.replies:
            authors = sorted({reply.user for reply in self.replies})
            told |= {
                "thread_ts": self.ts,
                "reply_count": len(self.replies),
                "reply_users": authors,
                "reply_users_count": len(authors),
                "latest_reply": self.replies[-1].ts,
                "is_locked": False,
                "subscribed": self.from_bot,
            }
        return told


@dataclass
class Channel:
    id: str
    name: str
    private: bool = False
    members: set[str] = field(default_factory=set)
    im: str | None = None  #: the other one, where it is a direct message
    archived: bool = False
    shared: bool = False  #: by Slack Connect
    messages: list[Message] = field(default_factory=list)  #: parents only, oldest first

    @property
    def kind(self) -> str:
        """The word before the colon of its scopes."""
        return "im" if self.im else "groups" if self.private else "channels"

    def json(self) -> Json:
        """As conversations.info gives it."""
        if self.im:
            return {"id": self.id, "is_im": True, "user": self.im, "is_archived": False, "is_org_shared": False}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.private,
            "is_group": self.private,
            "is_im": False,
            "is_mpim": False,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_general": False,
            "is_shared": self.shared,
            "is_ext_shared": self.shared,
            "is_org_shared": False,
            "is_member": BOT_USER in self.members,
            "num_members": len(self.members),
            "context_team_id": TEAM,
        }


@dataclass
class View:
    """A modal or a Home tab."""

    id: str
    user: str
    given: Json  #: as the app sent it
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)  #: block -> action -> value
    errors: dict[str, str] = field(default_factory=dict)  #: block -> what the app said at the last submission

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.given["blocks"]
        return blocks

    def json(self) -> Json:
        """As views.open and the payloads give it."""
        told: Json = {"submit": None, "close": None, "callback_id": "", "external_id": "", "private_metadata": ""}
        told |= {"clear_on_close": False, "notify_on_close": False} | copy.deepcopy(self.given)
        return told | {
            "id": self.id,
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
            "app_installed_team_id": TEAM,
            "hash": self.hash,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "state": {"values": copy.deepcopy(self.state)},
        }


@dataclass
class Interaction:
    """One thing somebody did, and what the app made of it."""

    kind: str
    user: str
    channel: str | None
    payload: Json
    ack: float | None = None  #: seconds until it was acknowledged
    acked_with: Json | None = None
    error: str | None = None  #: what Slack showed instead: operation_timeout, dispatch_failed, ...
    answers: list[Message | View] = field(default_factory=list)
    trigger_id: str = ""
    original: Message | None = None  #: the message it was done on
    at: float = 0.0
    response_uses: int = 0
    attempts: int = 1
    exchanged: bool = False  #: the trigger id
