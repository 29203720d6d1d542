"""A line on which the server's answer to a message can be held back: it has taken it, and nobody has heard so."""

import asyncio
import random

from aiohttp import web

from tests.kit.proxy import FaultProxy


class HeldAnswers(FaultProxy):
    """`hold` is for the answers to messages in rooms; everything else goes on."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream, chance=random.Random(0), timeout=0, rate=0)
        self.hold = False
        self.taken = asyncio.Event()  #: the server has a message whose answer is held

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        answer = await self._forward(request, await request.read())
        is_message = request.method == "PUT" and "/send/m.room." in request.path
        while is_message and self.hold and not gone(request):
            self.taken.set()
            await asyncio.sleep(0.01)
        return answer


def gone(request: web.Request) -> bool:
    """Whether nobody waits for the answer any more."""
    return request.transport is None or request.transport.is_closing()
