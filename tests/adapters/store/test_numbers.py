from tests.kit.builders import DESK, channel, notice, save_story, story, subscription
from tests.kit.clock import START


async def test_numbers_are_known_as_far_as_they_were_given_out(store):
    """Those of rows that are gone too."""
    assert set((await store.numbers()).values()) == {0}
    await store.save_channel(channel())
    assert await store.unsubscribe(await store.subscribe(subscription("蔚来"), START))
    await store.enqueue([notice("a"), notice("b")])
    numbers = await store.numbers()
    assert {n: numbers[n] for n in ("stories", "outbox", "subscriptions")} == {
        "stories": 0,
        "outbox": 2,
        "subscriptions": 1,
    }


async def test_what_is_skipped_is_given_to_nobody(store):
    """Whether there ever was a row or not; and nothing goes back, or to what is not counted."""
    await store.save_channel(channel())
    await store.subscribe(subscription("nio"), START)
    await store.skip_numbers({"stories": 41, "subscriptions": 7, "entries": 9, "käse": 1})
    await store.skip_numbers({"stories": 3, "subscriptions": 1})
    assert (await save_story(store, story())).id == 42
    assert await store.subscribe(subscription("xpeng"), START) == 8
    assert (await store.channel(DESK)) == channel()
