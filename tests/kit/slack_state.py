"""What the fake Slack knows: people, channels, messages, modals, Home tabs, trigger ids and response addresses.

Ids are plain strings, so that a test says the same words in process and through the control door
(tests/kit/slack_fake.py).
"""

from __future__ import annotations

import asyncio
import copy
import itertools
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from tests.kit.slack_things import BOT_TOKEN, BOT_USER, Channel, Interaction, Json, Message, User, View

T = TypeVar("T")

#: What an app of this kind asks for; `scopes` of a test may be fewer.
SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "users:read",
    }
)
#: The bot events an app of this kind subscribes to; Slack sends no others.
EVENTS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "message.im",
        "member_joined_channel",
        "member_left_channel",
        "channel_archive",
        "channel_unarchive",
        "group_archive",
        "group_unarchive",
        "app_uninstalled",
        "tokens_revoked",
    }
)


class Clock:
    """Slack's clock: the machine's, and what `advance` added. Timestamps never repeat."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self._last = 0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self.ahead

    def ts(self) -> str:
        """A new message's timestamp."""
        self._last = max(self._last + 1, int(self.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


class Workspace:
    """The state, and what people in it see."""

    def __init__(self, *, scopes: Iterable[str] = SCOPES, events: Iterable[str] = EVENTS) -> None:
        self.scopes = set(scopes)
        self.events = set(events)
        self.clock = Clock()
        self.tokens: dict[str, str] = {}  #: token -> error, of those that hold no more
        self.users: dict[str, User] = {BOT_USER: User(BOT_USER, "evwatch", bot=True)}
        self.channels: dict[str, Channel] = {}
        self.ephemeral: list[Message] = []
        self.modals: dict[str, list[View]] = {}  #: user -> stack
        self.homes: dict[str, View] = {}
        self.interactions: list[Interaction] = []
        self.arrived: list[Message] = []  #: every message, reply and edit as it was when the bot sent it, in order
        self.rate: float | None = None  #: seconds between two messages of the bot in one channel; None: no limit
        self._ids = itertools.count(1)
        self._changed = asyncio.Event()

    # what tests say

    def user(self, name: str, **what: Any) -> str:
        """A new person; `what` are User's switches. The id."""
        new = User(self.new_id("U"), name, **what)
        self.users[new.id] = new
        return new.id

    def channel(
        self, name: str, *, members: Iterable[str] = (), private: bool = False, bot: bool = True, shared: bool = False
    ) -> str:
        """A new channel, with the bot in it unless told otherwise. The id."""
        inside = {*members, BOT_USER} if bot else set(members)
        new = Channel(self.new_id("C"), name, private, inside, shared=shared)
        self.channels[new.id] = new
        return new.id

    def im(self, user: str) -> str:
        """The direct messages between somebody and the bot. The id."""
        for channel in self.channels.values():
            if channel.im == user:
                return channel.id
        new = Channel(self.new_id("D"), "directmessage", members={user, BOT_USER}, im=user)
        self.channels[new.id] = new
        return new.id

    def advance(self, seconds: float) -> None:
        """Slack's clock runs ahead: trigger ids and response addresses run out, `Date` differs from ours."""
        self.clock.ahead += seconds

    def revoke(self, token: str = BOT_TOKEN, error: str = "account_inactive") -> None:
        """The token holds no more."""
        self.tokens[token] = error

    def shown(self, channel: str) -> list[Message]:
        """What stands in a channel, edits applied; each with its thread in `replies`."""
        parents = self.channels[channel].messages
        both = [*parents, *(reply for parent in parents for reply in parent.replies if reply.broadcast)]
        return sorted(both, key=lambda message: message.ts)

    def ephemerals(self, user: str) -> list[Message]:
        """What only this person sees."""
        return [message for message in self.ephemeral if message.ephemeral_to == user]

    def home(self, user: str) -> View | None:
        """The person's Home tab, if one was ever published."""
        return self.homes.get(user)

    def modal(self, user: str) -> View | None:
        """The modal in front of the person."""
        stack = self.modals.get(user)
        return stack[-1] if stack else None

    async def until(self, true: Callable[[], T], seconds: float = 5) -> T:
        """Wait until something holds, and give it; TimeoutError after so many seconds."""
        async with asyncio.timeout(seconds):
            while not (found := true()):
                await self._changed.wait()
        return found

    # what the rest of the fake says

    def new_id(self, letter: str) -> str:
        return f"{letter}{next(self._ids):08d}"

    def touch(self) -> None:
        """Something changed: whoever waits looks again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def find(self, ts: str) -> Message | None:
        """A message anywhere."""
        for channel in self.channels.values():
            for parent in channel.messages:
                for message in (parent, *parent.replies):
                    if message.ts == ts:
                        return message
        return next((message for message in self.ephemeral if message.ts == ts), None)

    def find_view(self, id: str) -> View | None:
        """A view by its id or external id."""
        views = [*self.homes.values(), *(view for stack in self.modals.values() for view in stack)]
        return next((view for view in views if id in (view.id, view.given.get("external_id"))), None)

    def keep(self, message: Message) -> None:
        """Put a message where it belongs."""
        for number, block in enumerate(message.blocks):
            block.setdefault("block_id", f"{message.ts}-{number}")
        if message.ephemeral_to:
            self.ephemeral.append(message)
        elif message.thread_ts:
            parent = self.find(message.thread_ts)
            assert parent is not None
            parent.replies.append(message)
        else:
            self.channels[message.channel].messages.append(message)
        if message.from_bot:
            self.arrived.append(copy.copy(message))
        self.touch()

    def drop(self, message: Message) -> None:
        """Delete a message."""
        parent = self.find(message.thread_ts) if message.thread_ts else None
        for place in (self.ephemeral, self.channels[message.channel].messages, parent.replies if parent else []):
            if message in place:
                place.remove(message)
        self.touch()

    def new_view(self, user: str, given: Json, below: View | None = None) -> View:
        """A view on top of another, or alone."""
        name = self.new_id("V")
        for number, block in enumerate(given["blocks"]):
            block.setdefault("block_id", f"{name}-{number}")
        return View(name, user, given, self.new_hash(), below.root if below else name, below.id if below else None)

    def new_hash(self) -> str:
        return f"{self.clock.ts()}.{next(self._ids):x}"

    def answer(self, user: str, with_: Message | View, interaction: Interaction | None = None) -> None:
        """An answer to what somebody did; without saying to what, the last thing."""
        if interaction is None:
            theirs = [each for each in self.interactions if each.user == user]
            interaction = theirs[-1] if theirs else None
        if interaction is not None:
            interaction.answers.append(with_)
        self.touch()
