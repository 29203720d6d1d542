from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channels import ReasonCode, Receipt, Routed
from bot.domain.claims import Certainty
from bot.domain.stories import Change
from tests.kit.builders import (
    CHINESE,
    DESK,
    GERMAN,
    LOBBY,
    add,
    claim,
    decision,
    delivery,
    parsed,
    post,
    read,
    save_story,
    side,
    spec,
    story,
)
from tests.kit.clock import START

DAY = timedelta(days=1)


@pytest.fixture
async def feed(store):
    await store.sync_feeds({"first": spec()}, START)
    return (await store.feeds())[0]


async def routed(store, **parts):
    async with store.begin() as tx:
        await tx.enqueue(Routed(**{name: tuple(rows) for name, rows in parts.items()}))


async def test_an_entry_says_by_which_rules_it_was_read(store, feed):
    """Stored, and when it comes back."""
    (fresh,) = await store.unseen(feed.id, [parsed(link="https://news.example/1")], START)
    async with store.begin() as tx:
        (stored,) = await tx.add_entries(feed.id, [replace(read(fresh, claim()), rulebook="abc123")], START)
    assert stored.rulebook == "abc123"
    assert [e async for e in store.all_entries()] == [stored]


async def test_entries_are_found_under_their_link(store, feed):
    """As people paste it; newest first, whatever became of them."""
    await add(store, feed.id, [parsed(GERMAN, "https://news.example/1")], START, claim())
    await store.sync_feeds({"first": spec(), "second": spec("second")}, START)
    second = (await store.feeds())[1]
    await add(store, second.id, [parsed(CHINESE, "http://news.example/1/")], START)
    found = await store.entries_at("https://NEWS.example/1?utm_source=chat")
    assert [e.entry.title for e in found] == [CHINESE, GERMAN]
    assert await store.entries_at("https://news.example/2") == []


async def test_leads_of_a_time_are_found_by_their_parties(store, feed):
    """Newest first, with their stories as they are now; without texts. Side claims, and leads of no story, are none."""
    old = await add(store, feed.id, [parsed("Vorher")], START - DAY, claim())
    one, two = await add(store, feed.id, [parsed(GERMAN), parsed(CHINESE)], START, claim("xiaomi", "nio"), side("byd"))
    await add(store, feed.id, [parsed("Ohne Geschichte")], START, claim())
    saved = await save_story(store, story(certainty=Certainty.DENIED), *old, one, two)
    found = await store.leads_since(START, ["nio", "xiaomi"])
    assert [(f.entry.entry.title, f.story, f.certainty) for f in found] == [
        (CHINESE, saved.id, Certainty.DENIED),
        (GERMAN, saved.id, Certainty.DENIED),
    ]
    assert found[0].entry == replace(two, entry=replace(two.entry, text=""))
    assert len(await store.leads_since(START - DAY, ["xiaomi"])) == 3
    assert await store.leads_since(START, ["byd"]) == []
    assert await store.leads_since(START, []) == []


async def test_the_latest_stories_come_first(store, feed):
    """By their last claim; of companies, of a channel, or of both."""
    stories = [
        await save_story(store, story(0, parties, last_claim_at=START + hours * DAY))
        for parties, hours in (("xiaomi", 2), ("nio byd", 3), ("nio", 1))
    ]
    first, second, third = stories
    await routed(
        store, posts=[post(first, root="a"), post(second), post(third, in_digest=True), post(second, LOBBY, "b")]
    )

    async def latest(**which):
        return [v.story.id for v in await store.latest(**which)]

    assert await latest() == [2, 1, 3]
    assert await latest(limit=2) == [2, 1]
    assert await latest(companies=["byd", "nio"]) == [2, 3]
    assert await latest(companies=["byd", "nio"], limit=1) == [2]
    assert await latest(channel=DESK) == [1, 3], "what waits for a digest is not told"
    assert await latest(channel=LOBBY, companies=["nio"]) == [2]
    assert await latest(companies=["vw"]) == []


async def test_a_story_of_undated_claims_is_as_old_as_its_opening(store, feed):
    """Not older than everything."""
    await save_story(store, story())
    await save_story(store, story(last_claim_at=None, at=START + DAY))
    assert [v.story.id for v in await store.latest()] == [2, 1]


async def test_a_story_is_found_under_its_message(store):
    """By the platform's id of the root, in its own channel."""
    saved = await save_story(store, story())
    root = delivery("story:1:r1:root")
    await routed(store, deliveries=[root], posts=[post(saved, root=root.key)])
    assert await store.story_under(DESK, "1700.1") is None
    (claimed,) = await store.claim_deliveries(START, DAY, 1)
    await store.sent(claimed, Receipt("1700.1", START))
    assert await store.story_under(DESK, "1700.1") == saved.id
    assert await store.story_under(LOBBY, "1700.1") is None
    assert await store.post(saved.id, DESK) == post(saved, root=root.key)
    assert await store.post(saved.id, LOBBY) is None


async def test_decisions_are_found_by_story_and_time(store, feed):
    """What `why` asks, and `quality`."""
    (one,) = await add(store, feed.id, [parsed(GERMAN)], START, claim())
    (two,) = await add(store, feed.id, [parsed(CHINESE)], START + DAY, claim())
    made = [decision(one, ReasonCode.BUDGET, DESK, story=1), decision(two, ReasonCode.MUTED, DESK, story=2)]
    await routed(store, decisions=made)
    assert [d for _, d in await store.decisions(story=2)] == made[1:]
    assert await store.accounts() == {"budget": 1, "muted": 1}
    assert await store.accounts(since=START + DAY) == {"muted": 1}


async def test_a_joined_side_claim_makes_no_lead(store, feed):
    """Nor a story of what is found."""
    (one,) = await add(store, feed.id, [parsed(GERMAN)], START, claim(), side("nio"))
    await save_story(store, story(0, "nio"), one, lead=False, change=Change.SIDE)
    assert await store.leads_since(START, ["xiaomi"]) == []
