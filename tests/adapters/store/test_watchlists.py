from datetime import timedelta

import pytest

from bot.domain.mutes import Mutable, Mute, MuteId
from bot.domain.rulebook import WatchList
from tests.kit.builders import DESK, channel, subscription
from tests.kit.clock import START

DAY = timedelta(days=1)
ME = "slack:T024BE/U012AB"
MINE = WatchList("meine-liste", "Meine Liste 我的", frozenset({"nio", "小鹏"}))


@pytest.fixture
async def desk(store):
    await store.save_channel(channel())
    return store


async def watched(store):
    return [set(s.watched) for s in await store.all_subscriptions()]


async def test_a_list_made_in_chat_comes_back(store):
    """By id; saved again it has other members."""
    await store.save_watchlist(MINE, ME, START)
    await store.save_watchlist(WatchList("a", "A", frozenset()), ME, START)
    assert await store.watchlists() == [WatchList("a", "A", frozenset()), MINE]
    more = WatchList(MINE.id, "Neu", MINE.companies | {"byd"})
    await store.save_watchlist(more, ME, START + DAY)
    assert (await store.watchlists())[1] == more


async def test_a_dropped_list_is_gone(store):
    """Dropping it twice is False."""
    await store.save_watchlist(MINE, ME, START)
    assert await store.drop_watchlist(MINE.id)
    assert not await store.drop_watchlist(MINE.id)
    assert await store.watchlists() == []


async def test_lists_of_rules_and_of_chat_are_resolved_together(desk):
    """Where both have an id, the rules mean theirs."""
    await desk.save_watchlist(MINE, ME, START)
    await desk.save_watchlist(WatchList("zh-ev", "Andere", frozenset({"vw"})), ME, START)
    await desk.subscribe(subscription("tesla", watchlists=(MINE.id, "zh-ev")), START)
    await desk.mute(Mute(MuteId(0), DESK, Mutable.WATCHLIST, MINE.id, None, ME, START))
    await desk.resolve_watchlists({"zh-ev": frozenset({"byd"})})
    assert await watched(desk) == [{"tesla", "nio", "小鹏", "byd"}]
    assert [m.companies for m in await desk.mutes(DESK, START)] == [MINE.companies]
    await desk.drop_watchlist(MINE.id)
    await desk.resolve_watchlists({})
    assert await watched(desk) == [{"tesla", "vw"}]
    assert [m.companies for m in await desk.mutes(DESK, START)] == [frozenset()]


async def test_a_list_changed_in_chat_is_meant_at_once(desk):
    """Beside what the lists of the rules meant when they were last taken over, whoever changes it."""
    await desk.subscribe(subscription("tesla", watchlists=(MINE.id, "zh-ev")), START)
    await desk.mute(Mute(MuteId(0), DESK, Mutable.WATCHLIST, MINE.id, None, ME, START))
    await desk.save_watchlist(MINE, ME, START)
    assert await watched(desk) == [{"tesla"}]  # nobody has said yet what the rules mean
    await desk.resolve_watchlists({"zh-ev": frozenset({"byd", "nio"})})
    await desk.save_watchlist(WatchList(MINE.id, "我的", frozenset({"zeekr", "nio"})), ME, START)
    assert await watched(desk) == [{"tesla", "byd", "nio", "zeekr"}]
    assert [m.companies for m in await desk.mutes(DESK, START)] == [{"nio", "zeekr"}]
    await desk.drop_watchlist(MINE.id)
    assert await watched(desk) == [{"tesla", "byd", "nio"}]
    assert [m.companies for m in await desk.mutes(DESK, START)] == [frozenset()]
