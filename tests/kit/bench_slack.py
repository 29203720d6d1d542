"""Slack: its rooms are channels of the fake."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.adapters import chat
from bot.domain.channels import ChannelRef
from tests.kit.bench import Bench, Shown
from tests.kit.desk import ScriptedDesk
from tests.kit.slack_fake import APP_TOKEN, BOT_TOKEN, TEAM, SlackFake, visible


def settings(slack: SlackFake, **changes: str) -> dict[str, object]:
    """What `create` gets of an app that is set up."""
    tokens = {"slack_bot_token": BOT_TOKEN, "slack_app_token": APP_TOKEN} | changes
    return {**{name: SecretStr(token) for name, token in tokens.items()}, "slack_api_url": slack.api}


def ref(channel: str) -> ChannelRef:
    return ChannelRef("slack", f"{TEAM}/{channel}")


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """A bot in two channels."""
    async with SlackFake() as slack:
        rooms = (ref(slack.channel("ev-desk")), ref(slack.channel("other")))
        platform = chat.create("slack", settings(slack))
        await platform.start(ScriptedDesk())

        async def shown(room: ChannelRef) -> list[Shown]:
            there = slack.shown(room.room.partition("/")[2])
            return [Shown(visible(each).text, [visible(line).text for line in each.replies]) for each in there]

        async def cut_off() -> None:
            slack.revoke()

        yield Bench(platform, rooms, shown, cut_off, secrets=(BOT_TOKEN, APP_TOKEN))
        await platform.close()
