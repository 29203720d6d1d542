"""Known entries that say something else now."""

from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore, sqlite_url
from bot.domain.edits import TEXT_EDITS, TITLE_EDITS
from tests.kit.builders import CHINESE, GERMAN, add, claim, parsed, read, spec
from tests.kit.clock import START

LINK = "https://news.example/a"
DAY = timedelta(days=1)
BEFORE, AFTER = parsed("Xiaomi lädt zur Pressekonferenz ein", LINK, "g"), parsed(GERMAN, LINK, "g", language="de")


@pytest.fixture
async def first(store):
    await store.sync_feeds({"first": spec()}, START)
    (feed,) = await store.feeds()
    return feed.id


async def everything(store):
    return [e async for e in store.all_entries()]


async def edit(store, feed, entry, *claims, now=START + DAY):
    """What a poll makes of an entry that was edited; empty where it was not taken for one."""
    found = await store.unseen(feed, [entry], now)
    assert all(f.edits is not None for f in found)
    async with store.begin() as tx:
        return await tx.add_entries(feed, [read(f, *claims) for f in found], now)


async def test_an_edited_entry_takes_its_own_place(store, first):
    """It says what its feed says now, is the same entry, and is found by its new words and claims alone."""
    (old,) = await add(store, first, [BEFORE])
    (new,) = await edit(store, first, AFTER, claim())
    assert new.id == old.id
    assert await everything(store) == [new]
    assert (new.entry.title, new.entry.language, new.entry.seen_at) == (GERMAN, "de", START + DAY)
    assert [f.entry.id for f in await store.search("Einstieg")] == [old.id]
    assert await store.search("Pressekonferenz") == []
    assert [f.entry.id for f in await store.search("", ["xiaomi"])] == [old.id]
    async with store._db.read() as conn:
        assert (await conn.exec_driver_sql("SELECT company, entry_id FROM claim_parties")).all() == [("xiaomi", 1)]


@pytest.mark.parametrize("made", [claim(), claim(retold=True), claim(draft=True)])
async def test_what_made_a_claim_is_not_read_again(store, first, made):
    """Told or not."""
    await add(store, first, [BEFORE], START, made)
    assert await store.unseen(first, [AFTER], START + DAY) == []


async def test_a_claim_outlives_its_index(store, first):
    """After years only the reading still knows of it."""
    await add(store, first, [BEFORE], START, claim(retold=True))
    async with store._db.write() as conn:
        await conn.exec_driver_sql("DELETE FROM claims")
    assert await edit(store, first, AFTER, claim()) == []
    assert [e.entry.title for e in await everything(store)] == [BEFORE.title]


async def test_what_is_the_same_as_another_stays_so(store, first):
    """It was held back by its title; another title makes it no news."""
    await add(store, first, [parsed(CHINESE, LINK, "g1")])
    await add(store, first, [parsed(CHINESE, "https://b.example/", "g2")])
    assert await store.unseen(first, [parsed(GERMAN, "https://b.example/", "g2")], START + DAY) == []


async def test_an_edit_of_the_backlog_stays_silent(store, first):
    """What the first poll did not tell is not told later."""
    (fresh,) = await store.unseen(first, [BEFORE], START)
    async with store.begin() as tx:
        await tx.add_entries(first, [read(fresh, silent=True)], START)
    (new,) = await edit(store, first, AFTER, claim())
    assert new.silent
    assert (await everything(store))[0].silent


async def test_an_entry_is_read_anew_a_few_times(store, first):
    """A text that changes at every poll is left alone soon, two titles that take turns a little later."""
    await add(store, first, [BEFORE])
    texts = [parsed(BEFORE.title, LINK, "g", text=f"Dazu passt: {word}") for word in ("Haus", "Boot", "Rad", "Zug")]
    assert [len(await edit(store, first, e)) for e in texts] == [1] * TEXT_EDITS + [0]
    titles = [parsed(f"{BEFORE.title} {'und B' * (n % 2)}", LINK, "g") for n in range(1, 6)]
    left = TITLE_EDITS - TEXT_EDITS
    assert [len(await edit(store, first, e)) for e in titles] == [1] * left + [0] * (len(titles) - left)


async def test_a_known_entry_of_two_faces_shows_its_first(store, first):
    """Two items of one document that are one entry do not edit each other in turn."""
    await add(store, first, [BEFORE])
    await store.unseen(first, [parsed("Kurz", LINK, "g2")], START)  # the entry has two guids from now on
    document = [parsed(BEFORE.title, LINK, "g"), parsed("Kurz", "https://b.example/", "g2")]
    for _ in range(2):
        assert await store.unseen(first, document, START) == []


async def test_an_edit_under_another_link_is_found_under_both_names(store, first):
    """The guid is the same, the row has the link of today, and neither is new again."""
    await add(store, first, [BEFORE])
    moved = parsed(GERMAN, "https://news.example/moved", "g")
    (new,) = await edit(store, first, moved, claim())
    assert [e.id for e in await store.entries_at("https://news.example/moved")] == [new.id]
    for again in (moved, AFTER):
        assert await store.unseen(first, [again], START + 2 * DAY) == []


async def test_an_edit_after_its_text_was_forgotten(store, first):
    """An emptied text is no edit; the new one is kept its 90 days, and found."""
    await add(store, first, [BEFORE])
    late = START + 100 * DAY
    assert (await store.prune(late))["entries"] == 1
    assert await store.unseen(first, [BEFORE], late) == []
    await edit(store, first, parsed(BEFORE.title, LINK, "g", text=CHINESE), now=late)
    assert [f.entry.entry.text for f in await store.search("雷军")] == [CHINESE]
    assert (await store.prune(late + 80 * DAY))["entries"] == 0
    assert (await store.prune(late + 91 * DAY))["entries"] == 1


async def test_rows_of_older_versions_are_taken_as_they_stand(store, first, file, clock):
    """Nobody knows what they said when they were read: they are edited from the next sight on."""
    await add(store, first, [BEFORE])
    async with store._db.write() as conn:
        await conn.exec_driver_sql("UPDATE entries SET fingerprint = NULL")
    assert await store.unseen(first, [AFTER], START + DAY) == []
    await store.close()
    again = SqlStore(sqlite_url(file), clock=clock, fsync=False)
    await again.start()
    assert await again.unseen(first, [AFTER], START + DAY) == []
    (found,) = await again.unseen(first, [BEFORE], START + DAY)
    assert found.edits == 1
    await again.close()


async def test_a_large_document_of_edits_is_taken_in(store, first):
    """More rows than one statement may have parameters."""
    document = [parsed(f"Nachricht {n}", f"https://news.example/{n}", f"g{n}", text="kurz") for n in range(1_500)]
    await add(store, first, document)
    later = [parsed(p.title, p.link, p.guid, text="lang") for p in document]
    assert len(await add(store, first, later, START + DAY)) == len(document)
    assert await store.unseen(first, later, START + DAY) == []
