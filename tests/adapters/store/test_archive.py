import pytest

from tests.kit.builders import CHINESE, GERMAN, add, claim, parsed, spec
from tests.kit.clock import START


@pytest.fixture
async def feed(store):
    await store.sync_feeds({"first": spec()}, START)
    return (await store.feeds())[0]


async def publish(store, feed, *titles, text="", companies="xiaomi"):
    entries = [parsed(title, f"https://news.example/{title}", text=text) for title in titles]
    return await add(store, feed.id, entries, START, claim(companies))


async def titles(store, words="", companies=(), limit=10):
    return [found.entry.entry.title for found in await store.search(words, companies, limit)]


async def test_what_was_read_is_found_by_its_words(store, feed):
    """In any script, by parts of Chinese words too."""
    await publish(store, feed, GERMAN, CHINESE, "トヨタ自動車と現代", "현대자동차 전기차")
    assert await titles(store, "einstieg ELEKTROAUTOS") == [GERMAN]
    assert await titles(store, "小米") == [CHINESE]
    assert await titles(store, "车") == [CHINESE]
    assert await titles(store, "トヨタ") == ["トヨタ自動車と現代"]
    assert await titles(store, "현대") == ["현대자동차 전기차"]


async def test_nothing_in_a_search_is_syntax(store, feed):
    """Quotes, operators, columns, emoji, NUL."""
    await publish(store, feed, GERMAN)
    for odd in ('"', 'xiaomi" OR "', "*", "NEAR(", "-", "title:", "{body}", "🚗", "\0", "^xiaomi AND NOT", "\ud800"):
        await store.search(odd)
    assert await titles(store, '"Xiaomi" -soll*') == [GERMAN]


async def test_entries_are_found_by_the_companies_they_name(store, feed):
    """All of them, or all the words."""
    await publish(store, feed, "小米 und 蔚来", companies="xiaomi nio")
    await publish(store, feed, "nur NIO", companies="nio")
    assert await titles(store, "", ["xiaomi", "nio"]) == ["小米 und 蔚来"]
    assert await titles(store, "nur", ["xiaomi"]) == ["nur NIO", "小米 und 蔚来"]
    assert await titles(store) == []
