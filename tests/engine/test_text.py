from __future__ import annotations

import unicodedata
from array import array

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.claims import Field
from bot.engine.text import (
    _ODD,
    FieldText,
    _clings,
    _fold_clusters,
    cased,
    fold,
    fold_char,
    is_cjk,
    normalise,
    split_sentences,
)

#: Letters of the languages we read, and everything that is only typography.
LETTERS = (
    "aäzßAÄÖİıéñçøŠ ,.-–—’´`'\"„“«»…!?()&;:0129½ﬁ㈱🚗\t\n\x00\x7f"
    "新能源車。！？「」ﾎﾝﾀﾞホンダガＢＹＤ현대차ᄒ\u1161\u11ab"
    "\u00ad\u200b\u200d\u200e\u202b\u2066\ufeff\u00a0\u3000\ufe0f\u0301\u0308"
)
TEXT = st.text(st.sampled_from(LETTERS), max_size=60)

FOLDED = [
    ("Straße STRASSE", "strasse strasse"),
    ("XİAOMİ", "xiaomi"),
    ("ＢＹＤ　ＥＶ", "byd ev"),
    ("ﾎﾝﾀﾞ", "ホンダ"),
    ("S\u030ckoda", "škoda"),
    ("VW\u00a0 Werk", "vw werk"),
    ("Elektro\u00adauto", "elektroauto"),
    ("E\u2011Auto E–Auto E−Auto", "e-auto e-auto e-auto"),
    ("Tesla’s Tesla‘s Tesla´s", "tesla's tesla's tesla's"),
    ("小\u200b米\ufeff", "小米"),
    ("\u2066Xpeng\u2069", "xpeng"),
    ("葛\U000e0100城 車\ufe0f", "葛城 車"),
    ("현대", "현대"),
    ("ﬁnal …", "final ..."),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_spellings_of_one_word_are_one(text, folded):
    """Case, width, composition, hyphens, apostrophes and what nobody sees make no difference."""
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@pytest.mark.parametrize(
    ("text", "same"),
    [("ＢＹＤ", "BYD"), ("B\u00adY\u200bD", "BYD"), ("Model\u00a03", "Model 3"), ("SK-On", "SK On"), ("byd", "byd")],
)
def test_where_case_counts_only_case_counts(text, same):
    """Names in capitals are found in full width and with soft hyphens, never in small letters."""
    assert cased(text) == same


@given(TEXT)
def test_the_map_leads_back_in_order(text):
    """Each normalised character has one offset, never before that of its neighbour, never outside the text."""
    norm, offsets = normalise(text)
    if offsets is None:
        assert len(norm) == len(text)
        return
    assert len(offsets) == len(norm) + 1
    assert list(offsets) == sorted(offsets)
    assert all(0 <= o <= len(text) for o in offsets)


def slowly(text: str) -> tuple[str, list[int]]:
    """Normalised cluster by cluster, however plain the text is."""
    chars: list[str] = []
    offsets = array("i")
    _fold_clusters(text, 0, len(text), chars, offsets)
    return "".join(chars), [*offsets, len(text)]


@given(TEXT.map(lambda text: text.replace("`", "")))
@example("\u00a0\u0301 \n\u0301 \u00ad ß\u0323")
def test_the_quick_way_is_the_slow_way(text):
    """Stretches that are folded at once come out as they would one by one, offsets included."""
    norm, offsets = normalise(text)
    assert (norm, list(range(len(text) + 1) if offsets is None else offsets)) == slowly(text)


def test_what_is_taken_for_easy_is_easy():
    """Only letters that their small letter stands for, and no marks, are folded at once."""
    every = "".join(map(chr, range(0x110000)))
    easy = _ODD.sub("", every)
    assert [c for c in easy if len(c.lower()) > 1 or (c > "\x7f" and fold_char(c) != c.lower()) or _clings(c)] == []
    assert [c for c in easy if f"a{c}".lower() != f"a{c.lower()}"] == []  # the final sigma is none of them


@given(TEXT)
def test_normalised_text_has_single_spaces_and_is_settled(text):
    """Folding once more changes nothing."""
    norm = fold(text)
    assert "  " not in norm
    assert fold(norm) == norm


@given(TEXT)
def test_composition_makes_no_difference(text):
    """NFC and NFD read the same."""
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert fold(composed) == fold(decomposed)


@given(TEXT, st.data())
def test_any_span_slices_to_what_it_came_from(text, data):
    """Evidence is the original's own words, with nothing of its neighbours."""
    field = FieldText(Field.TEXT, text, markup=False)
    size = len(field.norm)
    start = data.draw(st.integers(0, max(size - 1, 0)))
    end = data.draw(st.integers(start, size))
    evidence = field.evidence("any", start, end)
    assert text[evidence.start : evidence.end] == evidence.text
    if end > start:
        assert field.norm[start:end].strip() in fold(evidence.text)


def sentences(text: str, abbreviations: tuple[str, ...] = (), *, markup: bool = True) -> list[str]:
    field = FieldText(Field.TEXT, text, markup=markup)
    split_sentences(field, abbreviations, 0, 1)
    return [field.plain_slice(s.start, s.end).strip() for s in field.sentences]


SENTENCES = [
    ("BYD baut. Tesla auch.", ["BYD baut.", "Tesla auch."]),
    ("Am 3. Oktober kommt es.", ["Am 3. Oktober kommt es."]),
    ("Rund 3 Mrd. Euro. Mehr nicht.", ["Rund 3 Mrd. Euro.", "Mehr nicht."]),
    ("J. Smith of Lucid Inc. said so. Why?", ["J. Smith of Lucid Inc. said so.", "Why?"]),
    ("„Wir bauen Autos.“ Danach war Schluss.", ["„Wir bauen Autos.“", "Danach war Schluss."]),
    ("“We build cars.” Then silence.", ["“We build cars.”", "Then silence."]),
    ("»Wir bauen.« Und dann?", ["»Wir bauen.«", "Und dann?"]),
    ("小米造车。蔚来呢？“不知道。”完", ["小米造车。", "蔚来呢？", "“不知道。”", "完"]),
    ("现代汽车说了. 蔚来没说.", ["现代汽车说了.", "蔚来没说."]),
    ("발표한 것. 현대차는 아니다.", ["발표한 것.", "현대차는 아니다."]),
    ("It costs 3.5 bn at example.com today.", ["It costs 3.5 bn at example.com today."]),
    ("Wait... what? No!", ["Wait... what?", "No!"]),
    ("<p>Eins</p><p>Zwei</p>", ["Eins", "Zwei"]),
    ("\u200b\u200b", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_sentences_end_where_readers_end_them(text, expected):
    """Full stops of all scripts end sentences; those of days, initials and abbreviations do not."""
    assert sentences(text, ("mrd", "inc")) == expected


def test_paragraphs_are_counted():
    """A sentence knows its paragraph; the text's first is 1, empty ones do not count."""
    field = FieldText(Field.TEXT, "<p>Eins. Zwei.</p><p></p><p>Drei.</p>", markup=True)
    split_sentences(field, (), 5, 1)
    assert [(s.index, s.paragraph) for s in field.sentences] == [(5, 1), (6, 1), (7, 2)]


@given(TEXT)
def test_sentences_cover_the_text_in_order(text):
    """Nothing but space stands outside a sentence, and none overlaps the next."""
    field = FieldText(Field.TEXT, text, markup=False)
    split_sentences(field, (), 0, 1)
    covered, before = [False] * len(field.norm), 0
    for sentence in field.sentences:
        assert before <= sentence.start < sentence.end <= len(field.norm)
        before = sentence.end
        covered[sentence.start : sentence.end] = [True] * (sentence.end - sentence.start)
    assert not "".join(c for c, inside in zip(field.norm, covered, strict=True) if not inside).strip()


@pytest.mark.parametrize(
    ("char", "runs_together"), [("新", True), ("カ", True), ("현", True), ("a", False), ("ä", False), ("я", False)]
)
def test_scripts_without_word_boundaries(char, runs_together):
    """Chinese, Japanese and Korean words need no space beside them."""
    assert is_cjk(char) is runs_together


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Das berichtet das\n    chinesische Medium Late Post.\nBYD schweigt.", 2),
        ("Geely,\nFoxconn and Baidu\nsigned it.", 1),
        ("小米、\n比亚迪签约。\n吉利没有。", 2),
        ("BYD builds cars\nUber drives them", 2),
    ],
)
def test_a_wrapped_line_is_no_end_of_a_sentence(text, sentences):
    """Behind a comma, or before a small letter, a line's end is but a space; else it ends the paragraph."""
    field = FieldText(Field.TEXT, text, markup=True)
    split_sentences(field, (), 0, 1)
    assert len(field.sentences) == sentences
