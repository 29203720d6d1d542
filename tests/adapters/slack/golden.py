"""Golden files of everything Slack is sent, under tests/data/slack.

`REWRITE_GOLDENS=1 pytest tests/adapters/slack` writes them anew, and the links in docs/slack.md with them.
"""

import json
import os
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "data" / "slack"
REWRITE = "REWRITE_GOLDENS" in os.environ


def golden(name: str, made: dict[str, Any]) -> dict[str, Any]:
    """What the file holds; `made` where it is written anew."""
    file = FOLDER / f"{name}.json"
    if REWRITE:
        file.write_text(json.dumps(made, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    read: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return read
