from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.feeds import FeedState, FeedStatus
from bot.errors import StaleClaim, StoreError
from tests.kit.builders import spec
from tests.kit.clock import START

LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)

FULL = spec(
    "first",
    title="Elektroauto-News 电动汽车",
    language="de",
    outlet="electrive",
    interval=timedelta(seconds=5),
    backlog=None,
    burst=3,
)
STATE = FeedState(
    url="https://moved.example/feed",
    etag='W/"a b"',
    last_modified="Mon, 02 Mar 2026 09:00:00 GMT",
    body_hash="ff",
    next_poll_at=START + HOUR,
    polled_at=START,
    parsed_at=START,
    failures=2,
    error="keine Antwort",
    rhythm=timedelta(minutes=17),
    ttl=timedelta(minutes=30),
)


async def sync(store, *specs, now=START):
    return await store.sync_feeds({s.id: s for s in specs}, now)


async def poll(store, state, now=START):
    """Claim the one due feed and keep this state."""
    (feed,) = await store.claim_feeds(now, LEASE, 1)
    async with store.begin() as tx:
        await tx.fence(feed)
        await tx.save_state(feed.id, state)


async def statuses(store):
    return {f.spec.id: f.status for f in await store.feeds(retired=True)}


async def test_what_was_written_down_comes_back(store):
    """Every field of a spec and of the state."""
    await sync(store, FULL)
    await poll(store, STATE)
    (feed,) = await store.feeds()
    assert (feed.spec, feed.state, feed.owner) == (FULL, STATE, "rules")


async def test_feeds_come_by_their_ids(store):
    """And retired ones only where asked for."""
    await sync(store, spec("b"), spec("c", status=FeedStatus.RETIRED), spec("a"))
    assert [f.spec.id for f in await store.feeds()] == ["a", "b"]
    assert [f.spec.id for f in await store.feeds(retired=True)] == ["a", "b", "c"]


async def test_a_feed_that_left_the_file_is_retired_and_comes_back(store):
    """Its number, and with it what it has seen, stay; it is due at once."""
    await sync(store, spec("a"), spec("b"))
    await poll(store, STATE)
    (before, _) = await store.feeds()
    await sync(store, spec("b"))
    assert await statuses(store) == {"a": FeedStatus.RETIRED, "b": FeedStatus.ACTIVE}
    await sync(store, spec("a"), spec("b"))
    (after, _) = await store.feeds()
    assert after.id == before.id
    assert after.state == replace(FeedState(), polled_at=START, parsed_at=START, rhythm=STATE.rhythm)


async def test_syncing_the_same_again_changes_nothing(store):
    """Neither validators nor due times: a restart is not a poll."""
    await sync(store, FULL)
    await poll(store, STATE)
    before = await store.feeds()
    await sync(store, FULL)
    assert await store.feeds() == before


async def test_a_new_title_is_no_new_address(store):
    """Validators stay."""
    await sync(store, FULL)
    await poll(store, STATE)
    await sync(store, replace(FULL, title="Anders"))
    (feed,) = await store.feeds()
    assert (feed.spec.title, feed.state) == ("Anders", STATE)


async def test_a_new_address_starts_without_the_old_ones_validators(store):
    """And refuses the poll of the old one that is still under way."""
    await sync(store, FULL)
    await poll(store, STATE)
    (late,) = await store.claim_feeds(START + HOUR, LEASE, 1)
    await sync(store, replace(FULL, url="https://elsewhere.example/feed"))
    (feed,) = await store.feeds()
    assert (feed.url, feed.state.etag, feed.state.next_poll_at) == ("https://elsewhere.example/feed", None, None)
    assert feed.state.parsed_at == START, "not a first poll: what was seen stays seen"
    with pytest.raises(StaleClaim):
        async with store.begin() as tx:
            await tx.fence(late)


async def test_of_two_feeds_of_one_address_the_second_is_left_out(store):
    """A line names both."""
    lines = await sync(store, spec("a"), spec("b", "http://a.example/feed/"))
    assert lines == ["feed b has the address of feed a: http://a.example/feed/"]
    assert await statuses(store) == {"a": FeedStatus.ACTIVE}


async def test_two_feeds_may_swap_their_addresses(store):
    """What counts is how it is afterwards."""
    await sync(store, spec("a"), spec("b"))
    await sync(store, spec("a", "https://b.example/feed"), spec("b", "https://a.example/feed"))
    assert [f.url for f in await store.feeds()] == ["https://b.example/feed", "https://a.example/feed"]


async def test_a_feed_somebody_else_has_added_is_named(store):
    """By its id and by whom; the feed of the rules is left out, the others of the rules are not."""
    await store.add_feed(spec("mine", "https://a.example/feed"), "cli", START)
    address = "feed a has the address of feed mine (added by cli): https://a.example/feed"
    assert await sync(store, spec("a"), spec("b")) == [address]
    assert await sync(store, spec("mine"), spec("b")) == [
        "there is a feed mine already, added by cli: https://a.example/feed"
    ]
    assert {f.spec.id: f.owner for f in await store.feeds()} == {"b": "rules", "mine": "cli"}


async def test_a_feed_that_takes_the_address_of_anothers_is_retired(store):
    """It has neither its old address any more nor the new one; once the other has left it is polled there."""
    await store.add_feed(spec("mine"), "cli", START)
    await sync(store, spec("a"))
    moved = spec("a", "https://mine.example/feed")
    assert len(await sync(store, moved)) == 1
    assert await statuses(store) == {"a": FeedStatus.RETIRED, "mine": FeedStatus.ACTIVE}
    await store.retire_feed("mine")
    assert await sync(store, moved) == []
    assert await statuses(store) == {"a": FeedStatus.ACTIVE, "mine": FeedStatus.RETIRED}


async def test_sync_leaves_the_feeds_of_others_alone(store):
    """It is about those of the file."""
    await store.add_feed(spec("mine"), "cli", START)
    await sync(store, spec("a"))
    assert await statuses(store) == {"a": FeedStatus.ACTIVE, "mine": FeedStatus.ACTIVE}


async def test_adding_an_address_that_exists_names_the_feed(store):
    """Normalised: http, slash and trackers are no difference."""
    await sync(store, spec("a"))
    with pytest.raises(StoreError, match=r"the address of feed a \(added by rules\)"):
        await store.add_feed(spec("b", "http://A.example/feed/?utm_source=x"), "cli", START)
    with pytest.raises(StoreError, match="there is a feed a already"):
        await store.add_feed(spec("a", "https://other.example/"), "cli", START)


async def test_two_servers_of_one_machine_are_two_feeds(store):
    """The port of a loopback host tells feeds apart, though not entries."""
    await sync(store, spec("a", "http://127.0.0.1:8001/feed"), spec("b", "http://127.0.0.1:8002/feed"))
    assert len(await store.feeds()) == 2


async def test_a_retired_address_is_free(store):
    """Who gave it back does not hold it."""
    await store.add_feed(spec("a"), "cli", START)
    await store.retire_feed("a")
    added = await store.add_feed(spec("b", "https://a.example/feed"), "slack:T1/U1", START)
    assert (added.spec.id, added.owner, added.status) == ("b", "slack:T1/U1", FeedStatus.ACTIVE)


async def test_adding_a_retired_feed_brings_it_back(store):
    """Its number stays."""
    first = await store.add_feed(spec("a"), "cli", START)
    await store.retire_feed("a", "cli")
    again = await store.add_feed(spec("a"), "opml", START)
    assert (again.id, again.owner, again.status) == (first.id, "opml", FeedStatus.ACTIVE)


@pytest.mark.parametrize(
    ("id", "owner", "why"),
    [("none", None, "no feed none"), ("a", None, "comes from feeds.yaml"), ("mine", "slack:T1/U1", "no feed mine of")],
)
async def test_what_may_not_be_retired(store, id, owner, why):
    """Unknown feeds, feeds of the file, feeds of others."""
    await sync(store, spec("a"))
    await store.add_feed(spec("mine"), "cli", START)
    with pytest.raises(StoreError, match=why):
        await store.retire_feed(id, owner)


# ----------------------------------------------------------------------------------------------------------- claiming


async def test_a_claimed_feed_is_nobody_elses_until_its_lease_ends(store):
    """Each claim raises the fence."""
    await sync(store, spec("a"))
    (one,) = await store.claim_feeds(START, LEASE, 9)
    assert await store.claim_feeds(START + LEASE - timedelta(seconds=1), LEASE, 9) == []
    (two,) = await store.claim_feeds(START + LEASE, LEASE, 9)
    assert (one.fence, two.fence) == (1, 2)


async def test_a_late_worker_is_refused(store):
    """In its transaction, and when it writes down a failure."""
    await sync(store, spec("a"))
    (late,) = await store.claim_feeds(START, LEASE, 1)
    (now_its,) = await store.claim_feeds(START + LEASE, LEASE, 1)
    with pytest.raises(StaleClaim):
        async with store.begin() as tx:
            await tx.fence(late)
    await store.fail_feed(late, STATE, gone=True)
    assert [(f.status, f.state) for f in await store.feeds()] == [(FeedStatus.ACTIVE, FeedState())]
    async with store.begin() as tx:
        await tx.fence(now_its)


async def test_the_longest_due_feed_is_claimed_first(store):
    """Never polled before all others."""
    await sync(store, spec("a"), spec("b"), spec("c"))
    await poll(store, replace(STATE, next_poll_at=START + 2 * HOUR))
    await poll(store, replace(STATE, next_poll_at=START + HOUR))
    now = START + 3 * HOUR
    assert [f.spec.id for f in await store.claim_feeds(now, LEASE, 2)] == ["c", "b"]
    assert [f.spec.id for f in await store.claim_feeds(now, LEASE, 2)] == ["a"]


async def test_what_is_not_due_retired_or_gone_is_not_claimed(store):
    """Only active feeds whose time has come."""
    await sync(store, spec("a"), spec("b", status=FeedStatus.RETIRED), spec("c"))
    gone, later = await store.claim_feeds(START, LEASE, 9)
    await store.fail_feed(gone, STATE, gone=True)
    await store.fail_feed(later, STATE)
    assert await store.claim_feeds(START, LEASE, 9) == []
    assert [f.spec.id for f in await store.claim_feeds(START + HOUR, LEASE, 9)] == ["c"]


async def test_a_time_absurdly_far_ahead_is_due(store):
    """The clock was wrong when it was written; so for a lease."""
    await sync(store, spec("a"))
    await poll(store, replace(STATE, next_poll_at=START + timedelta(days=61)))
    assert len(await store.claim_feeds(START, timedelta(days=4000), 1)) == 1
    assert len(await store.claim_feeds(START, LEASE, 1)) == 1


async def test_a_month_of_retry_after_is_kept_to(store):
    """30 days ahead is no mistake."""
    await sync(store, spec("a"))
    await poll(store, replace(STATE, next_poll_at=START + timedelta(days=30)))
    assert await store.claim_feeds(START + timedelta(days=29), LEASE, 1) == []


async def test_a_gone_feed_stays_gone_until_its_address_changes(store):
    """410 stops an address for good."""
    await sync(store, spec("a"))
    (feed,) = await store.claim_feeds(START, LEASE, 1)
    await store.fail_feed(feed, FeedState(), gone=True)
    await sync(store, spec("a"))
    assert await statuses(store) == {"a": FeedStatus.GONE}
    await sync(store, spec("a", "https://new.example/feed"))
    assert await statuses(store) == {"a": FeedStatus.ACTIVE}


async def test_the_next_poll_is_the_earliest(store, clock):
    """Now for what is due, the end of the lease for what is claimed, None without feeds."""
    assert await store.next_poll_at() is None
    await sync(store, spec("a"), spec("b", status=FeedStatus.RETIRED))
    assert await store.next_poll_at() == clock.now()
    (feed,) = await store.claim_feeds(START, LEASE, 1)
    assert await store.next_poll_at() == START + LEASE
    await store.fail_feed(feed, STATE)
    assert await store.next_poll_at() == START + HOUR


async def test_a_restarted_process_takes_over(store):
    """`reclaim` ends every lease."""
    await sync(store, spec("a"))
    await store.claim_feeds(START, LEASE, 1)
    await store.reclaim()
    (again,) = await store.claim_feeds(START, LEASE, 1)
    assert again.fence == 2
