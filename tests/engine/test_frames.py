"""Who does it, and with or to whom: tables of sentences in German, English and Chinese."""

from __future__ import annotations

import pytest

from tests.kit.reading import assert_slices, entry, parties

ACTIVE = [
    ("Volkswagen beteiligt sich an Xpeng.", "volkswagen > xpeng: investment"),
    ("Xpeng beteiligt sich an Volkswagen.", "xpeng > volkswagen: investment"),
    ("Amazon invests in electric truck maker Rivian.", "amazon > rivian: investment"),
    ("Rivian invests in electric truck maker Nikola.", "rivian > nikola: investment"),
    ("阿里巴巴入股小鹏汽车。", "alibaba > xpeng: investment"),
    ("小鹏汽车入股阿里巴巴。", "xpeng > alibaba: investment"),
    ("Geely übernimmt den Elektroautohersteller Smart.", "geely > smart: acquisition"),
    ("Northvolt übernimmt die Batteriefabrik von Volvo Cars.", "northvolt > volvo-cars: acquisition"),
    ("吉利收购smart汽车。", "geely > smart: acquisition"),
    ("CATL liefert Batteriezellen an BMW.", "catl > bmw: supply"),
    ("CATL supplies battery cells to Ford.", "catl > ford: supply"),
    ("宁德时代向宝马供应动力电池。", "catl > bmw: supply"),
    ("Magna baut für Fisker ein Elektroauto.", "magna > fisker: contract-manufacturing"),
    ("Foxconn will build EVs for Fisker.", "foxconn > fisker: contract-manufacturing"),
    ("江淮汽车为蔚来代工电动汽车。", "jac > nio: contract-manufacturing"),
]
PASSIVE = [
    ("Smart wird von Geely übernommen, das Elektroautos baut.", "geely > smart: acquisition"),
    ("Geely wird von Smart übernommen, einer Elektroautomarke.", "smart > geely: acquisition"),
    ("Electric truck maker Nikola was acquired by Lucid.", "lucid > nikola: acquisition"),
    ("Lucid was acquired by electric truck maker Nikola.", "nikola > lucid: acquisition"),
    ("电动车企合众哪吒被比亚迪收购。", "byd > neta: acquisition"),
    ("比亚迪被吉利收购。", "geely > byd: acquisition"),
    ("BMW wird von CATL mit Batteriezellen beliefert.", "catl > bmw: supply"),
    ("The electric SUV will be built by Magna for Fisker.", "magna > fisker: contract-manufacturing"),
]
VERB_LAST = [
    (
        "Mercedes-Benz teilte mit, dass man sich an Farasis beteiligt, um Batteriezellen zu sichern.",
        "mercedes-benz > farasis: investment",
    ),
    ("BYD hat mit Toyota ein Gemeinschaftsunternehmen für Elektroautos gegründet.", "byd + toyota: joint-venture"),
    ("Ford hat die Batteriezellfabrik von SK On übernommen.", "ford > sk-on: acquisition"),
]
PREPOSITIONS = [
    ("Das Joint Venture von SAIC und Alibaba zeigt ein Elektroauto.", "alibaba + saic: joint-venture"),
    (
        "Ein Gemeinschaftsunternehmen zwischen Stellantis und Leapmotor verkauft Elektroautos.",
        "leapmotor + stellantis: joint-venture",
    ),
    ("BYD gründet mit Toyota ein Joint Venture für Elektroautos.", "byd + toyota: joint-venture"),
    (
        "Zusammen mit CATL baut Stellantis eine Batteriefabrik, ein Gemeinschaftsunternehmen ist gegründet.",
        "catl + stellantis: joint-venture",
    ),
    ("A joint venture between Stellantis and Leapmotor sells electric cars.", "leapmotor + stellantis: joint-venture"),
    ("The electric-car joint venture of Honda and Sony sells few cars.", "honda + sony: joint-venture"),
    ("BYD forms an electric-car joint venture with Toyota.", "byd + toyota: joint-venture"),
    ("比亚迪与丰田成立电动汽车合资公司。", "byd + toyota: joint-venture"),
    ("上汽和阿里巴巴的合资公司展示电动汽车。", "alibaba + saic: joint-venture"),
    ("本田与索尼之间的合资企业生产电动汽车。", "honda + sony: joint-venture"),
    ("吉利携手百度组建合资公司,造智能电动汽车。", "baidu + geely: joint-venture"),
    ("A stake in Rivian was bought by Volkswagen.", "volkswagen > rivian: investment"),
    ("Volkswagens Beteiligung an Rivian wächst.", "volkswagen > rivian: investment"),
    ("Volkswagen's stake in Rivian grows.", "volkswagen > rivian: investment"),
    ("大众对Rivian的投资持股增加,电动车业务受益。", "volkswagen > rivian: investment"),
]
LABELS = [
    ("Der Tesla-Zulieferer CATL baut eine Batteriefabrik.", "catl: plant"),
    (
        "iPhone-Auftragsfertiger Foxconn gründet mit Geely ein Joint Venture für E-Autos.",
        "foxconn + geely: joint-venture",
    ),
    ("Apple supplier Foxconn forms an electric-car joint venture with Geely.", "foxconn + geely: joint-venture"),
    ("苹果供应商富士康与吉利成立电动汽车合资公司。", "foxconn + geely: joint-venture"),
    ("iPhone代工厂富士康将建设电动汽车工厂。", "foxconn: plant"),
]
COMPARISONS = [
    ("Wie Tesla baut auch BYD eine Batteriefabrik.", "byd: plant"),
    ("BYD baut ähnlich wie Tesla eine Batteriefabrik.", "byd: plant"),
    ("BYD, unlike Tesla, will build a battery plant in Spain.", "byd: plant"),
    ("像特斯拉一样,比亚迪建设电池工厂。", "byd: plant"),
    ("Xiaomi will mit einem Elektroauto gegen Tesla antreten und steigt in den Automarkt ein.", "xiaomi: ev-entry"),
    ("Xiaomi enters the electric car market to take on Tesla.", "xiaomi: ev-entry"),
    ("小米造车,对标特斯拉。", "xiaomi: ev-entry"),
]
THREE = [
    (
        "Renault, Nissan und Mitsubishi Motors gründen ein Gemeinschaftsunternehmen für Elektroautos.",
        "mitsubishi-motors + nissan + renault: joint-venture",
    ),
    (
        "Renault, Nissan and Mitsubishi Motors set up a joint venture for electric cars.",
        "mitsubishi-motors + nissan + renault: joint-venture",
    ),
    ("雷诺、日产和三菱汽车成立电动汽车合资公司。", "mitsubishi-motors + nissan + renault: joint-venture"),
    (
        "BMW, Mercedes-Benz und Volkswagen beteiligen sich an Northvolt.",
        "bmw + mercedes-benz + volkswagen > northvolt: investment",
    ),
    ("Xiaomi beteiligt sich an Xpeng und Nio, die Elektroautos bauen.", "xiaomi > nio + xpeng: investment"),
    ("Xiaomi holds stakes in electric-car makers Xpeng and Nio.", "xiaomi > nio + xpeng: investment"),
    ("小米持有小鹏汽车和蔚来的股份。", "xiaomi > nio + xpeng: investment"),
    (
        "Geely gründet mit Foxconn ein Joint Venture für E-Autos, während Tesla ein Werk in Indien prüft.",
        "foxconn + geely: joint-venture",
    ),
    (
        "Geely sets up an electric-car joint venture with Foxconn while Tesla looks at India.",
        "foxconn + geely: joint-venture",
    ),
    ("Volkswagen supplies its electric platform to Ford, which competes with Tesla.", "volkswagen > ford: supply"),
    ("CATL liefert Batteriezellen an Tesla und Ford.", "catl > ford + tesla: supply"),
]


@pytest.mark.parametrize(("text", "claim"), ACTIVE)
def test_who_does_it_stands_before_the_verb(reader, text, claim):
    """Swap the names and the claim is swapped: subject first, object behind."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), PASSIVE)
def test_a_passive_turns_who_and_whom_round(reader, text, claim):
    """What is done to the first by the second is done by the second."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), VERB_LAST)
def test_a_verb_at_the_end_changes_nothing(reader, text, claim):
    """German puts the verb behind its object; the parties are the same."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), PREPOSITIONS)
def test_prepositions_name_the_parties(reader, text, claim):
    """With, of, between, by, in, and their like in German and Chinese."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), LABELS)
def test_a_label_is_no_party(reader, text, claim):
    """Apple supplier Foxconn: only Foxconn acts."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), COMPARISONS)
def test_whom_one_is_compared_with_is_no_party(reader, text, claim):
    """Like Tesla, unlike Tesla, against Tesla: not Tesla."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize(("text", "claim"), THREE)
def test_three_companies_in_one_sentence(reader, text, claim):
    """Lists of equals stay together; a third company of another clause stays out."""
    assert parties(reader, text) == claim


@pytest.mark.parametrize("text", [text for text, _ in ACTIVE + PASSIVE + THREE])
def test_the_evidence_of_a_claim_names_its_parties(reader, text):
    """Each party of the lead stands in its evidence, and every piece slices."""
    of = entry(text)
    reading = reader.read(of)
    assert_slices(of, reading)
    assert {f"company:{p}" for p in reading.lead.parties} <= {e.concept for e in reading.lead.evidence}


@pytest.mark.parametrize(
    "text",
    [
        "Neben Geely zeigten Tesla und BYD auf der Messe neue Elektroautos.",
        "Tesla, BYD and Nio all showed electric cars at the fair.",
        "特斯拉、比亚迪和蔚来都在车展上展示了电动汽车。",
    ],
)
def test_standing_side_by_side_is_no_alliance(reader, text):
    """Co-occurrence makes no claim between companies."""
    assert not [c for c in reader.read(entry(text)).claims if len(c.parties) > 1 and c.kind.is_move]
