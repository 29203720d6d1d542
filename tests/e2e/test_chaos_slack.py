"""The chaos kit with the fake Slack: a chat that takes the same key twice, so all hangs on looking for it.

Here for a minute each; `make chaos CHAT=slack KILLS=300` and `CHAT=slack-without-history` are the long runs.
"""

import os
import random

import pytest

from tests.kit.chaos import Chaos
from tests.kit.chaos_slack import SlackServer
from tests.kit.world import real_rules


def seed():
    return int(os.environ.get("EVWATCH_CHAOS_SEED") or random.randrange(10**6))


@pytest.mark.slow
async def test_nothing_is_lost_doubled_or_out_of_order_on_slack(tmp_path):
    """Roots, lines and edits: what may have been sent is looked for before it is sent again."""
    report = await Chaos(real_rules(), seed(), kills=10, entries=240, steps=12, server=SlackServer).run(tmp_path)
    print(report)
    assert report.calm.keys() >= {"root", "edit", "line", "digest"}
    assert report.dead == []
    assert report.verdict.clean


@pytest.mark.slow
async def test_without_history_nothing_is_lost_on_slack(tmp_path):
    """What cannot be looked for may come twice; never is it left out."""

    def blind():
        return SlackServer(history=False)

    report = await Chaos(real_rules(), seed(), kills=8, entries=120, steps=6, server=blind).run(tmp_path)
    print(report)
    assert report.dead == []
    assert report.verdict.lost == []
