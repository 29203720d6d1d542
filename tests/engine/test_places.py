"""Places in several languages are one anchor; only where something happens counts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.claims import Kind
from bot.domain.entries import Entry
from bot.domain.rulebook import Alias, Company, Phrase, Place, Rulebook
from bot.engine.automaton import Automaton
from bot.engine.reader import Reader
from tests.engine.makers import claim, entry, play

DAY = datetime(2026, 2, 19, 8, tzinfo=UTC)


def where(reader: Reader, text: str, title: str = "") -> set[str]:
    """The places and countries of the lead."""
    lead = reader.read(Entry(title=title, text=text, published=DAY)).lead
    assert lead is not None, text
    return {a for a in lead.anchors if a.startswith(("place:", "country:"))}


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("BYD baut in Szeged in Ungarn ein Werk für Elektroautos.", "place:szeged country:hungary"),
        ("BYD is building a plant for electric cars in Szeged, Hungary.", "place:szeged country:hungary"),
        ("比亚迪将在匈牙利塞格德建设电动汽车工厂。", "place:szeged country:hungary"),
        ("比亞迪將在匈牙利塞格德建設電動汽車工廠。", "place:szeged country:hungary"),
        ("BYDはハンガリーのセゲドに電気自動車の工場を建設すると発表した。", "place:szeged country:hungary"),
        ("비야디가 헝가리 세게드에 전기차 공장을 건설한다고 발표했다.", "place:szeged country:hungary"),
        ("BYD va construire une usine de voitures électriques à Szeged, en Hongrie.", "place:szeged country:hungary"),
        ("BYD construirá una fábrica de coches eléctricos en Szeged, Hungría.", "place:szeged country:hungary"),
        ("Szegeds neues Werk: BYD baut dort eine Fabrik für Elektroautos.", "place:szeged"),
        ("BYD baut ein Szeged-Werk für Elektroautos.", "place:szeged"),
        ("Tesla erweitert das Werk in Gruenheide für Elektroautos.", "place:gruenheide"),
        ("特斯拉扩建柏林超级工厂,生产电动汽车。", "place:gruenheide"),
        ("BYD builds an electric car plant in New Mexico.", "place:new-mexico"),
        ("BYD builds an electric car plant in Mexico.", "country:mexico"),
    ],
)
def test_a_place_is_one_in_every_language(reader, text, anchors):
    """Each language has its spelling; the longest name at a place is meant."""
    assert where(reader, text) == set(anchors.split())


@pytest.mark.parametrize(
    "text",
    [
        "BYD baut ein Werk für Elektroautos im Ausland, wo es heide und born gibt.",
        "BYD will build a plant for electric cars, a nice reading of the market.",
        "BYD will build a normal plant for electric cars.",
        "BYD baut ein Werk für Elektroautos in der Lüneburger Heide.",
    ],
)
def test_an_ordinary_word_is_no_place(reader, text):
    """It is left out, or held to its own case or to a longer phrase."""
    assert where(reader, text) == set()


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("宁德时代将在德国图林根州建设电动汽车电池工厂。", "country:germany place:thuringia"),
        ("Beijing Automotive is building a plant for electric cars in Thailand.", "country:thailand"),
        ("BYD is building a plant for electric cars, the South China Morning Post reported.", ""),
    ],
)
def test_a_place_inside_a_name_is_none(reader, text, anchors):
    """Of a company, of an outlet."""
    assert where(reader, text) == set(anchors.split())


def test_a_company_inside_a_place_is_none(reader):
    """Where words have no boundary: Kia in Slovakia, Ford in Erfurt."""
    for text in ("BYDはスロバキアに電気自動車の工場を建設すると発表した。", "比亚迪将在埃尔福特建设电动汽车工厂。"):
        assert reader.read(Entry(title="", text=text, published=DAY)).companies == ("byd",)


@pytest.mark.parametrize(
    "text",
    [
        "PEKING (dpa) - BYD baut in Szeged ein Werk für Elektroautos.",
        "Peking/Hefei (dpa-AFX) - BYD baut in Szeged ein Werk für Elektroautos.",
        "SHANGHAI, March 3 (Reuters) - BYD is building a plant for electric cars in Szeged.",
        "SHENZHEN, China — BYD is building a plant for electric cars in Szeged.",
        "新华社北京3月12日电 比亚迪将在塞格德建设电动汽车工厂。",
        "深圳3月12日电 比亚迪将在塞格德建设电动汽车工厂。",
    ],
)
def test_where_a_report_was_written_is_no_place_of_it(reader, text):
    """A dateline would join all an agency writes of a company."""
    assert where(reader, text) == {"place:szeged"}


@pytest.mark.parametrize(
    "text",
    [
        "Shenzhen-based BYD is building a plant for electric cars in Szeged.",
        "BYD, headquartered in Shenzhen, is building a plant for electric cars in Szeged.",
        "BYD mit Sitz in Shenzhen baut in Szeged ein Werk für Elektroautos.",
        "总部位于深圳的比亚迪将在塞格德建设电动汽车工厂。",
        "深圳に本社を置く自動車大手のBYDは、セゲドに電気自動車の工場を建設すると発表した。",
    ],
)
def test_where_a_company_is_at_home_is_no_place_of_it(reader, text):
    """It would join all the company does."""
    assert where(reader, text) == {"place:szeged"}


def test_a_dash_or_a_day_alone_makes_no_dateline(reader):
    """Only at the start of a text, and only places before the dash."""
    assert where(reader, "In Szeged - nahe der Grenze - baut BYD ein Werk für Elektroautos.") == {"place:szeged"}
    assert where(reader, "Mehr dazu in Kürze.", "Szeged - BYD baut Werk für Elektroautos") == {"place:szeged"}
    assert where(reader, "比亚迪的电动汽车工厂将于塞格德3月12日开工建设。") == {"place:szeged"}


@pytest.mark.parametrize(("alias", "text", "found"), [("Reading", "Reading", True), ("Reading", "reading", False)])
def test_a_name_held_to_its_case(alias, text, found):
    """`case: exact`, as everywhere."""
    place = Place("reading", "Reading", (Phrase(alias, exact=True),))
    hits = [h.pattern.id for h in _hits(Rulebook(places={"reading": place}), f"a plant in {text} opens")]
    assert hits == ["reading"] * found


def test_a_longer_phrase_swallows_a_place():
    """`not_meant` of one place also holds where another is inside it."""
    austin = Place("austin", "Austin", (Phrase("Austin"),))
    texas = Place(
        "texas", "Texas", (Phrase("Texas"),), not_meant=("Texas Instruments", "University of Texas at Austin")
    )
    book = Rulebook(places={"austin": austin, "texas": texas})
    assert [h.pattern.id for h in _hits(book, "Texas Instruments and the University of Texas at Austin")] == []
    assert [h.pattern.id for h in _hits(book, "Austin, Texas")] == ["austin", "texas"]


def test_a_company_that_bears_a_place_keeps_its_name():
    """Latin names have word boundaries: the longer of both is meant."""
    company = Company("ti", "Texas Instruments", aliases=(Alias(Phrase("Texas Instruments")),))
    book = Rulebook(companies={"ti": company}, places={"texas": Place("texas", "Texas", (Phrase("Texas"),))})
    reading = Reader(book).read(Entry(title="Texas Instruments builds in Texas", text=""))
    assert reading.companies == ("ti",)


JOINED = [
    ("place:szeged", "place:szeged", True),
    ("place:szeged,country:hungary", "place:gyor,country:hungary", False),
    ("country:hungary", "country:hungary", True),
    ("country:hungary", "place:szeged,country:hungary", True),
]


@pytest.mark.parametrize(("first", "second", "joined"), JOINED)
def test_a_town_joins_one_party_and_within_days_a_country(first, second, joined):
    """One plant at one place; two towns of one country are two plants."""
    one, two = (claim("byd", kind=Kind.PLANT, anchors=a) for a in (first, second))
    assert len(play([entry(1, one)], [entry(2, two, days=1)])) == (1 if joined else 2)


@pytest.mark.parametrize(
    ("anchors", "joined"),
    [
        ("place:szeged,place:gyor", False),
        ("place:szeged,country:hungary", False),
        ("place:szeged,amount:500 million", True),
    ],
)
def test_places_are_one_anchor_of_news(anchors, joined):
    """A town and its region, or two towns in a list, are no second thing shared."""
    news = claim("byd", kind=Kind.EV_NEWS, anchors=anchors)
    assert len(play([entry(1, news)], [entry(2, news, days=1)])) == (1 if joined else 2)


def test_one_plant_in_three_languages_is_one_story(reader):
    """The German report, the Chinese and the Japanese, without a word in common."""
    texts = (
        "BYD baut in Szeged ein Werk für Elektroautos.",
        "比亚迪将在匈牙利塞格德建设电动汽车工厂。",
        "BYDはハンガリーのセゲドに電気自動車の工場を建設すると発表した。",
    )
    leads = [reader.read(Entry(title="", text=text, published=DAY)).lead for text in texts]
    polls = [[entry(n, lead, days=n, outlet=f"Paper {n}")] for n, lead in enumerate(leads, 1) if lead is not None]
    assert len(polls) == 3
    assert len(play(*polls)) == 1


def test_every_bundled_spelling_finds_its_own_place(book):
    """No name hides behind a longer one, an outlet or a slip."""
    automaton = Automaton(book)
    lost = [
        f"{place.id}: {phrase.text}"
        for place in book.places.values()
        for phrase in place.aliases
        if [h.pattern.id for h in _hits(book, phrase.text, automaton)] != [place.id]
    ]
    assert lost == []


def _hits(book: Rulebook, text: str, automaton: Automaton | None = None):
    from bot.domain.claims import Field
    from bot.engine.places import find_places
    from bot.engine.text import FieldText, Sentence

    field = FieldText(Field.TITLE, text, markup=False)
    sentence = Sentence(0, Field.TITLE, 0, len(field.norm), 0)
    return find_places(sentence, field, (automaton or Automaton(book)).hits(field), ())
