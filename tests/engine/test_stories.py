from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claims import Certainty, Claim, Kind, Origin, OriginType
from bot.domain.stories import Change, StoryUpdate
from bot.engine.stories import assign
from tests.engine.makers import NOW, claim, entry, outlet, party, play, side

ANNOUNCED = Certainty.ANNOUNCED
DONE, DENIED, CANCELLED = Certainty.DONE, Certainty.DENIED, Certainty.CANCELLED
JV = Kind.JOINT_VENTURE


def jv(who: str, certainty: Certainty = ANNOUNCED, **more) -> Claim:
    return claim(who, kind=JV, certainty=certainty, **more)


def changes(update: StoryUpdate) -> list[Change]:
    return [e.change for e in update.entries]


def test_two_outlets_with_the_same_venture_are_one_story():
    """Two shared parties and the same family make one story of two reports."""
    [update] = assign([entry(1, jv("byd vw")), entry(2, jv("vw byd"), outlet="Reuters")], [], NOW)
    assert update.before is None
    assert changes(update) == [Change.OPENED, Change.EDITED]
    assert update.story.outlets == {"electrive", "Reuters"}
    assert update.story.revision == 1
    assert [e.id for e in update.lead_entries] == [1, 2]


def test_the_same_story_in_german_and_chinese_is_one():
    """Languages make no difference: parties are ids."""
    [update] = assign(
        [
            entry(1, claim("xiaomi"), title="Xiaomi soll in den Bau von Elektroautos einsteigen", lang="de"),
            entry(2, claim("xiaomi"), title="据传小米将造车", lang="zh", outlet="晚点LatePost"),
        ],
        [],
        NOW,
    )
    assert update.story.languages == {"de", "zh"}


# ------------------------------------------------------------ leads and the rest


def test_only_a_lead_opens_a_story():
    """Side claims and retold leads open nothing, nor do drafts and second links of an entry."""
    nothing = [
        entry(1, side("geely foxconn")),
        entry(2, jv("geely foxconn", retold=True)),
        entry(3, jv("geely foxconn", draft=True)),
        entry(4, jv("geely foxconn"), same_as=1),
    ]
    assert assign(nothing, [], NOW) == []


def test_a_side_claim_joins_a_story_and_changes_nothing_there():
    """It can be found with the story; certainty, revision, outlets and dates stay."""
    [before] = play([entry(1, jv("geely foxconn"))])
    late = entry(2, claim("xiaomi"), side("geely foxconn", certainty=DONE, retold=True), outlet="heise", days=3)
    _, update = assign([late], [before], NOW)
    assert update.story == before
    assert changes(update) == [Change.SIDE]
    assert update.lead_entries == ()


def test_a_side_claim_finds_the_story_its_own_poll_opens():
    """All leads come before all side claims, whatever the order of the entries."""
    entries = [entry(1, claim("xiaomi"), side("geely foxconn"), days=-1), entry(2, jv("geely foxconn"))]
    updates = assign(entries, [], NOW)
    assert [changes(u) for u in updates] == [[Change.OPENED], [Change.OPENED, Change.SIDE]]


def test_an_entry_has_one_part_in_a_story():
    """A side claim about the lead's own story is not stored there a second time."""
    [update] = assign([entry(1, jv("geely foxconn"), side("foxconn geely", kind=Kind.TALKS))], [], NOW)
    assert changes(update) == [Change.OPENED]


def test_a_retold_lead_joins_silently():
    """It stays findable with the story and opens nothing."""
    [before] = play([entry(1, jv("geely foxconn"))])
    [update] = assign([entry(2, jv("geely foxconn", retold=True), outlet="heise")], [before], NOW)
    assert (changes(update), update.story) == ([Change.SIDE], before)


def test_silent_entries_open_stories_too():
    """A backlog is known, so that the next report of it is no news."""
    assert len(assign([entry(1, claim("xiaomi"), silent=True)], [], NOW)) == 1


# ------------------------------------------------------------ certainty
def test_a_denial_is_a_line_and_is_dated():
    """The story is denied from then on, one revision later."""
    [before] = play([entry(1, claim("xiaomi", origin=outlet("Late Post")))])
    later = NOW + timedelta(days=2)
    denial = claim("xiaomi", certainty=DENIED, origin=party("xiaomi"))
    [update] = assign([entry(2, denial, outlet="Reuters", days=2)], [before], later)
    assert changes(update) == [Change.LINE]
    assert (update.story.certainty, update.story.revision, update.story.changed_at) == (DENIED, 2, later)
    assert update.story.opened_at == NOW


def test_a_poll_raises_the_revision_once():
    """Three reports that come together are told as one change."""
    [before] = play([entry(1, claim("xiaomi"))])
    names = ("Reuters", "heise", "36Kr")
    [update] = assign([entry(i, claim("xiaomi"), outlet=n) for i, n in enumerate(names, 2)], [before], NOW)
    assert update.story.revision == 2
    assert update.change is Change.EDITED


def test_a_line_is_louder_than_an_edit():
    """An update with both is a line."""
    [before] = play([entry(1, claim("xiaomi"))])
    more = [entry(2, claim("xiaomi"), outlet="Reuters"), entry(3, claim("xiaomi", certainty=ANNOUNCED), days=1)]
    [update] = assign(more, [before], NOW)
    assert update.change is Change.LINE


def test_a_cancelled_story_is_closed_and_a_later_announcement_follows_it():
    """The new story links the old one, and later claims go to the new one."""
    stories = play(
        [entry(1, jv("geely foxconn"))],
        [entry(2, jv("geely foxconn", CANCELLED), days=1)],
        [entry(3, jv("geely foxconn"), days=30)],
        [entry(4, jv("geely foxconn", DONE), days=31)],
    )
    assert [(s.certainty, s.closed, s.follows) for s in stories] == [(CANCELLED, True, None), (DONE, False, 1)]


def test_an_old_announcement_that_arrives_late_reopens_nothing():
    """It is from before the cancellation."""
    stories = play(
        [entry(1, jv("geely foxconn"))],
        [entry(2, jv("geely foxconn", CANCELLED), days=10)],
        [entry(3, jv("geely foxconn"), days=5, outlet="Reuters")],
    )
    assert [(s.certainty, s.closed) for s in stories] == [(CANCELLED, True)]


# ------------------------------------------------------------ counting


def test_ten_copies_of_one_wire_are_one_origin():
    """Outlets are counted by who said it first."""
    wire = claim("xiaomi", origin=outlet("Reuters"))
    [update] = assign([entry(i, wire, outlet=f"Outlet {i}") for i in range(10)], [], NOW)
    assert update.story.origins == {"Reuters"}
    assert len(update.story.outlets) == 10


def test_the_same_outlet_with_nothing_new_changes_nothing():
    """No revision: nothing is told twice."""
    [before] = play([entry(1, claim("xiaomi"))])
    [update] = assign([entry(2, claim("xiaomi"), days=1)], [before], NOW)
    assert changes(update) == [Change.NOTHING]
    assert update.story.revision == 1
    assert update.story.last_claim_at == NOW + timedelta(days=1)


def test_the_same_outlet_with_a_new_partner_is_an_edit():
    """A party that was not known is news."""
    [before] = play([entry(1, jv("geely", anchors="named:maple"))])
    [update] = assign([entry(2, jv("geely foxconn", anchors="named:maple"), days=1)], [before], NOW)
    assert changes(update) == [Change.EDITED]
    assert update.story.parties == {"geely", "foxconn"}


def test_an_entry_without_an_outlet_counts_by_its_host():
    """Two sections of one host are one outlet."""
    [update] = assign([entry(1, claim("xiaomi"), outlet=None), entry(2, claim("xiaomi"), outlet=None)], [], NOW)
    assert update.story.outlets == {"news.example"}


# ------------------------------------------------------------ properties

KINDS = st.sampled_from([Kind.EV_ENTRY, JV, Kind.TALKS, Kind.PLANT, Kind.EV_NEWS])
ORIGINS = st.sampled_from([None, outlet("Late Post"), party("geely"), Origin("Insider", OriginType.SOURCES)])
ANCHORS = st.sampled_from(["", "named:maple", "place:wuhan", "date:2026", "named:maple,place:wuhan"])
CLAIMS = st.builds(
    lambda who, kind, certainty, anchors, origin, retold, lead: claim(
        " ".join(who), kind=kind, certainty=certainty, anchors=anchors, origin=origin, retold=retold, lead=lead
    ),
    st.lists(st.sampled_from(["geely", "foxconn", "baidu"]), min_size=1, max_size=3, unique=True),
    KINDS,
    st.sampled_from(Certainty),
    ANCHORS,
    ORIGINS,
    st.booleans(),
    st.booleans(),
)
DAYS = st.one_of(st.none(), st.integers(-200, 0))
ENTRIES = st.lists(
    st.tuples(CLAIMS, st.lists(CLAIMS.map(lambda c: replace(c, lead=False)), max_size=2), DAYS), max_size=7
).map(lambda rows: [entry(i, lead, *sides, days=d, title="Same") for i, (lead, sides, d) in enumerate(rows, 1)])


@given(ENTRIES, ENTRIES, st.randoms())
def test_stories_do_not_depend_on_the_order_within_a_poll(old, new, random):
    """However a feed sorts its document, the stories are the same."""
    known = play(old)
    shuffled, stories = list(new), list(known)
    random.shuffle(shuffled)
    random.shuffle(stories)
    assert assign(shuffled, stories, NOW) == assign(new, known, NOW)


@given(ENTRIES, ENTRIES)
def test_every_fresh_lead_has_exactly_one_story(old, new):
    """Nothing is lost, nothing counted twice, and only parties' words close a story."""
    known = play(old)
    updates = assign(new, known, NOW)
    leads = [e.id for u in updates for e in u.lead_entries]
    assert sorted(leads) == [e.id for e in new if e.reading.lead and not e.reading.lead.retold]
    for update in updates:
        ids = [e.entry for e in update.entries]
        assert len(ids) == len(set(ids))
        assert update.story.closed == (update.story.certainty is CANCELLED)
        if update.before:
            told = {Change.LINE, Change.EDITED} & set(changes(update))
            assert update.story.revision == update.before.revision + bool(told)
