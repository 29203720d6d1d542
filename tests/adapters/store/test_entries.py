from datetime import timedelta

import pytest

from bot.domain.claims import Kind
from bot.domain.entries import MAX_TEXT, ParsedEntry
from bot.domain.identity import keys
from tests.kit.builders import CHINESE, GERMAN, add, claim, parsed, read, reading, side, spec
from tests.kit.clock import START

LINK = "https://news.example/a"
DAY = timedelta(days=1)


@pytest.fixture
async def first(store):
    await store.sync_feeds({"first": spec(language="de")}, START)
    (feed,) = await store.feeds()
    return feed.id


@pytest.fixture
async def second(store, first):
    await store.sync_feeds({"first": spec(language="de"), "second": spec("second")}, START)
    return (await store.feeds())[1].id


async def everything(store):
    return [e async for e in store.all_entries()]


async def titles_unseen(store, feed, *entries, now=START):
    return [f.parsed.title for f in await store.unseen(feed, entries, now)]


async def test_an_entry_is_new_once(store, first):
    """The second look finds it known."""
    assert len(await add(store, first, [parsed(link=LINK, guid="g")])) == 1
    assert await store.unseen(first, [parsed(link=LINK, guid="g")], START) == []


async def test_a_look_is_no_mark(store, first):
    """A poll that failed after its look has seen nothing."""
    for _ in range(2):
        assert len(await store.unseen(first, [parsed(link=LINK)], START)) == 1


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(parsed(link="http://news.example/a", guid="g"), id="https to http"),
        pytest.param(parsed(link=LINK + "/?utm_source=rss#top", guid="g"), id="slash, tracker, fragment"),
        pytest.param(parsed(link=LINK, guid="other"), id="another guid"),
        pytest.param(parsed(link=LINK), id="no guid any more"),
        pytest.param(parsed("Neu", link="https://new.example/b", guid="g"), id="moved and renamed, keeping its guid"),
        pytest.param(parsed("Korrigiert: " + GERMAN, link=LINK, guid="g"), id="edited title"),
        pytest.param(parsed(link=LINK, guid="g", published=START + DAY), id="dated anew"),
    ],
)
async def test_the_same_entry_is_not_new(store, first, again):
    """Same link, or same guid with another link: at most it is the same one in other words."""
    (known,) = await add(store, first, [parsed(link=LINK, guid="g")])
    assert {f.edits for f in await store.unseen(first, [again], START + DAY)} <= {known.id}


async def test_a_chain_of_changes_is_followed(store, first):
    """First the link changes, later the guid: still the same entry, title or not."""
    await add(store, first, [parsed("Kurz", LINK, "g1")])
    for link, guid in [("https://b.example/", "g1"), ("https://b.example/", "g2"), ("https://c.example/", "g2")]:
        assert await store.unseen(first, [parsed("Kurz", link, guid)], START) == []


async def test_flip_flopping_back_ends_tell_nothing_twice(store, first):
    """Two servers with guids of their own answer in turn."""
    for n in range(6):
        assert len(await add(store, first, [parsed(link=LINK, guid=f"back end {n % 2}")])) == (n == 0)


async def test_the_same_title_holds_an_entry_back(store, first):
    """It is stored as the same as the first, and shown, never dropped."""
    (one,) = await add(store, first, [parsed(CHINESE, LINK, "g1")])
    (fresh,) = await store.unseen(first, [parsed(CHINESE, "https://b.example/", "g2")], START + DAY)
    assert fresh.same_as == one.id
    (two,) = await add(store, first, [parsed(CHINESE, "https://b.example/", "g2")], START + DAY)
    assert two.same_as == one.id
    assert await store.unseen(first, [parsed(CHINESE, "https://b.example/", "g2")], START + DAY) == []
    assert (await store.accounts())["same-as"] == 1


@pytest.mark.parametrize(
    ("title", "days", "held_back"),
    [
        pytest.param(GERMAN, 13, True, id="13 days later"),
        pytest.param(GERMAN, 14, False, id="14 days later"),
        pytest.param("Neues der Woche", 1, False, id="a short title"),
    ],
)
async def test_a_title_counts_for_two_weeks(store, first, title, days, held_back):
    """Weekly columns have news of their own."""
    await add(store, first, [parsed(title, LINK, "g1")])
    (fresh,) = await store.unseen(first, [parsed(title, "https://b.example/", "g2")], START + days * DAY)
    assert (fresh.same_as is not None) is held_back


async def test_what_was_held_back_does_not_prolong_the_title(store, first):
    """The two weeks count from the entry that was told."""
    (one,) = await add(store, first, [parsed(link=LINK, guid="g1")])
    await add(store, first, [parsed(link="https://b.example/", guid="g2")], START + 10 * DAY)
    (fresh,) = await store.unseen(first, [parsed(link="https://c.example/", guid="g3")], START + 13 * DAY)
    assert fresh.same_as == one.id
    (fresh,) = await store.unseen(first, [parsed(link="https://c.example/", guid="g3")], START + 15 * DAY)
    assert fresh.same_as is None


async def test_a_title_told_again_counts_anew(store, first):
    """Links and guids that change at every poll tell at most every two weeks."""
    await add(store, first, [parsed(link=LINK, guid="g1")])
    (again,) = await add(store, first, [parsed(link="https://b.example/", guid="g2")], START + 15 * DAY)
    (fresh,) = await store.unseen(first, [parsed(link="https://c.example/", guid="g3")], START + 16 * DAY)
    assert (again.same_as, fresh.same_as) == (None, again.id)


async def test_a_shared_link_loses_nothing(store, first):
    """Every item points at the front page: all are new, and known the next time, in another company too."""
    home = "https://news.example/"
    document = [parsed("Eins", home), parsed("Zwei", home), parsed("Drei", home)]
    assert len(await add(store, first, document)) == 3
    assert await store.unseen(first, document, START) == []
    assert await titles_unseen(store, first, parsed("Vier", home), *document[:2]) == ["Vier"]


async def test_an_entry_that_stands_twice_in_a_document_is_one(store, first):
    """It is told once."""
    assert len(await add(store, first, [parsed(link=LINK), parsed(link=LINK)])) == 1


async def test_document_order_is_kept(store, first):
    """The newest of a poll is where the document has it."""
    document = [parsed(f"Nachricht {n}", f"https://news.example/{n}") for n in range(9)]
    assert [e.entry.title for e in await add(store, first, document)] == [p.title for p in document]
    assert [e.entry.title for e in await everything(store)] == [p.title for p in document]


async def test_feeds_see_for_themselves(store, first, second):
    """The same entry in another feed is another entry; stories join them."""
    await add(store, first, [parsed(link=LINK)])
    assert len(await add(store, second, [parsed(link=LINK)])) == 1


async def test_a_large_document_is_looked_up_at_once(store, first):
    """More keys than one statement may have parameters."""
    document = [parsed(f"Nachricht {n}: {GERMAN}", f"https://news.example/{n}", f"g{n}") for n in range(4_000)]
    assert len(await add(store, first, document)) == 4_000
    assert await store.unseen(first, document, START) == []


async def test_what_is_stored_comes_back(store, first):
    """Entry and reading, evidence and all."""
    origin = parsed(
        link=LINK, guid="g", published=START - DAY, outlet_name="晚点 LatePost", language="zh", text=CHINESE
    )
    (fresh,) = await store.unseen(first, [origin], START)
    made = read(fresh, claim(), side("geely", "foxconn"), silent=True, did_not_comment=("xiaomi",))
    async with store.begin() as tx:
        (added,) = await tx.add_entries(first, [made], START)
    (back,) = await everything(store)
    assert back == added
    assert (back.entry, back.reading, back.silent, back.feed) == (fresh.entry, made.reading, True, "first")


async def test_an_unread_entry_is_stored_with_its_reason(store, first):
    """It is counted, and can be read again."""
    (fresh,) = await store.unseen(first, [parsed(link=LINK)], START)
    async with store.begin() as tx:
        await tx.add_entries(first, [read(fresh, unread="RecursionError while reading")], START)
    assert (await everything(store))[0].reading.unread == "RecursionError while reading"
    assert await store.accounts() == {"unread": 1}


@pytest.mark.parametrize(
    ("entry", "outlet"),
    [
        (parsed(link="https://www.news.example/a", outlet_name="晚点"), "晚点"),
        (parsed(link="https://www.news.example/a"), "news.example"),
        (parsed(guid="g"), "first.example"),
    ],
)
async def test_the_outlet_is_the_entrys_its_links_or_the_feeds(store, first, entry, outlet):
    """In this order."""
    (fresh,) = await store.unseen(first, [entry], START)
    assert fresh.entry.outlet == outlet


async def test_an_entry_to_be_read_is_cut_and_dated(store, first):
    """20,000 characters; seen now; in the feed's language, where it says none itself."""
    (fresh,) = await store.unseen(first, [parsed(link=LINK, text="电" * 30_000)], START)
    assert (len(fresh.entry.text), fresh.entry.seen_at, fresh.entry.language) == (MAX_TEXT, START, "de")


async def test_adding_what_is_there_adds_nothing(store, first):
    """Unique by feed and first key, whatever the look said."""
    fresh = await store.unseen(first, [parsed(link=LINK)], START)
    for expected in (1, 0):
        async with store.begin() as tx:
            assert len(await tx.add_entries(first, [read(fresh[0], claim())], START)) == expected
    assert len(await everything(store)) == 1


async def test_claims_can_be_looked_up_by_company(store, first):
    """Each party once a claim, with its part in it."""
    (fresh,) = await store.unseen(first, [parsed(link=LINK)], START)
    async with store.begin() as tx:
        await tx.add_entries(first, [read(fresh, claim(), side("xiaomi", "xpeng nio xiaomi", Kind.INVESTMENT))], START)
    async with store._db.read() as conn:
        rows = await conn.exec_driver_sql(
            "SELECT company, position, role FROM claim_parties ORDER BY position, company"
        )
        found = [tuple(row) for row in rows]
    assert found == [("xiaomi", 0, "who"), ("nio", 1, "whom"), ("xiaomi", 1, "who"), ("xpeng", 1, "whom")]


async def test_touching_keeps_marks_alive_and_makes_none(store, first):
    """Retention counts from when an entry was last in its document."""
    known, unknown = parsed(link=LINK), parsed(CHINESE, "https://b.example/")
    await add(store, first, [known])
    for days in (60, 120):
        async with store.begin() as tx:
            await tx.touch_seen(first, [k for e in keys([known, unknown]) for k in e], START + days * DAY)
    async with store._db.read() as conn:
        rows = (await conn.exec_driver_sql("SELECT key, last_seen_at FROM seen")).all()
    assert {key for key, _ in rows} == set(keys([known])[0])
    assert {at for _, at in rows} == {int((START + 120 * DAY).timestamp()) * 1_000_000}


async def test_an_entry_that_left_and_came_back_after_years_is_not_told_again(store, first):
    """Its mark is gone, its row is not: one already told, never again."""
    await add(store, first, [parsed(link=LINK)])
    async with store._db.write() as conn:
        await conn.exec_driver_sql("DELETE FROM seen")
    assert await add(store, first, [parsed(link=LINK)], START + 900 * DAY) == []
    assert await store.unseen(first, [parsed(link=LINK)], START + 901 * DAY) == [], "and it is marked again"


async def test_an_entry_of_nothing_is_stored(store, first):
    """No guid, no link, no title."""
    assert len(await add(store, first, [ParsedEntry(None, None, "", "")])) == 1


async def test_pages_of_all_entries_join(store, first, monkeypatch):
    """In the order of arrival."""
    from bot.adapters.store import entries

    monkeypatch.setattr(entries, "PAGE", 2)
    await add(store, first, [parsed(f"Nachricht {n}", f"https://news.example/{n}") for n in range(5)])
    assert [e.id for e in await everything(store)] == [1, 2, 3, 4, 5]


def test_builders_read_in_german():
    """The evidence of the builders slices to its text."""
    (evidence,) = reading(claim()).claims[0].evidence
    assert GERMAN[evidence.start : evidence.end] == evidence.text
