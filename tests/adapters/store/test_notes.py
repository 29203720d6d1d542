from dataclasses import replace
from datetime import timedelta

from bot.domain.feeds import FeedState
from tests.kit.builders import spec
from tests.kit.clock import START


async def test_a_note_is_kept_until_it_is_forgotten(store):
    """Between starts too."""
    assert await store.note("rules") is None
    await store.set_note("rules", "abc")
    await store.set_note("rules", "蔚来")
    await store.close()
    await store.start()
    assert await store.note("rules") == "蔚来"
    await store.set_note("rules", None)
    assert await store.note("rules") is None


async def test_a_company_is_known_by_name_for_ever(store):
    """As it was called last, though the rules have forgotten it."""
    assert await store.know_companies({"nio": "NIO", "xiaomi": "Xiaomi"}) == {"nio": "NIO", "xiaomi": "Xiaomi"}
    assert await store.know_companies({"xiaomi": "小米"}) == {"nio": "NIO", "xiaomi": "小米"}
    assert await store.know_companies({}) == {"nio": "NIO", "xiaomi": "小米"}


async def test_the_last_poll_of_any_feed_is_known(store):
    """Whether it brought something or not."""
    assert await store.last_polled_at() is None
    await store.sync_feeds({"first": spec(), "second": spec("second")}, START)
    assert await store.last_polled_at() is None
    for feed, hours in zip(await store.feeds(), (3, 1), strict=True):
        async with store.begin() as tx:
            await tx.save_state(feed.id, replace(FeedState(), polled_at=START + timedelta(hours=hours)))
    assert await store.last_polled_at() == START + timedelta(hours=3)
