from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.channels import Appetite, Cadence, Filter, Held, QuietHours, Reason, ReasonCode, Routed
from bot.domain.claims import Certainty, Kind
from bot.domain.rulebook import Severity
from bot.errors import StoreError
from tests.kit.builders import DESK, LOBBY, channel, notice, save_story, story, subscription
from tests.kit.clock import START

HOUR = timedelta(hours=1)

PICKY = Filter(
    without=frozenset({"nio"}),
    kinds=frozenset({Kind.JOINT_VENTURE, Kind.TALKS}),
    certainties=frozenset({Certainty.RUMOUR}),
    languages=frozenset({"zh", "de"}),
    outlets=frozenset({"晚点 LatePost"}),
    severity=Severity.HIGH,
)


@pytest.fixture
async def desk(store):
    await store.save_channel(channel())
    return store


async def watching(store, companies):
    async with store.begin() as tx:
        return [s.id for s in await tx.subscriptions(companies.split())]


async def hold(store, subscription, *stories, ref=DESK):
    reason = Reason(ReasonCode.DIGEST, subscription, ("xiaomi",), "ev-news-rule")
    async with store.begin() as tx:
        await tx.enqueue(Routed(held=tuple(Held(subscription, ref, s.id, reason, s.certainty) for s in stories)))


async def test_a_subscription_comes_back_as_it_was(store):
    """With its channel as it is now."""
    wanted = subscription(
        "xiaomi 小米",
        watchlists=("zh-ev", "autobauer"),
        watched=frozenset({"xiaomi", "小米", "nio"}),
        appetite=Appetite.MOVES,
        cadence=Cadence.WEEKLY,
        filter=PICKY,
    )
    await store.save_channel(wanted.channel)
    mine = await store.subscribe(wanted, START)
    at_seven = replace(wanted.channel, digest_at=time(7, 30), language="zh")
    await store.save_channel(at_seven)
    assert await store.all_subscriptions() == [replace(wanted, id=mine, channel=at_seven)]


async def test_the_same_subscription_again_is_the_same(desk):
    """Whatever the order its lists were named in."""
    one = await desk.subscribe(subscription(watchlists=("a", "b")), START)
    assert await desk.subscribe(subscription(watchlists=("b", "a")), START + HOUR) == one
    assert await desk.subscribe(subscription(watchlists=("a", "b"), appetite=Appetite.ALL), START) != one
    await desk.save_channel(channel(LOBBY))
    assert await desk.subscribe(subscription(ref=LOBBY, watchlists=("a", "b")), START) != one


async def test_a_channel_must_be_known(store):
    """Its language and zone are needed to tell anything."""
    with pytest.raises(StoreError, match="slack:T024BE/C012AB is not known"):
        await store.subscribe(subscription(), START)


async def test_subscriptions_are_found_by_the_companies_they_watch(desk):
    """Once each, oldest first, paused channels included."""
    await desk.subscribe(subscription("xiaomi nio"), START)
    await desk.subscribe(subscription("byd"), START)
    await desk.subscribe(subscription("nio byd"), START)
    await desk.pause_channel(DESK, "is_archived")
    assert await watching(desk, "nio xiaomi") == [1, 3]
    assert await watching(desk, "byd tesla") == [2, 3]
    assert await watching(desk, "tesla") == []
    assert await watching(desk, "") == []
    assert (await desk.all_subscriptions())[0].channel.paused == "is_archived"


async def test_an_ended_subscription_watches_nothing(desk):
    """Ending it twice is False; the same words make a new one."""
    mine = await desk.subscribe(subscription(), START)
    await hold(desk, mine, await save_story(desk, story()))
    assert await desk.unsubscribe(mine)
    assert not await desk.unsubscribe(mine)
    assert (await watching(desk, "xiaomi"), await desk.all_subscriptions()) == ([], [])
    assert await desk.subscribe(subscription(), START) == mine + 1


async def test_watch_lists_are_resolved_anew_after_a_reload(desk):
    """Members come and go; companies named one by one stay; a list that is gone has none."""
    await desk.subscribe(subscription("tesla", watchlists=("a", "b")), START)
    await desk.resolve_watchlists({"a": frozenset({"nio", "byd"}), "b": frozenset({"byd"}), "c": frozenset({"vw"})})
    assert await watching(desk, "byd") == [1]
    assert await watching(desk, "vw") == []
    await desk.resolve_watchlists({"b": frozenset({"xpeng"})})
    assert await watching(desk, "nio byd") == []
    (s,) = await desk.all_subscriptions()
    assert s.watched == {"tesla", "xpeng"}


async def test_a_list_of_ten_thousand_companies_is_one_subscription(desk):
    """More than one statement may have parameters."""
    many = frozenset(f"company-{n}" for n in range(10_000))
    await desk.subscribe(subscription("tesla", watchlists=("all",)), START)
    await desk.resolve_watchlists({"all": many})
    assert await watching(desk, " ".join(sorted(many))) == [1]
    await desk.resolve_watchlists({})
    assert await watching(desk, "company-1") == []


async def test_a_channel_comes_back_as_it_was_saved(store):
    """Quiet hours and budget too; what is taken back is gone."""
    quiet = channel(quiet=QuietHours(time(22), time(6, 30)), budget=12, digest_at=time(7, 15))
    await store.save_channel(quiet)
    assert await store.channel(DESK) == quiet
    await store.subscribe(subscription(), START)
    assert [s.channel for s in await store.all_subscriptions()] == [quiet]
    await store.enqueue([notice()])
    assert [d.channel for d in await store.claim_deliveries(START, HOUR, 1)] == [quiet]
    await store.save_channel(channel())
    assert await store.channel(DESK) == channel()


async def test_a_channel_nobody_has_set_up_is_unknown(store):
    """Though it was told something: it has no settings of its own."""
    assert await store.channel(LOBBY) is None
    await store.enqueue([notice("a", LOBBY)])
    await store.pause_channel(LOBBY, "M_FORBIDDEN")
    assert await store.channel(LOBBY) is None
    await store.save_channel(channel(LOBBY))
    assert await store.channel(LOBBY) == channel(LOBBY)


async def test_pausing_says_why_and_saving_resumes(desk):
    """One place for the settings of a channel."""
    await desk.subscribe(subscription(), START)
    await desk.pause_channel(DESK, "not_in_channel")
    assert [s.channel.paused for s in await desk.all_subscriptions()] == ["not_in_channel"]
    await desk.save_channel(channel())
    assert [s.channel.paused for s in await desk.all_subscriptions()] == [None]


async def test_a_channel_nobody_has_saved_can_be_paused(store):
    """The operators' channel may be dead from the beginning."""
    await store.pause_channel(LOBBY, "M_FORBIDDEN")
    await store.enqueue([notice("a", LOBBY)])
    assert await store.claim_deliveries(START, HOUR, 1) == []


# ------------------------------------------------------------------------------------------------------------ digests


async def test_a_digest_is_due_when_its_time_has_come_and_something_is_held(desk):
    """Neither before nor for nothing."""
    mine = await desk.subscribe(subscription(), START)
    assert await desk.due_digests(START) == []
    await hold(desk, mine, await save_story(desk, story()))
    assert [s.id for s in await desk.due_digests(START)] == [mine], "no hour was set"
    async with desk.begin() as tx:
        await tx.release_subscription(mine, START + HOUR)
    assert await desk.due_digests(START) == []
    assert [s.id for s in await desk.due_digests(START + HOUR)] == [mine]


async def test_a_paused_channel_goes_on_holding(desk):
    """It gets one digest when it is resumed."""
    mine = await desk.subscribe(subscription(), START)
    await hold(desk, mine, await save_story(desk, story()))
    await desk.pause_channel(DESK, "is_archived")
    assert await desk.due_digests(START) == []
    await desk.save_channel(channel())
    assert [s.id for s in await desk.due_digests(START)] == [mine]


async def test_what_is_held_is_taken_once_in_order(desk):
    """A story held twice is told once."""
    mine = await desk.subscribe(subscription(), START)
    other = await desk.subscribe(subscription("byd"), START)
    stories = [await save_story(desk, story()) for _ in range(3)]
    await hold(desk, mine, *reversed(stories), stories[0])
    await hold(desk, other, stories[0])
    async with desk.begin() as tx:
        taken = await tx.take_held(mine)
        assert await tx.take_held(mine) == []
    assert [h.story for h in taken] == [3, 2, 1]
    assert (taken[0].channel, taken[0].reason.companies) == (DESK, ("xiaomi",))
    assert [s.id for s in await desk.due_digests(START)] == [other]


async def test_a_digest_that_fails_holds_everything_still(desk):
    """Taken and told in one transaction."""
    mine = await desk.subscribe(subscription(), START)
    await hold(desk, mine, await save_story(desk, story()))

    async def crash():
        async with desk.begin() as tx:
            await tx.take_held(mine)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash()
    async with desk.begin() as tx:
        assert len(await tx.take_held(mine)) == 1


async def test_a_setting_changes_nothing_beside_it(store):
    """What somebody else has changed since the channel was read stays; where nobody has, the defaults hold."""
    read = await store.set_channel(channel(language="zh"), budget=7)
    assert await store.channel(DESK) == read == channel(language="zh", budget=7)
    await store.pause_channel(DESK, "archiviert")
    quiet = QuietHours(time(22), time(7))
    assert await store.set_channel(read, quiet=quiet) == replace(read, quiet=quiet, paused="archiviert")
    assert await store.set_channel(read, paused=None, budget=None) == replace(read, quiet=quiet, budget=None)


async def test_a_channel_that_was_only_told_something_gets_the_defaults(store):
    """Its row says nothing that anybody has set."""
    await store.enqueue([notice()])
    assert await store.set_channel(channel(language="zh"), digest_at=time(9)) == channel(
        language="zh", digest_at=time(9)
    )


async def test_a_changed_subscription_keeps_its_number_and_what_it_holds(desk):
    """It is found by what it watches now."""
    mine = await desk.subscribe(subscription("nio", cadence=Cadence.DAILY, by="slack:U0A"), START)
    await hold(desk, mine, await save_story(desk, story()))
    new = replace(subscription("xpeng 小米", cadence=Cadence.WEEKLY, weekday=4, by="slack:U0B"), id=mine)
    assert await desk.change_subscription(new, START, START + HOUR) == mine
    assert await desk.all_subscriptions() == [new]
    assert await watching(desk, "nio") == []
    assert await watching(desk, "小米") == [mine]
    assert [h.subscription for h in await desk.held(DESK)] == [mine]
    assert await desk.due_digests(START) == []
    assert [s.id for s in await desk.due_digests(START + HOUR)] == [mine]


async def test_two_subscriptions_that_came_to_say_the_same_are_one(desk):
    """With what both hold; one that has ended meanwhile is made anew."""
    first, second = await desk.subscribe(subscription("nio"), START), await desk.subscribe(subscription("byd"), START)
    a, b = await save_story(desk, story()), await save_story(desk, story())
    await hold(desk, first, a, b)
    await hold(desk, second, b)
    assert await desk.change_subscription(replace(subscription("byd"), id=first), START, START) == second
    assert [s.id for s in await desk.all_subscriptions()] == [second]
    assert {(h.subscription, h.story) for h in await desk.held(DESK)} == {(second, a.id), (second, b.id)}
    anew = await desk.change_subscription(replace(subscription("蔚来"), id=first), START, START)
    assert [s.id for s in await desk.all_subscriptions()] == [second, anew]
