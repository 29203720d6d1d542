from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.mutes import Mutable, Mute, MuteId
from tests.kit.builders import DESK, LOBBY, channel
from tests.kit.clock import START

DAY = timedelta(days=1)


@pytest.fixture
async def desk(store):
    await store.save_channel(channel())
    return store


def of(name="xiaomi", what=Mutable.COMPANY, where=DESK, until=START + DAY, **more):
    return Mute(MuteId(0), where, what, name, until, "slack:T024BE/U012AB", START, **more)


async def muted(store, channels, now=START):
    async with store.begin() as tx:
        return [m.name for m in await tx.mutes(channels, now)]


async def test_a_mute_comes_back_with_its_number(desk):
    """Of a company: what it silences is that company."""
    made = await desk.mute(of("小米"))
    assert made == replace(of("小米"), id=MuteId(1), companies=frozenset({"小米"}))
    assert await desk.mutes(DESK, START) == [made]


async def test_a_mute_holds_for_its_channel_or_everywhere(desk):
    """Until its time is over."""
    for mute in (of(), of("nio", where=None, until=None), of("byd", where=LOBBY)):
        await desk.mute(mute)
    assert [m.name for m in await desk.mutes(DESK, START)] == ["xiaomi", "nio"]
    assert await muted(desk, [DESK, LOBBY]) == ["xiaomi", "nio", "byd"]
    assert await muted(desk, [DESK, LOBBY], START + DAY) == ["nio"]
    assert await muted(desk, []) == ["nio"]


async def test_a_mute_of_the_same_thing_replaces_it(desk):
    """Longer or shorter, under the same number; here, not elsewhere."""
    for mute in (of(), of(where=None), of(until=None), of(what=Mutable.STORY)):
        await desk.mute(mute)
    assert [(m.what, m.channel, m.until) for m in await desk.mutes(DESK, START)] == [
        (Mutable.COMPANY, DESK, None),
        (Mutable.COMPANY, None, START + DAY),
        (Mutable.STORY, DESK, START + DAY),
    ]


async def test_an_ended_mute_is_over(desk):
    """Ending it twice is False."""
    made = await desk.mute(of())
    assert await desk.unmute(made.id)
    assert not await desk.unmute(made.id)
    assert await desk.mutes(DESK, START) == []


async def test_a_muted_list_means_its_members_of_now(desk):
    """Written down anew after a reload, like what subscriptions watch."""
    await desk.mute(of("zh-ev", Mutable.WATCHLIST, companies=frozenset({"nio"})))
    await desk.resolve_watchlists({"zh-ev": frozenset({"nio", "xpeng"})})
    assert [m.companies for m in await desk.mutes(DESK, START)] == [{"nio", "xpeng"}]
    await desk.resolve_watchlists({})
    assert [m.companies for m in await desk.mutes(DESK, START)] == [frozenset()]
