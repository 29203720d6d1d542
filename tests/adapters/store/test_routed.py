import pytest

from bot.domain.channels import DeliveryStatus, Part, ReasonCode, Receipt, Routed
from bot.domain.claims import Certainty
from tests.kit.builders import (
    CHINESE,
    DESK,
    GERMAN,
    LOBBY,
    add,
    at_revision,
    decision,
    delivery,
    parsed,
    post,
    save_story,
    spec,
    story,
)
from tests.kit.clock import START


@pytest.fixture
async def entries(store):
    """Four entries of one feed and one of another."""
    await store.sync_feeds({"first": spec(), "second": spec("second")}, START)
    one, two = await store.feeds()
    document = [parsed(f"{GERMAN}: {n}", f"https://news.example/{n}") for n in range(4)]
    return [*await add(store, one.id, document), *await add(store, two.id, [parsed(CHINESE, "https://zh.example/")])]


async def routed(store, **parts):
    async with store.begin() as tx:
        return await tx.enqueue(Routed(**{name: tuple(rows) for name, rows in parts.items()}))


async def posts(store, *stories):
    async with store.begin() as tx:
        return await tx.posts([s.id for s in stories])


async def test_a_poll_writes_all_of_it_or_nothing(store, entries):
    """Deliveries, posts and decisions stand or fall together."""
    saved = await save_story(store, story())
    root = delivery("story:1:r1:root")
    everything = Routed((root,), (post(saved, root=root.key),), (), (decision(entries[0], ReasonCode.ROOT, DESK),))

    async def crash():
        async with store.begin() as tx:
            assert await tx.enqueue(everything) == 1
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash()
    assert (await store.outbox_counts(), await store.decisions(), await posts(store, saved)) == ({}, [], [])


async def test_enqueueing_says_how_many_are_new(store):
    """Only these wake the deliverer."""
    rows = [delivery("story:1:r1:root"), delivery("story:1:r1:root", ref=LOBBY)]
    assert await routed(store, deliveries=rows[:1]) == 1
    assert await routed(store, deliveries=rows) == 1


async def test_posts_come_back_by_story_and_channel(store):
    """What was told where, and how."""
    one, two = [await save_story(store, story()) for _ in range(2)]
    made = [post(one, LOBBY, in_digest=True), post(one, root="story:1:r1:root"), post(two)]
    await routed(store, posts=made)
    assert sorted(await posts(store, one), key=lambda p: p.channel) == made[:2]
    assert sorted(await posts(store, one, two), key=lambda p: (p.story, p.channel)) == made
    assert await posts(store) == []


async def test_a_post_moves_on_with_its_story(store):
    """One per story and channel; its root keeps its receipt, another root has none yet."""
    saved = await save_story(store, story())
    root = delivery("story:1:r1:root")
    await routed(store, deliveries=[root], posts=[post(saved, root=root.key)])
    (claimed,) = await store.claim_deliveries(START, START - START, 1)
    await store.sent(claimed, Receipt("1700.1", START))
    second = at_revision(saved, 2, certainty=Certainty.CONFIRMED)
    await routed(store, posts=[post(second, root=root.key)])
    assert [(p.revision, p.certainty) for p in await posts(store, saved)] == [(2, Certainty.CONFIRMED)]
    await store.prune(START.replace(month=6))
    await routed(store, deliveries=[delivery("story:1:r2:edit", Part.EDIT)])
    (edit,) = await store.claim_deliveries(START, START - START, 1)
    assert (edit.root, edit.status) == ("1700.1", DeliveryStatus.SENDING)
    await routed(store, posts=[post(second, root="story:1:r2:root")])
    async with store._db.read() as conn:
        assert (await conn.exec_driver_sql("SELECT receipt FROM posts")).scalar_one() is None


async def test_decisions_come_newest_first_with_their_entries(store, entries):
    """Every field of the reason."""
    one, two, *_ = entries
    made = [
        decision(one, ReasonCode.ROOT, DESK, story=42, subscription=7, companies=("xiaomi", "小米"), rule="ev-entry"),
        decision(two, ReasonCode.NO_COMPANY, detail="keine bekannte Firma"),
    ]
    await routed(store, decisions=made)
    found = await store.decisions()
    assert [d for _, d in found] == made[::-1]
    assert [e for e, _ in found] == [two, one]
    assert len(await store.decisions(limit=1)) == 1


async def test_decisions_are_found_by_link(store, entries):
    """As people paste it: another scheme, trackers, a slash."""
    await routed(store, decisions=[decision(e, ReasonCode.FILTERED, DESK) for e in entries])
    found = await store.decisions(link="http://NEWS.example/2/?utm_source=chat")
    assert [e.entry.link for e, _ in found] == ["https://news.example/2"]
    assert await store.decisions(link="https://elsewhere.example/") == []


async def test_an_entry_counts_once_at_its_loudest(store, entries):
    """Told before silent; of the silent, the one that came furthest."""
    one, two, three, four, five = entries
    await routed(
        store,
        decisions=[
            decision(one, ReasonCode.PAUSED, DESK),
            decision(one, ReasonCode.ROOT, LOBBY),
            decision(two, ReasonCode.EDIT, DESK),
            decision(two, ReasonCode.LINE, LOBBY),
            decision(three, ReasonCode.OVERFLOW, DESK),
            decision(three, ReasonCode.DIGEST, LOBBY),
            decision(four, ReasonCode.NOT_WATCHED, DESK),
            decision(four, ReasonCode.FILTERED, LOBBY),
            decision(five, ReasonCode.NO_CLAIM),
        ],
    )
    expected = {"root": 1, "line": 1, "digest": 1, "filtered": 1}
    assert await store.accounts() == {**expected, "no-claim": 1}
    first, second = await store.feeds()
    assert await store.accounts(first.id) == expected
    assert await store.accounts(second.id) == {"no-claim": 1}
