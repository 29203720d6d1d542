"""Kill a real evwatch at random moments, on a bad line, by a clock that jumps; exit status 1 if anything was lost.

.venv/bin/python scripts/chaos.py --kills 1000 --entries 5000
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.kit.chaos import Chaos
from tests.kit.chaos_matrix import servers
from tests.kit.chaos_slack import SlackServer
from tests.kit.synapse import Synapse, interpreter
from tests.kit.wire_server import ChatServer, WireServer
from tests.kit.world import real_rules

NewServer = Callable[[], AbstractAsyncContextManager[ChatServer]]
#: The last one may tell twice, which is counted: nobody can look there whether a message arrived.
FAKES: dict[str, NewServer] = {
    "wire": WireServer,
    "slack": SlackServer,
    "slack-without-history": partial(SlackServer, history=False),
}
MATRIX = "matrix"

#: Where nobody looks on, a line so often, in seconds.
QUIETLY = 30


def main() -> int:
    """Run it, print the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=os.environ.get("EVWATCH_CHAOS_SEED") or secrets.randbelow(10**6))
    parser.add_argument("--chat", choices=[*FAKES, MATRIX], default="wire")
    parser.add_argument("--folder", type=Path, help="kept, with the databases and logs of both runs")
    words = parser.parse_args()
    folder = words.folder or Path(tempfile.mkdtemp(prefix="evwatch-chaos-"))
    steps = max(10, words.kills * 2 // 5)
    console = Console(highlight=False)
    console.print(f"seed {words.seed}, {words.kills} kills, {words.entries} entries in {steps} steps, in {folder}")
    with console.status("starting") as status:
        shown_at = -QUIETLY

        def progress(line: str) -> None:
            nonlocal shown_at
            if console.is_terminal:
                status.update(line)
            elif time.monotonic() - shown_at > QUIETLY:
                shown_at = time.monotonic()
                print(line, flush=True)

        with chat(words.chat, folder) as server:
            chaos = Chaos(real_rules(), words.seed, words.kills, words.entries, steps, server=server, progress=progress)
            report = asyncio.run(chaos.run(folder))
    console.print(str(report), markup=False)
    return 0 if report.verdict.clean else 1


@contextmanager
def chat(name: str, folder: Path) -> Iterator[NewServer]:
    """What makes the chat of both runs; for Matrix a real homeserver."""
    if name != MATRIX:
        yield FAKES[name]
        return
    python = interpreter()
    if python is None:
        sys.exit("chaos: there is no Synapse: scripts/synapse makes its environment")
    synapse = Synapse(folder / "synapse", python)
    synapse.start()
    try:
        yield servers(synapse)
    finally:
        synapse.kill()


if __name__ == "__main__":
    sys.exit(main())
