"""How sure, and new or old: tables of sentences in German, English and Chinese."""

from __future__ import annotations

import pytest

from bot.domain.claims import Certainty, OriginType
from tests.kit.reading import entry, lead

NEGATION = [
    ("BYD baut keine Batteriefabrik in Deutschland, sagte ein Sprecher.", "byd: plant, denied"),
    ("BYD will not build a battery plant in Germany, a spokesman said.", "byd: plant, denied"),
    ("比亚迪表示不会在德国建设电池工厂。", "byd: plant, denied"),
    ("Apple hat keine Pläne für einen Einstieg in Elektroautos, sagte ein Sprecher.", "apple: ev-entry, denied"),
    ("Apple has no plans to enter the electric car market, it said.", "apple: ev-entry, denied"),
    ("苹果公司表示没有造车计划。", "apple: ev-entry, denied"),
]
DENIAL = [
    ("Xiaomi dementiert den Einstieg in die Produktion von Elektroautos.", "xiaomi: ev-entry, denied"),
    ("Xiaomi denies it will enter electric car production.", "xiaomi: ev-entry, denied"),
    ("Hyundai denied a partnership with Apple on electric cars.", "apple + hyundai: partnership, denied"),
    ("小米否认造车。", "xiaomi: ev-entry, denied"),
    ("现代汽车否认与苹果公司合作生产电动汽车。", "apple + hyundai: partnership, denied"),
]
CONFIRMATION = [
    ("Xiaomi bestätigt den Einstieg in die Produktion von Elektroautos.", "xiaomi: ev-entry, confirmed"),
    ("Xiaomi confirms it will enter electric car production.", "xiaomi: ev-entry, confirmed"),
    ("小米证实将造车。", "xiaomi: ev-entry, confirmed"),
]
CANCELLATION = [
    ("Ford und SK On beenden ihr Joint Venture für Batteriezellen.", "ford + sk-on: joint-venture, cancelled"),
    (
        "Volkswagen hat die Kooperation mit Bosch bei Batteriezellen aufgegeben.",
        "bosch + volkswagen: partnership, cancelled",
    ),
    ("Ford and SK On end their battery joint venture.", "ford + sk-on: joint-venture, cancelled"),
    ("Northvolt scraps its plan for a battery plant in Germany.", "northvolt: plant, cancelled"),
    ("福特与SK On终止电池合资公司。", "ford + sk-on: joint-venture, cancelled"),
    ("比亚迪取消电池工厂计划。", "byd: plant, cancelled"),
    ("Northvolt streicht die Pläne für eine Batteriefabrik in Heide.", "northvolt: plant, cancelled"),
]
HEARSAY = [
    ("Xiaomi soll in die Produktion von Elektroautos einsteigen.", "xiaomi: ev-entry, rumour"),
    ("Angeblich steigt Xiaomi in die Produktion von Elektroautos ein.", "xiaomi: ev-entry, rumour"),
    (
        "BYD soll mit Toyota ein Gemeinschaftsunternehmen für Elektroautos planen.",
        "byd + toyota: joint-venture, rumour",
    ),
    ("Xiaomi is said to be entering electric car production.", "xiaomi: ev-entry, rumour"),
    ("Xiaomi reportedly plans to enter the electric car market.", "xiaomi: ev-entry, rumour"),
    (
        "BYD and Toyota are reportedly setting up a joint venture for electric cars.",
        "byd + toyota: joint-venture, rumour",
    ),
    ("据传小米将进军电动汽车。", "xiaomi: ev-entry, rumour"),
    ("有消息称比亚迪与丰田将成立电动汽车合资公司。", "byd + toyota: joint-venture, rumour"),
    ("Volkswagen könnte sich an Xpeng beteiligen.", "volkswagen > xpeng: investment, rumour"),
    ("大众汽车可能入股小鹏汽车。", "volkswagen > xpeng: investment, rumour"),
    ("Ein Joint Venture von BYD und Toyota für E-Autos ist im Gespräch.", "byd + toyota: joint-venture, rumour"),
    ("Xiaomi wird wohl in die Produktion von Elektroautos einsteigen.", "xiaomi: ev-entry, rumour"),
    ("Xiaomi could enter electric car production.", "xiaomi: ev-entry, rumour"),
    ("BYD and Toyota have reportedly formed a joint venture for electric cars.", "byd + toyota: joint-venture, rumour"),
    (
        "Berichten zufolge haben BYD und Toyota ein Joint Venture für E-Autos gegründet.",
        "byd + toyota: joint-venture, rumour",
    ),
    ("据报道,比亚迪与丰田已成立电动汽车合资公司。", "byd + toyota: joint-venture, rumour"),
]
PLAN = [
    ("CATL baut eine Batteriefabrik in Ungarn; das Werk soll 2025 den Betrieb aufnehmen.", "catl: plant, announced"),
    ("Tesla plans to build a battery plant near Berlin.", "tesla: plant, announced"),
    ("宁德时代计划新建电池工厂。", "catl: plant, announced"),
    ("BYD will ein Werk für Elektroautos in Ungarn bauen.", "byd: plant, announced"),
    ("Ein Joint Venture für E-Autos von BYD und Toyota ist geplant.", "byd + toyota: joint-venture, announced"),
    ("Nicht Apple, sondern Xiaomi steigt in die Produktion von Elektroautos ein.", "xiaomi: ev-entry, announced"),
    ("Not Apple but Xiaomi will enter electric car production, it said.", "xiaomi: ev-entry, announced"),
    (
        "BYD plant ein Joint Venture mit Toyota für E-Autos, hat aber noch nichts unterschrieben.",
        "byd + toyota: joint-venture, announced",
    ),
    ("BYD kündigte an, ein Joint Venture mit Toyota für E-Autos zu gründen.", "byd + toyota: joint-venture, announced"),
    (
        "BYD said it would set up a joint venture with Toyota for electric cars.",
        "byd + toyota: joint-venture, announced",
    ),
    ("比亚迪宣布将与丰田成立电动汽车合资公司。", "byd + toyota: joint-venture, announced"),
    ("In China, BYD and Toyota set up a joint venture for electric cars.", "byd + toyota: joint-venture, announced"),
    ("Ford's electric-car joint venture with Volkswagen", "ford + volkswagen: joint-venture, announced"),
    ("Toyota, BYD in electric-car joint venture", "byd + toyota: joint-venture, announced"),
    ("Toyota/BYD: Gemeinschaftsunternehmen für E-Autos", "byd + toyota: joint-venture, announced"),
    ("CATL beliefert Tesla mit Batteriezellen.", "catl > tesla: supply, announced"),
    ("Tesla wird von CATL mit Batteriezellen beliefert.", "catl > tesla: supply, announced"),
    ("特斯拉从宁德时代采购电池。", "catl > tesla: supply, announced"),
    ("An Xpeng beteiligt sich Volkswagen mit fünf Prozent.", "volkswagen > xpeng: investment, announced"),
]
DONE = [
    (
        "BYD und Toyota haben ein Gemeinschaftsunternehmen für Elektroautos gegründet.",
        "byd + toyota: joint-venture, done",
    ),
    ("BYD and Toyota have formed a joint venture for electric cars.", "byd + toyota: joint-venture, done"),
    ("比亚迪与丰田的电动汽车合资公司正式成立。", "byd + toyota: joint-venture, done"),
    ("Tesla hat die Batteriefabrik in Grünheide eröffnet.", "tesla: plant, done"),
    ("Tesla has opened its battery plant in Germany.", "tesla: plant, done"),
    ("特斯拉的电池工厂已投产。", "tesla: plant, done"),
    ("丰田、比亚迪成立电动汽车合资公司", "byd + toyota: joint-venture, done"),
]
QUESTIONS = [
    ("Steigt Xiaomi in die Produktion von Elektroautos ein?", "xiaomi: ev-entry, rumour"),
    ("Will Xiaomi enter electric car production?", "xiaomi: ev-entry, rumour"),
    ("小米会造车吗？", "xiaomi: ev-entry, rumour"),
    ("Gründen BYD und Toyota ein Joint Venture für Elektroautos?", "byd + toyota: joint-venture, rumour"),
    ("Are BYD and Toyota forming a joint venture for electric cars?", "byd + toyota: joint-venture, rumour"),
]
RETOLD = [
    "Xiaomi hatte im Herbst 2019 eine Beteiligung an Xpeng gekauft.",
    "BYD und Toyota haben bereits ein Gemeinschaftsunternehmen für Elektroautos.",
    "2019 gründeten BYD und Toyota ein Joint Venture für Elektroautos.",
    "BYD and Toyota had set up a joint venture for electric cars.",
    "BYD and Toyota already have a joint venture for electric cars.",
    "比亚迪与丰田此前已成立电动汽车合资公司。",
    "2019年,比亚迪与丰田成立电动汽车合资公司。",
]
FRESH = [
    "Im Februar kündigte BYD ein Joint Venture mit Toyota für Elektroautos an.",
    "Im März gründen BYD und Toyota ein Joint Venture für Elektroautos.",
    "今年2月,比亚迪宣布与丰田成立电动汽车合资公司。",
    "2月18日,比亚迪宣布与丰田成立电动汽车合资公司。",
]


@pytest.mark.parametrize(("text", "claim"), NEGATION)
def test_what_will_not_be_is_denied(reader, text, claim):
    """A party that says no denies."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), DENIAL)
def test_a_denial_is_no_announcement(reader, text, claim):
    """Dementiert, denies, 否认."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), CONFIRMATION)
def test_a_party_confirms(reader, text, claim):
    """Bestätigt, confirms, 证实."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), CANCELLATION)
def test_what_ends_is_called_off(reader, text, claim):
    """Beendet, scrapped, 终止."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), HEARSAY)
def test_hearsay_stays_hearsay(reader, text, claim):
    """Soll beside a company, reportedly, 据传, may: nobody has said it."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), PLAN)
def test_a_plan_is_announced(reader, text, claim):
    """Soll beside a thing is a plan, and so are will, plans to, 计划."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), DONE)
def test_what_has_happened_is_done(reader, text, claim):
    """Hat gegründet, has opened, 已投产."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), QUESTIONS)
def test_a_question_is_no_news(reader, text, claim):
    """Who asks does not know."""
    assert lead(reader, text) == claim


@pytest.mark.parametrize("text", RETOLD)
def test_what_is_dated_back_is_told_as_known(reader, text):
    """Pluperfect, already, an old year or month: no news, and so no lead."""
    reading = reader.read(entry(text))
    assert reading.claims
    assert reading.lead is None
    assert all(c.retold for c in reading.claims)


@pytest.mark.parametrize("text", FRESH)
def test_what_is_dated_now_is_news(reader, text):
    """This month and the months to come are no dating back."""
    assert not reader.read(entry(text)).lead.retold


def test_without_a_date_of_the_entry_nothing_is_dated_back(reader):
    """What is old is old by the entry's own day, and by no clock."""
    text = "Im Januar kündigte BYD ein Joint Venture mit Toyota für Elektroautos an."
    assert reader.read(entry(text, day=None)).lead is not None
    assert reader.read(entry(text)).lead is None


@pytest.mark.parametrize(("text", "claim"), DENIAL + CONFIRMATION + CANCELLATION)
def test_only_a_party_denies_confirms_and_cancels(reader, text, claim):
    """Each of the three is the word of a party."""
    found = reader.read(entry(text)).lead
    assert found.origin.type is OriginType.PARTY
    assert found.origin.name in found.parties


@pytest.mark.parametrize(("text", "claim"), HEARSAY)
def test_a_headline_is_not_surer_than_its_report(reader, text, claim):
    """The plain headline of a hedged report is a rumour."""
    titles = {"x": "Xiaomi to build electric cars", "小": "小米造车"}
    title = titles.get(text[0].lower())
    if title:
        assert reader.read(entry(text, title)).lead.certainty is Certainty.RUMOUR
