"""The model case on its way to channels: the lead tells, the side claims do not."""

import pytest

from bot.domain.channels import ReasonCode

GERMAN = """Der Handyhersteller Xiaomi soll in den Bau von Elektroautos einsteigen wollen. Das berichtet das chinesische
Medium „Late Post“ unter Berufung auf Insider.

Baidu hatte im Januar angekündigt, gemeinsam mit Geely ins Autogeschäft einzusteigen. Ebenfalls im Januar wurde bekannt,
dass Geely und der iPhone-Auftragsfertiger Foxconn ein Gemeinschaftsunternehmen für Elektroautos gründen wollen."""

ENGLISH = """Phone maker Xiaomi is said to be planning electric cars, Late Post reported, citing insiders.

In January, Baidu announced that it would enter the car business together with Geely. Geely and Foxconn, an iPhone
contract maker, had agreed in January to form an electric-car joint venture."""

CHINESE = """据晚点LatePost报道,小米计划造车,消息来自内部人士。

百度1月宣布将与吉利合作进入汽车行业。吉利与iPhone代工厂富士康1月宣布将成立电动汽车合资公司。"""


@pytest.mark.parametrize("text", [GERMAN, ENGLISH, CHINESE], ids=["de", "en", "zh"])
async def test_one_entry_is_one_message_and_side_claims_tell_nobody(world, text):
    """A channel of every company hears once; a channel of Baidu alone hears nothing, and is told why."""
    await world.subscribe("C0BAIDU", "baidu")
    link = world.feed("first").publish("Xiaomi", text.replace("\n", " ")).link
    await world.run_for("5m")
    assert len(world.slack.messages("C0EVDESK")) == 1
    assert world.slack.messages("C0BAIDU") == []
    decisions = {str(d.channel): d.reason.code for _, d in await world.store.decisions(link=link)}
    assert decisions == {"slack:C0EVDESK": ReasonCode.ROOT, "slack:C0BAIDU": ReasonCode.SIDE_ONLY}
