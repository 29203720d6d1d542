"""Who said it first, and who said nothing."""

from __future__ import annotations

import pytest

from bot.domain.claims import Certainty, Origin, OriginType
from tests.kit.reading import all_evidence, entry

ORIGINS = [
    ("Xiaomi soll Elektroautos bauen, berichtet das Handelsblatt.", "Handelsblatt", "outlet"),
    ("Laut Reuters will Xiaomi Elektroautos bauen.", "Reuters", "outlet"),
    ("Xiaomi will nach Informationen der Zeitung „Der Morgenbote“ Elektroautos bauen.", "Der Morgenbote", "outlet"),
    ("Xiaomi will Elektroautos bauen, wie Reuters unter Berufung auf Insider meldet.", "Reuters", "outlet"),
    ("Xiaomi will nach Angaben von Insidern Elektroautos bauen.", "Insidern", "sources"),
    ("Wie die „Autowoche am Fluss“ berichtet, will Xiaomi Elektroautos bauen.", "Autowoche am Fluss", "outlet"),
    (
        "Das Handelsblatt berichtet unter Berufung auf Bloomberg, Xiaomi wolle Elektroautos bauen.",
        "Bloomberg",
        "outlet",
    ),
    ("Xiaomi is to build electric cars, Reuters reported.", "Reuters", "outlet"),
    ("According to Bloomberg, Xiaomi will build electric cars.", "Bloomberg", "outlet"),
    ('Xiaomi will build electric cars, according to the newspaper "Harbour Gazette".', "Harbour Gazette", "outlet"),
    (
        "Xiaomi plans to build electric cars, according to people familiar with the matter.",
        "people familiar with the matter",
        "sources",
    ),
    ("Reuters reported, citing Caixin, that Xiaomi will build electric cars.", "Caixin", "outlet"),
    ("据路透社报道,小米将造车。", "Reuters", "outlet"),
    ("知情人士称,小米将造车。", "知情人士", "sources"),
    ("路透社援引财新的消息称,小米将造车。", "Caixin", "outlet"),
    ("小米将造车,晚点独家获悉。", "Late Post", "outlet"),
    ("Xiaomi has filed a document showing plans to build electric cars, reportedly.", "document", "document"),
]
SILENT = [
    ("Xiaomi wollte sich nicht äußern.", "xiaomi"),
    ("Ein Sprecher von BYD wollte dies nicht kommentieren.", "byd"),
    ("Ein BYD-Sprecher reagierte nicht auf eine Anfrage von Reuters.", "byd"),
    ("BYD und Toyota wollten sich nicht äußern.", "byd toyota"),
    ("Xiaomi declined to comment.", "xiaomi"),
    ("A spokesman for BYD did not respond to a request from Reuters.", "byd"),
    ("BYD and Toyota did not comment.", "byd toyota"),
    ("小米集团未予置评。", "xiaomi"),
    ("比亚迪发言人拒绝置评。", "byd"),
    ("比亚迪和丰田均未回应。", "byd toyota"),
    ("Tesla baut Elektroautos.", ""),
]


@pytest.mark.parametrize(("text", "name", "type"), ORIGINS)
def test_a_rumour_names_its_first_source(reader, text, name, type):
    """An outlet we know, one in quotation marks, insiders; whoever is cited comes before who cites."""
    lead = reader.read(entry(text)).lead
    assert lead.certainty is Certainty.RUMOUR
    assert lead.origin == Origin(name, OriginType(type))


@pytest.mark.parametrize(("text", "ids"), SILENT)
def test_who_did_not_comment(reader, text, ids):
    """Whoever was asked and said nothing is kept, the outlet that asked is not."""
    assert reader.read(entry(text)).did_not_comment == tuple(ids.split())


@pytest.mark.parametrize(
    "text",
    [
        "Xiaomi soll in die Produktion von Elektroautos einsteigen. Das Unternehmen wollte sich nicht äußern.",
        "Xiaomi is said to enter electric car production. The company declined to comment.",
        "据传小米将进军电动汽车。该公司未予置评。",
    ],
)
def test_the_company_is_the_one_named_before(reader, text):
    """Without a name in the sentence it was the company of the sentence before."""
    assert reader.read(entry(text)).did_not_comment == ("xiaomi",)


@pytest.mark.parametrize(
    "text",
    [
        "BYD kündigte eine Batteriefabrik in Ungarn an.",
        "BYD announced it will build a battery plant in Hungary.",
        "比亚迪宣布将建设电池工厂。",
    ],
)
def test_a_party_that_speaks_is_the_origin(reader, text):
    """What a party announces it has said itself."""
    lead = reader.read(entry(text)).lead
    assert lead.certainty is Certainty.ANNOUNCED
    assert lead.origin == Origin("byd", OriginType.PARTY)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Xiaomi baut Elektroautos",
            "Der Einstieg steht bevor, meldet das Handelsblatt unter Berufung auf Insider.",
        ),
        ("Xiaomi to build electric cars", "Xiaomi is close to a decision, Handelsblatt reported, citing sources."),
        ("小米造车", "据德国商报报道,小米即将决定。"),
    ],
)
def test_the_origin_is_found_over_the_entry(reader, title, text):
    """The source may stand in another sentence than the news."""
    lead = reader.read(entry(text, title)).lead
    assert lead.certainty is Certainty.RUMOUR
    assert lead.origin == Origin("Handelsblatt", OriginType.OUTLET)


def test_an_outlet_asked_in_vain_is_no_origin(reader):
    """TechNode got no answer: it did not have the news first."""
    text = "Xiaomi soll Elektroautos bauen, sagen Insider. Ein Sprecher reagierte nicht auf eine Anfrage von TechNode."
    reading = reader.read(entry(text))
    assert reading.lead.origin.type is OriginType.SOURCES
    assert all("TechNode" not in e.text for e in all_evidence(reading))


def test_insiders_are_named_in_plain_text(reader):
    """What a message shows of them has neither tags nor entities."""
    text = "<p>Xiaomi plans to build electric cars, according to people <b>familiar</b> with the&nbsp;matter.</p>"
    assert reader.read(entry(text)).lead.origin == Origin("people familiar with the matter", OriginType.SOURCES)
