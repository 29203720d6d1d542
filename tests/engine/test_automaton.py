"""The twenty traps of matching names, and what a phrase may be glued to."""

from __future__ import annotations

import pytest

from bot.domain.claims import Field
from bot.domain.rulebook import Alias, Company, Cue, Language, NameKind, Outlet, Phrase, Rulebook, TermList
from bot.engine.automaton import Automaton, What
from bot.engine.text import FieldText
from tests.kit.reading import assert_slices, companies, entry

#: A text, the companies in it, and the words of the first one as they stand there.
TRAPS = [
    ("sharp s in a word nearby", "Großaktionär VW baut Elektroautos an der Hauptstraße", "volkswagen", "VW"),
    ("SS for sharp s", "GROSSAUFTRAG FÜR TESLA, STRASSENTAUGLICHES ELEKTROAUTO", "tesla", "TESLA"),
    ("a name behind a sharp s", "Weißt du, dass ß und Škoda Elektroautos", "skoda", "Škoda"),
    ("Turkish dotted I", "XİAOMİ elektrikli araba, electric car", "xiaomi", "XİAOMİ"),
    ("Turkish dotted I before a name", "İstanbul'da Tesla, an electric car", "tesla", "Tesla"),
    ("full width", "ＢＹＤがＥＶを生産", "byd", "ＢＹＤ"),
    ("full width small letters", "Ｔｅｓｌａ の電気自動車", "tesla", "Ｔｅｓｌａ"),
    ("half-width kana with voicing", "ﾎﾝﾀﾞのEV", "honda", "ﾎﾝﾀﾞ"),
    ("decomposed letters", "S\u030ckoda baut Elektroautos", "skoda", "S\u030ckoda"),
    ("no-break space", "General\u00a0Motors builds electric cars", "general-motors", "General\u00a0Motors"),
    ("no-break space where case counts", "The electric Model\u00a03", "tesla", "Model\u00a03"),
    ("double space", "General  Motors builds electric cars", "general-motors", "General  Motors"),
    ("a line's end", "General\nMotors builds electric cars", None, None),
    ("hyphen", "Das General-Motors-Werk für Elektroautos", "general-motors", "General-Motors"),
    ("no-break hyphen", "Mercedes\u2011Benz baut Elektroautos", "mercedes-benz", "Mercedes\u2011Benz"),
    ("space for hyphen", "Mercedes Benz baut Elektroautos", "mercedes-benz", "Mercedes Benz"),
    ("en dash before a name", "Elektroautos –Tesla– und mehr", "tesla", "Tesla"),
    ("soft hyphen", "Volks\u00adwagen baut Elektroautos", "volkswagen", "Volks\u00adwagen"),
    ("soft hyphen in capitals", "B\u00adYD baut Elektroautos", "byd", "B\u00adYD"),
    ("zero width", "小\u200b米的电动汽车", "xiaomi", "小\u200b米"),
    ("a short name in a longer word", "Fordham and Teslastraße, electric cars", None, None),
    ("a capital name in a small word", "the nio and the byd of electric cars", None, None),
    ("Latin glued to Chinese", "电动车企NIO蔚来发布", "nio", "NIO"),
    ("Chinese glued to Latin", "小米SU7电动汽车", "xiaomi", "小米SU7"),
    ("digits glued to a name", "Tesla3000 electric cars", None, None),
    ("German genitive s", "Teslas Elektroauto", "tesla", "Tesla"),
    ("genitive of capitals", "BYDs Elektroauto", "byd", "BYD"),
    ("a genitive in s", "Mercedes' Elektroauto", "mercedes-benz", "Mercedes"),
    ("English s, straight", "Tesla's electric car", "tesla", "Tesla"),
    ("English s, curly", "Tesla’s electric car", "tesla", "Tesla"),
    ("English s, acute", "Tesla´s electric car", "tesla", "Tesla"),
    ("no genitive but another word", "Teslast electric car", None, None),
    ("a longer name that is not one", "The Ford Foundation pays for electric cars", None, None),
    ("the longer name beside the short one", "The Ford Foundation and Ford build electric cars", "ford", "Ford"),
    ("a namesake in Chinese", "小米粥和电动汽车", None, None),
    ("inner overlap", "Volkswagen AGM of electric car owners", "volkswagen", "Volkswagen"),
    ("overlap of two names", "Great Wall Motor Company builds electric cars", "great-wall", "Great Wall Motor"),
    (
        "a name inside a longer name",
        "LG-Energy-Solution-Zellen für Elektroautos",
        "lg-energy-solution",
        "LG-Energy-Solution",
    ),
    ("quotes and brackets", "„Xiaomi“ (小米) baut Elektroautos", "xiaomi", "Xiaomi"),
    ("bidi marks", "\u2067Xiaomi\u2069 baut Elektroautos", "xiaomi", "Xiaomi"),
    ("an ampersand", "Geely&Foxconn bauen Elektroautos", "geely foxconn", "Geely"),
    ("an entity in the name", "Volks&shy;wagen baut Elektroautos", "volkswagen", "Volks&shy;wagen"),
    ("a tag in the name", "<b>Volks</b>wagen baut Elektroautos", "volkswagen", "Volks</b>wagen"),
]


@pytest.mark.parametrize(("text", "ids", "words"), [t[1:] for t in TRAPS], ids=[t[0] for t in TRAPS])
def test_traps(reader, text, ids, words):
    """Names are found in every spelling, and nowhere else; evidence is the words as they stand there."""
    of = entry(text)
    reading = reader.read(of)
    assert set(reading.companies) == set((ids or "").split())
    assert_slices(of, reading)
    if words:
        assert reading.mentions[0].evidence[0].text == words


def book(**parts) -> Rulebook:
    return Rulebook(**parts)


def hits(rulebook: Rulebook, text: str) -> set[tuple[str, str]]:
    field = FieldText(Field.TEXT, text, markup=False)
    return {(h.pattern.id, field.plain_slice(h.start, h.end)) for h in Automaton(rulebook).hits(field)}


def company(id: str, *aliases: str | Phrase, not_meant: tuple[str, ...] = ()) -> Company:
    phrases = [Phrase(a) if isinstance(a, str) else a for a in aliases]
    return Company(id, id, aliases=tuple(Alias(p, NameKind.ALIAS) for p in phrases), not_meant=not_meant)


def test_an_empty_rulebook_finds_nothing():
    """No phrase, no machine, no hit."""
    assert hits(book(), "BYD") == set()


def test_overlapping_hits_are_all_kept():
    """The shorter name is not lost inside what only looks like the longer one."""
    names = book(companies={"vw": company("vw", "Volkswagen", "Volkswagen AG"), "w": company("w", "wagen ag")})
    assert hits(names, "Volkswagen AG") == {("vw", "Volkswagen"), ("vw", "Volkswagen AG")}
    assert hits(names, "Volkswagen AGM") == {("vw", "Volkswagen")}


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("E-Auto*", "E-Autobauer", "E-Autobauer"),
        ("*-Venture", "Joint-Venture", "-Venture"),
        ("*venture", "Jointventure", "Jointventure"),
        ("*venture*", "Jointventures", "Jointventures"),
        ("Auto", "Autos", None),
        ("Auto", "Elektroauto", None),
        ("EV", "ev", None),
        ("EV", "EV", "EV"),
        ("EV*", "EVs", "EVs"),
        ("电动", "电动车", "电动"),
        ("*", "anything", None),
    ],
)
def test_stars_open_a_phrase(phrase, text, found):
    """A star lets a word go on at that end; capitals alone match capitals alone."""
    terms = book(terms={"t": TermList("t", "t", {"de": (Phrase(phrase),)})})
    assert hits(terms, text) == ({("t", found)} if found else set())


def test_case_counts_where_it_is_asked_to():
    """`case: exact` tells a company from a word."""
    nio = book(companies={"nio": company("nio", Phrase("Nio", exact=True))})
    assert hits(nio, "Nio, nio, NIO, Nios") == {("nio", "Nio")}


def test_every_kind_of_phrase_is_in_the_one_machine():
    """Names, namesakes, terms, cues, months and outlets; abbreviations are for splitting sentences only."""
    language = Language(
        "de",
        "Deutsch",
        "latin",
        (),
        "second",
        tuple((m,) for m in ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]),
        {Cue.PLAN: ("will",), Cue.ABBREVIATION: ("Mrd",)},
        (),
        None,
    )
    rulebook = book(
        companies={"ford": company("ford", "Ford", not_meant=("Ford Foundation",))},
        terms={"ev": TermList("ev", "ev", {"de": (Phrase("Elektroauto*"),)}, {"de": ("Elektroautoquartett",)})},
        languages={"de": language},
        outlets={"post": Outlet("post", "Late Post", ("LatePost",))},
    )
    field = FieldText(Field.TEXT, "Ford Foundation will Mrd Elektroautoquartett Mai LatePost Late Post", markup=False)
    found = [(h.pattern.what, h.pattern.id) for h in Automaton(rulebook).hits(field)]
    assert set(found) == {
        (What.COMPANY, "ford"),
        (What.NOT_COMPANY, "ford"),
        (What.TERM, "ev"),
        (What.NOT_TERM, "ev"),
        (What.CUE, "plan"),
        (What.MONTH, "5"),
        (What.OUTLET, "post"),
    }


def test_names_that_mean_nothing_alone_need_a_word_beside_them(reader):
    """Small letters, fruit and grain are no company; a car beside them makes one of them."""
    assert companies(reader, "Swedish counts: sju, åtta, nio.") == set()
    assert companies(reader, "苹果和小米都是食物。") == set()
    assert companies(reader, "苹果将造车。") == {"apple"}
    assert companies(reader, "Ein Apfel, an apple, eine Elektroauto-Messe.") == set()
