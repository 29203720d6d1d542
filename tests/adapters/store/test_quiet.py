from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channels import DeliveryStatus, NewDelivery, Part, Receipt, Routed
from bot.errors import StaleClaim
from tests.kit.builders import DESK, LOBBY, channel, delivery, message, notice, post, save_story, story
from tests.kit.clock import START

LEASE = timedelta(seconds=90)
MINUTE = timedelta(minutes=1)
MORNING = START + timedelta(hours=8)


async def claim(store, now=START, limit=9):
    return await store.claim_deliveries(now, LEASE, limit)


async def drain(store, now=START):
    order = []
    while claimed := await claim(store, now):
        for d in claimed:
            await store.sent(d, Receipt(f"platform:{d.key}", now))
            order.append(d.key)
    return order


# -------------------------------------------------------------------------------------------------------- putting off


async def test_what_is_put_off_was_never_claimed(store):
    """Attempts and times as before; due at the end of quiet hours."""
    await store.enqueue([delivery("story:1:r1:root")])
    (d,) = await claim(store)
    await store.put_off(d, MORNING)
    assert await claim(store) == []
    assert await store.next_delivery_at() == MORNING
    (again,) = await claim(store, MORNING)
    assert (again.attempts, again.first_attempt_at, again.attempted_at) == (1, MORNING, MORNING)
    assert (again.status, again.message) == (DeliveryStatus.SENDING, None)


async def test_what_was_tried_before_keeps_its_first_attempt(store):
    """It is given up after that, not after the night."""
    await store.enqueue([delivery("story:1:r1:root")])
    (d,) = await claim(store)
    await store.later(d, START + MINUTE, "502")
    (d,) = await claim(store, START + MINUTE)
    await store.put_off(d, MORNING)
    (again,) = await claim(store, MORNING)
    assert (again.attempts, again.first_attempt_at) == (2, START)


async def test_what_is_put_off_holds_up_only_what_needs_it(store):
    """Replies and notices pass it, though it was tried before; its edit waits with it."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:1:r2:edit", Part.EDIT), notice("a")])
    (root,) = await claim(store)
    await store.later(root, START + MINUTE, "502")
    (root,) = await claim(store, START + MINUTE)
    await store.put_off(root, MORNING)
    assert await drain(store, START + MINUTE) == ["a"]
    assert await drain(store, MORNING) == ["story:1:r1:root", "story:1:r2:edit"]


async def test_what_is_put_off_keeps_its_order(store):
    """Two of one channel go as they came, before what came later."""
    await store.enqueue([delivery("story:2:r1:root"), delivery("story:1:r1:root")])
    for _ in range(2):
        (d,) = await claim(store)
        await store.put_off(d, MORNING)
    await store.enqueue([notice("late", not_before=MORNING)])
    assert await drain(store, MORNING) == ["story:2:r1:root", "story:1:r1:root", "late"]


async def test_a_newer_edit_takes_the_place_of_one_put_off(store):
    """It was never attempted."""
    await store.enqueue([delivery("story:1:r1:root")])
    assert await drain(store) == ["story:1:r1:root"]
    await store.enqueue([delivery("story:1:r2:edit", Part.EDIT)])
    (edit,) = await claim(store)
    await store.put_off(edit, MORNING)
    await store.enqueue([delivery("story:1:r3:edit", Part.EDIT)])
    assert await drain(store, MORNING) == ["story:1:r3:edit"]


async def test_what_fails_in_the_morning_keeps_its_place(store):
    """Only the night was out of the way."""
    await store.enqueue([delivery("story:1:r1:root"), notice("b")])
    (d,) = await claim(store)
    await store.put_off(d, MORNING)
    (d,) = await claim(store, MORNING, 1)
    assert d.key == "story:1:r1:root"
    await store.later(d, MORNING + MINUTE, "502")
    assert await claim(store, MORNING) == []
    assert await drain(store, MORNING + MINUTE) == ["story:1:r1:root", "b"]


async def test_what_may_have_been_sent_stays_uncertain(store):
    """It must be settled, whenever that may be."""
    await store.enqueue([delivery("story:1:r1:root"), notice("b")])
    (d,) = await claim(store)
    await store.set_message(d, message())
    await store.uncertain(d, START, "reset")
    (d,) = await claim(store)
    await store.put_off(d, MORNING)
    assert await claim(store) == []
    (again,) = await claim(store, MORNING)
    assert (again.key, again.status) == (d.key, DeliveryStatus.UNCERTAIN)


async def test_a_late_worker_puts_nothing_off(store):
    """Somebody else has it."""
    await store.enqueue([delivery("story:1:r1:root")])
    (d,) = await claim(store)
    await store.sent(d, Receipt("1", START))
    with pytest.raises(StaleClaim):
        await store.put_off(d, MORNING)


async def test_other_quiet_hours_are_looked_at_at_once(store):
    """A channel that is saved anew gets what was put off; a digest keeps its hour, and so do other channels."""
    digest = NewDelivery("digest:1:2026-03-03T0800", DESK, Part.DIGEST, message=message(), not_before=MORNING)
    await store.enqueue([delivery("story:1:r1:root"), digest, delivery("story:1:r1:root", ref=LOBBY)])
    for d in await claim(store):
        await store.put_off(d, MORNING)
    await store.save_channel(channel())
    assert await drain(store) == ["story:1:r1:root"]
    assert await store.outbox_counts() == {"sent": 1, "pending": 2}


async def test_a_post_of_a_root_put_off_stays(store):
    """It is told in the morning."""
    saved = await save_story(store, story())
    root = delivery("story:1:r1:root")
    async with store.begin() as tx:
        await tx.enqueue(Routed(deliveries=(root,), posts=(post(saved, root=root.key),)))
    (d,) = await claim(store)
    await store.put_off(d, MORNING)
    assert await store.post(saved.id, DESK) == post(saved, root=root.key)


# ----------------------------------------------------------------------------------------------------- what was told


async def told(store, **since):
    wanted = {ref: since[name] for name, ref in (("desk", DESK), ("lobby", LOBBY)) if name in since}
    async with store.begin() as tx:
        return await tx.told_since(wanted)


async def test_roots_and_lines_count_against_the_budget(store):
    """Since each channel's own midnight; edits, digests, notices and replies are free."""
    await store.enqueue([delivery("story:1:r1:root"), delivery("story:2:r1:root", ref=LOBBY)])
    await drain(store, START - MINUTE)
    edit, line = delivery("story:1:r2:edit", Part.EDIT), delivery("story:1:r2:line", Part.LINE)
    digest = replace(notice("digest:1:2026-03-03T0800"), part=Part.DIGEST)
    await store.enqueue([edit, line, digest, notice("a"), replace(notice("b"), part=Part.REPLY)])
    await drain(store, START)
    assert await told(store, desk=START, lobby=START) == {DESK: 1, LOBBY: 0}
    assert await told(store, desk=START - MINUTE, lobby=START) == {DESK: 2, LOBBY: 0}
    assert await told(store, desk=START, lobby=START - MINUTE) == {DESK: 1, LOBBY: 1}
    assert await told(store) == {}


async def test_what_is_under_way_counts_and_what_died_does_not(store):
    """However long it has been waiting; a channel nobody knows was told nothing."""
    await store.enqueue([delivery(f"story:{n}:r1:root") for n in range(1, 4)])
    (first,) = await claim(store)
    await store.dead(first, "msg_too_long")
    (second,) = await claim(store)
    await store.later(second, START + MINUTE, "502")
    assert await told(store, desk=MORNING, lobby=MORNING) == {DESK: 2, LOBBY: 0}


async def test_a_key_is_known_for_as_long_as_its_row(store):
    """Whatever became of it; in its own channel."""
    await store.enqueue([notice("reply:1")])
    await drain(store)
    assert await store.enqueued(DESK, "reply:1")
    assert not await store.enqueued(LOBBY, "reply:1")
    assert not await store.enqueued(DESK, "reply:2")
