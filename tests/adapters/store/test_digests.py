from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.channels import Cadence, Held, Part, Reason, ReasonCode, Routed
from bot.domain.claims import Certainty
from tests.kit.builders import DESK, LOBBY, channel, message, notice, post, save_story, story, subscription
from tests.kit.clock import START

HOUR = timedelta(hours=1)


@pytest.fixture
async def desk(store):
    await store.save_channel(channel())
    return store


async def hold(store, subscription, *stories, ref=DESK, code=ReasonCode.DIGEST, waits=True, **more):
    reason = Reason(code, subscription, ("xiaomi",), "ev-news-rule")
    held = tuple(Held(subscription, ref, s.id, reason, s.certainty, **more) for s in stories)
    posts = tuple(post(s, ref) for s in stories) if waits else ()
    async with store.begin() as tx:
        await tx.enqueue(Routed(held=held, posts=posts))


async def posts(store, *stories):
    async with store.begin() as tx:
        return [p.story for p in await tx.posts([s.id for s in stories])]


async def take_missed(store):
    async with store.begin() as tx:
        return [(h.story, h.subscription) for h in await tx.take_missed(DESK)]


async def test_a_subscription_has_an_hour_and_a_day_of_its_own(desk):
    """Which make it another subscription than the same without."""
    at_seven = subscription(digest_at=time(7, 30), weekday=4, cadence=Cadence.WEEKLY, by="slack:T024BE/U012AB")
    mine = await desk.subscribe(at_seven, START)
    assert await desk.all_subscriptions(DESK) == [replace(at_seven, id=mine)]
    assert await desk.subscribe(replace(at_seven, by="console:me"), START) == mine
    assert await desk.subscribe(replace(at_seven, weekday=0), START) != mine
    assert await desk.all_subscriptions(LOBBY) == []


async def test_a_paused_subscription_tells_nothing(desk):
    """What it holds waits until it goes on."""
    mine = await desk.subscribe(subscription(), START)
    await hold(desk, mine, await save_story(desk, story()), code=ReasonCode.CATCH_UP)
    await desk.pause_subscription(mine, "zu laut")
    async with desk.begin() as tx:
        assert await tx.subscriptions(["xiaomi"]) == []
    assert (await desk.due_digests(START), await desk.next_digest_at(), await desk.held(DESK)) == ([], None, [])
    assert [s.paused for s in await desk.all_subscriptions()] == ["zu laut"]
    assert await take_missed(desk) == []
    await desk.pause_subscription(mine, None)
    assert [s.id for s in await desk.due_digests(START)] == [mine]


async def test_what_is_held_says_how_sure_it_was_and_what_was_told(desk):
    """A story that changes while it waits keeps its place, with the latest of both."""
    mine = await desk.subscribe(subscription(), START)
    one, two = [await save_story(desk, story()) for _ in range(2)]
    await hold(desk, mine, one, two)
    sure = replace(one, certainty=Certainty.CONFIRMED)
    await hold(desk, mine, sure, code=ReasonCode.QUIET, root="story:1:r1:root")
    first, second = await desk.held(DESK)
    assert (first.story, first.certainty, first.root) == (1, Certainty.CONFIRMED, "story:1:r1:root")
    assert (first.reason.code, second.certainty, second.root) == (ReasonCode.QUIET, Certainty.RUMOUR, None)


async def test_what_a_channel_missed_is_taken_once(desk):
    """Whoever holds it, and for whatever; what nobody missed stays with all who hold it, and so do other channels."""
    mine, other = [await desk.subscribe(subscription(c), START) for c in ("xiaomi", "蔚来")]
    await desk.save_channel(channel(LOBBY))
    elsewhere = await desk.subscribe(subscription(ref=LOBBY), START)
    one, two, daily = [await save_story(desk, story()) for _ in range(3)]
    await hold(desk, other, two, code=ReasonCode.CATCH_UP)
    await hold(desk, mine, one, two, daily)
    await hold(desk, other, daily, one, code=ReasonCode.DIGEST)
    await hold(desk, other, one, code=ReasonCode.CATCH_UP)
    await hold(desk, elsewhere, one, ref=LOBBY, code=ReasonCode.CATCH_UP)
    assert await take_missed(desk) == [(two.id, other), (one.id, other)]
    assert await take_missed(desk) == []
    assert [(h.story, h.subscription) for h in await desk.held(DESK)] == [(daily.id, mine), (daily.id, other)]
    assert [h.story for h in await desk.held(LOBBY)] == [one.id]


async def test_the_next_digest_is_the_earliest_that_has_something(desk, clock):
    """Now for one that is due."""
    mine, other = [await desk.subscribe(subscription(c), START) for c in ("xiaomi", "nio")]
    async with desk.begin() as tx:
        await tx.release_subscription(mine, START + 2 * HOUR)
        await tx.release_subscription(other, START + HOUR)
    assert await desk.next_digest_at() is None
    saved = await save_story(desk, story())
    await hold(desk, mine, saved)
    assert await desk.next_digest_at() == START + 2 * HOUR
    await hold(desk, other, saved)
    assert await desk.next_digest_at() == START + HOUR
    clock.set(START + 3 * HOUR)
    assert await desk.next_digest_at() == START + 3 * HOUR


async def test_an_ended_subscription_leaves_nothing_waiting(desk):
    """A story that only it held has not been heard of; one that another holds, or that was told, has."""
    mine, other = [await desk.subscribe(subscription(c), START) for c in ("xiaomi", "nio")]
    alone, shared, told = [await save_story(desk, story()) for _ in range(3)]
    await hold(desk, mine, alone, shared)
    await hold(desk, other, shared)
    await hold(desk, mine, told, waits=False)
    async with desk.begin() as tx:
        await tx.enqueue(Routed(posts=(post(told, in_digest=True),)))
    await desk.unsubscribe(mine)
    assert await posts(desk, alone, shared, told) == [2, 3]


async def test_a_story_that_waits_may_be_forgotten(desk):
    """Muted meanwhile; what was told stays told, and so do other channels."""
    waiting, told = [await save_story(desk, story()) for _ in range(2)]
    made = (post(waiting), post(waiting, LOBBY), post(told, in_digest=True))
    async with desk.begin() as tx:
        await tx.enqueue(Routed(posts=made))
        await tx.forget_posts(DESK, [waiting.id, told.id])
        assert [(p.story, p.channel) for p in await tx.posts([waiting.id, told.id])] == [(1, LOBBY), (2, DESK)]


async def test_a_digest_that_dies_told_nobody(desk):
    """Its stories count as untold there; those of its other page, and those that have a message, stay told."""
    first, second, own = [await save_story(desk, story()) for _ in range(3)]
    pages = [
        replace(
            notice(f"digest:1:2026-03-03T0800{page}"),
            part=Part.DIGEST,
            message=replace(message(), items=tuple(message(story=s.name) for s in stories)),
        )
        for page, stories in (("", [first, own]), (":2", [second]))
    ]
    told = (post(first, in_digest=True), post(second, in_digest=True), post(own, root="story:3:r1:root"))
    async with desk.begin() as tx:
        await tx.enqueue(Routed(deliveries=tuple(pages), posts=told))
    (page,) = await desk.claim_deliveries(START, HOUR, 1)
    await desk.dead(page, "msg_too_long")
    assert await posts(desk, first, second, own) == [2, 3]
