"""docs/slack.md, the manifest and the golden files are of one piece."""

import json
import re
from urllib.parse import quote

import pytest

from tests.adapters.slack.golden import FOLDER, REWRITE
from tests.kit.process import ROOT
from tests.kit.slack_manifest import manifest

PAGE = ROOT / "docs" / "slack.md"
BUILDER = "https://app.slack.com/block-kit-builder/#"
MARK = "<!-- Written by `REWRITE_GOLDENS=1 pytest tests/adapters/slack`. -->\n"


def links():
    """One for each golden file, as the Block Kit Builder reads it."""
    for file in sorted(FOLDER.glob("*.json")):
        made = json.loads(file.read_text(encoding="utf-8"))
        shown = {k: v for k, v in made.items() if k not in ("text", "metadata", "private_metadata")}
        written = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        yield f"[{file.stem}]: {BUILDER}{quote(written, safe='')}\n"


def test_every_golden_file_is_linked_in_the_block_kit_builder():
    """As it is now."""
    page = PAGE.read_text(encoding="utf-8")
    before, mark, _ = page.partition(MARK)
    wanted = f"{before}{mark}\n{''.join(links())}"
    if REWRITE:
        PAGE.write_text(wanted, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == wanted
    for file in FOLDER.glob("*.json"):
        assert f"][{file.stem}]" in before, file.name


@pytest.mark.parametrize(
    "name",
    [
        *manifest()["oauth_config"]["scopes"]["bot"],
        *manifest()["settings"]["event_subscriptions"]["bot_events"],
    ],
)
def test_every_scope_and_event_is_explained(name):
    """And nothing is that is not asked for."""
    page = PAGE.read_text(encoding="utf-8").partition(MARK)[0]
    assert f"`{name}`" in page
    known = set(re.findall(r"`((?:channels|groups|im|users|chat|app_mentions):\w+)`", page))
    assert known <= set(manifest()["oauth_config"]["scopes"]["bot"])


def test_the_manifest_is_one_paste():
    """Socket Mode, the command, the shortcut, Home and messages to the app."""
    made = manifest()
    assert made["settings"]["socket_mode_enabled"] is True
    assert [c["command"] for c in made["features"]["slash_commands"]] == ["/ev"]
    assert [(s["callback_id"], s["type"]) for s in made["features"]["shortcuts"]] == [("ev-why", "message")]
    assert made["features"]["app_home"]["home_tab_enabled"] is True
    assert made["features"]["app_home"]["messages_tab_read_only_enabled"] is False
