"""A desk over a whole evwatch: what one types, and what comes back."""

import asyncio
import itertools
import shutil
from typing import Any

import pytest

from bot.adapters import store as stores
from bot.commands.desk import CommandDesk
from bot.domain.channels import Channel, ChannelRef
from bot.domain.requests import Request, Role
from tests.kit.clock import HandClock
from tests.kit.world import DESK, World

BOSS = ChannelRef("slack", "UBOSS")


class Talk:
    """`await talk("subscribe byd")`; `talk.lines(...)` is the answer as text."""

    desk: CommandDesk

    def __init__(self, world):
        self.world = world
        self.woken = 0
        self.room = ChannelRef("slack", DESK)
        self.person = ChannelRef("slack", "UANNA")
        self.role = Role.ADMIN
        self._events = itertools.count(1)

    async def start(self):
        await self.world.run_for("0s")
        lists = self.world.live.rulebook.watchlists.values()
        await self.world.store.resolve_watchlists({w.id: w.companies for w in lists})
        self.desk = self.new_desk()

    def new_desk(self):
        """Another process on the same data."""
        return CommandDesk(
            self.world.store,
            self.world.clock,
            self.world.live,
            operators=[BOSS],
            language="en",
            timezone="Europe/Berlin",
            wake=self._wake,
        )

    def request(self, text, **values):
        given: dict[str, Any] = {"channel": self.room, "person": self.person, "role": self.role}
        given["event"] = f"E{next(self._events)}"
        return Request(text, **(given | values))

    async def __call__(self, text, **values):
        return await self.desk.answer(self.request(text, **values))

    async def lines(self, text, **values):
        """The lines of an answer that was understood, as one text."""
        reply = await self(text, **values)
        assert reply.understood, reply.lines
        return "\n".join(reply.lines)

    async def refused(self, text, **values):
        """The lines of an answer that says why nothing was done."""
        reply = await self(text, **values)
        assert not reply.understood, reply.lines
        return "\n".join(reply.lines)

    async def speaks(self, language, timezone="Europe/Berlin"):
        """The channel's language and zone from now on."""
        await self.world.store.save_channel(Channel(self.room, language, timezone))

    def _wake(self):
        self.woken += 1


@pytest.fixture(scope="session")
def new_database(tmp_path_factory):
    """A database with its tables and nothing in them: copied faster than made."""
    file = tmp_path_factory.mktemp("new") / "world.db"

    async def make():
        store = stores.create(stores.sqlite_url(file), clock=HandClock(), fsync=False)
        await store.start()
        await store.close()

    asyncio.run(make())
    return file


@pytest.fixture
async def world(tmp_path, new_database):
    """A whole evwatch whose channel C0EVDESK has subscribed to nothing yet."""
    shutil.copy(new_database, tmp_path)
    made = World(tmp_path, desk=False)
    yield made
    await made.close()


@pytest.fixture
async def talk(world):
    """Somebody in C0EVDESK, an admin there unless the test says otherwise."""
    made = Talk(world)
    await made.start()
    return made
