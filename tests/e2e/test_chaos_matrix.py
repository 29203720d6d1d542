"""The chaos kit with a real homeserver: the transaction ids of Matrix, and what is looked for when they are forgotten.

Here for a minute; `make chaos CHAT=matrix KILLS=300` is the long run.
"""

import os
import random

import pytest

from tests.kit.chaos import Chaos
from tests.kit.chaos_matrix import servers
from tests.kit.world import real_rules


@pytest.mark.slow
async def test_nothing_is_lost_doubled_or_out_of_order_on_matrix(tmp_path, synapse):
    """Roots, lines, edits and digests, each once, whatever is killed, throttled, cut off or late."""
    seed = int(os.environ.get("EVWATCH_CHAOS_SEED") or random.randrange(10**6))
    server = servers(synapse)
    report = await Chaos(real_rules(), seed, kills=10, entries=240, steps=12, server=server).run(tmp_path)
    print(report)
    assert report.calm.keys() >= {"root", "edit", "line", "digest"}
    assert report.dead == []
    assert report.verdict.clean
