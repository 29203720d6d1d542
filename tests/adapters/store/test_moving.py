"""A room that became another: what was asked for in the old one holds in the new."""

from datetime import timedelta

import pytest

from bot.domain.channels import ChannelRef, Held, Part, Reason, ReasonCode, Receipt, Routed
from bot.domain.mutes import Mutable, Mute, MuteId
from bot.errors import StaleClaim
from tests.kit.builders import DESK, channel, delivery, notice, post, save_story, story, subscription
from tests.kit.clock import START

LEASE = timedelta(seconds=90)
NEW = ChannelRef("slack", "T024BE/C0NEW")


async def drain(store):
    """Send everything; (channel, key, part) in order."""
    told = []
    while rows := await store.claim_deliveries(START, LEASE, 9):
        for row in rows:
            await store.sent(row, Receipt(f"id of {row.key}", START))
            told.append((row.channel.ref, row.key, row.part))
    return told


async def enqueue(store, *rows, posts=(), held=()):
    async with store.begin() as tx:
        await tx.enqueue(Routed(deliveries=rows, posts=posts, held=held))


@pytest.fixture
async def desk(store):
    """A channel with a subscription; S1 was told there, S2 waits for its digest."""
    await store.save_channel(channel(budget=7))
    mine = await store.subscribe(subscription("xiaomi"), START)
    told, waiting = await save_story(store, story()), await save_story(store, story())
    assert (told.id, waiting.id) == (1, 2)
    reason = Reason(ReasonCode.DIGEST, mine)
    held = Held(mine, DESK, waiting.id, reason, waiting.certainty, root="story:2:r1:root")
    await enqueue(store, delivery("story:1:r1:root"), posts=(post(told, root="story:1:r1:root"),), held=(held,))
    await drain(store)
    return store


async def test_everything_goes_to_the_new_room(desk):
    """Settings, subscriptions, mutes, what waits for the digest and what is still to be sent; and it is not paused."""
    await desk.mute(Mute(MuteId(0), DESK, Mutable.COMPANY, "nio", None, "slack:U1", START))
    await desk.pause_channel(DESK, "the room is closed")
    await desk.enqueue([notice("notice:1")])
    assert await desk.move_channel(DESK, NEW)
    assert await desk.channel(DESK) is None
    assert await desk.channel(NEW) == channel(NEW, budget=7)
    assert [s.channel.ref for s in await desk.all_subscriptions()] == [NEW]
    assert [(h.story, h.root) for h in await desk.held(NEW)] == [(2, None)]
    assert [m.channel for m in await desk.mutes(NEW, START)] == [NEW]
    assert await drain(desk) == [(NEW, "notice:1", Part.NOTICE)]


async def test_what_was_told_there_is_told(desk):
    """But it cannot be edited from here."""
    await desk.move_channel(DESK, NEW)
    kept = await desk.post(1, NEW)
    assert (kept.root, kept.in_digest) == (None, True)
    assert await desk.story_under(NEW, "id of story:1:r1:root") is None


async def test_a_line_that_waits_becomes_a_message(desk):
    """Of two the last, which says it all, whoever has the first in hand; edits of what stands elsewhere go."""
    rows = [delivery("story:1:r2:edit", Part.EDIT), delivery("story:1:r2:line", Part.LINE)]
    await enqueue(desk, *rows, delivery("story:1:r3:edit", Part.EDIT), delivery("story:1:r3:line", Part.LINE))
    (under_way,) = await desk.claim_deliveries(START, LEASE, 9)
    assert under_way.key == "story:1:r2:line"
    await desk.move_channel(DESK, NEW)
    with pytest.raises(StaleClaim):
        await desk.sent(under_way, Receipt("too late", START))
    assert await drain(desk) == [(NEW, "story:1:r3:root", Part.ROOT)]
    assert (await desk.post(1, NEW)).root == "story:1:r3:root"
    assert await desk.story_under(NEW, "id of story:1:r3:root") == 1


async def test_a_story_not_told_yet_is_told_whole(desk):
    """Its root and what needs it go together."""
    new = await save_story(desk, story())
    rows = [delivery("story:3:r1:root"), delivery("story:3:r2:line", Part.LINE)]
    await enqueue(desk, *rows, posts=(post(new, root="story:3:r1:root"),))
    await desk.move_channel(DESK, NEW)
    assert [key for _, key, _ in await drain(desk)] == ["story:3:r1:root", "story:3:r2:line"]


async def test_what_was_said_in_the_new_room_already_stays(desk):
    """The same subscription is there once."""
    await desk.save_channel(channel(NEW, language="en"))
    await desk.subscribe(subscription("xiaomi", NEW), START)
    await desk.subscribe(subscription("nio", NEW), START)
    await desk.enqueue([notice("reply:1", NEW), notice("notice:1", NEW), notice("notice:1")])
    assert await desk.move_channel(DESK, NEW)
    assert sorted(sorted(s.companies) for s in await desk.all_subscriptions(NEW)) == [["nio"], ["xiaomi"]]
    assert [h.story for h in await desk.held(NEW)] == [2]
    assert sorted(key for _, key, _ in await drain(desk)) == ["notice:1", "reply:1"]


async def test_a_room_nobody_knows_does_not_move(desk):
    """Twice is once."""
    assert await desk.move_channel(DESK, NEW)
    assert not await desk.move_channel(DESK, NEW)
    assert len(await desk.all_subscriptions(NEW)) == 1
