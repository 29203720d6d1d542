"""The measure itself: what is right, extra and missed, held against figures worked out by hand."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.claims import Certainty, Claim, Evidence, Field, Kind, Reading
from bot.domain.entries import Entry
from bot.pipeline.gold import CERTAINTIES, FLAGS, Answer, Gold, answer_of, parse_gold, relation, slips
from bot.pipeline.measure import Case, Count, Figures, by_language, by_type, judge, measure
from bot.pipeline.mistakes import Slip, mistakes, passages

DE = {
    "id": "de",
    "lang": "de",
    "type": "positive",
    "title": "Geely und Foxconn gründen Gemeinschaftsunternehmen für E-Autos",
    "companies": ["geely", "foxconn"],
    "ev": True,
    "jv": True,
    "alert": True,
    "move": True,
    "certainty": "announced",
    "relations": [["geely", "foxconn", "joint-venture"]],
    "event_id": "geely-foxconn",
}
ZH = {**DE, "id": "zh", "lang": "zh", "title": "吉利与富士康成立电动汽车合资公司"}
EN = {
    "id": "en",
    "lang": "en",
    "type": "positive",
    "title": "Seat denies talks with Leapmotor about electric cars",
    "companies": ["seat", "leapmotor"],
    "companies_optional": ["volkswagen"],
    "ev": True,
    "jv": True,
    "alert": True,
    "move": True,
    "certainty": "denied",
    "certainty_also": ["rumour"],
    "relations": [["seat", "leapmotor", "talks"]],
    "relations_optional": [["seat", "leapmotor", "contract-manufacturing"]],
    "event_id": "seat-leapmotor",
}
QUIET = {
    "id": "quiet",
    "lang": "en",
    "type": "noise",
    "title": "The seat of the museum is an electric chair",
    "companies": [],
    "alert": False,
}
RIGHT = Answer(
    frozenset({"geely", "foxconn"}),
    frozenset(FLAGS),
    "announced",
    frozenset({relation("geely", "foxconn", "joint-venture")}),
    "S1",
)


def case(line: Mapping[str, Any], answer: Answer) -> Case:
    """A gold line, which must be well, and what came out."""
    assert slips(line) == []
    return Case(parse_gold(line), answer)


def answer(
    companies: str = "", flags: str = "", certainty: str = "n/a", story: str | None = None, **pairs: str
) -> Answer:
    """Names apart by spaces; `a_b="talks"` is a relation."""
    relations = frozenset(relation(pair.split("_")[0], pair.split("_")[1], kind) for pair, kind in pairs.items())
    return Answer(frozenset(companies.split()), frozenset(flags.split()), certainty, relations, story)


# counting


def test_what_is_found_is_right_extra_or_missed():
    """Two entries: one read well, one half; the optional company is free."""
    half = answer("seat volkswagen nio", "ev alert", "announced", None)
    figures = measure([case(DE, RIGHT), case(EN, half)])
    assert figures.counts["companies"] == Count(right=3, extra=1, missed=1)
    assert figures.counts["ev"] == Count(right=2)
    assert figures.counts["jv"] == Count(right=1, missed=1)
    assert figures.counts["alert"] == Count(right=2)
    assert figures.counts["move"] == Count(right=1, missed=1)
    assert figures.counts["relations"] == Count(right=1, missed=1)
    assert figures.counts["pairs"] == Count(right=1, missed=1)


def test_precision_recall_and_f1_of_a_count():
    """3 right, 1 extra, 2 missed: 3 of 4, 3 of 5, 6 of 9."""
    count = Count(right=3, extra=1, missed=2)
    assert (count.precision, count.recall, count.f1) == (0.75, 0.6, 6 / 9)


def test_nothing_asked_and_nothing_said_is_no_figure():
    """None, not 0 and not 1."""
    count = Count()
    assert (count.precision, count.recall, count.f1) == (None, None, None)
    assert Count(missed=1).precision is None
    assert Count(extra=1).recall is None
    assert Count(missed=1).f1 == 0


@pytest.mark.parametrize(
    ("given_pair", "kind", "relations", "pairs"),
    [
        ("leapmotor_seat", "talks", Count(right=1), Count(right=1)),
        ("seat_leapmotor", "investment", Count(extra=1, missed=1), Count(right=1)),
        ("seat_leapmotor", "contract-manufacturing", Count(missed=1), Count(right=1)),
        ("seat_volkswagen", "investment", Count(missed=1), Count(missed=1)),
        ("seat_nio", "talks", Count(extra=1, missed=1), Count(extra=1, missed=1)),
    ],
    ids=["no direction", "another kind", "an optional kind", "with an optional company", "with somebody else"],
)
def test_a_relation_is_judged_with_and_without_its_kind(given_pair, kind, relations, pairs):
    """What the two analysts left open costs nothing and earns nothing."""
    figures = measure([case(EN, answer(**{given_pair: kind}))])
    assert (figures.counts["relations"], figures.counts["pairs"]) == (relations, pairs)


def test_pairs_the_analysts_agree_on_replace_those_of_the_relations():
    """They differ on the kinds: no relation is asked for, the pair is."""
    open_kind = {**EN, "relations": [], "pairs_agreed": [["seat", "leapmotor"]], "relations_optional": []}
    figures = measure([case(open_kind, answer(seat_leapmotor="talks"))])
    assert figures.counts["pairs"] == Count(right=1)
    assert figures.counts["relations"] == Count(extra=1)


def test_a_disputed_flag_is_not_judged():
    """Nor are certainty and false alerts where the alert is disputed."""
    disputed = {**EN, "disputed": ["alert", "jv"]}
    figures = measure([case(disputed, answer()), case({**QUIET, "disputed": ["alert"]}, answer(flags="alert"))])
    assert figures.counts["alert"] == figures.counts["jv"] == Count()
    assert figures.counts["ev"] == Count(missed=1)
    assert figures.certainty.entries == 0
    assert figures.false_alerts == {}


def test_certainty_is_exact_coarse_and_where_told():
    """Four alerts are due: exact and told, one of two that are right, only coarse, wrong and not told."""
    figures = measure(
        [
            case(DE, answer(flags="alert", certainty="announced")),
            case(EN, answer(flags="alert", certainty="rumour")),
            case(ZH, answer(flags="alert", certainty="done")),
            case({**EN, "id": "en2"}, answer(certainty="announced")),
        ]
    )
    certainty = figures.certainty
    assert (certainty.entries, certainty.accuracy, certainty.coarse) == (4, 0.5, 0.75)
    assert certainty.where_told == 2 / 3


def test_false_alerts_are_counted_by_type():
    """One of two hard negatives, none of one piece of noise; positives are not in it."""
    hard = {**QUIET, "type": "hard_negative"}
    figures = measure(
        [
            case({**hard, "id": "1"}, answer(flags="alert")),
            case({**hard, "id": "2"}, answer()),
            case(QUIET, answer()),
            case(DE, RIGHT),
        ]
    )
    assert {t: (a.told, a.entries) for t, a in figures.false_alerts.items()} == {
        "hard_negative": (1, 2),
        "noise": (0, 1),
    }


# stories


def test_stories_by_pair_and_by_entry():
    """Event A is a1 a2 a3 in two languages, B is b1. S1 holds a1 a2 b1, a3 is alone.

    Pairs: a1-a2 right, a1-b1 and a2-b1 extra, a1-a3 and a2-a3 missed. By entry, precision: 2/3 2/3 1 1/3,
    recall: 2/3 2/3 1/3 1. Between the languages a1-a3 and a2-a3: none of two.
    """
    a = {**DE, "event_id": "A"}
    stories = measure(
        [
            case({**a, "id": "a1"}, answer(story="S1")),
            case({**a, "id": "a2"}, answer(story="S1")),
            case({**a, "id": "a3", "lang": "zh"}, answer()),
            case({**EN, "id": "b1", "event_id": "B"}, answer(story="S1")),
        ]
    ).stories
    assert (stories.right, stories.extra, stories.missed) == (1, 2, 2)
    assert (stories.precision, stories.recall, stories.f1) == (1 / 3, 1 / 3, 1 / 3)
    assert stories.b_cubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 / 3) / 4)
    assert stories.b_cubed_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert (stories.cross_language_recall, stories.cross_language_pairs) == (0, 2)
    assert (stories.joined, stories.events) == (1, 1)


def test_two_languages_in_one_story():
    """The German and the Chinese report came together."""
    stories = measure([case(DE, RIGHT), case(ZH, RIGHT)]).stories
    assert (stories.f1, stories.cross_language_recall, stories.cross_language_pairs) == (1, 1, 1)


def test_related_events_may_be_joined_or_not():
    """Named on one side is enough."""
    later = {**EN, "id": "later", "event_id": "talks-ended", "event_related": ["seat-leapmotor"]}
    stories = measure([case(EN, answer(story="S1")), case(later, answer(story="S1"))]).stories
    assert (stories.extra, stories.related_joined) == (0, 1)
    assert (stories.b_cubed_precision, stories.b_cubed_recall) == (1, 1)


def test_an_entry_without_an_event_that_joins_something_is_a_false_merge():
    """One of two; alone in a story it harms nobody. Pairs and B-cubed know events only."""
    stories = measure(
        [
            case(DE, answer(story="S1")),
            case(QUIET, answer(story="S1")),
            case({**QUIET, "id": "alone"}, answer(story="S2")),
        ]
    ).stories
    assert (stories.false_merges, stories.without_event) == (1, 2)
    assert (stories.extra, stories.precision, stories.b_cubed_precision) == (0, None, 1)


# groups


def test_small_languages_are_shown_together_last():
    """Five make a column of their own; the most frequent first."""
    langs = ["de"] * 5 + ["en"] * 6 + ["zh"] * 4 + ["sv"] * 3
    cases = [case({**QUIET, "id": str(n), "lang": lang}, answer()) for n, lang in enumerate(langs)]
    assert {name: len(group) for name, group in by_language(cases).items()} == {"en": 6, "de": 5, "other": 7}
    assert list(by_language(cases)) == ["en", "de", "other"]
    assert list(by_type([*cases, case(DE, RIGHT)])) == ["noise", "positive"]


# gold lines


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": None}, [("", "needs an id")]),
        ({"date": "soon"}, [("", "date must be like 2021-02-19, not 'soon'")]),
        ({"companies": None, "alert": None}, [("companies", "is missing"), ("alert", "is missing")]),
        ({"move": "yes"}, [("move", "must be true or false")]),
        ({"companies": "byd"}, [("companies", "must be a list of names")]),
        ({"lang": 1}, [("", "lang must be text")]),
        ({"certainty_also": ["sure"]}, [("certainty_also", f"'sure' is none of {', '.join(sorted(CERTAINTIES))}")]),
        ({"certainty": None}, [("certainty", "is missing: the entry is worth an alert")]),
        ({"disputed": ["alarm"]}, [("disputed", "'alarm' is none of ev, jv, alert, move")]),
        ({"relations": [["byd", "nio"]]}, [("relations.0", "must be two companies and a kind")]),
        ({"relations": [["byd", "nio", "merger"]]}, [("relations.0", "'merger' is no kind of claim")]),
        ({"pairs_agreed": [["byd", "nio"], ["byd"]]}, [("pairs_agreed.1", "must be two companies")]),
        ({"relations_optional": ["byd"]}, [("relations_optional.0", "must be names in a list")]),
        ({"pairs_agreed": False}, [("pairs_agreed", "must be a list")]),
        ({"disputed": 0}, [("disputed", "must be a list of names")]),
        ({"relations": "byd"}, [("relations", "must be a list")]),
    ],
)  # fmt: skip
def test_a_slip_in_a_gold_line_is_named(change, said):
    """By its key, all of a line at once."""
    assert slips({**DE, **change}) == said


def test_a_relation_of_a_company_with_itself_is_none():
    """Two brands of one owner; nor is an event related to itself."""
    gold = parse_gold({**DE, "relations": [["byd", "byd", "talks"]], "event_related": ["geely-foxconn", "later"]})
    assert not gold.relations | gold.pairs
    assert gold.related == {"later"}


def test_a_line_that_is_no_object_is_refused():
    """Whatever else it may be."""
    assert slips(["de"]) == [("", "needs an id")]


_JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


@given(
    line=st.fixed_dictionaries({}, optional=dict.fromkeys([*DE, "disputed", "pairs_agreed", "certainty_also"], _JSON))
)
def test_a_line_without_slips_is_parsed_and_judged(line):
    """Whatever stands in it: either its slips are named, or it has none."""
    whole = {**DE, **line}
    if not slips(whole):
        measure([Case(parse_gold(whole), RIGHT)])


def test_a_prediction_becomes_an_answer():
    """As `evwatch read` prints it; a relation loses its direction."""
    prediction = {
        "id": "1",
        "companies": ["byd", "uber"],
        "ev": True,
        "jv": False,
        "alert": True,
        "move": False,
        "certainty": None,
        "relations": [("uber", "byd", "partnership")],
        "story": "S4",
    }
    assert answer_of(prediction) == answer("byd uber", "ev alert", "n/a", "S4", byd_uber="partnership")


# properties

_COMPANIES = ["byd", "geely", "nio", "seat"]
_some_companies = st.frozensets(st.sampled_from(_COMPANIES))
_kinds = st.sampled_from(["talks", "supply"])
_relations = st.frozensets(
    st.builds(relation, st.sampled_from(_COMPANIES[:2]), st.sampled_from(_COMPANIES[2:]), _kinds), max_size=3
)
_certainties = st.sampled_from(sorted(CERTAINTIES))
_flags = st.frozensets(st.sampled_from(FLAGS))
_answers = st.builds(
    Answer, _some_companies, _flags, _certainties, _relations, st.sampled_from([None, "S1", "S2", "S3"])
)
_golds = st.fixed_dictionaries(
    {
        "id": st.just("x"),
        "lang": st.sampled_from(["de", "en", "zh"]),
        "type": st.sampled_from(["positive", "noise"]),
        "companies": _some_companies,
        "companies_optional": _some_companies,
        **dict.fromkeys(FLAGS, st.booleans()),
        "disputed": _flags,
        "certainty": _certainties,
        "relations": _relations,
        "event_id": st.sampled_from([None, "A", "B", "C"]),
        "event_related": st.frozensets(st.sampled_from("ABC")),
    }
).map(parse_gold)
_cases = st.lists(st.builds(Case, _golds, _answers), max_size=8)


def shares(figures: Figures) -> dict[str, float | None]:
    """Everything that is a share of something."""
    found = {f"{name}.{s}": getattr(c, s) for name, c in figures.counts.items() for s in ("precision", "recall", "f1")}
    found |= {s: getattr(figures.certainty, s) for s in ("accuracy", "coarse", "where_told")}
    names = ("precision", "recall", "f1", "b_cubed_precision", "b_cubed_recall", "cross_language_recall")
    return found | {f"stories.{s}": getattr(figures.stories, s) for s in names}


@given(_cases)
def test_figures_never_leave_0_to_1(cases):
    """Whatever is asked and answered; counts are never negative."""
    figures = measure(cases)
    assert {name: share for name, share in shares(figures).items() if share is not None and not 0 <= share <= 1} == {}
    assert all(min(c.right, c.extra, c.missed) >= 0 for c in figures.counts.values())
    assert min(figures.stories.right, figures.stories.extra, figures.stories.missed) >= 0
    assert all(0 <= a.told <= a.entries for a in figures.false_alerts.values())


def perfect(gold: Gold) -> Answer:
    """The answer that says what the labels say."""
    return Answer(gold.companies, gold.flags, gold.certainty, gold.relations, gold.event)


@given(st.lists(_golds, max_size=8))
def test_perfect_answers_are_1_and_no_mistake(golds):
    """Every figure there is; nothing is listed."""
    cases = [Case(gold, perfect(gold)) for gold in golds]
    figures = measure(cases)
    assert set(shares(figures).values()) <= {1, None}
    assert not any(a.told for a in figures.false_alerts.values())
    assert mistakes(cases, [Reading(None)] * len(cases)) == []


@given(_cases)
def test_what_is_counted_wrong_is_listed(cases):
    """No mistake in the figures without one in the list, and the other way round."""
    figures = measure(cases)
    listed = {m.slip for m in mistakes(cases, [Reading(None)] * len(cases))}
    for name, missed, extra in (
        ("alert", Slip.ALERT_MISSED, Slip.ALERT_FALSE),
        ("move", Slip.MOVE_MISSED, Slip.MOVE_FALSE),
        ("ev", Slip.EV_MISSED, Slip.EV_FALSE),
        ("jv", Slip.JV_MISSED, Slip.JV_FALSE),
        ("companies", Slip.COMPANY_MISSED, Slip.COMPANY_EXTRA),
        ("pairs", Slip.PAIR_MISSED, Slip.PAIR_EXTRA),
    ):
        assert (missed in listed, extra in listed) == (figures.counts[name].missed > 0, figures.counts[name].extra > 0)
    assert (Slip.STORY_SPLIT in listed) == (figures.stories.missed > 0)
    assert (Slip.STORY_MERGED in listed) == (figures.stories.extra + figures.stories.false_merges > 0)


@given(_cases, st.randoms(use_true_random=False))
def test_the_order_of_the_entries_changes_nothing(cases, random):
    """Counts are equal, sums of shares as near as floats are."""
    mixed = random.sample(cases, len(cases))
    assert measure(mixed).counts == measure(cases).counts
    assert shares(measure(mixed)) == pytest.approx(shares(measure(cases)))


# mistakes


def test_a_mistake_says_what_was_expected_and_what_came_out():
    """With the analyst's reason; the lead's evidence is marked in the title."""
    line = {**EN, "alert": False, "type": "hard_negative", "why": "an old rumour"}
    evidence = (Evidence("company:seat", Field.TITLE, 0, 4, "Seat"), Evidence("talks", Field.TITLE, 12, 17, "talks"))
    claim = Claim(
        Kind.TALKS, ("seat", "leapmotor"), (), Certainty.DENIED, False, None, "talks", "normal", True, evidence
    )
    said = answer("seat leapmotor", "ev jv alert move", "denied", "S1", seat_leapmotor="talks")
    [mistake] = mistakes([case(line, said)], [Reading("en", claims=(claim,))])
    assert (mistake.slip, mistake.id, mistake.type) == (Slip.ALERT_FALSE, "en", "hard_negative")
    assert mistake.expected == "no alert"
    assert mistake.got == "seat, leapmotor: talks (denied, rule talks)"
    assert mistake.why == "an old rumour"
    [passage] = mistake.passages
    assert [passage.text[start:end] for start, end in passage.marks] == ["Seat", "talks"]


def test_a_pair_with_another_kind_is_one_mistake():
    """Not a pair missed and another one found."""
    said = answer("seat leapmotor", "ev jv alert move", "denied", seat_leapmotor="investment")
    [mistake] = mistakes([case(EN, said)], [Reading("en")])
    assert (mistake.slip, mistake.expected, mistake.got) == (
        Slip.PAIR_KIND,
        "leapmotor + seat: talks",
        "leapmotor + seat: investment",
    )


def test_mistakes_about_stories_name_the_entries():
    """What was one came out as two, and the noise came along."""
    apart = dataclasses.replace(RIGHT, story=None)
    cases = [case(DE, RIGHT), case(ZH, apart), case(QUIET, answer(story="S1"))]
    found = mistakes(cases, [Reading(None)] * 3)
    assert [(m.slip, m.id, m.expected, m.got) for m in found] == [
        (Slip.STORY_MERGED, "de", "de | quiet", "one story"),
        (Slip.STORY_SPLIT, "de", "one story: geely-foxconn", "de | zh"),
    ]


@given(
    text=st.text(max_size=400),
    spans=st.lists(st.tuples(st.sampled_from(Field), st.integers(0, 400), st.integers(1, 30)), max_size=6),
)
def test_passages_are_slices_and_mark_the_evidence(text, spans):
    """Each passage stands in the entry as it says; marks lie inside, in order, and cover every piece of evidence."""
    entry = Entry(title=text[:60], text=text)
    evidence = []
    for field, start, length in spans:
        words = getattr(entry, field.value)[start : start + length]
        if words:
            evidence.append(Evidence("term", field, start, start + len(words), words))
    shown = passages(entry, evidence)
    covered = set()
    for passage in shown:
        whole = getattr(entry, passage.field.value)
        assert whole[passage.start :].startswith(passage.text)
        ends = [0, *(place for mark in passage.marks for place in mark), len(passage.text)]
        assert ends == sorted(ends)
        covered |= {(passage.field, passage.start + n) for start, end in passage.marks for n in range(start, end)}
    assert covered == {(e.field, n) for e in evidence for n in range(e.start, e.end)}


def test_judging_leaves_out_nothing_but_what_is_disputed():
    """Every measure is in the judgement of an entry that nobody disputes."""
    assert set(judge(case({**DE, "disputed": ["move"]}, RIGHT)).found) == {
        "companies",
        "ev",
        "jv",
        "alert",
        "relations",
        "pairs",
    }
