"""A desk that writes down what it is asked, and answers what it is told to."""

from bot.domain.messages import Reply
from bot.domain.requests import Request


class ScriptedDesk:
    """A bot.ports.Desk without anything behind it."""

    def __init__(self, *lines: str) -> None:
        self.requests: list[Request] = []
        self.reply = Reply(lines or ("noted",))

    async def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        return self.reply

    async def answer_later(self, request: Request) -> None:
        self.requests.append(request)
