"""The words a rule saw, marked where they stand."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands import evidence
from bot.domain.claims import Evidence, Field
from bot.domain.entries import Entry

GERMAN = (
    "<p>Erst etwas anderes.</p><p>Der Handyhersteller <b>Xiaomi</b> soll laut R&amp;D Autos planen. Noch etwas.</p>"
)


def seen(text, *words, field=Field.TEXT):
    """Evidence of the first place of each word."""
    return [Evidence(f"cue:{w}", field, at := text.index(w), at + len(w), w) for w in words]


def test_the_sentence_is_shown_with_its_words_marked():
    """Markup and entities are gone, and the marks stand where the words stood in the original."""
    lines = evidence.sentences(Entry("", GERMAN), seen(GERMAN, "Xiaomi", "soll", "Autos"))
    assert lines == ["Der Handyhersteller «Xiaomi» «soll» laut R&D «Autos» planen."]


def test_chinese_sentences_end_without_a_space():
    """Only the sentence that carries it."""
    text = "百度另有安排。据晚点报道，小米计划造车。"
    assert evidence.sentences(Entry("", text), seen(text, "小米", "造车")) == ["据晚点报道，«小米»计划«造车»。"]


def test_the_title_comes_before_the_text():
    """Both are shown where both carry it."""
    text = "Xiaomi plant Elektroautos."
    found = [*seen(text, "plant"), *seen("Xiaomi baut Autos", "Xiaomi", field=Field.TITLE)]
    lines = evidence.sentences(Entry("Xiaomi baut Autos", text), found)
    assert lines == ["«Xiaomi» baut Autos", "Xiaomi «plant» Elektroautos."]


def test_evidence_that_overlaps_is_marked_once():
    """Two rules' words within each other give one pair of marks."""
    text = "They set up a joint venture."
    assert evidence.sentences(Entry("", text), seen(text, "joint venture", "venture")) == [
        "They set up a «joint venture»."
    ]


def test_of_many_sentences_those_with_most_evidence_are_shown():
    """A phone has room for two."""
    text = "BYD is there. BYD and Uber plan it. Uber only. BYD signs with Uber."
    found = [
        Evidence("cue:x" + m[0], Field.TEXT, m.start(), m.end(), m[0]) for m in re.finditer("BYD|Uber|plan|signs", text)
    ]
    lines = evidence.sentences(Entry("", text), found)
    assert lines == ["«BYD» and «Uber» «plan» it.", "«BYD» «signs» with «Uber»."]


def test_only_the_words_are_left_of_a_text_that_is_gone():
    """Texts are dropped after 90 days, evidence is kept."""
    found = seen(GERMAN, "Xiaomi", "soll")
    assert evidence.sentences(Entry("Xiaomi", ""), found) == ["«Xiaomi» … «soll»"]


def test_a_sentence_with_such_marks_gets_others():
    """French quotes in the text are not taken for ours."""
    text = "Xiaomi dit « oui »."
    assert evidence.sentences(Entry("", text), seen(text, "Xiaomi")) == ["‹Xiaomi› dit « oui »."]


def test_a_long_sentence_is_cut_around_its_words():
    """What was seen is not cut off."""
    text = "lang " * 100 + "und dann plant Xiaomi Autos " + "noch " * 100
    (line,) = evidence.sentences(Entry("", text), seen(text, "plant", "Xiaomi"))
    assert len(line) <= 260
    assert "«plant» «Xiaomi»" in line


@pytest.mark.parametrize("words", [("nothing",), ("", "BYD")])
def test_words_that_are_not_there_are_not_marked(words):
    """A sentence as it is, with what can be marked."""
    assert evidence.mark("BYD and Uber", words).replace("«", "").replace("»", "") == "BYD and Uber"


@given(text=st.text(max_size=200), spans=st.lists(st.tuples(st.integers(0, 200), st.integers(1, 30)), max_size=5))
def test_any_evidence_can_be_shown(text, spans):
    """Whatever a feed sends: lines are short, one line each, and hold nothing but the text and the marks."""
    found = [Evidence(f"cue:{a}", Field.TEXT, a, a + n, text[a : a + n]) for a, n in spans if text[a : a + n]]
    for line in evidence.sentences(Entry("", text), found):
        assert len(line) <= 260
        assert "\n" not in line
