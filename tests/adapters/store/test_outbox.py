import asyncio
from datetime import timedelta

import pytest

from bot.domain.channels import DeliveryStatus, NewDelivery, Part, Reason, ReasonCode, Receipt, Routed
from bot.errors import StaleClaim
from tests.kit.builders import CHINESE, DESK, LOBBY, channel, delivery, message, notice, post, save_story, story
from tests.kit.clock import START

LEASE = timedelta(seconds=90)
MINUTE = timedelta(minutes=1)


async def claim(store, now=START, limit=9):
    return await store.claim_deliveries(now, LEASE, limit)


async def keys(store, now=START, limit=9):
    return [d.key for d in await claim(store, now, limit)]


async def send(store, now=START, expected=None):
    """Claim one and have it sent; its key."""
    (d,) = await claim(store, now)
    await store.sent(d, Receipt(f"platform:{d.key}", now))
    return d.key


async def drain(store, now=START):
    """Send everything that may go, in order."""
    order = []
    while claimed := await claim(store, now):
        for d in claimed:
            await store.sent(d, Receipt(f"platform:{d.key}", now))
            order.append(d.key)
    return order


# -------------------------------------------------------------------------------------------------------- enqueueing


async def test_a_key_is_unique_in_its_channel_for_ever(store):
    """Whatever became of it: told once."""
    assert await store.enqueue([notice("a"), notice("a"), notice("a", LOBBY)]) == 2
    assert sorted(await drain(store)) == ["a", "a"]
    assert await store.enqueue([notice("a")]) == 0
    assert await store.outbox_counts() == {"sent": 2}


async def test_all_of_a_delivery_comes_back(store):
    """Channel, reason, payload and text."""
    await store.save_channel(channel(language="zh"))
    reason = Reason(ReasonCode.OVERFLOW, companies=("xiaomi",), detail=CHINESE)
    new = NewDelivery("overflow:1:7", DESK, Part.OVERFLOW, reason=reason, message=message(), payload={"anzahl": "12"})
    await store.enqueue([new])
    (d,) = await claim(store)
    assert (d.channel, d.part, d.message, d.reason, d.payload) == (
        channel(language="zh"),
        Part.OVERFLOW,
        message(),
        reason,
        {"anzahl": "12"},
    )
    assert (d.status, d.attempts, d.fence, d.root, d.needs) == (DeliveryStatus.SENDING, 1, 1, None, None)
    assert (d.first_attempt_at, d.attempted_at, d.created_at) == (START, START, START)


async def test_a_channel_nobody_has_set_up_can_be_told(store):
    """The operators' channel of the settings."""
    await store.enqueue([notice("a", LOBBY)])
    (d,) = await claim(store)
    assert (d.channel.ref, d.channel.language, d.channel.timezone) == (LOBBY, "en", "UTC")


async def test_nothing_to_enqueue_is_nothing(store):
    """And opens no channel."""
    assert await store.enqueue([]) == 0


async def test_numbers_are_never_used_again(store):
    """D1 is one delivery for ever."""
    await store.enqueue([notice("a")])
    await drain(store)
    await store.prune(START + timedelta(days=31))
    await store.enqueue([notice("b")])
    assert [d.name for d in await claim(store)] == ["D2"]


# -------------------------------------------------------------------------------------------------- order and turns


async def test_a_channel_is_told_in_order_one_at_a_time(store):
    """The next goes when the one before has come to its end."""
    await store.enqueue([notice("a"), notice("b"), notice("c")])
    assert await keys(store) == ["a"]
    assert await keys(store) == []
    await store.enqueue([notice("d")])
    await store.reclaim()
    assert await drain(store) == ["a", "b", "c", "d"]


async def test_a_retried_row_keeps_its_place(store):
    """Order before speed: what comes after a failure waits behind it."""
    await store.enqueue([notice("a"), notice("b")])
    (d,) = await claim(store)
    await store.later(d, START + MINUTE, "502")
    assert await keys(store) == []
    assert await store.next_delivery_at() == START + MINUTE
    assert await drain(store, START + MINUTE) == ["a", "b"]


async def test_a_notice_for_later_holds_nobody_up(store):
    """A digest for the morning neither."""
    morning = START + timedelta(hours=12)
    digest = NewDelivery("digest:1:2026-03-03T0800", DESK, Part.DIGEST, message=message(), not_before=morning)
    await store.enqueue([notice("later", not_before=START + MINUTE), digest, notice("now")])
    assert await store.next_delivery_at() == START
    assert await drain(store) == ["now"]
    assert await store.next_delivery_at() == START + MINUTE
    assert await drain(store, morning) == ["later", "digest:1:2026-03-03T0800"]


async def test_a_root_for_later_holds_up_only_what_needs_it(store):
    """Its own edit waits with it."""
    later = delivery("story:1:r1:root", not_before=START + MINUTE)
    await store.enqueue([later, delivery("story:1:r2:edit", Part.EDIT), notice("b")])
    assert await drain(store) == ["b"]
    assert await store.next_delivery_at() == START + MINUTE
    assert await drain(store, START + MINUTE) == ["story:1:r1:root", "story:1:r2:edit"]


async def test_channels_do_not_wait_for_each_other(store):
    """One that fails holds up itself."""
    await store.enqueue([notice("a"), notice("a", LOBBY)])
    for d in await claim(store):
        if d.channel.ref == DESK:
            await store.later(d, START + MINUTE, "502")
        else:
            await store.sent(d, Receipt("1", START))
    await store.enqueue([notice("b"), notice("b", LOBBY)])
    (d,) = await claim(store)
    assert (d.key, d.channel.ref) == ("b", LOBBY)


async def test_channels_take_turns(store):
    """A hundred messages of one channel do not starve another's one."""
    await store.enqueue([*(notice(f"{n}") for n in range(5)), notice("x", LOBBY), notice("y", LOBBY)])
    order = []
    while claimed := await claim(store, limit=1):
        await store.sent(claimed[0], Receipt("1", START))
        order.append(claimed[0].key)
    assert order == ["0", "x", "1", "y", "2", "3", "4"]


async def test_no_more_are_claimed_than_asked_for(store):
    """The rest stays pending, and goes next."""
    await store.enqueue([notice("a", LOBBY), notice("a")])
    assert (len(await claim(store, limit=1)), len(await claim(store, limit=9))) == (1, 1)


async def test_two_workers_never_get_the_same_row(store):
    """Nor two rows of one channel."""
    await store.enqueue([notice(f"{n}") for n in range(9)])
    claimed = await asyncio.gather(*(claim(store) for _ in range(9)))
    assert [d.key for batch in claimed for d in batch] == ["0"]


async def test_a_paused_channel_is_told_nothing_until_it_is_resumed(store):
    """What piles up is told then."""
    await store.enqueue([notice("a")])
    await store.pause_channel(DESK, "is_archived")
    assert (await keys(store), await store.next_delivery_at()) == ([], None)
    await store.save_channel(channel())
    assert await keys(store) == ["a"]


# ------------------------------------------------------------------------------------------------- roots and the rest


async def test_an_edit_waits_for_its_root_and_knows_it(store):
    """By the platform's own id."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:1:r2:line", Part.LINE)])
    assert await send(store) == "story:1:r1:root"
    (line,) = await claim(store)
    assert (line.root, line.needs) == ("platform:story:1:r1:root", "story:1:r1:root")


async def test_what_needs_a_later_row_waits_without_holding_it_up(store):
    """However they got into this order."""
    await store.enqueue([delivery("story:1:r2:line", Part.LINE), delivery("story:1:r1:root")])
    assert await drain(store) == ["story:1:r1:root", "story:1:r2:line"]


async def test_what_needs_a_dead_row_dies_with_it(store):
    """And what needs that in turn."""
    line = delivery("story:1:r2:line", Part.LINE)
    await store.enqueue([delivery("story:1:r1:root"), line, delivery("story:1:r3:line", Part.LINE, needs=line.key)])
    (root,) = await claim(store)
    await store.dead(root, "invalid_blocks")
    assert await store.outbox_counts() == {"dead": 3}
    assert await claim(store) == []


async def test_what_needs_what_died_before_dies_when_its_turn_comes(store):
    """The channel's next row gets the turn at once."""
    await store.enqueue([delivery("story:1:r1:root")])
    (root,) = await claim(store)
    await store.dead(root, "invalid_blocks")
    await store.enqueue([delivery("story:1:r2:edit", Part.EDIT), delivery("story:9:r2:line", Part.LINE), notice("b")])
    assert await keys(store) == ["b"]
    assert await store.outbox_counts() == {"dead": 3, "sending": 1}


async def test_a_dead_root_leaves_no_post(store):
    """A channel that comes back gets the story as a new root."""
    saved = await save_story(store, story())
    async with store.begin() as tx:
        root = delivery("story:1:r1:root")
        await tx.enqueue(Routed(deliveries=(root,), posts=(post(saved, root=root.key),)))
    (claimed,) = await claim(store)
    await store.dead(claimed, "channel_not_found")
    async with store.begin() as tx:
        assert await tx.posts([saved.id]) == []


async def test_an_edit_finds_its_root_when_the_outbox_has_forgotten_it(store):
    """The post keeps the receipt as long as the story lives."""
    saved = await save_story(store, story())
    root = delivery("story:1:r1:root")
    async with store.begin() as tx:
        await tx.enqueue(Routed(deliveries=(root,), posts=(post(saved, root=root.key),)))
    await send(store)
    assert (await store.prune(START + timedelta(days=40)))["outbox"] == 1
    await store.enqueue([delivery("story:1:r2:edit", Part.EDIT)])
    (edit,) = await claim(store)
    assert edit.root == "platform:story:1:r1:root"


async def test_a_newer_edit_supersedes_one_never_attempted(store):
    """Of the same story and channel; an attempted one must come to its own end, lines are no edits."""
    edits = [delivery(f"story:1:r{n}:edit", Part.EDIT) for n in (2, 3)]
    others = [delivery("story:1:r2:line", Part.LINE), delivery("story:2:r2:edit", Part.EDIT, needs="story:1:r1:root")]
    await store.enqueue([delivery("story:1:r1:root"), edits[0], *others, delivery("story:1:r2:edit", Part.EDIT, LOBBY)])
    await store.enqueue([edits[1]])
    assert (await store.outbox_counts())["superseded"] == 1
    await store.enqueue([edits[1]])
    assert (await store.outbox_counts())["superseded"] == 1
    in_order = ["story:1:r1:root", "story:1:r2:line", "story:2:r2:edit", "story:1:r3:edit"]
    assert await drain(store) == in_order


async def test_an_attempted_edit_is_not_superseded(store):
    """It may have been sent."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:1:r2:edit", Part.EDIT)])
    await send(store)
    (edit,) = await claim(store)
    await store.later(edit, START, "429")
    await store.enqueue([delivery("story:1:r3:edit", Part.EDIT)])
    assert await drain(store) == ["story:1:r2:edit", "story:1:r3:edit"]


async def test_edits_put_in_together_leave_the_newest(store):
    """A poll that changed a story twice."""
    await store.enqueue([delivery("story:1:r1:root"), *(delivery(f"story:1:r{n}:edit", Part.EDIT) for n in (2, 3, 4))])
    assert await drain(store) == ["story:1:r1:root", "story:1:r4:edit"]


async def test_a_root_that_waited_tells_what_is_newest(store):
    """Rendered at the newest revision, it makes the edits behind it needless."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:1:r2:edit", Part.EDIT)])
    await store.enqueue([delivery("story:1:r3:edit", Part.EDIT), delivery("story:1:r3:line", Part.LINE)])
    (root,) = await claim(store)
    assert await store.newer_revision(root) == 3
    await store.set_message(root, message(story="S1", revision=3))
    await store.sent(root, Receipt("1", START))
    assert await drain(store) == ["story:1:r3:line"]
    assert await store.outbox_counts() == {"sent": 2, "superseded": 2}


async def test_a_root_alone_has_no_newer_revision(store):
    """Edits of other stories are none of its."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:2:r2:edit", Part.EDIT)])
    (root,) = await claim(store)
    assert await store.newer_revision(root) is None


async def test_an_edit_that_is_newer_than_what_was_sent_still_goes(store):
    """It came in while the root was on its way."""
    await store.enqueue([delivery("story:1:r1:root")])
    (root,) = await claim(store)
    await store.set_message(root, message(story="S1", revision=1))
    await store.enqueue([delivery("story:1:r2:edit", Part.EDIT)])
    await store.sent(root, Receipt("1", START))
    assert await drain(store) == ["story:1:r2:edit"]


async def test_a_claimed_edit_may_be_superseded(store):
    """The deliverer saw that a newer one has its place."""
    await store.enqueue([notice("a"), notice("b")])
    (d,) = await claim(store)
    await store.supersede(d)
    assert await keys(store) == ["b"]


# ---------------------------------------------------------------------------------------------- leases and their end


async def test_the_text_is_kept_from_the_first_attempt_on(store):
    """What is sent again is the same."""
    await store.enqueue([delivery("story:1:r1:root")])
    (d,) = await claim(store)
    assert d.message is None
    await store.set_message(d, message(CHINESE))
    await store.later(d, START + MINUTE, "502")
    (again,) = await claim(store, START + MINUTE)
    assert (again.message, again.attempts, again.fence) == (message(CHINESE), 2, 2)
    assert (again.first_attempt_at, again.attempted_at) == (START, START + MINUTE)


async def test_a_lease_that_ran_out_is_uncertain(store):
    """Never pending: it is settled before anything else of its channel goes."""
    await store.enqueue([notice("a"), notice("b")])
    await claim(store)
    assert await claim(store, START + LEASE - timedelta(seconds=1)) == []
    assert await store.next_delivery_at() == START + LEASE
    (d,) = await claim(store, START + LEASE)
    assert (d.key, d.status, d.attempts, d.fence) == ("a", DeliveryStatus.UNCERTAIN, 2, 2)
    assert d.attempted_at == START, "when it was sent, not when it was looked for"
    assert await claim(store, START + LEASE) == [], "claimed, it is nobody else's"


async def test_an_uncertain_one_is_settled_in_its_time(store):
    """And blocks its channel until then."""
    await store.enqueue([notice("a"), notice("b")])
    (d,) = await claim(store)
    await store.uncertain(d, START + MINUTE, "timeout")
    assert await claim(store) == []
    assert await store.next_delivery_at() == START + MINUTE
    (d,) = await claim(store, START + MINUTE)
    assert d.status is DeliveryStatus.UNCERTAIN
    await store.sent(d, Receipt("1", START))
    assert await keys(store, START + MINUTE) == ["b"]


async def test_what_was_settled_as_absent_is_sent_again(store):
    """Pending once more, an attempt more."""
    await store.enqueue([notice("a")])
    (d,) = await claim(store)
    await store.uncertain(d, START, "timeout")
    (d,) = await claim(store)
    await store.later(d, START, "was not there")
    (d,) = await claim(store, START + MINUTE)
    assert (d.status, d.attempts, d.attempted_at) == (DeliveryStatus.SENDING, 3, START + MINUTE)


async def test_the_uncertain_come_first(store):
    """Before channels that have waited longer."""
    await store.enqueue([notice("a")])
    (d,) = await claim(store)
    await store.uncertain(d, START, "timeout")
    await store.enqueue([notice("b", LOBBY)])
    assert await keys(store, limit=1) == ["a"]


async def test_a_late_worker_is_refused(store):
    """Whatever it wants to write down."""
    await store.enqueue([notice("a")])
    (late,) = await claim(store)
    (now_its,) = await claim(store, START + LEASE)
    for call in (
        lambda: store.set_message(late, message()),
        lambda: store.sent(late, Receipt("1", START)),
        lambda: store.later(late, START, "x"),
        lambda: store.uncertain(late, START, "x"),
        lambda: store.dead(late, "x"),
        lambda: store.supersede(late),
    ):
        with pytest.raises(StaleClaim, match="D1 was claimed by somebody else"):
            await call()
    await store.sent(now_its, Receipt("1", START))
    with pytest.raises(StaleClaim):
        await store.dead(now_its, "already sent")


async def test_a_restarted_process_settles_what_its_predecessor_was_sending(store):
    """At once; what was uncertain keeps its time."""
    await store.enqueue([notice("a"), notice("a", LOBBY)])
    one, two = await claim(store)
    await store.uncertain(two, START + MINUTE, "timeout")
    await store.reclaim()
    (d,) = await claim(store)
    assert (d.id, d.status) == (one.id, DeliveryStatus.UNCERTAIN)


async def test_nothing_due_is_no_time(store):
    """None, not now."""
    assert await store.next_delivery_at() is None
    await store.enqueue([notice("a")])
    await drain(store)
    assert await store.next_delivery_at() is None


async def test_a_lease_absurdly_far_ahead_has_run_out(store):
    """The clock was wrong when it was written."""
    await store.enqueue([notice("a")])
    await store.claim_deliveries(START, timedelta(days=4000), 1)
    assert len(await claim(store)) == 1
