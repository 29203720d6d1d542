"""Japanese and Korean mark a name by what stands right behind it."""

from __future__ import annotations

import pytest

from tests.kit.reading import assert_slices, entry, parties

PARTNERS = [
    ("トヨタはパナソニックと車載電池の合弁会社を設立する。", "panasonic + toyota: joint-venture"),
    ("トヨタとパナソニックが車載電池の合弁会社を設立する。", "panasonic + toyota: joint-venture"),
    ("トヨタとパナソニックの合弁会社が車載電池を生産する。", "panasonic + toyota: joint-venture"),
    ("ホンダ、日産、三菱自がEVで協業", "honda + mitsubishi-motors + nissan: partnership"),
    ("현대차는 LG에너지솔루션과 배터리 합작법인을 설립한다.", "hyundai + lg-energy-solution: joint-venture"),
    ("현대차와 LG에너지솔루션은 배터리 합작법인을 설립한다.", "hyundai + lg-energy-solution: joint-venture"),
]
GIVERS_AND_TAKERS = [
    ("CATLはホンダにEV用の電池を供給する。", "catl > honda: supply"),
    ("ホンダはCATLにEV用の電池を供給する。", "honda > catl: supply"),
    ("ホンダはCATLからEV用の電池を調達する。", "catl > honda: supply"),
    ("日野自動車はトヨタに買収される。", "toyota > hino: acquisition"),
    ("테슬라가 삼성SDI에 배터리를 공급한다.", "tesla > samsung-sdi: supply"),
    ("삼성SDI가 테슬라에 배터리를 공급한다.", "samsung-sdi > tesla: supply"),
    ("포드는 SK온으로부터 전기차 배터리를 공급받는다.", "sk-on > ford: supply"),
    ("노스볼트가 LG에너지솔루션에 인수됐다.", "lg-energy-solution > northvolt: acquisition"),
]
HEADLINES = [
    ("トヨタ、スズキとEVで提携", "suzuki + toyota: partnership"),
    ("鴻海、EVを見据え日産を買収へ", "foxconn > nissan: acquisition"),
    ("현대차, 우버와 전기차 협력", "hyundai + uber: partnership"),
]
COMPARED = [
    ("テスラと競うBYDはトヨタとEVの合弁会社を設立する。", "byd + toyota: joint-venture"),
    ("テスラのような新興企業がEVを販売する。", "nothing"),
    ("테슬라와 경쟁하는 BYD는 토요타와 합작사를 설립한다.", "byd + toyota: joint-venture"),
    ("테슬라처럼 이 스타트업도 전기차를 판다.", "nothing"),
]
ALONE = [
    ("日産とユアスタンドが提携", "nissan: partnership"),
    ("日産の新型EVが発売", "nissan: ev-news"),
]


@pytest.mark.parametrize(("text", "claim"), [*PARTNERS, *GIVERS_AND_TAKERS, *COMPARED])
def test_a_particle_gives_the_name_before_it_its_part(reader, text, claim):
    """と, に, から; 와, 에, 로부터."""
    assert parties(reader, text) == claim
    assert_slices(entry(text), reader.read(entry(text)))


@pytest.mark.parametrize(("title", "claim"), [*HEADLINES, *ALONE])
def test_a_headline_parts_its_topic_by_a_comma(reader, title, claim):
    """Toyota, with Suzuki; a name with nobody else beside it is the subject, whatever its particle."""
    assert parties(reader, "", title) == claim
