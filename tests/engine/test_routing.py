from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channels import (
    Appetite,
    Cadence,
    Decision,
    Filter,
    Part,
    ReasonCode,
)
from bot.domain.claims import Certainty, Kind
from bot.domain.entries import EntryId, StoredEntry
from tests.engine.makers import FEED, channel, claim, entry, side
from tests.engine.room import ANNOUNCED, ASIA, DENIAL, DENIED, MAIN, Room, codes, keys, watch

# ------------------------------------------------------------ one story, one message


def test_a_new_story_is_one_root_a_channel():
    """Two reports in one poll, two channels: one message each."""
    room = Room(watch("xiaomi"), watch("xiaomi nio", ASIA, id=2))
    routed = room.poll(entry(1, claim("xiaomi")), entry(2, claim("xiaomi"), outlet="heise", lang="zh"))
    assert [(d.key, d.channel, d.part, d.needs) for d in routed.deliveries] == [
        ("story:1:r1:root", MAIN.ref, Part.ROOT, None),
        ("story:1:r1:root", ASIA.ref, Part.ROOT, None),
    ]
    assert codes(routed) == [ReasonCode.ROOT] * 4
    assert {p.channel: p.root for p in routed.posts} == {MAIN.ref: "story:1:r1:root", ASIA.ref: "story:1:r1:root"}


def test_another_outlet_edits_the_message():
    """The channel sees one message; the edit waits for its root."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi")))
    [edit] = room.poll(entry(2, claim("xiaomi"), outlet="heise"), days=20).deliveries
    assert (edit.key, edit.part, edit.needs, edit.revision) == ("story:1:r2:edit", Part.EDIT, "story:1:r1:root", 2)


def test_a_denial_is_a_line_and_an_edit_of_the_root():
    """The thread says what changed, the root what holds now."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi")))
    routed = room.poll(entry(2, DENIAL, days=1), days=1)
    assert keys(routed) == ["story:1:r2:edit", "story:1:r2:line"]
    assert {d.needs for d in routed.deliveries} == {"story:1:r1:root"}
    assert codes(routed) == [ReasonCode.LINE]
    assert routed.posts[0].certainty is DENIED


def test_nothing_new_is_told_to_nobody():
    """The same outlet says the same again."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi")))
    routed = room.poll(entry(2, claim("xiaomi")))
    assert (keys(routed), codes(routed)) == ([], [ReasonCode.NOTHING_NEW])


def test_a_channel_that_watches_every_company_gets_one_message():
    """The model report: five claims, one lead, one message."""
    room = Room(watch("xiaomi xpeng nio baidu geely foxconn saic alibaba"))
    sides = [side("xiaomi", "xpeng nio", Kind.INVESTMENT, retold=True), side("geely foxconn", retold=True)]
    assert keys(room.poll(entry(1, claim("xiaomi"), *sides))) == ["story:1:r1:root"]


def test_a_lagging_channel_gets_the_line_it_has_missed():
    """A filter held the denial back; with the next report the thread says so."""
    room = Room(watch("xiaomi", filter=Filter(languages=frozenset({"de"}))))
    room.poll(entry(1, claim("xiaomi")))
    assert codes(room.poll(entry(2, DENIAL, lang="zh", days=1))) == [ReasonCode.FILTERED]
    routed = room.poll(entry(3, DENIAL, outlet="heise", days=2))
    assert keys(routed) == ["story:1:r3:edit", "story:1:r3:line"]


# ------------------------------------------------------------ silent, and by what stage

SILENT = [
    pytest.param(entry(1, same_as=7), ReasonCode.SAME_AS, id="another link"),
    pytest.param(entry(1, unread="too odd"), ReasonCode.UNREAD, id="unread"),
    pytest.param(entry(1), ReasonCode.NO_COMPANY, id="no company"),
    pytest.param(entry(1, mentions="nio"), ReasonCode.NO_CLAIM, id="no claim"),
    pytest.param(entry(1, side("geely foxconn", retold=True)), ReasonCode.ONLY_RETOLD, id="only retold"),
    pytest.param(entry(1, claim("xiaomi", retold=True)), ReasonCode.ONLY_RETOLD, id="a retold lead"),
    pytest.param(entry(1, claim("xiaomi", draft=True)), ReasonCode.DRAFT, id="a draft rule"),
    pytest.param(entry(1, side("xiaomi nio", draft=True)), ReasonCode.DRAFT, id="drafts at the side"),
    pytest.param(entry(1, claim("xiaomi"), silent=True), ReasonCode.BACKLOG, id="backlog"),
]


@pytest.mark.parametrize(("e", "code"), SILENT)
def test_what_stops_an_entry_is_its_reason(e, code):
    """One decision, no channel, no delivery."""
    routed = Room(watch("xiaomi nio geely")).poll(e)
    assert [(d.entry, d.channel, d.reason.code) for d in routed.decisions] == [(1, None, code)]
    assert routed.deliveries == ()
    assert routed.held == ()


def test_an_unread_entry_keeps_its_reason():
    """`why-not` can show it."""
    assert Room().poll(entry(1, unread="KeyError while reading")).decisions[0].reason.detail == "KeyError while reading"


def test_who_watches_no_party_of_the_lead_is_not_told():
    """A company at the side is named, not told."""
    room = Room(watch("geely"), watch("nio", ASIA, id=2))
    routed = room.poll(entry(1, claim("xiaomi"), side("geely foxconn")))
    assert [(d.channel, d.reason.code, d.reason.companies) for d in routed.decisions] == [
        (None, ReasonCode.NOT_WATCHED, ()),
        (MAIN.ref, ReasonCode.SIDE_ONLY, ("geely",)),
    ]
    assert routed.deliveries == ()


def test_a_party_of_the_lead_in_either_place_is_told():
    """Who and whom are both parties."""
    lead = claim("xiaomi", "xpeng nio", Kind.INVESTMENT, ANNOUNCED)
    [reason] = [d.reason for d in Room(watch("nio byd")).poll(entry(1, lead)).decisions]
    assert (reason.companies, reason.rule, reason.subscription) == (("nio",), "investment-rule", 1)


@pytest.mark.parametrize(("days", "told"), [(6.9, True), (7, False)])
def test_a_channel_without_a_post_hears_of_young_stories_only(days, told):
    """Known from the backlog: a fresh report tells it within seven days."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi"), silent=True))
    routed = room.poll(entry(2, claim("xiaomi"), outlet="heise", days=days), days=days)
    assert codes(routed) == [ReasonCode.ROOT if told else ReasonCode.OLD_STORY]
    assert keys(routed) == (["story:1:r2:root"] if told else [])


def test_an_old_story_is_told_when_its_certainty_changes():
    """A denial after a month is news to a channel that never had the rumour."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi"), silent=True))
    assert keys(room.poll(entry(2, DENIAL, days=30), days=30)) == ["story:1:r2:root"]


def test_a_paused_channel_gets_nothing_and_catches_up():
    """Paused is the reason; after that the story is told if it is young."""
    paused = replace(MAIN, paused="not in channel")
    room = Room(watch("xiaomi", paused))
    routed = room.poll(entry(1, claim("xiaomi")))
    assert (codes(routed), routed.deliveries, routed.posts) == ([ReasonCode.PAUSED], (), ())
    room.subscriptions = (watch("xiaomi"),)
    assert keys(room.poll(entry(2, claim("xiaomi"), outlet="heise"))) == ["story:1:r2:root"]


# ------------------------------------------------------------ burst

MAKERS = "xiaomi xpeng nio geely foxconn baidu"


def flood(*, start: int = 1) -> list[StoredEntry]:
    return [entry(i, claim(c), title=c) for i, c in enumerate(MAKERS.split(), start)]


def test_more_than_the_burst_is_one_line_and_a_digest():
    """Nobody is flooded, nothing is lost."""
    room = Room(watch(MAKERS), watch(MAKERS, ASIA, id=2), feed=replace(FEED, burst=4))
    routed = room.poll(*flood())
    for at, text in (
        (MAIN, "2 weitere Meldungen aus First Feed, nachzulesen im nächsten Überblick"),
        (ASIA, "First Feed 另有 2 条消息，见下次摘要"),
    ):
        own = [d for d in routed.deliveries if d.channel == at.ref]
        assert [d.part for d in own] == [Part.ROOT] * 4 + [Part.OVERFLOW]
        assert own[-1].key == "overflow:first:1"
        assert own[-1].message is not None
        assert own[-1].message.first_line == text
        assert len([h for h in routed.held if h.channel == at.ref]) == 2
    assert codes(routed).count(ReasonCode.OVERFLOW) == 4
    assert [p.root is None for p in routed.posts].count(True) == 4
    assert len(routed.posts) == 12


def test_edits_are_no_part_of_the_burst():
    """They make no new message."""
    room = Room(watch(MAKERS), feed=replace(FEED, burst=6))
    room.poll(*flood())
    room.feed = replace(FEED, burst=0)
    again = [replace(e, id=EntryId(e.id + 10), entry=replace(e.entry, outlet="heise")) for e in flood()]
    assert {d.part for d in room.poll(*again).deliveries} == {Part.EDIT}


# ------------------------------------------------------------ properties

SUBSCRIPTIONS = st.lists(
    st.tuples(
        st.sampled_from(["xiaomi", "geely nio", "foxconn", "xiaomi geely baidu"]),
        st.sampled_from([MAIN, ASIA, channel("slack:T1/C1", "en", "gone")]),
        st.sampled_from(Appetite),
        st.sampled_from(Cadence),
    ),
    max_size=4,
).map(lambda rows: [watch(w, at, i, appetite=a, cadence=c) for i, (w, at, a, c) in enumerate(rows, 1)])
CLAIMS = st.builds(
    lambda who, kind, certainty, retold: claim(
        " ".join(who), kind=kind, certainty=certainty, retold=retold, anchors="named:maple"
    ),
    st.lists(st.sampled_from(["geely", "foxconn", "xiaomi"]), min_size=1, max_size=2, unique=True),
    st.sampled_from([Kind.EV_ENTRY, Kind.JOINT_VENTURE, Kind.EV_NEWS]),
    st.sampled_from(Certainty),
    st.booleans(),
)
POLLS = st.lists(
    st.lists(st.tuples(CLAIMS, st.sampled_from(["heise", "36Kr", "Reuters"]), st.booleans()), max_size=4), max_size=4
)


@given(SUBSCRIPTIONS, POLLS, st.integers(0, 3))
def test_every_entry_has_its_reason_and_every_key_is_new(subscriptions, polls, burst):
    """However polls follow each other, nothing is told twice and nothing ends without a reason."""
    room = Room(*subscriptions, feed=replace(FEED, burst=burst))
    seen: set[tuple[object, ...]] = set()
    number = 0
    for day, rows in enumerate(polls):
        entries = [entry(number + i, c, outlet=o, silent=s, days=day) for i, (c, o, s) in enumerate(rows, 1)]
        number += len(rows)
        routed = room.poll(*entries, days=day)
        assert {d.entry for d in routed.decisions} == {e.id for e in entries}
        assert len({(d.entry, d.channel) for d in routed.decisions}) == len(routed.decisions)
        for delivery in routed.deliveries:
            assert (delivery.channel, delivery.key) not in seen
            assert delivery.needs is None or (delivery.channel, delivery.needs) in seen
            seen.add((delivery.channel, delivery.key))
        roots = [d.channel for d in routed.deliveries if d.part is Part.ROOT]
        assert all(roots.count(ref) <= burst for ref in roots)
        assert loud(routed.decisions) >= {d.channel for d in routed.deliveries}


def loud(decisions: tuple[Decision, ...]) -> set[object]:
    return {d.channel for d in decisions if d.reason.told}
