from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.claims import Certainty, Kind, Origin, OriginType
from bot.domain.rulebook import Alias, Company, Language, NameKind, Phrase
from bot.engine.summaries import LABELS, choose, company_name, first_line, short_line
from tests.engine.makers import COMPANIES, LANGUAGES, RULEBOOK, claim, language, outlet, party

RUMOUR, ANNOUNCED, DONE, DENIED = Certainty.RUMOUR, Certainty.ANNOUNCED, Certainty.DONE, Certainty.DENIED
#: Every language that channels can be told in.
CODES = sorted(p.stem for p in LANGUAGES.glob("*.yaml") if "\nfirst_line:" in p.read_text("utf-8"))


def line(c, code: str = "de", of: str | None = None, **more) -> str:
    return first_line(c, COMPANIES, language(code), of, **more)


LINES = [
    (
        claim("xiaomi", origin=outlet("Late Post")),
        "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post",
        "Xiaomi: move into electric cars. Rumour. First: Late Post",
        "小米：进军电动汽车。传闻。最早报道：Late Post",
    ),
    (
        claim("geely foxconn", kind=Kind.JOINT_VENTURE, certainty=ANNOUNCED),
        "Geely + Foxconn: Gemeinschaftsunternehmen. Angekündigt.",
        "Geely + Foxconn: joint venture. Announced.",
        "吉利 + 富士康：组建合资企业。已宣布。",
    ),
    (
        claim("xiaomi", "xpeng nio", kind=Kind.INVESTMENT, certainty=DONE),
        "Xiaomi → Xpeng, NIO: Beteiligung. Vollzogen.",
        "Xiaomi → Xpeng, NIO: investment. Done.",
        "小米 → 小鹏、蔚来：投资。已完成。",
    ),
    (
        claim("xiaomi", certainty=DENIED, origin=party("xiaomi")),
        "Xiaomi: Einstieg in Elektroautos. Dementiert. Quelle: Xiaomi",
        "Xiaomi: move into electric cars. Denied. Source: Xiaomi",
        "小米：进军电动汽车。已否认。来源：小米",
    ),
    (
        claim("byd", kind=Kind.PLANT, origin=Origin("mit der Sache vertraute Personen", OriginType.SOURCES)),
        "BYD: Werk. Gerücht. Quelle: Insider",
        "BYD: plant. Rumour. Source: insiders",
        "比亚迪：建厂。传闻。消息来源：知情人士",
    ),
    (
        claim("byd", "vw", kind=Kind.SUPPLY, origin=Origin("", OriginType.SOURCES)),
        "BYD → Volkswagen: Belieferung. Gerücht. Quelle: Insider",
        "BYD → Volkswagen: supply deal. Rumour. Source: insiders",
        "比亚迪 → 大众：供货。传闻。消息来源：知情人士",
    ),
    (
        claim("geely", "baidu", kind=Kind.TALKS, certainty=DONE),
        "Geely + Baidu: Gespräche. Aufgenommen.",
        "Geely + Baidu: talks. Begun.",
        "吉利 + 百度：洽谈。已展开。",
    ),
]


@pytest.mark.parametrize(("said", "de", "en", "zh"), LINES)
def test_the_first_line_reads_in_three_languages(said, de, en, zh):
    """Company, what happened, how sure, who says so."""
    assert (line(said), line(said, "en"), line(said, "zh")) == (de, en, zh)


@pytest.mark.parametrize("code", ["de", "en", "zh"])
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("certainty", Certainty)
def test_every_kind_and_certainty_has_its_words(code, kind, certainty):
    """No English stands in for a missing word, no field stays open, nothing is an id."""
    words = language(code).first_line
    assert words is not None
    sure = words.labels.get(f"{kind}-{certainty}", words.certainty[certainty])
    for said in (claim("geely", kind=kind, certainty=certainty), claim("geely", "vw", kind=kind, certainty=certainty)):
        text = line(said, code)
        assert words.kinds[kind] in text
        assert sure in text
        assert "{" not in text
        assert text.strip() == text


def test_done_reads_well_with_every_kind_in_german():
    """One word does not go with all kinds."""
    done = {kind: line(claim("byd", kind=kind, certainty=DONE)).partition(": ")[2] for kind in Kind}
    assert done == {
        Kind.EV_ENTRY: "Einstieg in Elektroautos. Vollzogen.",
        Kind.EV_EXIT: "Ausstieg aus Elektroautos. Vollzogen.",
        Kind.JOINT_VENTURE: "Gemeinschaftsunternehmen. Vollzogen.",
        Kind.PARTNERSHIP: "Partnerschaft. Vereinbart.",
        Kind.INVESTMENT: "Beteiligung. Vollzogen.",
        Kind.ACQUISITION: "Übernahme. Vollzogen.",
        Kind.CONTRACT_MANUFACTURING: "Auftragsfertigung. Vereinbart.",
        Kind.TALKS: "Gespräche. Aufgenommen.",
        Kind.PLANT: "Werk. Umgesetzt.",
        Kind.PRODUCTION: "Produktion. Angelaufen.",
        Kind.SUPPLY: "Belieferung. Vereinbart.",
        Kind.EV_NEWS: "Neues zu Elektroautos. Gemeldet.",
    }


@pytest.mark.parametrize("code", CODES)
def test_a_language_gives_every_label_with_its_fields(code):
    """Every label the program asks for is there, and says all that it is given."""
    words = language(code).first_line
    assert words is not None
    assert set(words.kinds) == set(Kind)
    assert set(words.certainty) == set(Certainty)
    sparse = {f"{k}-{c}" for k in Kind for c in Certainty}
    assert LABELS.keys() <= words.labels.keys() <= LABELS.keys() | sparse
    for label, neutral in LABELS.items():
        for field in ("who", "whom", "kind", "a", "b", "what", "certainty", "origin", "name", "items", "counts"):
            assert (f"{{{field}}}" in neutral) == (f"{{{field}}}" in words.labels[label]), (label, field)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Xiaomi: Einstieg in Elektroautos. Jetzt: dementiert. Quelle: Xiaomi"),
        ("en", "Xiaomi: move into electric cars. Now: denied. Source: Xiaomi"),
        ("zh", "小米：进军电动汽车。最新：已否认。来源：小米"),
    ],
)
def test_a_line_says_what_is_new(code, text):
    """In a thread the certainty is what has changed."""
    assert line(claim("xiaomi", certainty=DENIED, origin=party("xiaomi")), code, changed=True) == text


def test_a_rumour_nobody_is_named_for_names_its_outlet():
    """A reader must see whose word it is; of a party's word the outlet is only the messenger."""
    assert line(claim("xiaomi"), of="heise") == "Xiaomi: Einstieg in Elektroautos. Gerücht. Laut heise"
    assert line(claim("xiaomi", certainty=ANNOUNCED), of="heise") == "Xiaomi: Einstieg in Elektroautos. Angekündigt."


def test_the_storys_certainty_goes_before_the_claims():
    """A message shows the story."""
    said = line(claim("xiaomi", certainty=ANNOUNCED), certainty=Certainty.CONFIRMED)
    assert said == "Xiaomi: Einstieg in Elektroautos. Bestätigt."


def test_many_parties_are_counted():
    """Four names, then how many more."""
    many = claim("xiaomi xpeng nio geely foxconn byd", kind=Kind.PARTNERSHIP, certainty=ANNOUNCED)
    assert line(many) == "Xiaomi + Xpeng + NIO + Geely und 2 weitere: Partnerschaft. Angekündigt."


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("de", "Geely + Foxconn, Gemeinschaftsunternehmen"),
        ("en", "Geely + Foxconn, joint venture"),
        ("zh", "吉利 + 富士康，组建合资企业"),
    ],
)
def test_a_side_claim_is_short(code, text):
    """Who and what, no more."""
    said = claim("geely", "foxconn", kind=Kind.JOINT_VENTURE, certainty=ANNOUNCED, lead=False)
    assert short_line(said, COMPANIES, language(code)) == text


def test_foreign_names_are_neither_patterns_nor_markup():
    """An outlet called like a field, with a bidi mark and a line break, shows as plain words."""
    text = line(claim("xiaomi", origin=outlet("{who} \u202eevil\nnews")))
    assert text.endswith("Zuerst: {who} evil news")


def test_an_unknown_company_shows_its_id():
    """A company that left the rules is still told by what is known of it."""
    assert line(claim("gone-motors", certainty=ANNOUNCED)).startswith("gone-motors: ")


def test_names_come_in_the_channels_script():
    """A product or a person is no name of the company, a wildcard is none either."""
    tesla = Company(
        "tesla",
        "Tesla",
        aliases=(
            Alias(Phrase("马斯克"), NameKind.PERSON),
            Alias(Phrase("特斯拉*")),
            Alias(Phrase("特斯拉")),
            Alias(Phrase("テスラ")),
            Alias(Phrase("테슬라")),
        ),
    )
    names = {
        s: company_name("tesla", {"tesla": tesla}, replace(language("en"), script=s))
        for s in ("latin", "han", "kana", "hangul")
    }
    assert names == {"latin": "Tesla", "han": "特斯拉", "kana": "テスラ", "hangul": "테슬라"}


def test_a_channel_gets_its_language_or_english():
    """zh-TW is close to zh; what nobody has written words for is told in English."""
    assert [choose(RULEBOOK.languages, c).code for c in ("de", "zh-TW", "fr")] == ["de", "zh", "en"]


def test_a_language_without_words_still_says_everything():
    """A broken overlay loses words, never the message."""
    bare = Language("xx", "", "latin", (), "svo", (), {}, (), None)
    said = claim("xiaomi", "nio", kind=Kind.INVESTMENT, origin=outlet("Late Post"))
    assert first_line(said, COMPANIES, bare, None) == "Xiaomi > NIO: investment. rumour. (Late Post)"
    assert choose({}, "de").first_line is None
