from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channels import Part
from bot.domain.claims import Certainty, Kind, Origin, OriginType
from bot.domain.stories import Change, Story, StoryId
from bot.engine.messages import MAX_MESSAGE, compose, digest, overflow, pages, shown, size
from bot.engine.stories import assign
from tests.engine.makers import NOW, RULEBOOK, channel, claim, entry, outlet, party, side, told, view

RUMOUR, ANNOUNCED, CONFIRMED, DENIED = Certainty.RUMOUR, Certainty.ANNOUNCED, Certainty.CONFIRMED, Certainty.DENIED
JV = Kind.JOINT_VENTURE
INSIDERS = Origin("Insider", OriginType.SOURCES)
DE, EN, ZH = channel(), channel(lang="en"), channel(lang="zh")

MODEL = entry(
    1,
    claim("xiaomi", origin=outlet("Late Post"), severity="high"),
    side("xiaomi", "xpeng nio", Kind.INVESTMENT, retold=True, certainty=Certainty.DONE),
    side("baidu geely", kind=Kind.PARTNERSHIP, retold=True),
    side("geely foxconn", retold=True),
    side("saic alibaba", retold=True),
)
DENIAL = entry(2, claim("xiaomi", certainty=DENIED, origin=party("xiaomi")), outlet="Reuters", lang="en", days=1)


def told_story(*entries, quotes: dict[int, str] | None = None):
    """What the store gives back after these entries, a poll each."""
    story: Story | None = None
    reports = []
    for e in entries:
        updates = assign([e], [story] if story else [], NOW)
        [update] = [u for u in updates if u.lead_entries or not story]
        story = update.story.with_id(StoryId(42))
        [part] = [p for p in update.entries if p.entry == e.id]
        reports.append(told(e, part.change, part.certainty, (quotes or {}).get(e.id, "")))
    assert story is not None
    return view(story, *reports)


def test_the_model_case_is_one_short_message():
    """First line, the source's own words, the link with outlet and date, one line for all that stands beside it."""
    quote = "Xiaomi soll vor dem Einstieg in die Produktion von Elektroautos stehen."
    message = compose(told_story(MODEL, quotes={1: quote}), Part.ROOT, DE, RULEBOOK)
    assert message.first_line == "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post"
    assert message.quote == quote
    assert [(s.label, s.url, s.published) for s in message.sources] == [("electrive", "https://news.example/1", NOW)]
    [note] = message.notes
    assert note == (
        "auch im Bericht: Xiaomi → Xpeng, NIO, Beteiligung; Baidu + Geely, Partnerschaft; "
        "Geely + Foxconn, Gemeinschaftsunternehmen …"
    )
    assert (message.story, message.revision, message.timezone, message.language) == ("S42", 1, "Europe/Berlin", "de")
    assert message.ringing


def test_the_same_story_reads_in_the_channels_language():
    """The words are the channel's, the quote is the source's."""
    quote = "Xiaomi soll einsteigen."
    story = told_story(MODEL, quotes={1: quote})
    english, chinese = compose(story, Part.ROOT, EN, RULEBOOK), compose(story, Part.ROOT, ZH, RULEBOOK)
    assert english.first_line == "Xiaomi: move into electric cars. Rumour. First: Late Post"
    assert english.notes[0].startswith("also in the report: Xiaomi → Xpeng, NIO, investment; Baidu + Geely, partner")
    assert chinese.first_line == "小米：进军电动汽车。传闻。最早报道：Late Post"
    assert chinese.notes[0].endswith("百度 + 吉利，合作；吉利 + 富士康，组建合资企业……")
    assert english.quote == chinese.quote == quote


def test_an_edit_shows_the_story_as_it_is_now():
    """The root says what holds, and what held before."""
    message = compose(told_story(MODEL, DENIAL), Part.EDIT, DE, RULEBOOK)
    assert message.first_line == "Xiaomi: Einstieg in Elektroautos. Dementiert. Quelle: Xiaomi"
    assert [s.label for s in message.sources] == ["Reuters", "electrive"]
    assert message.notes[:2] == ("zuvor: Gerücht (Late Post)", "2 Ursprünge, 2 Medien")
    assert message.revision == 2


def test_a_line_says_what_has_changed_with_its_own_link():
    """Short: it stands in the thread of the story."""
    message = compose(told_story(MODEL, DENIAL), Part.LINE, DE, RULEBOOK)
    assert message.first_line == "Xiaomi: Einstieg in Elektroautos. Jetzt: dementiert. Quelle: Xiaomi"
    assert [s.url for s in message.sources] == ["https://news.example/2"]
    assert (message.quote, message.notes) == ("", ())


def test_a_rumour_that_goes_on_after_a_denial_is_named():
    """Denied stays denied; who reports it again is said."""
    again = entry(3, claim("xiaomi", origin=outlet("36Kr")), outlet="36Kr", lang="zh", days=2)
    message = compose(told_story(MODEL, DENIAL, again), Part.EDIT, DE, RULEBOOK)
    assert "Dementiert" in message.first_line
    assert "erneut gemeldet: 36Kr" in message.notes


def test_a_denial_by_no_party_is_named_and_denies_nothing():
    """Insiders cannot deny for a company."""
    doubt = entry(2, claim("xiaomi", certainty=DENIED, origin=INSIDERS), outlet="Reuters")
    message = compose(told_story(MODEL, doubt), Part.EDIT, DE, RULEBOOK)
    assert message.first_line == "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post"
    assert "bestritten von Insider, nicht beteiligt" in message.notes


def test_the_quote_is_the_earliest_in_the_channels_language():
    """A Chinese channel reads Chinese, if anybody has written it."""
    chinese = entry(2, claim("xiaomi"), outlet="晚点LatePost", lang="zh", days=1)
    story = told_story(MODEL, chinese, quotes={1: "Xiaomi soll einsteigen.", 2: "据传小米将造车。"})
    assert compose(story, Part.ROOT, ZH, RULEBOOK).quote == "据传小米将造车。"
    assert compose(story, Part.ROOT, EN, RULEBOOK).quote == "Xiaomi soll einsteigen."


def test_outlets_are_counted_by_origin():
    """Ten copies of one wire: one origin, ten outlets; five are linked, the others named."""
    wire = claim("xiaomi", origin=outlet("Reuters"))
    message = compose(told_story(*(entry(i, wire, outlet=f"Blatt {i}") for i in range(10))), Part.ROOT, DE, RULEBOOK)
    assert message.notes == ("auch: Blatt 0, Blatt 1, Blatt 2, Blatt 3, Blatt 4; 1 Ursprung, 10 Medien",)
    assert len(message.sources) == 5


def test_links_come_newest_first_and_undated_last():
    """Five at most; one link once."""
    days = [0, 3, None, 1, 2]
    wire = claim("xiaomi", anchors="named:micar")
    story = told_story(*(entry(i, wire, outlet=f"Blatt {i}", days=d) for i, d in enumerate(days)))
    message = compose(story, Part.ROOT, DE, RULEBOOK)
    assert [s.label for s in message.sources] == ["Blatt 1", "Blatt 4", "Blatt 3", "Blatt 0", "Blatt 2"]
    twice = replace(story, reports=(*story.reports, *story.reports))
    assert len(compose(twice, Part.ROOT, DE, RULEBOOK).sources) == 5


def test_a_confirmed_talk_is_told_as_what_it_became():
    """The first line follows the claim that made the story as sure as it is, with all known parties."""
    talks = entry(1, claim("geely foxconn", kind=Kind.TALKS, origin=INSIDERS))
    deal = entry(2, claim("geely foxconn", kind=JV, certainty=ANNOUNCED, origin=party("geely")), days=1)
    off = entry(
        3,
        claim("foxconn", kind=Kind.TALKS, certainty=Certainty.CANCELLED, anchors="named:maple"),
        days=2,
    )
    story = told_story(talks, deal)
    message = compose(story, Part.ROOT, DE, RULEBOOK)
    assert message.first_line == "Geely + Foxconn: Gemeinschaftsunternehmen. Bestätigt. Quelle: Geely"
    ended = replace(story.story, certainty=Certainty.CANCELLED, revision=3)
    cancelled = view(ended, *story.reports, told(off, Change.LINE, Certainty.CANCELLED))
    assert compose(cancelled, Part.LINE, DE, RULEBOOK).first_line == "Geely + Foxconn: Gespräche. Jetzt: abgesagt."


def test_related_stories_are_linked():
    """By the name people can type."""
    story = told_story(MODEL)
    linked = replace(story, story=replace(story.story, follows=StoryId(7), related=(StoryId(8), StoryId(9))))
    assert compose(linked, Part.ROOT, EN, RULEBOOK).notes[-2:] == ("follows S7", "related: S8, S9")


def test_side_reports_of_other_stories_are_not_sources():
    """An entry that only mentions the story is found with it, not shown with it."""
    story = told_story(MODEL)
    beside = told(DENIAL, Change.SIDE, RUMOUR)
    assert compose(view(story.story, *story.reports, beside), Part.ROOT, DE, RULEBOOK) == compose(
        story, Part.ROOT, DE, RULEBOOK
    )


# ------------------------------------------------------------ digests, overflow


def test_a_digest_has_a_line_for_each_story():
    """First line and newest link, the date as the language writes it."""
    message = digest([told_story(MODEL), told_story(MODEL, DENIAL)], DE, RULEBOOK, date(2026, 2, 20))
    assert message.first_line == "Überblick vom 20.02.2026: 2 Meldungen"
    assert [i.first_line for i in message.items] == [
        "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post",
        "Xiaomi: Einstieg in Elektroautos. Dementiert. Quelle: Xiaomi",
    ]
    assert [[s.url for s in i.sources] for i in message.items] == [
        ["https://news.example/1"],
        ["https://news.example/2"],
    ]
    assert digest([told_story(MODEL)], ZH, RULEBOOK, date(2026, 2, 20)).first_line == "2026-02-20 摘要：1 条"


@given(st.lists(st.integers(0, 900), max_size=60))
def test_splitting_a_digest_loses_no_link(paddings):
    """Every story is on exactly one page, in order, and every page is within the limit."""
    views = [told_story(entry(i, claim("xiaomi"), title="t")) for i, _ in enumerate(paddings)]
    message = digest(views, EN, RULEBOOK, date(2026, 2, 20))
    items = [
        replace(item, sources=(replace(item.sources[0], url=f"https://a.example/{i}?" + "&" * n),))
        for i, (item, n) in enumerate(zip(message.items, paddings, strict=True))
    ]
    cut = pages(replace(message, items=tuple(items)))
    assert [i for page in cut for i in page.items] == items
    assert all(size(page) <= MAX_MESSAGE for page in cut if len(page.items) > 1)


@pytest.mark.parametrize(
    ("count", "lang", "text"),
    [
        (1, "de", "1 weitere Meldung aus heise | auto, nachzulesen im nächsten Überblick"),
        (7, "en", "7 more stories from heise | auto, to be read in the next digest"),
    ],
)
def test_the_overflow_line_counts(count, lang, text):
    """The feed's title is foreign text."""
    message = overflow(count, "heise\u2028|\u202e auto", channel(lang=lang), RULEBOOK.languages)
    assert message.first_line == text


@given(
    st.lists(
        st.tuples(
            st.text(max_size=2000), st.text("&<>\"' x小\u202e", max_size=2000), st.integers(0, 1400), st.booleans()
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([DE, EN, ZH]),
    st.sampled_from([Part.ROOT, Part.LINE]),
)
def test_a_message_is_always_within_its_limit(rows, at, part):
    """Hostile outlets, quotes of ampersands and endless links: under 3000 characters as a platform gets it."""
    reports = []
    for i, (name, quote, length, party_says) in enumerate(rows):
        e = entry(i, claim("xiaomi", certainty=ANNOUNCED if party_says else RUMOUR, origin=outlet(name)), outlet=name)
        e = replace(e, entry=replace(e.entry, link=f"https://news.example/{i}/" + "&" * length))
        reports.append(told(e, Change.EDITED if i else Change.OPENED, RUMOUR, quote))
    story = assign([entry(1, claim("xiaomi"))], [], NOW + timedelta(days=1))[0].story
    message = compose(view(story, *reports), part, at, RULEBOOK)
    assert size(message) <= MAX_MESSAGE
    for line in (message.first_line, message.quote, *message.notes, *(s.label for s in message.sources)):
        assert line == shown(line, 3000)


@pytest.mark.parametrize(("room", "mute"), [(DE, "7 Tage stumm"), (EN, "Mute 7 days"), (ZH, "静音 7 天")])
def test_what_one_can_do_is_a_command_with_a_label(room, mute):
    """One click is what somebody could type; a line and a digest's items have none of it."""
    story = told_story(MODEL)
    actions = compose(story, Part.ROOT, room, RULEBOOK).actions
    assert [a.id for a in actions] == ["mute", "why", "story", "useful", "useless"]
    assert (actions[0].label, actions[0].command) == (mute, "mute S42 7d")
    assert compose(story, Part.LINE, room, RULEBOOK).actions == ()
    assert digest([story], room, RULEBOOK, date(2026, 3, 2)).items[0].actions == ()
