from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.claims import Certainty, Family, Kind
from bot.domain.stories import Change
from bot.errors import StoreError
from tests.kit.builders import (
    CHINESE,
    GERMAN,
    add,
    at_revision,
    claim,
    parsed,
    save_story,
    side,
    spec,
    story,
    update,
)
from tests.kit.clock import START

DAY = timedelta(days=1)


@pytest.fixture
async def entries(store):
    """A German report and a Chinese one, with a lead, a side claim and a draft each."""
    await store.sync_feeds({"first": spec()}, START)
    (feed,) = await store.feeds()
    document = [parsed(GERMAN, "https://a.example/", outlet_name="electrive"), parsed(CHINESE, "https://b.example/")]
    return await add(
        store, feed.id, document, START, claim(), side("geely", "foxconn"), side("saic", "alibaba", draft=True)
    )


async def open_ids(store, companies, since=START, families=tuple(Family)):
    async with store.begin() as tx:
        return [s.id for s in await tx.open_stories(companies.split(), families, since)]


async def test_a_saved_story_comes_back(store, entries):
    """With the number it was given."""
    saved = await save_story(store, story(related=(3,), follows=2, origins=frozenset({"Late Post", "party:xiaomi"})))
    async with store.begin() as tx:
        (found,) = await tx.open_stories({"xiaomi"}, list(Family), START)
    assert found == saved
    assert found.name == "S1"


async def test_updates_come_back_in_order_with_their_numbers(store, entries):
    """New and old mixed."""
    old = await save_story(store, story())
    async with store.begin() as tx:
        saved = await tx.save_stories([update(story(0, "byd")), update(old), update(story(0, "nio"))])
    assert [(u.story.id, set(u.story.parties)) for u in saved] == [(2, {"byd"}), (1, {"xiaomi"}), (3, {"nio"})]


async def test_numbers_are_never_used_again(store):
    """S1 is one story for ever, though it is dropped one day."""
    await save_story(store, story())
    async with store._db.write() as conn:
        await conn.exec_driver_sql("DELETE FROM stories")
    assert (await save_story(store, story())).id == 2


async def test_open_stories_have_a_party_a_family_and_a_window(store):
    """Oldest first; closed ones too: a later announcement links them."""
    await save_story(store, story(0, "xiaomi"))
    await save_story(store, story(0, "geely foxconn", Kind.JOINT_VENTURE, closed=True))
    await save_story(store, story(0, "geely", Kind.PLANT))
    await save_story(store, story(0, "geely baidu", Kind.TALKS, at=START - 90 * DAY))
    assert await open_ids(store, "geely foxconn baidu") == [2, 3]
    assert await open_ids(store, "geely", START - 90 * DAY) == [2, 3, 4]
    assert await open_ids(store, "geely xiaomi", families=[Family.ALLIANCE, Family.ENTRY]) == [1, 2]
    assert await open_ids(store, "tesla") == []
    assert await open_ids(store, "") == []


async def test_a_story_without_dates_is_as_old_as_its_opening(store):
    """Only undated claims so far."""
    await save_story(store, story(0, "xiaomi", last_claim_at=None))
    assert await open_ids(store, "xiaomi", START - DAY) == [1]
    assert await open_ids(store, "xiaomi", START + DAY) == []


async def test_a_story_moves_with_its_claims_and_parties(store):
    """Updated, it is found by what it is now."""
    old = await save_story(store, story(0, "geely foxconn", Kind.TALKS))
    new = replace(old, parties=frozenset({"geely", "baidu"}), last_claim_at=START + 50 * DAY, revision=2)
    await save_story(store, new, before=old)
    assert await open_ids(store, "baidu", START + 40 * DAY) == [old.id]
    assert await open_ids(store, "foxconn") == []


async def test_a_view_has_the_reports_oldest_first(store, entries):
    """Title, link, outlet, language and quote of each, with what the entry says besides; drafts are told nowhere."""
    saved = await save_story(store, story(), *entries)
    view = await store.story_view(saved.id)
    assert view.story == saved
    one, two = view.reports
    assert (one.title, one.outlet, one.language, one.quote) == (GERMAN, "electrive", "de", GERMAN)
    assert (two.title, two.outlet, two.link) == (CHINESE, "b.example", "https://b.example/")
    assert (one.claim, one.change, one.certainty) == (claim(), Change.OPENED, Certainty.RUMOUR)
    assert one.sides == (side("geely", "foxconn"),)


async def test_a_side_claim_that_joined_is_no_report(store, entries):
    """It shows nowhere."""
    one, two = entries
    saved = await save_story(store, story(), one)
    await save_story(store, saved, two, before=saved, change=Change.SIDE, lead=False)
    assert [r.entry for r in (await store.story_view(saved.id)).reports] == [one.id]


async def test_a_view_of_a_revision_is_the_story_as_it_was(store, entries):
    """A line about revision 2 says what was so then."""
    one, two = entries
    first = await save_story(store, story(), one)
    second = at_revision(first, 2, certainty=Certainty.CONFIRMED, outlets=frozenset({"electrive", "晚点", "b.example"}))
    await save_story(store, second, two, before=first, change=Change.LINE)
    third = at_revision(second, 3, certainty=Certainty.DONE)
    await save_story(store, third, before=second)
    assert await store.story_view(first.id) == await store.story_view(first.id, 3)
    assert (await store.story_view(first.id, 1)).story == first
    view = await store.story_view(first.id, 2)
    assert view.story == second
    assert [r.certainty for r in view.reports] == [Certainty.RUMOUR, Certainty.CONFIRMED]
    assert len((await store.story_view(first.id, 1)).reports) == 1


async def test_an_unknown_story_is_an_error(store):
    """With its name."""
    with pytest.raises(StoreError, match="no story S7"):
        await store.story_view(7)
