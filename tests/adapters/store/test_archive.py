from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.store import archive
from bot.domain.claims import Certainty
from bot.domain.entries import MAX_TEXT
from bot.domain.stories import Change
from tests.kit.builders import CHINESE, GERMAN, add, claim, parsed, read, save_story, side, spec, story
from tests.kit.clock import START

DAY = timedelta(days=1)


@pytest.fixture
async def feed(store):
    await store.sync_feeds({"first": spec()}, START)
    return (await store.feeds())[0]


async def publish(store, feed, *titles, text="", companies="xiaomi", at=START):
    entries = [parsed(title, f"https://news.example/{title}", text=text) for title in titles]
    return await add(store, feed.id, entries, at, claim(companies))


async def titles(store, words="", companies=(), limit=10):
    return [found.entry.entry.title for found in await store.search(words, companies, limit)]


JOINT = "VW gründet Gemeinschaftsunternehmens-Holding"
JAPANESE = "トヨタ自動車、現代と合弁"
KOREAN = "현대자동차그룹 전기차 공장"
MIXED = "ＢＹＤ 比亚迪 baut in Szeged"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("小米", [CHINESE]),
        ("雷军", [CHINESE]),
        ("军小", []),
        ("车", [CHINESE]),
        ("域", [CHINESE]),
        ("トヨタ", [JAPANESE]),
        ("車", [JAPANESE]),
        ("현대", [KOREAN]),
        ("자동차", [KOREAN]),
        ("차", [KOREAN]),
        ("Gemeinschaftsunternehmen", [JOINT]),
        ("GRUNDET vw", [JOINT]),
        ("VW gründe", [JOINT]),
        ("VW grün", []),
        ("BYD 比亚迪", [MIXED]),
        ("比亚迪 szeged byd", [MIXED]),
        ("BYD 小米", []),
        ("einstieg elektroautos", [GERMAN]),
        ("e-autos", []),
    ],
)
async def test_what_was_read_is_found_by_its_words(store, feed, words, expected):
    """In any script, case and width; by parts of longer runs; all words at once."""
    await publish(store, feed, GERMAN, CHINESE, JOINT, JAPANESE, KOREAN, MIXED)
    assert await titles(store, words) == expected


async def test_nothing_in_a_search_is_syntax(store, feed):
    """Quotes, operators, columns, emoji, NUL."""
    await publish(store, feed, GERMAN)
    for odd in (
        *('"', "'", "*", "NEAR(", "-", "(", ")", "^", "+", ":", "{body}:", "🚗", "\0", "\ud800", "%", "' & '", "<->"),
        *('xiaomi" OR "', "title:xiaomi", "xiaomi AND NOT", "NOT xiaomi", "NEAR(xiaomi soll, 2)", "xi\0aomi"),
    ):
        await store.search(odd, [odd])
    assert await titles(store, '"Xiaomi" -soll* ("Einstieg")') == [GERMAN]
    assert await titles(store, "Xiaomi OR BYD") == []
    assert await titles(store, "names xiaomi") == []


async def test_nothing_to_search_for_finds_nothing(store, feed):
    """Not everything."""
    await publish(store, feed, GERMAN)
    assert await titles(store) == []
    assert await titles(store, " - ") == []
    assert await titles(store, "Xiaomi", limit=0) == []


async def test_entries_are_found_by_the_companies_they_name(store, feed):
    """All of them, or all the words; what has the words comes first, then the newest."""
    await publish(store, feed, "小米 und 蔚来", companies="xiaomi nio")
    await publish(store, feed, "Great Wall", companies="great-wall 小米")
    await publish(store, feed, "nur NIO", companies="nio")
    assert await titles(store, "", ["xiaomi", "nio"]) == ["小米 und 蔚来"]
    assert await titles(store, "", ["nio"]) == ["nur NIO", "小米 und 蔚来"]
    assert await titles(store, "und", ["nio"]) == ["小米 und 蔚来", "nur NIO"]
    assert await titles(store, "", ["great-wall"]) == await titles(store, "", ["小米"]) == ["Great Wall"]
    assert await titles(store, "", ["great"]) == []


async def test_the_title_counts_most_and_then_the_newest(store, feed):
    """Of three with the words in their texts the last comes first."""
    await publish(store, feed, "Szeged: das neue Werk", text="BYD")
    await publish(store, feed, *(f"Meldung {n}" for n in range(3)), text="Das Werk in Szeged")
    await publish(store, feed, "Etwas anderes", "Und noch etwas", text="Nichts davon")
    assert await titles(store, "szeged") == ["Szeged: das neue Werk", "Meldung 2", "Meldung 1", "Meldung 0"]
    assert await titles(store, "szeged", limit=2) == ["Szeged: das neue Werk", "Meldung 2"]


async def test_what_is_found_names_its_story(store, feed):
    """The one its lead joined, as sure as it is now; None where there is none."""
    joined, sided, alone = await publish(store, feed, "Werk eins", "Werk zwei", "Werk drei")
    sided = replace(sided, reading=replace(sided.reading, claims=(claim(), side("nio"))))
    saved = await save_story(store, story(certainty=Certainty.CONFIRMED), joined)
    await save_story(store, story(), sided, lead=False, change=Change.SIDE)
    found = await store.search("Werk")
    assert [(f.entry, f.story, f.certainty) for f in found] == [
        (alone, None, None),
        (replace(sided, reading=found[1].entry.reading), None, None),
        (joined, saved.id, Certainty.CONFIRMED),
    ]


async def test_a_text_as_long_as_texts_may_be_is_found_by_its_last_word(store, feed):
    """20,000 characters of Chinese, markup and all."""
    long = "据报道小米造车" * 3_000
    await publish(store, feed, "Kurz", text=f"<p>{long[: MAX_TEXT - 20]}</p> 蔚来汽车")
    assert await titles(store, "蔚来") == ["Kurz"]
    assert await titles(store, "p") == []


async def test_texts_are_forgotten_after_90_days(store, feed):
    """Titles and companies are found for ever."""
    await publish(store, feed, *(f"{GERMAN} {n}" for n in range(300)), text="Ein Werk in Szeged 塞格德")
    await publish(store, feed, "Neu", text="Szeged", at=START + 50 * DAY)
    assert (await store.prune(START + 91 * DAY))["entries"] == 300
    assert await titles(store, "szeged", limit=999) == ["Neu"]
    assert await titles(store, "塞") == []
    assert len(await titles(store, "einstieg", limit=999)) == 300
    assert len(await titles(store, "", ["xiaomi"], limit=999)) == 301


async def test_a_poll_that_fails_leaves_nothing_in_the_archive(store, feed):
    """It stands or falls with its entry."""
    (fresh,) = await store.unseen(feed.id, [parsed(CHINESE)], START)

    async def crash():
        async with store.begin() as tx:
            await tx.add_entries(feed.id, [read(fresh, claim())], START)
            raise RuntimeError("crash")

    with pytest.raises(RuntimeError, match="crash"):
        await crash()
    assert await titles(store, "小米") == []


async def test_what_was_read_before_there_was_an_archive_is_put_in_at_the_start(store, feed, monkeypatch):
    """Page by page; one that was cut off goes on."""
    monkeypatch.setattr(archive, "_PAGE", 3)
    await publish(store, feed, *(f"{CHINESE} {n}" for n in range(10)))
    async with store._db.write() as conn:
        await conn.exec_driver_sql("DELETE FROM archive WHERE rowid < 9")
    await store.set_note(archive.BEHIND, "9")
    await store.close()
    await store.start()
    assert len(await titles(store, "小米", limit=99)) == 10
    assert await store.note(archive.BEHIND) is None
