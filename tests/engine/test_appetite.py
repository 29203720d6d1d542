from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.channels import (
    Appetite,
    Cadence,
    Filter,
    ReasonCode,
)
from bot.domain.claims import Certainty, Kind
from bot.domain.rulebook import Severity
from tests.engine.makers import claim, entry, party
from tests.engine.room import DENIAL, DENIED, NEWS, Room, codes, keys, watch

RUMOUR_OF = claim("xiaomi nio", kind=Kind.JOINT_VENTURE)
FILTERS = [
    (Filter(without=frozenset({"xiaomi"})), "xiaomi", False),
    (Filter(without=frozenset({"xiaomi"})), "xiaomi nio", True),
    (Filter(kinds=frozenset({Kind.JOINT_VENTURE})), "nio", True),
    (Filter(kinds=frozenset({Kind.PLANT})), "nio", False),
    (Filter(certainties=frozenset({Certainty.DONE})), "nio", False),
    (Filter(certainties=frozenset({Certainty.RUMOUR})), "nio", True),
    (Filter(languages=frozenset({"zh", "de"})), "nio", True),
    (Filter(languages=frozenset({"en"})), "nio", False),
    (Filter(outlets=frozenset({"Electrive"})), "nio", True),
    (Filter(outlets=frozenset({"heise"})), "nio", False),
    (Filter(severity=Severity.NORMAL), "nio", True),
    (Filter(severity=Severity.HIGH), "nio", False),
]


@pytest.mark.parametrize(("limits", "watched", "told"), FILTERS)
def test_a_filter_leaves_out_what_it_says(limits, watched, told):
    """And nothing else; what was left out has a reason."""
    routed = Room(watch(watched, filter=limits)).poll(entry(1, RUMOUR_OF))
    assert codes(routed) == [ReasonCode.ROOT if told else ReasonCode.FILTERED]


def test_an_outlet_may_be_filtered_by_its_id():
    """Late Post and late-post are one outlet."""
    limits = Filter(outlets=frozenset({"late-post"}))
    assert codes(Room(watch("nio", filter=limits)).poll(entry(1, RUMOUR_OF, outlet="Late Post"))) == [ReasonCode.ROOT]


@pytest.mark.parametrize(
    ("appetite", "code"),
    [
        (Appetite.MOVES, ReasonCode.FILTERED),
        (Appetite.DEFAULT, ReasonCode.DIGEST),
        (Appetite.ALL, ReasonCode.ROOT),
    ],
)
def test_news_that_is_no_move_is_quiet(appetite, code):
    """At once only for who wants all, never for who wants moves."""
    routed = Room(watch("byd", appetite=appetite)).poll(entry(1, NEWS))
    assert codes(routed) == [code]
    assert len(routed.held) == (code is ReasonCode.DIGEST)
    assert len(routed.deliveries) == (code is ReasonCode.ROOT)


@pytest.mark.parametrize("appetite", Appetite)
def test_moves_are_told_at_once_whatever_the_appetite(appetite):
    """Only other news is held back."""
    assert codes(Room(watch("xiaomi", appetite=appetite)).poll(entry(1, claim("xiaomi")))) == [ReasonCode.ROOT]


@pytest.mark.parametrize("cadence", [Cadence.DAILY, Cadence.WEEKLY])
def test_a_daily_subscription_is_held_for_its_digest(cadence):
    """No post yet: it is told when the digest is."""
    routed = Room(watch("xiaomi", cadence=cadence)).poll(entry(1, claim("xiaomi")))
    assert [(h.subscription, h.story) for h in routed.held] == [(1, 1)]
    assert (routed.deliveries, routed.posts) == ((), ())


def test_the_earliest_cadence_of_a_channel_wins_and_it_is_told_once():
    """Three subscriptions want it; the one at once tells it."""
    room = Room(
        watch("xiaomi", id=1, cadence=Cadence.WEEKLY),
        watch("xiaomi", id=2, cadence=Cadence.DAILY),
        watch("xiaomi", id=3),
        watch("xiaomi", id=4),
    )
    routed = room.poll(entry(1, claim("xiaomi")))
    assert (keys(routed), routed.held) == (["story:1:r1:root"], ())
    assert routed.deliveries[0].reason is not None
    assert routed.deliveries[0].reason.subscription == 3


def test_one_filter_does_not_silence_the_channels_other_subscription():
    """Wanted by one is wanted."""
    room = Room(
        watch("xiaomi", id=1, filter=Filter(languages=frozenset({"en"}))),
        watch("xiaomi", id=2, cadence=Cadence.DAILY),
    )
    routed = room.poll(entry(1, claim("xiaomi")))
    assert [h.subscription for h in routed.held] == [2]


# ------------------------------------------------------------ digests


def test_a_story_told_in_a_digest_is_told():
    """Another outlet is nothing new; a change of certainty is a message of its own, with lines from then on."""
    room = Room(watch("byd"))
    room.poll(entry(1, NEWS))
    room.told_in_digest()
    assert codes(room.poll(entry(2, NEWS, outlet="heise"))) == [ReasonCode.NOTHING_NEW]
    denied = replace(NEWS, certainty=DENIED, origin=party("byd"))
    assert keys(room.poll(entry(3, denied, days=1), days=1)) == ["story:1:r3:root"]
    assert keys(room.poll(entry(4, NEWS, outlet="36Kr", days=2), days=2)) == ["story:1:r4:edit", "story:1:r4:line"]


def test_a_daily_subscriber_hears_of_the_change_in_the_next_digest():
    """Daily stays daily."""
    room = Room(watch("xiaomi", cadence=Cadence.DAILY))
    room.poll(entry(1, claim("xiaomi")))
    room.told_in_digest()
    routed = room.poll(entry(2, DENIAL, days=1), days=1)
    assert (codes(routed), len(routed.held)) == ([ReasonCode.DIGEST], 1)
