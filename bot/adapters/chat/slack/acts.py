"""What is done about a command, a click, a form or a look at the Home tab: asked at the desk, and answered."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack import forms
from bot.adapters.chat.slack.answers import Answers, Place, buttons, written
from bot.adapters.chat.slack.blocks import FORM, lines_block
from bot.adapters.chat.slack.errors import word_of
from bot.adapters.chat.slack.forms import About
from bot.adapters.chat.slack.home import channels_of, home
from bot.adapters.chat.slack.people import NO_ANSWER, People
from bot.adapters.chat.slack.rooms import room
from bot.domain.channels import ChannelRef
from bot.domain.messages import Reply
from bot.domain.requests import Request, Role
from bot.errors import StoreError
from bot.ports import Desk

log = structlog.get_logger(__name__)

Json = dict[str, Any]

#: How long we take it that the bot is still in a channel where it was, in seconds.
_MEMBER = 600.0
#: Where the desk itself is not well, and its languages with it.
_FAILED = Reply(("That did not work. Please try again in a minute.",), understood=False)
_SHARE = "ev-share"


class Acts:
    """One workspace's people on one side, the desk on the other."""

    def __init__(self, web: AsyncWebClient, desk: Desk, team: str, bot_user: str) -> None:
        self.people = People(web, team)
        self._web = web
        self._desk = desk
        self._team = team
        self._bot_user = bot_user
        self._answers = Answers(web)
        self._member: dict[str, float] = {}

    async def command(self, place: Place, text: str, *, trigger: str, message: str | None = None) -> None:
        """Somebody typed it, or used a shortcut: a form where one is wanted, else an answer only they see."""
        request = await self._request(place, text, trigger, message=message)
        request = replace(request, here=await self._here(place.channel))
        reply = await self._answer(request)
        if not request.here and reply.command == forms.SUBSCRIBE:
            bot = await self.people.person(self._bot_user)
            reply = replace(reply, lines=(*reply.lines, f"/invite @{bot.name}"))
        elif _wants_form(request, reply):
            about = About(place.channel, place.url)
            if await self._opened(reply.command, about, request, trigger):
                return
        await self._answers.bring(place, reply, below=buttons(reply))

    async def click(self, place: Place, action: str, value: str, *, trigger: str, message: str | None = None) -> None:
        """A button or a line of a menu: its value is the command."""
        if action == _SHARE:
            await self._share(place, value, trigger)
            return
        form = value.startswith(FORM)
        command = value.removeprefix(FORM)
        request = await self._request(place, command, trigger, message=message)
        about = About(place.channel, place.url, message, command)
        if form and request.role >= Role.MEMBER and await self._opened(command.split()[0], about, request, trigger):
            return
        await self.command(place, command, trigger=trigger, message=message)

    async def said(self, place: Place, text: str, event: str, *, message: str | None) -> None:
        """Somebody wrote to the bot: the answer stands where they wrote."""
        await self._answers.bring(place, await self._answer(await self._request(place, text, event, message=message)))

    async def options(self, about: About, user: str, text: str) -> list[Json]:
        """What may be meant by what was typed into a field of a form."""
        place = Place(about.channel, user)
        found = await self._desk.suggest(await self._request(place, text, ""))
        if not text:
            request = await self._request(place, about.command, "", message=about.message)
            found = (*(await self._desk.overview(request)).mutable, *found)
        return forms.options(found)

    async def show_again(self, about: About, user: str, view: str) -> None:
        """The form for another subscription."""
        overview = await self._desk.overview(await self._request(Place(about.channel, user), "", ""))
        await self._web.views_update(view_id=view, view=forms.subscribe_form(overview, about))

    async def mistakes(self, about: About, user: str, view: Mapping[str, Any]) -> dict[str, str]:
        """What is wrong with a form, by block."""
        return (await self._meant(about, user, view))[1]

    async def subscribe(self, about: About, user: str, view: Mapping[str, Any], *, trigger: str) -> None:
        """Do what the form says."""
        commands, wrong = await self._meant(about, user, view)
        if wrong:
            reply = Reply(tuple(wrong.values()), understood=False)
            await self._answers.bring(Place(about.channel, user, about.url), reply)
        else:
            await self.commands(about, user, commands, trigger=trigger)

    async def commands(self, about: About, user: str, texts: Sequence[str], *, trigger: str) -> None:
        """What a form means, one after the other until one is refused; answered as one."""
        place = Place(about.channel, user, about.url)
        replies: list[Reply] = []
        for number, text in enumerate(texts):
            replies.append(await self._answer(await self._request(place, text, f"{trigger}:{number}")))
            if not replies[-1].understood:
                break
        lines = tuple(line for reply in replies for line in reply.lines)
        messages = tuple(message for reply in replies for message in reply.messages)
        await self._answers.bring(place, replace(replies[-1], lines=lines, messages=messages))

    async def home(self, user: str, channel: str) -> None:
        """Somebody looks at the Home tab."""
        overview = await self._desk.overview(await self._request(Place(channel, user), "", ""))
        own = await channels_of(self._web, user) if overview.subscriptions else frozenset()
        view = home(overview, own | {channel}, self._team, About(channel))
        await self._web.views_publish(user_id=user, view=view)

    async def came_or_went(self, channel: str, lost: str) -> None:
        """The bot is in the channel, or nothing can be told there any more and `lost` says why."""
        self._member.pop(channel, None)
        if lost:
            await self._desk.lost(ChannelRef("slack", room(self._team, channel)), lost)

    # ----------------------------------------------------------------------------------------------- how it is done

    async def _request(self, place: Place, text: str, event: str, *, message: str | None = None) -> Request:
        person = await self.people.person(place.user)
        channel = ChannelRef("slack", room(self._team, place.channel))
        return Request(text, channel, person.ref, person.role, event, message)

    async def _meant(self, about: About, user: str, view: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
        overview = await self._desk.overview(await self._request(Place(about.channel, user), "", ""))
        return forms.subscribe_commands(overview, view)

    async def _answer(self, request: Request) -> Reply:
        try:
            return await self._desk.answer(request)
        except StoreError as e:
            log.exception("not answered", error=type(e).__name__)
            return _FAILED

    async def _opened(self, form: str, about: About, request: Request, trigger: str) -> bool:
        """Open a form; False where it was too late for one."""
        overview = await self._desk.overview(request)
        if form == forms.SUBSCRIBE:
            view = forms.subscribe_form(overview, forms.with_current(overview, about))
        else:
            view = forms.mute_form(overview, about)
        try:
            await self._web.views_open(trigger_id=trigger, view=view)
        except NO_ANSWER as e:
            log.warning("no form was opened", form=form, error=word_of(e) or type(e).__name__)
            return False
        return True

    async def _share(self, place: Place, command: str, trigger: str) -> None:
        """Show everybody what was looked up, and who shows it; as a guest nothing but look-ups can be done."""
        request = replace(await self._request(place, command, trigger), role=Role.GUEST)
        reply = await self._answer(request)
        if not reply.understood:
            await self._answers.bring(place, reply)
            return
        person, texts = await self.people.person(place.user), (await self._desk.overview(request)).texts
        below = [lines_block([f"{texts['shared-by']} {person.name}"])]
        if await self._answers.by_url(place.url, written(reply, below), public=True):
            await self._answers.by_url(place.url, {"delete_original": True})

    async def _here(self, channel: str) -> bool:
        """Whether the bot is in the channel; where Slack does not say, what is sent there will tell."""
        if self._member.get(channel, 0.0) > time.monotonic():
            return True
        try:
            found = (await self._web.conversations_info(channel=channel))["channel"]
        except NO_ANSWER as e:
            return word_of(e) != "channel_not_found"
        inside = bool(found.get("is_member") or found.get("is_im"))
        if inside:
            self._member[channel] = time.monotonic() + _MEMBER
        return inside


def _wants_form(request: Request, reply: Reply) -> bool:
    """Whether `subscribe` or `mute` was all that was typed."""
    bare = len(request.text.split()) == 1 and request.message is None
    return bare and not reply.understood and reply.command in (forms.SUBSCRIBE, forms.MUTE)
