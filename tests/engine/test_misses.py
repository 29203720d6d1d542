"""What was missing: one thing, named, with the words that stood there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import Entry
from bot.domain.rulebook import Within
from bot.engine.misses import Lack


def first(reader, title, text=""):
    return reader.misses(Entry(title, text))[0]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("The two banks set up a joint venture for electric cars", "joint venture"),
        ("Zwei Banken gründen ein Gemeinschaftsunternehmen für Elektroautos", "Gemeinschaftsunternehmen"),
        ("两家银行成立电动汽车合资公司", "合资公司"),
    ],
)
def test_no_company_is_what_is_missing(reader, title, words):
    """All the words of a venture, and nobody we know: that is said, with the words that were seen."""
    miss = first(reader, title)
    assert (miss.lack, miss.rule) == (Lack.COMPANY, None)
    assert words in miss.words
    assert miss.sentence == title


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("BYD meets Uber in Shenzhen", ("BYD", "Uber")),
        ("Geely und Foxconn treffen sich in Hangzhou", ("Geely", "Foxconn")),
        ("比亚迪与宁德时代举行会议", ("比亚迪", "宁德时代")),
    ],
)
def test_companies_without_a_word_for_a_move(reader, title, names):
    """Companies stand there, and no phrase that any rule begins with: the lists that would have done are named."""
    miss = first(reader, title)
    assert (miss.lack, miss.words) == (Lack.ANCHOR, names)
    assert "joint-venture" in miss.wanted


def test_a_doubtful_spelling_names_what_would_prove_it(reader):
    """One spelling of NIO is Swedish for nine: the lists that would have proved the company are named."""
    miss = first(reader, "Nio ist schwedisch für neun")
    assert (miss.lack, miss.words) == (Lack.PROOF, ("Nio",))
    assert "ev" in miss.wanted
    assert Lack.COMPANY not in {m.lack for m in reader.misses(Entry("Nio ist schwedisch für neun", ""))}


def test_the_nearest_rule_names_its_one_missing_line(reader):
    """A venture of a company outside the car world lacks the electric car."""
    miss = first(reader, "Foxconn announces a joint venture with a local farm")
    assert (miss.lack, miss.rule, miss.within) == (Lack.TERMS, "joint-venture", Within.ENTRY)
    assert miss.words == ("joint venture",)
    assert "ev" in miss.wanted


def test_a_name_that_only_describes_another(reader):
    """A rival of Tesla is not Tesla."""
    miss = first(reader, "Tesla rival announces takeover")
    assert (miss.lack, miss.words) == (Lack.SUBJECT, ("Tesla",))


def test_what_a_rule_excludes_is_named(reader, book):
    """Every rule with a `none` line says which of them stood in the way."""
    wanted = {m.wanted for m in reader.misses(Entry("Opinion: should BYD and Uber form a joint venture?", ""), 20)}
    known = {*book.terms, *(s for c in book.companies.values() for s in c.sector)}
    assert all(word in known or word.isdigit() for words in wanted for word in words)


def test_no_markup_comes_with_the_words(reader):
    """A feed's text is HTML: what is shown of it is plain."""
    miss = first(reader, "", "<p>Foxconn announces a <b>joint</b> venture for R&amp;D.</p>")
    assert miss.words == ("joint venture",)
    assert miss.sentence == "Foxconn announces a joint venture for R&D."


@given(title=st.text(max_size=80), text=st.text(max_size=300))
def test_any_text_has_an_answer(reader, title, text):
    """Whatever is asked about, the answer is safe to show and short."""
    for miss in reader.misses(Entry(title, text)):
        assert all(len(line) <= 300 and "\n" not in line for line in (*miss.words, miss.sentence))
