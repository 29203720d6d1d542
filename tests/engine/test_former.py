"""What is told of companies whose id has changed, or that have left the rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.channels import Part
from bot.domain.claims import Certainty, Kind
from bot.engine.former import of_today
from bot.engine.messages import compose, digest
from bot.engine.stories import assign
from tests.engine.makers import COMPANIES, NOW, RULEBOOK, channel, claim, entry, party, side, told, view

_NIO = replace(COMPANIES["nio"], id="weilai", formerly=("nio",))
RENAMED = replace(
    RULEBOOK,
    companies={**{k: c for k, c in COMPANIES.items() if k != "nio"}, "weilai": _NIO},
    former={"company:nio": "weilai"},
)
LEFT = replace(RULEBOOK, companies={k: c for k, c in COMPANIES.items() if k != "nio"}).remembering({"nio": "NIO Inc."})

REPORT = entry(
    1,
    claim("nio byd", kind=Kind.JOINT_VENTURE, certainty=Certainty.ANNOUNCED, origin=party("nio")),
    side("byd nio", kind=Kind.PARTNERSHIP),
)
[OPENED] = assign([REPORT], [], NOW)
#: As the store gives it back: the story has been moved to the new id, the report is as it was written.
MOVED = view(
    replace(OPENED.story, parties=frozenset({"weilai", "byd"})),
    told(REPORT, OPENED.entries[0].change, Certainty.ANNOUNCED),
)


@pytest.mark.parametrize(("lang", "name"), [("de", "NIO + BYD"), ("zh", "蔚来 + 比亚迪")])
def test_a_renamed_company_is_told_by_its_name(lang, name):
    """Whichever id it had when the report was read; and what belongs to the story is no side of it."""
    message = compose(MOVED, Part.ROOT, channel(lang=lang), RENAMED)
    assert message.first_line.startswith(name)
    assert message.notes == ()
    [item] = digest([MOVED], channel(lang=lang), RENAMED, NOW.date()).items
    assert item.first_line == message.first_line


def test_reports_have_the_ids_of_today():
    """Who, whom and the party that says so; a view nobody renamed is the same view."""
    [report] = of_today(MOVED, RENAMED).reports
    assert report.claim.parties == ("weilai", "byd")
    assert report.claim.origin == party("weilai")
    assert [c.parties for c in report.sides] == [("byd", "weilai")]
    assert of_today(MOVED, RULEBOOK) is MOVED


def test_a_company_that_left_is_told_by_the_name_it_had():
    """Never by its id; the spelling in the reader's script has left with it."""
    story = view(OPENED.story, told(REPORT, OPENED.entries[0].change, Certainty.ANNOUNCED))
    assert compose(story, Part.ROOT, channel(lang="de"), LEFT).first_line.startswith("NIO Inc. + BYD")
    assert compose(story, Part.ROOT, channel(lang="zh"), LEFT).first_line.startswith("NIO Inc. + 比亚迪")
