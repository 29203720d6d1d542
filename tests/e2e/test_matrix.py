"""A real evwatch on a real homeserver, killed and started again: one device, every message and every command once.

EVWATCH_MATRIX_KILLS=100, EVWATCH_MATRIX_RESTARTS=50 and EVWATCH_MATRIX_BURST=40 are the long run.
"""

import asyncio
import itertools
import os
from datetime import timedelta

import pytest

from bot.domain.channels import Channel, ChannelRef, Subscription, SubscriptionId
from tests.kit.chaos_process import DroppedIn
from tests.kit.held_proxy import HeldAnswers
from tests.kit.world import real_rules

KILLS = int(os.environ.get("EVWATCH_MATRIX_KILLS", "4"))
RESTARTS = int(os.environ.get("EVWATCH_MATRIX_RESTARTS", "5"))
BURST = int(os.environ.get("EVWATCH_MATRIX_BURST", "14"))
A_DAY = timedelta(hours=25)

pytestmark = pytest.mark.slow


def titles():
    """Stories of their own, told by different pairs of companies."""
    names = [c.name for c in real_rules()[0].companies.values() if c.name.isascii() and " " not in c.name]
    pairs = ((a, b) for n, a in enumerate(names) for b in names[n + 1 :])
    return (f"{a} and {b} form EV joint venture" for a, b in pairs)


class Desk:
    """A process, its news, its line to the homeserver, and somebody in a room with it."""

    def __init__(self, folder, site, proxy, account, ada):
        self.process = DroppedIn(folder)
        self.proxy, self.account, self.ada = proxy, account, ada
        self.feed = site.feed("news")
        spec = {"id": "news", "url": self.feed.url, "interval": "1s", "backlog": "all", "burst": "100000"}
        self.process.feeds(spec, allow=site.place)
        self.process.environment |= {
            "EVWATCH_MATRIX_HOMESERVER": proxy.url,
            "EVWATCH_MATRIX_USER": account.user,
            "EVWATCH_MATRIX_PASSWORD": account.password,
            "EVWATCH_MATRIX_ALLOW": ada.user,
        }
        self.room = ""

    async def begin(self, *, encrypted=False):
        """Up, in a room, subscribed to everything."""
        self.room = await self.ada.create(invite=[self.account.user], encrypted=encrypted)
        everything = real_rules()[0].watchlists["all"].companies
        channel = Channel(ChannelRef("matrix", self.room))
        await self.process.subscribe([Subscription(SubscriptionId(0), channel, ("all",), frozenset(), everything)])
        await self.process.start()
        await self.ada.until_joined(self.room, self.account.user, 60)

    async def told(self, count, seconds=60):
        """The first lines of its messages, when there are so many."""
        seen = await self.ada.until(self.room, lambda r: len(r.texts(self.account.user)) >= count, seconds)
        assert seen.odd == []
        return [text.splitlines()[0] for text in seen.texts(self.account.user)]


@pytest.fixture
async def desk(tmp_path, site, people, synapse):
    ada = await people("ada")
    async with HeldAnswers(synapse.url) as proxy:
        made = Desk(tmp_path / "evwatch", site, proxy, synapse.register("evwatch"), ada)
        yield made
        proxy.hold = False
        await made.process.end()


@pytest.mark.parametrize("encrypted", [False, True])
async def test_killed_between_a_message_and_its_answer_it_is_told_once(desk, encrypted):
    """The server has it, nobody was told so; every second time the clock has jumped a day ahead."""
    await desk.begin(encrypted=encrypted)
    for number, title in enumerate(itertools.islice(titles(), KILLS), 1):
        desk.proxy.taken.clear()
        desk.proxy.hold = True
        desk.feed.publish(title)
        async with asyncio.timeout(60):
            await desk.proxy.taken.wait()
        await desk.process.kill()
        desk.proxy.hold = False
        desk.process.set_clock(desk.process.shift + (number % 2) * A_DAY)
        await desk.process.start()
        assert len(await desk.told(number)) == number
    await _settled(desk)
    assert len(set(await desk.told(KILLS))) == len(await desk.told(KILLS)) == KILLS


async def test_restarts_lose_no_command_and_make_no_device(desk, people):
    """Said while it was up, going down, down or coming up: each is answered once; one device, the first."""
    await desk.begin()
    asked = []
    for number in range(RESTARTS):
        asked.append(await desk.ada.say(desk.room, f"!ev language {'de' if number % 2 else 'en'}"))
        if number % 2:
            await desk.process.kill()
        else:
            await desk.process.stop()
        asked.append(await desk.ada.say(desk.room, "!ev mutes"))
        await desk.process.start(ready=False)
        asked.append(await desk.ada.say(desk.room, "!ev digest"))
        await desk.process.until_ready()
    seen = await desk.ada.until(desk.room, lambda r: all(r.find(a).lines for a in asked), 60)
    assert [len(seen.find(a).lines) for a in asked] == [1] * len(asked)
    assert all(seen.find(a).reactions == {"👀": {desk.account.user}} for a in asked)
    owner = await people(account=desk.account)
    assert len(await owner.devices()) == 2, "the one that was registered with, and evwatch's"


async def test_a_burst_arrives_complete_in_order_and_once(tmp_path, site, people, strict_synapse):
    """Under the limits of a fresh installation, which takes one in five seconds after the first ten."""
    ada = await people("ada", on=strict_synapse)
    account = strict_synapse.register("evwatch")
    async with HeldAnswers(strict_synapse.url) as proxy:
        desk = Desk(tmp_path / "evwatch", site, proxy, account, ada)
        wanted = list(itertools.islice(titles(), BURST))
        await desk.begin()
        for title in reversed(wanted):
            desk.feed.publish(title)
        told = await desk.told(BURST, seconds=400)
        await _settled(desk)
        assert len(set(told)) == len(told) == BURST
        rows = desk.process.rows("SELECT receipt FROM outbox WHERE part = 'root' ORDER BY id")
        seen = await ada.read(desk.room)
        assert [m.id for m in seen.messages if m.sender == account.user] == [receipt for (receipt,) in rows or ()]
        await desk.process.end()


async def _settled(desk):
    """Wait until nothing is under way any more."""
    under_way = "SELECT count(*) FROM outbox WHERE status IN ('pending', 'sending', 'uncertain')"
    async with asyncio.timeout(60):
        while desk.process.rows(under_way) != [(0,)]:  # noqa: ASYNC110 - another process's file has no event
            await asyncio.sleep(0.1)
