"""What must hold for any text, in whatever bytes it comes."""

from __future__ import annotations

import unicodedata
from html import escape

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.entries import Entry
from tests.kit.reading import DAY, assert_slices, entry, understood

#: Sentences that make claims, name origins, deny, retell, and some that only fill the page.
SENTENCES = [
    "Xiaomi soll in die Produktion von Elektroautos einsteigen, berichtet Late Post.",
    "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für E-Autos.",
    "Škoda liefert Batteriezellen an Mercedes-Benz.",
    "Die Großaktionäre von BYD äußerten sich nicht.",
    "Ein Sprecher von Nio wollte sich nicht äußern.",
    "BYD and Toyota have formed a joint venture for electric cars.",
    "Amazon holds a stake in electric truck maker Rivian.",
    "Ford denied a partnership with Apple on electric cars.",
    "Tesla's new battery plant, worth $2.5 billion, opened in January.",
    "Reuters reported, citing people familiar with the matter, that Renault wants out.",
    "小米将进军电动汽车,知情人士称。",
    "上汽与阿里巴巴的合资公司此前已展示首款电动车。",
    "宁德时代将向宝马供应动力电池。",
    "据路透社报道，比亚迪否认收购蔚来。",
    "トヨタとパナソニックがEV用電池の合弁会社を設立する。",
    "현대차가 전기차 합작법인을 설립한다.",
    "Nobody was asked.",
    "„Micar“ heißt das Projekt; 2018 begann es.",
]
#: Characters nobody sees.
UNSEEN = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202c",
    "\u2066",
    "\u2069",
    "\u2060",
    "\ufeff",
    "\u00ad",
]

texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True).map(" ".join)
unseen = st.lists(st.sampled_from(UNSEEN), min_size=1, max_size=2).map("".join)


@st.composite
def strewn(draw, text):
    """The text with unseen characters between and inside its words, never between a letter and its mark."""
    composed = unicodedata.normalize("NFC", text)
    places = draw(st.sets(st.integers(0, len(composed)), max_size=12))
    marks = {p: draw(unseen) for p in sorted(places)}
    return "".join(marks.get(i, "") + c for i, c in enumerate(composed)) + marks.get(len(composed), "")


@st.composite
def dressed(draw):
    """The same sentences as some feed might send them: tags, entities, odd spaces and widths."""
    out = [_dress(draw, word, draw(st.integers(0, 9))) for word in draw(texts).split(" ")]
    return draw(st.sampled_from([" ", "\u00a0", "  ", "&nbsp; ", "\u3000", "\n"])).join(out)


def _dress(draw, word, dress):
    match dress:
        case 1:
            return f"<b>{escape(word)}</b>"
        case 2:
            return "".join(f"&#{ord(c)};" for c in word)
        case 3:
            return unicodedata.normalize("NFD", word)
        case 4:
            return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "<>&" else c for c in word)
        case 5:
            return draw(strewn(word))
        case 6:
            return f"<a href='https://x.example/?a=1&amp;b=2'>{word}</a>&nbsp;"
        case 7:
            return f"{word}<br/>"
        case 8:
            return f"\u2067{word}\u2069"
        case _:
            return word


@given(text=dressed(), title=st.one_of(st.just(""), texts.map(lambda t: unicodedata.normalize("NFD", t))))
@example(text="Geely&Foxconn gründen ein Joint Venture für E-Autos, R&D inklusive.", title="")
@example(text="<p>Volks&shy;wagen beteiligt sich an Xpeng &amp Co.</p>", title="ＢＹＤ")
def test_evidence_slices_exactly(reader, text, title):
    """`getattr(entry, field)[start:end] == text`, through tags, entities, NFD, full width and unseen characters."""
    of = entry(text, title)
    assert_slices(of, reader.read(of))


@given(texts, texts)
def test_composition_makes_no_difference(reader, text, title):
    """NFC and NFD are read the same."""
    composed, decomposed = (
        reader.read(entry(unicodedata.normalize(form, text), unicodedata.normalize(form, title)))
        for form in ("NFC", "NFD")
    )
    assert understood(composed) == understood(decomposed)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4, unique=True))
def test_markup_makes_no_difference(reader, sentences):
    """Paragraphs of plain text are read like paragraphs of HTML, entities and hard-wrapped lines included."""
    plain = "\n".join(sentences)
    rich = "".join(f"<p>\n<em>{escape(s).encode('ascii', 'xmlcharrefreplace').decode()}</em></p>\n" for s in sentences)
    assert understood(reader.read(entry(plain))) == understood(reader.read(entry(rich)))


@given(texts, st.data())
def test_unseen_characters_make_no_difference(reader, text, data):
    """Zero-width, soft-hyphen and bidi characters may stand anywhere, in names too."""
    assert understood(reader.read(entry(text))) == understood(reader.read(entry(data.draw(strewn(text)))))


@given(texts)
def test_a_reading_depends_on_nothing_but_the_entry(reader, text):
    """The same entry is read the same twice, after whatever came between."""
    first = reader.read(entry(text))
    reader.read(entry("BYD and Toyota form a joint venture for electric cars."))
    assert reader.read(entry(text)) == first


ANY = st.text(st.characters(codec=None), max_size=80)
PIECES = [
    "<p>",
    "</p>",
    "<![",
    "<!--",
    "&",
    "&amp;",
    "&#0;",
    "\x00",
    "\n",
    '"',
    "„",
    "«",
    "(",
    "?",
    ":",
    ", ",
    "{outlet}",
]
PIECES += ["laut ", "according to ", "据", "报道", "Joint Venture ", "合资", "BYD", "小米", "\ud800", "soll ", "not "]
PIECES += [" ", "2021 ", "5月", "İ", "ß", "\u0301", "ﷺ", "ｶﾞ", "🚗", "1" * 30, "A" * 50]
BITS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(max_examples=200)
@given(
    title=st.one_of(ANY, BITS),
    text=st.one_of(ANY, BITS),
    language=st.one_of(st.none(), st.sampled_from(["", "de", "EN-us", "xx", "zh_Hant", "-"])),
    day=st.one_of(st.none(), st.just(DAY), st.datetimes().map(lambda d: d.replace(tzinfo=DAY.tzinfo))),
)
def test_reading_never_raises(reader, title, text, language, day):
    """Any text, title, language tag and date is read, and its evidence slices."""
    of = Entry(title=title, text=text, published=day, language=language)
    assert_slices(of, reader.read(of))


def test_long_texts_are_cut_not_refused(reader):
    """Twenty thousand characters are read; what stands behind them is not."""
    filler = "Nobody was asked about it. " * 1_000
    assert reader.read(entry("BYD builds a battery plant. " + filler)).companies == ("byd",)
    assert reader.read(entry(filler + "BYD builds a battery plant.")).companies == ()
