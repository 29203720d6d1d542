"""What people do in the fake Slack, as envelopes to the app; each gives what the app made of it.

A person, channel, message or view is said by its id (of a message its ts), or by the thing itself.
"""

from __future__ import annotations

import asyncio
import copy
import html
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from tests.kit import slack_forms as forms
from tests.kit.slack_elements import options_problems
from tests.kit.slack_methods import content
from tests.kit.slack_socket import Ack, Sockets
from tests.kit.slack_state import Workspace
from tests.kit.slack_things import APP, BOT_USER, TEAM, Channel, Interaction, Json, Message, Refused, View
from tests.kit.slack_views import submitted


class People(Workspace):
    """A workspace whose people can be told to do things."""

    def __init__(self, **what: Iterable[str]) -> None:
        super().__init__(**what)
        self.sockets = Sockets(self)
        self.url = ""
        self._later: set[asyncio.Task[Any]] = set()

    # commands and clicks

    async def slash(
        self, user: str, channel: str, command: str = "/ev", text: str = "", *, answers: int = 1
    ) -> Interaction:
        """Type a slash command and wait for so many answers."""
        place = self.channels[channel]
        name = {"groups": "privategroup", "im": "directmessage", "channels": place.name}[place.kind]
        payload = {
            "token": "legacy",
            "team_id": TEAM,
            "team_domain": "evdesk",
            "channel_id": channel,
            "channel_name": name,
            "user_id": user,
            "user_name": self.users[user].name,
            "command": command,
            "text": escaped(text),
            "api_app_id": APP,
            "is_enterprise_install": "false",
        }
        return await self._interact("slash_commands", user, channel, payload, answers)

    async def click(
        self, user: str, where: Message | View | str, action_id: str, value: Any = None, *, answers: int = 0
    ) -> Interaction:
        """Press a button or choose from a menu, in a message, a modal or the Home tab."""
        thing = self._thing(where)
        block, element = forms.find(thing.blocks, action_id, value)
        action = forms.clicked(element, value)
        if isinstance(thing, View):
            forms.at_first(thing)
            if element["type"] not in ("button", "overflow"):
                thing.state.setdefault(block["block_id"], {})[action_id] = action
        made = {"action_id": action_id, "block_id": block["block_id"], "action_ts": self.clock.ts(), **action}
        payload = {"type": "block_actions", **self._who(user), **self._where(thing), "actions": [made]}
        channel = thing.channel if isinstance(thing, Message) else None
        original = thing if isinstance(thing, Message) else None
        return await self._interact("interactive", user, channel, payload, answers, original=original)

    async def shortcut(self, user: str, message: Message | str, callback_id: str, *, answers: int = 1) -> Interaction:
        """Use a message shortcut."""
        thing = self._thing(message)
        assert isinstance(thing, Message)
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "action_ts": self.clock.ts(),
            "message_ts": thing.ts,
            "channel": self._name(self.channels[thing.channel]),
            "message": thing.json(),
            **self._who(user),
        }
        return await self._interact("interactive", user, thing.channel, payload, answers, original=thing)

    async def submit(
        self, user: str, view: View | str | None = None, values: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Fill in a modal (action id -> value; an option by its value) and submit it.

        Slack's client refuses to submit what lacks a required input: LookupError.
        """
        thing = self._view(user, view)
        forms.fill(thing, values or {})
        if missing := forms.left_out(thing):
            raise LookupError(f"not filled in: {', '.join(missing)}")
        payload = {"type": "view_submission", **self._who(user), "view": thing.json(), "response_urls": []}
        interaction = await self._interact("interactive", user, None, payload, 0)
        if interaction.error is None:
            submitted(self, thing, interaction)
        return interaction

    async def suggest(
        self, user: str, view: View | Message | str | None, action_id: str, typed: str = ""
    ) -> list[Json]:
        """Type into an external select; the options the app offers."""
        thing = self._view(user, view) if view is None else self._thing(view)
        block, _ = forms.find(thing.blocks, action_id)
        payload = {"type": "block_suggestion", "action_id": action_id, "block_id": block["block_id"], "value": typed}
        payload |= self._who(user) | self._where(thing)
        interaction = await self._interact("interactive", user, None, payload, 0)
        answer = interaction.acked_with or {}
        if interaction.error or (problems := options_problems(answer)):
            raise Refused(interaction.error or "invalid_options", errors=[] if interaction.error else problems)
        groups: list[Json] = answer.get("option_groups", [])
        options: list[Json] = answer.get("options", [])
        return [*options, *(option for group in groups for option in group["options"])]

    async def dismiss(self, user: str) -> Interaction | None:
        """Close the modal in front; the app hears of it where it asked to."""
        view = self._view(user, None)
        self.modals[user].remove(view)
        self.touch()
        if not view.given.get("notify_on_close"):
            return None
        payload = {"type": "view_closed", **self._who(user), "view": view.json(), "is_cleared": False}
        return await self._interact("interactive", user, None, payload, 0)

    # what becomes of it

    async def _interact(
        self,
        kind: str,
        user: str,
        channel: str | None,
        payload: Json,
        answers: int,
        *,
        original: Message | None = None,
    ) -> Interaction:
        interaction = Interaction(kind, user, channel, payload, original=original, at=self.clock.now())
        interaction.trigger_id = f"{len(self.interactions) + 1}.{TEAM}.{uuid.uuid4().hex}"
        payload["trigger_id"] = interaction.trigger_id
        self.interactions.append(interaction)
        if channel is not None:
            payload["response_url"] = f"{self.url}/response/{len(self.interactions) - 1}"
        ack = await self.sockets.deliver(kind, payload, answered=True)
        interaction.ack, interaction.acked_with = ack.seconds, ack.payload
        if ack.seconds is None:
            interaction.error = "operation_timeout" if self.sockets.count else "dispatch_failed"
        elif kind == "slash_commands" and (ack.payload.get("text") or ack.payload.get("blocks")):
            try:
                self.respond(interaction, ack.payload, via="ack")
            except Refused as refused:
                interaction.error = refused.error
        if interaction.error is None:
            await self.until(lambda: len(interaction.answers) >= answers)
        return interaction

    def respond(self, interaction: Interaction, given: Json, via: str = "response_url") -> None:
        """An answer that came with the ack or by response_url."""
        assert interaction.channel is not None
        original = interaction.original
        if given.get("delete_original") and original is not None:
            self.drop(original)
            return
        made = content(given)
        if given.get("replace_original") and original is not None:
            original.text, original.blocks = made["text"], made["blocks"]
            original.edits += 1
            self.answer(interaction.user, original, interaction)
            return
        message = Message(self.clock.ts(), interaction.channel, BOT_USER, **made, via=via, asked=given)
        message.thread_ts = given.get("thread_ts")
        if given.get("response_type") != "in_channel":
            message.ephemeral_to = interaction.user
        self.keep(message)
        self.answer(interaction.user, message, interaction)

    # events

    async def event(self, event: Json, subscription: str | None = None, *, event_id: str | None = None) -> Ack | None:
        """Send an event, where the app has subscribed to it; give its last acknowledgement."""
        if (subscription or event["type"]) not in self.events:
            return None
        payload = {
            "token": "legacy",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "api_app_id": APP,
            "event": {"event_ts": self.clock.ts(), **event},
            "type": "event_callback",
            "event_id": event_id or self.new_id("Ev"),
            "event_time": int(self.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(self._shared(event)),
        }
        return await self.sockets.deliver("events_api", payload, answered=False)

    async def open_home(self, user: str, tab: str = "home") -> Ack | None:
        """Look at the app's Home tab."""
        shown = {"view": self.homes[user].json()} if user in self.homes else {}
        return await self.event(
            {"type": "app_home_opened", "user": user, "channel": self.im(user), "tab": tab, **shown}
        )

    async def mention(self, user: str, channel: str, text: str, *, thread: str | None = None) -> Message:
        """Write `@evwatch <text>` in a channel; the bot hears it where it is a member."""
        message = self._say(user, channel, f"<@{BOT_USER}> {escaped(text)}", thread)
        if BOT_USER in self.channels[channel].members:
            await self.event({**message.json(), "type": "app_mention", "channel": channel})
        return message

    async def dm(self, user: str, text: str) -> Message:
        """Write to the bot."""
        message = self._say(user, self.im(user), escaped(text), None)
        await self.event({**message.json(), "channel": message.channel, "channel_type": "im"}, "message.im")
        return message

    async def archive(self, channel: str, by: str = "U0ADMIN") -> Ack | None:
        self.channels[channel].archived = True
        kind = "group" if self.channels[channel].private else "channel"
        return await self.event({"type": f"{kind}_archive", "channel": channel, "user": by, "is_moved": 0})

    async def unarchive(self, channel: str, by: str = "U0ADMIN") -> Ack | None:
        """Open it again; the bot has to be invited anew."""
        self.channels[channel].archived = False
        kind = "group" if self.channels[channel].private else "channel"
        return await self.event({"type": f"{kind}_unarchive", "channel": channel, "user": by})

    async def kick(self, channel: str, user: str = BOT_USER) -> Ack | None:
        """Somebody - the bot - leaves or is removed."""
        self.channels[channel].members.discard(user)
        return await self.event({"type": "member_left_channel", **self._membership(channel, user)})

    async def invite(self, channel: str, user: str = BOT_USER, by: str = "U0ADMIN") -> Ack | None:
        self.channels[channel].members.add(user)
        return await self.event({"type": "member_joined_channel", "inviter": by, **self._membership(channel, user)})

    def later(self, doing: Any) -> None:
        """Let somebody do it while the test goes on: `fake.later(fake.dm(ann, "help"))`."""
        task = asyncio.ensure_future(doing)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def stop(self) -> None:
        """Nobody does anything any more."""
        for task in list(self._later):
            task.cancel()
        await asyncio.gather(*self._later, return_exceptions=True)

    # the parts of payloads

    def _say(self, user: str, channel: str, text: str, thread: str | None) -> Message:
        message = Message(self.clock.ts(), channel, user, text, thread_ts=thread, via="people")
        self.keep(message)
        return message

    def _membership(self, channel: str, user: str) -> Json:
        letter = "G" if self.channels[channel].private else "C"
        return {"user": user, "channel": channel, "channel_type": letter, "team": TEAM}

    def _shared(self, event: Json) -> bool:
        channel = self.channels.get(str(event.get("channel")))
        return channel is not None and channel.shared

    def _who(self, user: str) -> Json:
        person = self.users[user]
        return {
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team},
            "team": {"id": TEAM, "domain": "evdesk"},
            "api_app_id": APP,
            "token": "legacy",
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _where(self, thing: Message | View) -> Json:
        if isinstance(thing, View):
            return {"container": {"type": "view", "view_id": thing.id}, "view": thing.json()}
        ephemeral = thing.ephemeral_to is not None
        place = {"type": "message", "message_ts": thing.ts, "channel_id": thing.channel, "is_ephemeral": ephemeral}
        if thing.thread_ts:
            place["thread_ts"] = thing.thread_ts
        told: Json = {"container": place, "channel": self._name(self.channels[thing.channel]), "state": {"values": {}}}
        return told if ephemeral else told | {"message": copy.deepcopy(thing.json())}

    def _name(self, channel: Channel) -> Json:
        return {"id": channel.id, "name": "directmessage" if channel.im else channel.name}

    def _thing(self, where: Message | View | str) -> Message | View:
        found = (self.find(where) or self.find_view(where)) if isinstance(where, str) else where
        if found is None:
            raise LookupError(f"there is no message or view {where}")
        return found

    def _view(self, user: str, view: View | str | None) -> View:
        found = self._thing(view) if view is not None else self.modal(user)
        if not isinstance(found, View):
            raise LookupError(f"{user} sees no modal")  # noqa: TRY004  # a view is missing, no type is wrong
        return found


def escaped(text: str) -> str:
    """What people type, as Slack hands it on."""
    return html.escape(text, quote=False)
