"""The quote of a reading, and the lock on modality: nothing is ever told surer than its source."""

from __future__ import annotations

import pytest

from bot.domain.claims import Certainty, Kind, Origin, OriginType
from bot.domain.rulebook import Cue
from bot.engine.quotes import LONGEST
from bot.engine.summaries import certainty_word, first_line
from bot.engine.text import fold
from tests.engine.makers import claim
from tests.kit.reading import entry

CODES = ("de", "en", "zh")

#: Title and text: each a rumour, however the headline puts it.
RUMOURS = [
    ("", "Xiaomi soll in die Produktion von Elektroautos einsteigen."),
    (
        "Xiaomi baut Elektroautos",
        "Das Unternehmen Xiaomi steigt laut Late Post in die Produktion von Elektroautos ein.",
    ),
    ("Xiaomi baut Elektroautos", "Xiaomi steht angeblich vor dem Einstieg in Elektroautos. Der Kurs stieg."),
    ("BYD und Toyota gründen Joint Venture für E-Autos", "Das berichten mit der Sache vertraute Personen."),
    ("", "Berichten zufolge haben BYD und Toyota ein Joint Venture für E-Autos gegründet."),
    ("", "Volkswagen könnte sich an Xpeng beteiligen, heißt es in Branchenkreisen."),
    ("Xiaomi to build electric cars: sources", "Xiaomi will build electric cars. The shares rose."),
    ("Xiaomi to build electric cars", "Xiaomi plans to build electric cars, people familiar with the matter said."),
    ("", "BYD and Toyota have reportedly formed a joint venture for electric cars."),
    ("", "Volkswagen may buy a minority stake in Xpeng, Reuters reported."),
    ("Ford in talks with BYD on EV batteries", "The two may agree within weeks, according to Bloomberg."),
    ("", "Xiaomi is said to be entering electric car production."),
    ("小米造车", "据晚点报道,小米将进军电动汽车。"),
    ("", "据传小米将进军电动汽车。"),
    ("", "知情人士称,比亚迪与丰田将成立电动汽车合资公司。"),
    ("比亚迪与丰田成立合资公司", "据报道,比亚迪与丰田将成立电动汽车合资公司。"),
    ("", "大众汽车可能入股小鹏汽车。"),
]
HEDGES = (Cue.HEARSAY, Cue.HEARSAY_VERB, Cue.REPORTED, Cue.SOURCES, Cue.SPECULATE)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("certainty", Certainty)
@pytest.mark.parametrize("kind", Kind)
def test_the_first_line_says_how_sure(book, kind, certainty, code):
    """For every kind, certainty and language the line has the word for it, and no word that is surer."""
    language = book.languages[code]
    line = first_line(claim("xiaomi", "xpeng", kind, certainty), book.companies, language, None)
    word = certainty_word(kind, certainty, language)
    assert word in line
    others = {certainty_word(kind, c, language) for c in Certainty if c is not certainty}
    assert word not in others
    assert not any(other in line.replace(word, "") for other in others)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("origin", [None, Origin("Late Post", OriginType.OUTLET), Origin("", OriginType.SOURCES)])
def test_a_rumour_is_called_one_whoever_told_it(book, origin, code):
    """An outlet's name does not make it sure."""
    line = first_line(claim("xiaomi", origin=origin), book.companies, book.languages[code], "news.example")
    assert book.languages[code].first_line.certainty[Certainty.RUMOUR] in line


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(("title", "text"), RUMOURS)
def test_what_is_read_as_a_rumour_is_told_as_one(book, reader, title, text, code):
    """The reading is a rumour, and the first line says so in every language of the messages."""
    reading = reader.read(entry(text, title))
    assert reading.lead.certainty is Certainty.RUMOUR
    line = first_line(reading.lead, book.companies, book.languages[code], "news.example")
    assert book.languages[code].first_line.certainty[Certainty.RUMOUR] in line


@pytest.mark.parametrize(("title", "text"), [r for r in RUMOURS if not r[0]])
def test_the_quote_of_a_rumour_is_hedged(book, reader, title, text):
    """A rumour's quote has the word that hedges it, or the one who told it."""
    reading = reader.read(entry(text, title))
    language = book.languages[reading.language]
    words = [fold(w).strip("*") for cue in HEDGES for w in language.cues[cue]]
    quote = fold(reading.quote)
    assert any(w in quote for w in words) or fold(reading.lead.origin.name) in quote


QUOTES = [
    (
        "BYD baut ein Werk",
        "<p>Ein Satz vorweg.</p><p>BYD baut eine Batteriefabrik in Ungarn und sucht viele Leute.</p>",
        "BYD baut eine Batteriefabrik in Ungarn und sucht viele Leute.",
    ),
    (
        "BYD builds a plant",
        "A word first. BYD is building a battery plant in Hungary and hires many people there.",
        "BYD is building a battery plant in Hungary and hires many people there.",
    ),
    ("BYD builds a battery plant", "", "BYD builds a battery plant"),
    (
        "",
        "Xiaomi plans to make electric cars and hires engineers in Beijing. Insiders have said so for weeks.",
        "Xiaomi plans to make electric cars and hires engineers in Beijing. Insiders have said so for weeks.",
    ),
]


@pytest.mark.parametrize(("title", "text", "quote"), QUOTES)
def test_the_quote_is_what_carries_the_lead(reader, title, text, quote):
    """The sentence with the evidence, what hedges it beside it, and the headline only where there is nothing else."""
    assert reader.read(entry(text, title)).quote == quote


@pytest.mark.parametrize(
    "text",
    [
        "BYD baut eine Batteriefabrik in Ungarn" + ", und in der Stadt gibt es darüber viel zu reden" * 12 + ".",
        "BYD builds a battery plant in Hungary" + " and people in town have a lot to say about it" * 12 + ".",
        "比亚迪在匈牙利建设电池工厂" + "当地居民对此议论纷纷" * 60 + "。",
    ],
)
def test_a_long_quote_is_cut_and_says_so(reader, text):
    """At a clause's end, else at a word's, never past the limit."""
    quote = reader.read(entry(text)).quote
    assert len(quote) <= LONGEST
    assert quote.endswith(" …")
    assert text.startswith(quote.removesuffix(" …"))


def test_a_quote_is_one_plain_line(reader):
    """No tags, no entities, no line ends."""
    text = "<p>BYD&nbsp;builds a <b>battery\nplant</b> &amp; hires many people in the south of Hungary this year.</p>"
    assert (
        reader.read(entry(text)).quote
        == "BYD builds a battery plant & hires many people in the south of Hungary this year."
    )


def test_no_quote_of_an_example_reads_surer_than_its_claim(book, reader):
    """Over every example of rules and languages: the quote of a rumour, read by itself, tells its claim as no more."""
    surer = []
    for owner in (*book.rules.values(), *book.languages.values()):
        for example in owner.examples:
            told = reader.read(entry(example.text, example.title))
            if told.lead is not None and told.lead.certainty is Certainty.RUMOUR:
                alone = reader.read(entry(told.quote)).lead
                if alone is not None and alone.kind is told.lead.kind and alone.certainty is not Certainty.RUMOUR:
                    surer.append((example.file, example.line, told.quote))
    assert surer == []
