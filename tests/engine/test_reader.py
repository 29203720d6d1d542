"""The only door: language, topics, the lead, drafts, and what is left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.claims import Kind
from bot.domain.rulebook import Rulebook, Status
from bot.engine.reader import Reader
from tests.kit.reading import companies, entry, lead, told

LANGUAGES = [
    ("Der Konzern baut in Ungarn ein Werk für Elektroautos.", "de"),
    ("The group is building a plant for electric cars in Hungary.", "en"),
    ("该集团将在匈牙利建设电动汽车工厂。", "zh"),
    ("同社はハンガリーに電気自動車の工場を建設する。", "ja"),
    ("그 그룹은 헝가리에 전기차 공장을 짓는다.", "ko"),
    ("Le groupe construit une usine de voitures électriques en Hongrie.", "fr"),
    ("El grupo construye una fábrica de coches eléctricos en Hungría.", "es"),
    ("Il gruppo costruisce una fabbrica di auto elettriche in Ungheria.", "it"),
    ("Het concern bouwt een fabriek voor elektrische auto's in Hongarije.", "nl"),
    ("Koncernen bygger en fabrik för elbilar i Ungern och det är nytt.", "sv"),
    ("O grupo vai construir uma fábrica de carros elétricos na Hungria.", "pt"),
]


@pytest.mark.parametrize(("text", "code"), LANGUAGES)
def test_the_language_is_seen_in_the_text(reader, text, code):
    """Script first, then frequent words; the feed's own word for it is not needed."""
    assert reader.read(entry(text)).language == code


@pytest.mark.parametrize(("hint", "code"), [("de-AT", "de"), ("zh", "zh"), (None, None)])
def test_a_hint_decides_only_where_the_text_does_not(reader, hint, code):
    """BYD is BYD in every language."""
    assert reader.read(replace(entry("BYD"), language=hint)).language == code
    assert reader.read(replace(entry(LANGUAGES[2][0]), language=hint)).language == "zh"


def test_an_empty_entry_is_read(reader):
    """Nothing in, nothing out."""
    reading = reader.read(entry(""))
    assert (reading.claims, reading.mentions, reading.topics, reading.quote) == ((), (), (), "")
    assert reading.unread is None


@pytest.mark.parametrize(
    "text",
    [
        "Der Bäcker eröffnet eine Filiale.",
        "Die Bundesliga beginnt im August.",
        "The two banks set up a joint venture to lend to farmers.",
        "The committee met on Tuesday.",
        "两家银行成立合资公司。",
        "今天天气很好。",
    ],
)
def test_what_is_not_of_the_field_makes_no_claim(reader, text):
    """No known company, no claim."""
    assert reader.read(entry(text)).claims == ()


@pytest.mark.parametrize(
    "text",
    [
        "Tesla senkt die Preise für das Elektroauto Model 3.",
        "Nissan sold fewer electric cars.",
        "蔚来电动汽车销量下降。",
    ],
)
def test_other_news_of_electric_cars_is_news(reader, text):
    """It leads as ev-news, and is never a side claim."""
    claims = reader.read(entry(text)).claims
    assert [(c.kind, c.lead) for c in claims] == [(Kind.EV_NEWS, True)]


@pytest.mark.parametrize(
    ("title", "text", "claim"),
    [
        ("BYD baut Batteriefabrik", "Geely und Foxconn gründeten ein Joint Venture.", "byd: plant, announced"),
        ("BYD builds battery plant", "Geely and Foxconn formed a joint venture.", "byd: plant, announced"),
        ("比亚迪建设电池工厂", "吉利和富士康曾成立合资公司。", "byd: plant, announced"),
    ],
)
def test_the_title_leads(reader, title, text, claim):
    """What the headline says is what the entry is about."""
    assert lead(reader, text, title) == claim


def test_a_move_leads_before_other_news(reader):
    """A move in the first paragraph outranks electric-car news in it."""
    text = "Tesla's electric cars sell well. BYD and Toyota form a joint venture for electric cars."
    assert lead(reader, text) == "byd + toyota: joint-venture, announced"


def test_claims_of_one_happening_are_one(reader):
    """Said three times, it is one claim with the evidence of the first."""
    text = (
        "Geely und Foxconn gründen ein Joint Venture für E-Autos. Das Joint Venture von Geely und Foxconn baut E-Autos."
    )
    assert list(map(told, reader.read(entry(text)).claims)) == ["foxconn + geely: joint-venture, announced"]


@pytest.mark.parametrize(
    "text",
    [
        "BYD und Toyota gründen ein Joint Venture für Elektroautos.",
        "BYD and Toyota set up a joint venture for electric cars.",
        "比亚迪与丰田成立电动汽车合资公司。",
    ],
)
def test_topics(reader, text):
    """Electric cars and alliances are topics where they are more than a word in passing."""
    assert reader.read(entry(text)).topics == ("ev", "alliance")


def test_named_things_places_and_amounts_are_anchors(reader):
    """What makes this happening this one: names in quotes, sums, years."""
    text = "Xiaomi steigt mit dem Projekt „Nordlicht“ in Elektroautos ein und investiert 2027 rund 850 Millionen Euro."
    anchors = reader.read(entry(text)).claims[0].anchors
    assert {"named:nordlicht", "date:2027"} <= set(anchors)
    assert any(a.startswith("amount:850") for a in anchors)


def test_a_draft_rule_is_marked_and_a_retired_one_is_gone(book):
    """Drafts log; retired rules are not applied."""

    def claims(status: Status):
        rules = {key: replace(rule, status=status) for key, rule in book.rules.items()}
        return (
            Reader(replace(book, rules=rules)).read(entry("Tesla plans to build a battery plant near Berlin.")).claims
        )

    assert all(c.draft for c in claims(Status.DRAFT))
    assert claims(Status.DRAFT)
    assert claims(Status.RETIRED) == ()


def test_a_reader_without_rules_reads_nothing():
    """An empty rulebook is a rulebook."""
    reader = Reader(Rulebook())
    assert companies(reader, "BYD and Toyota form a joint venture.") == set()
    assert reader.read(entry("BYD")).language is None
