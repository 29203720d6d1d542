"""The console: its room is the file."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.adapters import chat
from bot.domain.channels import ChannelRef
from tests.kit.bench import Bench, Shown
from tests.kit.desk import ScriptedDesk


def read(path: Path, room: ChannelRef) -> list[Shown]:
    """The file as people would see it."""
    roots: dict[str, Shown] = {}
    for line in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if line["channel"] != str(room):
            continue
        if line["part"] == "edit":
            roots[line["root"]].text = line["text"]
        elif line["part"] == "line":
            roots[line["root"]].lines.append(line["text"])
        else:
            roots[line["id"]] = Shown(line["text"])
    return list(roots.values())


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """A console on a file in a folder of its own."""
    platform = chat.create("console", {"data_dir": folder, "stream": io.StringIO()})
    await platform.start(ScriptedDesk())

    async def shown(room: ChannelRef) -> list[Shown]:
        return read(folder / "console.jsonl", room)

    rooms = (ChannelRef("console", "main"), ChannelRef("console", "other"))
    yield Bench(platform, rooms, shown, cut_off=platform.close)
    await platform.close()
