from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channels import Filter, Held, Reason, ReasonCode, Routed
from bot.domain.claims import Family
from bot.domain.mutes import Mutable, Mute, MuteId
from bot.domain.rulebook import WatchList
from tests.kit.builders import (
    DESK,
    GERMAN,
    LOBBY,
    add,
    at_revision,
    channel,
    claim,
    parsed,
    save_story,
    spec,
    story,
    subscription,
    update,
)
from tests.kit.clock import START

DAY = timedelta(days=1)
ME = "slack:T024BE/U012AB"


@pytest.fixture
async def desk(store):
    await store.save_channel(channel())
    return store


def mute(name, what=Mutable.COMPANY, until=None, **more):
    return Mute(MuteId(0), DESK, what, name, until, ME, START, **more)


async def test_a_renamed_company_is_watched_by_its_new_id(desk):
    """Named one by one, resolved, or left out."""
    old = subscription(
        "geely-auto byd",
        watched=frozenset({"geely-auto", "byd", "volvo-cars"}),
        filter=Filter(frozenset({"volvo-cars"})),
    )
    mine = await desk.subscribe(old, START)
    met = await desk.rename({"geely-auto": "geely", "volvo-cars": "volvo", "lynk": "lynk-co"}, {})
    assert met == ["geely-auto", "volvo-cars"]
    (now,) = await desk.all_subscriptions()
    assert now == replace(
        old,
        id=mine,
        companies=frozenset({"geely", "byd"}),
        watched=frozenset({"geely", "byd", "volvo"}),
        filter=Filter(frozenset({"volvo"})),
    )
    async with desk.begin() as tx:
        assert [s.id for s in await tx.subscriptions(["volvo"])] == [mine]
        assert await tx.subscriptions(["geely-auto", "volvo-cars"]) == []
    assert await desk.subscribe(subscription("geely byd", filter=Filter(frozenset({"volvo"}))), START) == mine
    assert await desk.rename({"geely-auto": "geely"}, {}) == []


async def test_a_renamed_list_is_subscribed_and_muted_by_its_new_id(desk):
    """A list somebody made in chat under the former id is another list, and keeps it."""
    await desk.subscribe(subscription("", watchlists=("china", "meine")), START)
    await desk.mute(mute("china", Mutable.WATCHLIST, companies=frozenset({"nio"})))
    await desk.save_watchlist(WatchList("meine", "Meine", frozenset({"geely-auto", "nio"})), ME, START)
    assert await desk.rename({"geely-auto": "geely"}, {"china": "zh-ev", "meine": "deine"}) == ["china", "geely-auto"]
    assert [s.watchlists for s in await desk.all_subscriptions()] == [("zh-ev", "meine")]
    assert [(m.name, m.companies) for m in await desk.mutes(DESK, START)] == [("zh-ev", {"nio"})]
    assert [w.companies for w in await desk.watchlists()] == [{"geely", "nio"}]


async def test_two_subscriptions_that_say_the_same_now_are_one(desk):
    """The older, unless it is paused; it holds what either held."""
    one, two = [await desk.subscribe(subscription(c), START) for c in ("geely-auto", "geely")]
    stories = [await save_story(desk, story()) for _ in range(3)]
    held = [(one, stories[0]), (two, stories[0]), (two, stories[1])]
    reason = Reason(ReasonCode.DIGEST)
    async with desk.begin() as tx:
        await tx.enqueue(Routed(held=tuple(Held(s, DESK, st.id, reason, st.certainty) for s, st in held)))
    await desk.pause_subscription(one, "still")
    await desk.rename({"geely-auto": "geely"}, {})
    (left,) = await desk.all_subscriptions()
    assert (left.id, left.companies, left.paused) == (two, {"geely"}, None)
    assert sorted((h.subscription, h.story) for h in await desk.held(DESK)) == [(two, 1), (two, 2)]


async def test_the_same_words_in_two_channels_stay_two(desk):
    """Only within a channel two of the same are one too many."""
    await desk.save_channel(channel(LOBBY))
    for ref, company in ((DESK, "geely-auto"), (LOBBY, "geely")):
        await desk.subscribe(subscription(company, ref), START)
    await desk.rename({"geely-auto": "geely"}, {})
    assert [s.watched for s in await desk.all_subscriptions()] == [{"geely"}] * 2


async def test_a_mute_of_both_names_is_the_longer_one(desk):
    """And silences the company of today."""
    await desk.mute(mute("geely-auto"))
    await desk.mute(mute("geely", until=START + DAY))
    assert await desk.rename({"geely-auto": "geely"}, {}) == ["geely-auto"]
    (left,) = await desk.mutes(DESK, START)
    assert (left.name, left.until, left.companies) == ("geely", None, {"geely"})


async def test_a_story_has_the_parties_of_today(desk):
    """At every revision; a report that comes now finds it, and look-ups do."""
    await desk.sync_feeds({"first": spec()}, START)
    (feed,) = await desk.feeds()
    (entry,) = await add(desk, feed.id, [parsed(GERMAN)], START, claim("geely-auto", "geely baidu"))
    saved = await save_story(desk, story(0, "geely-auto baidu"), entry)
    later = at_revision(saved, 2, parties=saved.parties | {"geely"})
    async with desk.begin() as tx:
        await tx.save_stories([update(later, before=saved)])
    assert await desk.rename({"geely-auto": "geely"}, {}) == ["geely-auto"]
    async with desk.begin() as tx:
        (found,) = await tx.open_stories(["geely"], list(Family), START)
        assert await tx.open_stories(["geely-auto"], list(Family), START) == []
    assert found.parties == {"geely", "baidu"}
    assert (await desk.story_view(saved.id, 1)).story.parties == {"geely", "baidu"}
    assert [f.story for f in await desk.leads_since(START, ["geely"])] == [saved.id]
    assert await desk.leads_since(START, ["geely-auto"]) == []
    assert [f.story for f in await desk.search("", ["geely", "baidu"])] == [saved.id]
    assert await desk.search("", ["geely-auto"]) == []
    assert await desk.rename({"geely-auto": "geely"}, {}) == []


async def test_nothing_is_renamed_by_half(desk):
    """An id within another is another company's."""
    await desk.sync_feeds({"first": spec()}, START)
    (feed,) = await desk.feeds()
    await add(desk, feed.id, [parsed(GERMAN)], START, claim("ab abc"))
    await desk.rename({"ab": "neu"}, {})
    assert len(await desk.search("", ["abc", "neu"])) == 1
    assert await desk.search("", ["ab"]) == []
