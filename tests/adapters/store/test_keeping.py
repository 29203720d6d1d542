from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channels import Part, ReasonCode, Receipt, Routed
from bot.domain.feeds import FeedState
from bot.domain.mutes import Feedback, Mutable, Mute, MuteId
from tests.kit.builders import (
    DESK,
    GERMAN,
    add,
    claim,
    decision,
    delivery,
    notice,
    parsed,
    post,
    save_story,
    side,
    spec,
    story,
)
from tests.kit.clock import START

DAY = timedelta(days=1)
LINK = "https://news.example/a"


@pytest.fixture
async def feed(store):
    await store.sync_feeds({"first": spec()}, START)
    return (await store.feeds())[0]


async def parsed_at(store, feed, when):
    async with store.begin() as tx:
        await tx.save_state(feed.id, replace(FeedState(), parsed_at=when))


async def count(store, table):
    async with store._db.read() as conn:
        return (await conn.exec_driver_sql(f"SELECT count(*) FROM {table}")).scalar_one()


async def test_nothing_is_dropped_before_its_time(store, feed):
    """Every table at zero."""
    await add(store, feed.id, [parsed(link=LINK)], START, claim())
    await store.enqueue([notice()])
    assert set((await store.prune(START + 89 * DAY)).values()) == {0}


async def test_bodies_go_after_90_days(store, feed):
    """Title, link, outlet and evidence stay."""
    (entry,) = await add(store, feed.id, [parsed(link=LINK)], START, claim())
    assert (await store.prune(START + 91 * DAY))["entries"] == 1
    (kept,) = [e async for e in store.all_entries()]
    assert kept == replace(entry, entry=replace(entry.entry, text=""))
    assert (await store.prune(START + 91 * DAY))["entries"] == 0


async def test_seen_marks_go_90_days_after_the_entry_left_its_document(store, feed):
    """A document without it was read since."""
    await add(store, feed.id, [parsed(link=LINK, guid="g")])
    await parsed_at(store, feed, START + 10 * DAY)
    assert (await store.prune(START + 91 * DAY))["seen"] == 3


async def test_what_may_still_be_in_the_document_stays_seen(store, feed):
    """A feed that answers 304 for months, or a bot that was off as long, takes nothing for new."""
    await add(store, feed.id, [parsed(link=LINK, guid="g")])
    await parsed_at(store, feed, START)
    assert (await store.prune(START + 400 * DAY))["seen"] == 0


async def test_rows_of_the_outbox_go_30_days_after_their_end(store):
    """Sent or dead; what is under way stays, however old."""
    await store.enqueue([notice("a"), notice("b"), notice("c")])
    (a,) = await store.claim_deliveries(START, DAY, 1)
    await store.sent(a, Receipt("1", START))
    (b,) = await store.claim_deliveries(START, DAY, 1)
    await store.dead(b, "msg_too_long")
    assert (await store.prune(START + 29 * DAY))["outbox"] == 0
    assert (await store.prune(START + 31 * DAY))["outbox"] == 2
    assert await store.outbox_counts() == {"pending": 1}


async def test_a_root_stays_while_something_under_way_needs_it(store):
    """A channel that was paused for a month."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:1:r2:line", Part.LINE)])
    (root,) = await store.claim_deliveries(START, DAY, 1)
    await store.sent(root, Receipt("1", START))
    assert (await store.prune(START + 31 * DAY))["outbox"] == 0


async def test_mutes_go_when_they_are_over(store):
    """Those of a story that is gone too, however long they were to last; feedback goes with its story."""
    gone, kept = [await save_story(store, story(last_claim_at=when)) for when in (START, START + 30 * DAY)]
    for what, name, until in (
        (Mutable.COMPANY, "nio", START + DAY),
        (Mutable.COMPANY, "xiaomi", None),
        (Mutable.STORY, str(gone.id), None),
        (Mutable.STORY, str(kept.id), None),
    ):
        await store.mute(Mute(MuteId(0), DESK, what, name, until, "slack:T024BE/U012AB", START))
    await store.add_feedback(Feedback(gone.id, "slack:T024BE/U012AB", DESK, True, START))
    assert (await store.prune(START + DAY))["mutes"] == 1
    assert (await store.prune(START + 731 * DAY))["mutes"] == 1
    assert [m.name for m in await store.mutes(DESK, START)] == ["xiaomi", str(kept.id)]
    assert await count(store, "feedback") == 0


async def test_stories_go_two_years_after_their_last_change(store, feed):
    """With their posts and reports; entries and what became of them stay."""
    (entry,) = await add(store, feed.id, [parsed(GERMAN, LINK)], START, claim(), side("geely", "foxconn"))
    old = await save_story(store, story(), entry)
    await save_story(store, story(0, "nio", last_claim_at=START + 30 * DAY))
    async with store.begin() as tx:
        decided = (decision(entry, ReasonCode.ROOT, DESK, story=old.id),)
        await tx.enqueue(Routed(posts=(post(old, root="story:1:r1:root"),), decisions=decided))
    dropped = await store.prune(START + 731 * DAY)
    assert (dropped["stories"], dropped["claims"]) == (1, 2)
    tables = ("posts", "story_entries", "story_revisions", "story_parties", "claim_parties", "entries", "decisions")
    assert {t: await count(store, t) for t in tables} == {
        "posts": 0,
        "story_entries": 0,
        "story_revisions": 1,
        "story_parties": 1,
        "claim_parties": 0,
        "entries": 1,
        "decisions": 1,
    }


async def test_claims_of_a_living_story_stay(store, feed):
    """Two years count from the story's last change, not from the entry."""
    (entry,) = await add(store, feed.id, [parsed(GERMAN, LINK)], START, claim())
    await save_story(store, story(last_claim_at=START + 100 * DAY), entry)
    assert (await store.prune(START + 731 * DAY))["claims"] == 0
