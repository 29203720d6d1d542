"""A Slack channel's room: workspace and channel, `T024BE/C012AB`."""

from __future__ import annotations

from bot.domain.channels import ChannelRef
from bot.errors import Rejected, Scope


def room(team: str, channel: str) -> str:
    """The room of a ChannelRef."""
    return f"{team}/{channel}"


def channel_of(ref: ChannelRef, team: str) -> str:
    """The channel, as Slack knows it. Raises Rejected where it is none of this workspace's."""
    workspace, slash, channel = ref.room.partition("/")
    if not (slash and channel):
        raise Rejected("a channel of Slack is written slack:T.../C...", scope=Scope.CHANNEL)
    if workspace != team:
        raise Rejected("the channel is in another workspace than the bot", scope=Scope.CHANNEL)
    return channel
