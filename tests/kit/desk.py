"""A desk that writes down what it is asked, and answers what it is told to."""

from bot.domain.channels import Channel, ChannelRef
from bot.domain.messages import Reply
from bot.domain.requests import Choice, Overview, Request


class ScriptedDesk:
    """A bot.ports.Desk without anything behind it."""

    def __init__(self, *lines: str) -> None:
        self.requests: list[Request] = []
        self.reply = Reply(lines or ("noted",))
        self.moves: list[tuple[ChannelRef, ChannelRef]] = []
        self.losses: list[tuple[ChannelRef, str]] = []

    async def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.reply

    async def answer_later(self, request: Request) -> None:
        self.requests.append(request)

    async def moved(self, old: ChannelRef, new: ChannelRef) -> None:
        self.moves.append((old, new))

    async def lost(self, ref: ChannelRef, why: str) -> None:
        self.losses.append((ref, why))

    async def overview(self, request: Request) -> Overview:
        return Overview(Channel(request.channel), (), {}, (), (), (), {})

    async def suggest(self, request: Request) -> tuple[Choice, ...]:
        return ()
