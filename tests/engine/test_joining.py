from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.claims import Certainty, Claim, Kind
from bot.domain.stories import Change, StoryId, StoryUpdate
from bot.engine.stories import assign, since
from tests.engine.makers import NOW, claim, entry, play

JV = Kind.JOINT_VENTURE


def jv(who: str, **more) -> Claim:
    return claim(who, kind=JV, certainty=Certainty.ANNOUNCED, **more)


def changes(update: StoryUpdate) -> list[Change]:
    return [e.change for e in update.entries]


TOGETHER = [
    pytest.param(jv("geely foxconn"), jv("foxconn geely"), True, id="the same two parties"),
    pytest.param(jv("geely baidu"), jv("geely foxconn"), False, id="each with its own second party"),
    pytest.param(
        jv("geely baidu", anchors="date:2026-02-19,place:china"),
        jv("geely foxconn", anchors="date:2026-02-19,place:china"),
        False,
        id="a date and a place do not join different partners",
    ),
    pytest.param(jv("geely foxconn"), claim("geely foxconn", kind=Kind.TALKS), True, id="another kind of the family"),
    pytest.param(jv("geely foxconn"), claim("geely foxconn", kind=Kind.SUPPLY), False, id="another family"),
    pytest.param(claim("xiaomi"), claim("xiaomi"), True, id="a company enters once"),
    pytest.param(claim("xiaomi"), claim("xiaomi", kind=Kind.EV_EXIT), False, id="entry is not exit"),
    pytest.param(claim("xiaomi"), claim("baidu"), False, id="two companies enter"),
    pytest.param(claim("baidu"), claim("baidu geely"), True, id="an entry with its partner"),
    pytest.param(
        claim("byd", kind=Kind.PLANT, anchors="place:szeged"),
        claim("byd", kind=Kind.PLANT, anchors="place:szeged"),
        True,
        id="one plant at one place",
    ),
    pytest.param(claim("byd", kind=Kind.PLANT), claim("byd", kind=Kind.PLANT), False, id="two plants of one company"),
    pytest.param(
        claim("byd", kind=Kind.PLANT, anchors="date:2026"),
        claim("byd", kind=Kind.PLANT, anchors="date:2026"),
        False,
        id="a year alone joins nothing",
    ),
    pytest.param(
        claim("byd", kind=Kind.PLANT, anchors="date:2026-03"),
        claim("byd", kind=Kind.PLANT, anchors="date:2026-03"),
        True,
        id="a month with the company and the kind does",
    ),
    pytest.param(
        claim("byd", kind=Kind.PLANT, anchors="place:szeged"),
        claim("byd", kind=Kind.PRODUCTION, anchors="place:szeged"),
        False,
        id="one party: the kind must be the same",
    ),
    pytest.param(
        jv("geely", anchors="amount:200m usd"),
        jv("geely foxconn", anchors="amount:200m usd"),
        True,
        id="the partner comes to light",
    ),
    pytest.param(
        claim("byd", kind=Kind.EV_NEWS, anchors="named:seal"),
        claim("byd", kind=Kind.EV_NEWS, anchors="named:seal"),
        True,
        id="news of one named thing",
    ),
    pytest.param(
        claim("byd", kind=Kind.EV_NEWS, anchors="place:china"),
        claim("byd", kind=Kind.EV_NEWS, anchors="place:china"),
        False,
        id="news from one place is not one story",
    ),
    pytest.param(
        claim("byd vw", kind=Kind.EV_NEWS), claim("byd vw", kind=Kind.EV_NEWS), False, id="nor of two parties"
    ),
]


@pytest.mark.parametrize(("first", "second", "joined"), TOGETHER)
def test_what_joins_a_story_and_what_opens_another(first, second, joined):
    """Parties, family and one more anchor join; similar words never do."""
    stories = play([entry(1, first)], [entry(2, second, days=1, outlet="Reuters")])
    assert len(stories) == (1 if joined else 2)


@pytest.mark.parametrize(
    ("kind", "days", "joined"),
    [
        (Kind.EV_ENTRY, 180, True),
        (Kind.EV_ENTRY, 181, False),
        (Kind.EV_ENTRY, -180, True),
        (JV, 90, True),
        (JV, 91, False),
        (JV, -90, True),
        (JV, -91, False),
    ],
)
def test_windows_count_both_ways_from_the_last_claim(kind, days, joined):
    """180 days for entries, 90 for all others, forward and back."""
    stories = play([entry(1, claim("byd vw", kind=kind))], [entry(2, claim("byd vw", kind=kind), days=days)])
    assert len(stories) == (1 if joined else 2)


def test_since_reaches_as_far_back_as_a_late_entry_can_join():
    """An entry published half a year ago still finds its story of a year ago."""
    assert since(NOW) == NOW - timedelta(days=360)


@pytest.mark.parametrize(
    ("kind", "parties", "anchors", "joined"),
    [
        (Kind.EV_ENTRY, "xiaomi", "", False),
        (Kind.EV_ENTRY, "xiaomi", "named:micar", True),
        (Kind.PLANT, "xiaomi", "place:beijing", False),
        (JV, "geely foxconn", "", True),
    ],
)
def test_an_undated_entry_joins_only_on_two_parties_or_a_named_thing(kind, parties, anchors, joined):
    """Without a date there is no window, so the rest must be sure."""
    first = claim(parties, kind=kind, anchors=anchors)
    stories = play([entry(1, first)], [entry(2, first, days=None)])
    assert len(stories) == (1 if joined else 2)


def test_a_claim_goes_to_the_best_match_and_ties_go_to_the_older():
    """Most shared parties, then most anchors, then age."""
    stories = play([entry(1, jv("geely", anchors="named:maple"))], [entry(2, jv("geely foxconn"), days=1)])
    assert len(stories) == 2
    [update] = [u for u in assign([entry(3, jv("geely foxconn", anchors="named:maple"))], stories, NOW) if u.entries]
    assert update.story.id == 2
    twins = [stories[0].with_id(StoryId(7)), stories[0].with_id(StoryId(5))]
    [joined] = [u for u in assign([entry(3, jv("geely", anchors="named:maple"))], twins, NOW) if u.entries]
    assert joined.story.id == 5


def test_a_bridge_is_stored_on_both_sides_and_merges_nothing():
    """A claim that fits two told stories joins one, and each says that the other is there."""
    stories = play([entry(1, jv("geely foxconn"))], [entry(2, jv("baidu saic"), days=1)])
    updates = assign([entry(3, jv("geely foxconn baidu saic"), outlet="Reuters")], stories, NOW)
    assert {u.story.id: u.story.related for u in updates} == {1: (2,), 2: (1,)}
    first, second = updates
    assert changes(first) == [Change.EDITED]
    assert second.entries == ()
    assert second.story.revision == 1
