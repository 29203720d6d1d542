"""Who is meant: the longest name, never a namesake, and no word that only looks like a name."""

from __future__ import annotations

import pytest

from bot.domain.claims import Aboutness
from tests.kit.reading import companies, entry

MEANT = [
    ("Der Konzern NIO baut Elektroautos.", "nio"),
    ("Swedish for nine is nio, and this is an electric car.", ""),
    ("Das Smart Home lädt das Elektroauto.", ""),
    ("The Ford Foundation supports electric buses.", ""),
    ("Harrison Ford drives an electric car.", ""),
    ("Ford builds an electric car.", "ford"),
    ("Nikola Tesla never drove an electric car.", ""),
    ("Im Tesla-Werk entstehen Elektroautos.", "tesla"),
    ("Teslaspule und Elektroauto.", ""),
    ("Apple baut ein Elektroauto.", "apple"),
    ("An apple pie for the electric car team.", ""),
    ("Lei Jun zeigt ein Elektroauto.", "xiaomi"),
    ("Wang Chuanfu spricht über E-Autos.", "byd"),
    ("雷军谈造车。", "xiaomi"),
    ("吉利德开发新药,与电动车无关。", ""),
    ("市场上汽车很多,电动车也多。", ""),
    ("气温高达几百度的电池。", ""),
    ("大众汽车推出电动车。", "volkswagen"),
    ("长城汽车生产电动车。", "great-wall"),
    ("Great Wall Motor makes electric cars.", "great-wall"),
    ("The Great Wall of China and an electric bus.", ""),
    ("Mercedes-Benz, BMW und VW bauen Elektroautos.", "mercedes-benz bmw volkswagen"),
    ("LG Energy Solution baut Batteriezellen.", "lg-energy-solution"),
    ("SAIC-GM-Wuling sells a small electric car.", "saic general-motors"),
]


@pytest.mark.parametrize(("text", "ids"), MEANT)
def test_whom_a_text_names(reader, text, ids):
    """Namesakes, people, products, short names inside other words."""
    assert companies(reader, text) == set(ids.split())


def test_a_doubtful_name_counts_once_the_company_is_sure(reader):
    """Whoever was named in full may be named by half afterwards."""
    assert companies(reader, "小米粥很好喝。") == set()
    mentions = reader.read(entry("小米集团发布财报。小米表示满意。")).mentions
    assert [(m.company, len(m.evidence)) for m in mentions] == [("xiaomi", 2)]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Geely baut ein Werk für Elektroautos", "Der Rivale Tesla sieht zu."),
        ("Geely builds an electric car factory", "Its rival Tesla looks on."),
        ("吉利建设电动汽车工厂", "竞争对手特斯拉在观望。"),
    ],
)
def test_subject_and_passing(reader, title, text):
    """Whom the headline is about is the subject; who is only named later is not."""
    about = {m.company: m.aboutness for m in reader.read(entry(text, title)).mentions}
    assert about == {"geely": Aboutness.SUBJECT, "tesla": Aboutness.PASSING}
