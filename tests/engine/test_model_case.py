"""The report the design begins with, told in our own words: two ways in each of three languages."""

from __future__ import annotations

import pytest

from bot.domain.claims import Origin, OriginType
from bot.engine.summaries import first_line
from tests.kit.reading import assert_slices, entry, told

WORDINGS = {
    "de-agency": (
        "Xiaomi will offenbar Elektroautos bauen",
        """<p>Der chinesische Smartphone-Hersteller Xiaomi steht angeblich kurz vor dem Einstieg in die Produktion von
        Elektroautos. Das berichtet das chinesische Medium „Late Post“ unter Berufung auf Insider.</p>
        <p>Gründer und Konzernchef Lei Jun soll das Vorhaben selbst leiten. Geprüft wird ein solcher Schritt demnach
        schon seit 2018, unter dem Projektnamen „Micar“. Die Pläne seien noch in einem frühen Stadium und könnten sich
        ändern, heißt es. Ein Xiaomi-Sprecher reagierte nicht auf eine Anfrage von TechNode.</p>
        <p>Xiaomi und Lei Jun halten bereits Anteile an den Elektroautobauern Xpeng und Nio.</p>
        <p>Erst im Januar hatte Baidu angekündigt, gemeinsam mit Geely in das Autogeschäft einzusteigen. Ebenfalls im
        Januar war bekannt geworden, dass Geely und der iPhone-Auftragsfertiger Foxconn ein Joint Venture für
        Elektroautos gründen. Das Gemeinschaftsunternehmen von SAIC und Alibaba hatte Prototypen seiner ersten beiden
        Elektromodelle gezeigt.</p>""",
    ),
    "de-magazine": (
        "Bericht: Handyhersteller Xiaomi drängt in das Geschäft mit E-Autos",
        """Noch ein Elektronikkonzern mit Autoplänen: Xiaomi soll in die Fertigung von E-Autos einsteigen. Nach
Informationen der chinesischen Nachrichtenseite Late Post, die sich auf eingeweihte Personen beruft, ist der Beschluss
so gut wie gefallen. Firmenchef Lei Jun soll sich persönlich um das Projekt kümmern.

Intern läuft die Prüfung dem Bericht nach seit 2018 unter dem Namen Micar. Alles befinde sich in einer frühen Phase,
Änderungen seien möglich. Ein Sprecher von Xiaomi ließ eine Anfrage von TechNode unbeantwortet.

Ganz fremd ist die Branche dort niemandem. Xiaomi und sein Gründer Lei Jun halten Anteile an Xpeng und Nio.
Im Januar kündigte Baidu den Einstieg in das Autogeschäft an, zusammen mit Geely. Geely und der iPhone-Fertiger Foxconn
gründen ein Gemeinschaftsunternehmen für Elektroautos, hieß es ebenfalls im Januar. Und das Joint Venture von SAIC und
Alibaba hatte im Januar Prototypen seiner ersten zwei E-Modelle vorgestellt.""".replace("\n", " ").replace("  ", "\n"),
    ),
    "en-agency": (
        "Xiaomi said to be planning electric cars",
        """<p>Chinese phone maker Xiaomi is reportedly about to enter electric car production. Chinese outlet Late Post
        reported the plan, citing insiders.</p>
        <p>Founder and chief executive Lei Jun is said to lead the project himself. A project named "Micar" has
        reportedly examined the idea since 2018. The plan is at an early stage and may change. A Xiaomi spokesman did
        not respond to a request for comment from TechNode.</p>
        <p>Xiaomi and Lei Jun already hold stakes in electric-car makers Xpeng and Nio.</p>
        <p>In January, Baidu announced that it would enter the car business in partnership with Geely. Also in January,
        Geely and Foxconn, the iPhone contract maker, were reported to be forming an electric-car joint venture. The
        joint venture of SAIC and Alibaba had shown prototypes of its first two electric models.</p>""",
    ),
    "en-magazine": (
        "Report: Xiaomi to build electric vehicles",
        """Smartphone giant Xiaomi is close to a decision to go into electric vehicles, according to a report by the
Chinese news site Late Post, which cites people familiar with the matter. Lei Jun, who founded the company and runs it,
would head the effort in person.

An internal study under the name Micar has looked at car making since 2018, the report says, adding that nothing is
final and the plans could still change. Xiaomi did not reply to questions from TechNode.

The company is no stranger to the field. Xiaomi and Lei Jun own stakes in Xpeng and Nio. Baidu said in January that it
would move into the car business together with Geely. Geely and iPhone assembler Foxconn were also reported in January
to be setting up a joint venture for electric cars. A joint venture between SAIC and Alibaba had displayed
prototypes of its first two electric models.""".replace("\n", " ").replace("  ", "\n"),
    ),
    "zh-agency": (
        "晚点:小米即将造车",
        """<p>据晚点LatePost报道,知情人士称,小米即将进军电动汽车生产。小米创始人兼CEO雷军将亲自带队。</p>
        <p>该项目代号"Micar",据悉自2018年起就已展开研究。目前计划仍处于早期阶段,可能发生变化。
        小米发言人未回应TechNode的置评请求。</p>
        <p>小米和雷军此前已持有小鹏汽车和蔚来的股份。</p>
        <p>今年1月,百度宣布与吉利合作,进入汽车行业。同样在1月,据报道,吉利与苹果手机代工厂富士康将组建电动汽车合资公司。
        上汽与阿里巴巴的合资公司此前已展示首两款电动车型的原型车。</p>""",
    ),
    "zh-magazine": (
        "消息称小米将进入电动汽车领域",
        """手机厂商小米可能很快宣布造车。晚点LatePost援引内部人士的话报道称，小米已决定进军电动汽车，创始人、首席执行官雷军将亲自负责。
报道称，名为Micar的项目从2018年开始评估这一设想，目前方案尚在初期，仍有可能调整。小米发言人没有回复TechNode的询问。

小米与雷军都持有小鹏汽车和蔚来的股份。百度在1月宣布与吉利合作，进军汽车业。
1月还有消息称，吉利和iPhone代工商富士康正在筹建电动汽车合资企业。上汽和阿里巴巴的合资企业此前展示了首批两款电动车的样车。""",
    ),
}
SIDES = {
    "xiaomi > nio + xpeng: investment, done",
    "baidu + geely: partnership, announced",
    "foxconn + geely: joint-venture, announced",
    "alibaba + saic: joint-venture, done",
}
LATE_POST = Origin("Late Post", OriginType.OUTLET)


@pytest.fixture(params=WORDINGS)
def report(request):
    """The report in one of its wordings."""
    title, text = WORDINGS[request.param]
    return entry(text, title)


@pytest.fixture
def reading(reader, report):
    return reader.read(report)


def test_the_lead_is_the_rumour_and_who_had_it_first(reading):
    """Xiaomi goes into electric cars, says Late Post and nobody else."""
    assert told(reading.lead) == "xiaomi: ev-entry, rumour"
    assert reading.lead.origin == LATE_POST
    assert not reading.lead.retold


def test_the_four_old_stories_are_side_claims_and_there_is_no_other(reading):
    """No other pair, kind or lead; whatever is old is told as known."""
    sides = reading.claims[1:]
    assert sorted(map(told, sides)) == sorted(SIDES)
    assert all(c.retold and not c.lead for c in sides)


def test_a_label_is_no_party(reading):
    """The maker of iPhones brings no Apple into any claim."""
    assert all("apple" not in c.parties for c in reading.claims)


def test_who_did_not_answer_is_kept(reading):
    """A spokesman was asked by TechNode and did not answer."""
    assert reading.did_not_comment == ("xiaomi",)


def test_every_evidence_slices(report, reading):
    """Offsets are those of the original, tags and all."""
    assert_slices(report, reading)
    assert all(c.evidence for c in reading.claims)


def test_the_first_line_is_as_unsure_as_the_report(book, reading):
    """Xiaomi: rumour, first told by Late Post, in each language of the messages."""
    lines = [
        first_line(reading.lead, book.companies, book.languages[code], "news.example") for code in ("de", "en", "zh")
    ]
    assert lines[0] == "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post"
    assert all("Late Post" in line for line in lines)


def test_the_quote_is_of_the_report_and_names_the_company(report, reading):
    """One or two sentences in the original language, of the text and not of the headline."""
    plain = "".join(report.text.split())
    assert reading.quote
    assert "".join(reading.quote.split()) in plain
    assert any(name in reading.quote for name in ("Xiaomi", "小米"))
    assert len(reading.quote) <= 330
