from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.claims import Aboutness, Certainty, Claim, Evidence, Field, Kind, Mention, Origin, OriginType, Reading
from bot.domain.stories import Change, Story, StoryEntry, StoryId, StoryUpdate
from bot.rulebook.cases import run_cases, run_examples

SENTENCE = "BYD and NIO form a joint venture."


def evidence(text, word, field=Field.TEXT):
    start = text.index(word)
    return Evidence("x", field, start, start + len(word), word)


JV = Claim(
    kind=Kind.JOINT_VENTURE,
    who=("nio", "byd"),
    whom=(),
    certainty=Certainty.ANNOUNCED,
    retold=False,
    origin=None,
    rule="jv",
    severity="normal",
    lead=True,
    evidence=(evidence(SENTENCE, "joint venture"),),
)


def reader(*claims):
    """A reader that finds these claims in the one sentence, and nothing elsewhere."""
    mention = Mention("byd", Aboutness.SUBJECT, (evidence(SENTENCE, "BYD"),))

    def read(entry):
        if SENTENCE not in (entry.text, entry.title):
            return Reading("en")
        return Reading("en", mentions=(mention,), claims=claims)

    return read


def test_examples_that_hold_say_nothing(rules):
    """Equals are compared as sets."""
    assert run_examples(rules.basics().load(), reader(JV)) == []


def test_a_silent_rule_is_shown_with_its_sentence(rules):
    """File, line, number, what was expected, what came, and the sentence with its evidence marked."""
    (problem,) = run_examples(rules.basics().load(), reader())
    assert str(problem) == (
        "rules/claims/jv.yaml:9: examples.1: expected joint-venture of byd, nio (announced), got nothing\n"
        "    [BYD] and NIO form a joint venture."
    )


def test_what_came_instead_is_shown(rules):
    """With the rule's name where it was another one; the lead first."""
    side = replace(JV, kind=Kind.SUPPLY, who=("byd",), whom=("nio",), lead=False, rule="supply", retold=True)
    rumour = replace(JV, certainty=Certainty.RUMOUR, origin=Origin("Late Post", OriginType.OUTLET))
    (problem,) = run_examples(rules.basics().load(), reader(side, rumour))
    assert problem.message == (
        "expected joint-venture of byd, nio (announced), got joint-venture of nio, byd (rumour, origin Late Post); "
        "supply of byd -> nio (announced, retold, rule supply)\n"
        "    [BYD] and NIO form a [joint venture]."
    )


def test_nothing_means_nothing_of_this_rule(rules):
    """Another rule may fire on it."""
    rules.basics()
    text = (rules.root / "claims/jv.yaml").read_text().replace("BYD and NIO met.", SENTENCE)
    book = rules.write("claims/jv.yaml", text).load()
    (problem,) = run_examples(book, reader(JV))
    assert problem.message.startswith("expected nothing, got joint-venture of nio, byd (announced)\n")
    problems = run_examples(book, reader(replace(JV, rule="other")))
    assert [p.path for p in problems] == ["examples.1"]


@pytest.mark.parametrize(
    ("expect", "claim", "holds"),
    [
        ("{kind: talks}", JV, False),
        ("{kind: joint-venture}", JV, True),
        ("{retold: false}", JV, True),
        ("{retold: true}", JV, False),
        ("{whom: [nio]}", JV, False),
        ("{who: [byd]}", JV, False),
        ("{origin: lp}", replace(JV, origin=Origin("Late Post", OriginType.OUTLET)), True),
        ("{origin: late post}", replace(JV, origin=Origin("Late Post", OriginType.OUTLET)), True),
        ("{origin: Reuters}", replace(JV, origin=Origin("Late Post", OriginType.OUTLET)), False),
        ("{origin: sources}", replace(JV, origin=Origin("insiders", OriginType.SOURCES)), True),
        ("{origin: sources}", JV, False),
    ],
)
def test_only_what_is_expected_is_checked(rules, expect, claim, holds):
    """Each field by itself."""
    rules.basics().write("outlets.yaml", "- {id: lp, name: Late Post}")
    text = (rules.root / "claims/jv.yaml").read_text()
    text = text.replace("{who: [byd, nio], kind: joint-venture, certainty: announced}", expect)
    assert (run_examples(rules.write("claims/jv.yaml", text).load(), reader(claim)) == []) is holds


def test_who_acts_on_whom_has_an_order(rules):
    """Of equals it has none."""
    rules.basics()
    text = (rules.root / "claims/jv.yaml").read_text().replace("between", "from-to")
    assert len(run_examples(rules.write("claims/jv.yaml", text).load(), reader(JV))) == 1


def test_examples_of_a_language_take_any_rule(rules):
    """They show how the language is read."""
    rules.basics().write(
        "languages/en.yaml",
        f"""
        code: en
        name: English
        script: latin
        verb: svo
        examples:
          - {{text: {SENTENCE}, expect: {{who: [byd, nio]}}}}
          - {{title: {SENTENCE}, expect: nothing}}
        """,
    )
    names: list[str] = []
    problems = run_examples(rules.load(), reader(JV), names.append)
    assert [(p.line, p.path) for p in problems] == [(7, "examples.2")]
    assert "(announced, rule jv)" in problems[0].message
    assert names == ["rule jv", "language en"]


def test_the_date_of_an_example_is_its_entry_s(rules):
    """At noon, so that no zone moves it to another day."""
    rules.basics()
    text = (rules.root / "claims/jv.yaml").read_text()
    rules.write("claims/jv.yaml", text.replace("expect: nothing", "date: 2021-02-19\n    expect: nothing"))
    seen = []

    def read(entry):
        seen.append(entry.when)
        return reader(JV)(entry)

    assert run_examples(rules.load(), read) == []
    assert seen == [None, datetime(2021, 2, 19, 12, tzinfo=UTC)]


def test_a_reader_that_fails_hides_no_other_example(rules):
    """Its exception is the problem."""

    def read(entry):
        raise ValueError("oops")

    problems = run_examples(rules.basics().load(), read)
    assert [p.path for p in problems] == ["examples.1", "examples.2"]
    assert problems[0].message == f"could not be read: ValueError: oops\n    {SENTENCE}"


CASE = """
    id: c
    title: C
    entries:
      - {{text: {0}, date: 2021-02-19, outlet: lp}}
      - {{text: {0}, date: 2021-02-19}}
      - {{text: elsewhere}}
    expect: {{stories: {1}, certainty: {2}, lines: {3}}}
"""


def assign(entries, stories, now):
    """A stand-in: the first claim opens a story, every later one is a change of certainty to done."""
    (entry,) = entries
    if not entry.reading.claims:
        return []
    claim = entry.reading.claims[0]
    old = stories[0] if stories else None
    certainty = Certainty.DONE if old else claim.certainty
    story = Story(
        id=old.id if old else StoryId(0),
        kind=claim.kind,
        parties=frozenset(claim.parties),
        anchors=frozenset(),
        certainty=certainty,
        revision=1,
        opened_at=now,
        last_claim_at=now,
        changed_at=now,
    )
    change = Change.LINE if old else Change.OPENED
    return [StoryUpdate(old, story, (StoryEntry(entry.id, claim, change, certainty),), (entry,))]


def test_a_case_that_holds_says_nothing(rules):
    """One story, one line in its thread."""
    book = rules.basics().write("cases/c.yaml", CASE.format(SENTENCE, 1, "done", 1)).load()
    assert run_cases(book, reader(JV), assign) == []


def test_what_a_case_made_is_shown(rules):
    """Each expectation by itself, with the stories."""
    book = rules.basics().write("cases/c.yaml", CASE.format(SENTENCE, 2, "denied", 0)).load()
    story = "\n    S1 joint-venture of byd, nio (done)"
    assert [str(p) for p in run_cases(book, reader(JV), assign)] == [
        f"rules/cases/c.yaml:1: expect.stories: expected 2, got 1{story}",
        f"rules/cases/c.yaml:1: expect.certainty: expected denied, got done{story}",
        f"rules/cases/c.yaml:1: expect.lines: expected 0, got 1{story}",
    ]
    assert [p.message for p in run_cases(book, reader(), assign)] == [
        "expected 2, got 0",
        "expected denied, got no story",
    ]


def test_entries_of_a_case_arrive_in_their_order(rules):
    """Also on one day; outlets are named by id or as they are."""
    rules.basics().write("outlets.yaml", "- {id: lp, name: Late Post}")
    book = rules.write("cases/c.yaml", CASE.format(SENTENCE, 1, "done", 1)).load()
    seen = []

    def watching(entries, stories, now):
        seen.append((entries[0].entry.outlet, entries[0].entry.seen_at, now))
        return assign(entries, stories, now)

    names: list[str] = []
    run_cases(book, reader(JV), watching, names.append)
    assert [outlet for outlet, _, _ in seen] == ["Late Post", None, None]
    times = [now for _, _, now in seen]
    assert times == sorted(set(times)) == [when for _, when, _ in seen]
    assert names == ["case c"]


def test_a_case_that_fails_hides_no_other(rules):
    """Its exception is the problem."""
    book = rules.basics().write("cases/c.yaml", CASE.format(SENTENCE, 1, "done", 1)).load()

    def broken(entries, stories, now):
        raise KeyError("x")

    assert [str(p) for p in run_cases(book, reader(JV), broken)] == [
        "rules/cases/c.yaml:1: entries: could not be read: KeyError: 'x'"
    ]
