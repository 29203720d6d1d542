"""Killed at random moments, on a bad line to its chat, by a clock that jumps: all of it is told once, and in order.

Here for a minute; `make chaos KILLS=1000 ENTRIES=5000` is the long run, EVWATCH_CHAOS_SEED repeats one.
"""

import os
import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.channels import Channel, ChannelRef, Part
from tests.kit.chaos import Chaos
from tests.kit.chaos_verdict import judge
from tests.kit.wire_server import Arrived
from tests.kit.world import real_rules

DESK = ChannelRef("wire", "desk")


@pytest.mark.slow
async def test_nothing_is_lost_doubled_or_out_of_order(tmp_path):
    """What a calm run tells of the same news is told, to the same end, whatever happens meanwhile."""
    seed = int(os.environ.get("EVWATCH_CHAOS_SEED") or random.randrange(10**6))
    report = await Chaos(real_rules(), seed, kills=30, entries=240, steps=12).run(tmp_path)
    print(report)
    assert report.calm.keys() >= {"root", "edit", "line", "digest"}
    assert report.events["kills"] == 30
    assert report.dead == []
    assert report.verdict.clean


# ------------------------------------------------------------------------------------------------ whether it would see


def arrived(key, text="BYD + Uber: joint venture. Announced.", **more):
    """A root of story 1, or what its key says it is."""
    part = Part(key.rpartition(":")[2])
    root = None if part is Part.ROOT else "1"
    link = f"globe.example https://globe.example/s{key.split(':')[1]}/1"
    made = Arrived(DESK, key, part, "1", root, f"{text}\n{link}", datetime(2026, 3, 2, tzinfo=UTC))
    return replace(made, **more)


def digest(*stories, certainty="Announced"):
    """One that names these, each with its link."""
    items = [f"  BYD + Uber: joint venture. {certainty}.\n  globe https://globe.example/s{s}/1" for s in stories]
    text = "\n".join([f"{len(stories)} stories", *items])
    return Arrived(DESK, "digest:1:2026-03-02T0800", Part.DIGEST, "9", None, text, datetime(2026, 3, 2, tzinfo=UTC))


ROOT, EDIT, LINE = arrived("story:1:r1:root"), arrived("story:1:r2:edit"), arrived("story:1:r2:line")
NEXT = arrived("story:2:r1:root", id="2")
CONFIRMED = arrived("story:1:r2:edit", "BYD + Uber: joint venture. Confirmed.")
LATER = arrived("story:1:r3:edit")


def judged(calm, killed):
    rows = {(str(DESK), key): n for n, key in enumerate(dict.fromkeys(a.key for a in [*calm, *killed]))}
    return judge(calm, killed, rows, {DESK: Channel(DESK)})


@pytest.mark.parametrize(
    ("calm", "killed", "found"),
    [
        pytest.param([ROOT, NEXT], [ROOT], "lost", id="a root that never came"),
        pytest.param([ROOT, digest(2)], [ROOT], "lost", id="a story no digest named"),
        pytest.param([digest(1, 2)], [digest(1)], "lost", id="a story the digest left out"),
        pytest.param([ROOT], [ROOT, ROOT], "doubled", id="a key twice"),
        pytest.param([ROOT], [ROOT, replace(ROOT, id="2")], "doubled", id="a root twice"),
        pytest.param([digest(1)], [digest(1), digest(1)], "doubled", id="a digest twice"),
        pytest.param([ROOT, EDIT, LINE], [ROOT, EDIT, LINE, LINE], "doubled", id="a line twice"),
        pytest.param([ROOT, NEXT], [NEXT, ROOT], "disordered", id="not as they were put in"),
        pytest.param([ROOT, EDIT, LINE], [LINE, ROOT, EDIT], "disordered", id="a line before its root"),
        pytest.param([ROOT, EDIT, LATER], [ROOT, LATER, EDIT], "disordered", id="an edit after a later one"),
        pytest.param([ROOT, CONFIRMED], [ROOT], "different", id="a certainty nobody heard of"),
        pytest.param([ROOT, EDIT, LINE], [ROOT, EDIT], "different", id="a line that never came"),
        pytest.param([ROOT], [ROOT, NEXT], "different", id="told with kills only"),
    ],
)
def test_what_went_wrong_is_seen(calm, killed, found):
    """Lost, doubled, out of order, or told to another end."""
    verdict = judged(calm, killed)
    assert getattr(verdict, found)
    assert not verdict.clean


@pytest.mark.parametrize(
    ("calm", "killed"),
    [
        pytest.param([ROOT, EDIT, LINE, NEXT], [ROOT, EDIT, LINE, NEXT], id="all the same"),
        pytest.param([ROOT], [digest(1)], id="by digest instead of a root"),
        pytest.param([ROOT, EDIT, LATER], [ROOT, LATER], id="two edits in one"),
        pytest.param([ROOT, EDIT], [ROOT, EDIT, EDIT], id="an edit made twice"),
        pytest.param(
            [ROOT, CONFIRMED, LINE],
            [ROOT, CONFIRMED, digest(1, certainty="Now: confirmed")],
            id="a change by the catch-up digest instead of a line",
        ),
    ],
)
def test_what_timing_alone_changes_is_no_fault(calm, killed):
    """A story in the digest is told; a newer edit takes an older one's place."""
    assert judged(calm, killed).clean
