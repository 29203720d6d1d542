"""Slack's own checks of blocks and views: types, required and unknown fields, lengths, ids.

Answers are worded as Slack words them: `must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
Limits from docs.slack.dev and slack_sdk.models; elements are in tests/kit/slack_elements.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from tests.kit.slack_elements import ACCESSORIES, ACTIONS, CONTEXT_ACTIONS, INPUTS, element
from tests.kit.slack_problems import Problems, fields, many, plain, text
from tests.kit.slack_rich import rich_text
from tests.kit.slack_things import Json

MESSAGE_TEXT, UPDATE_TEXT = 40_000, 4_000
#: An undocumented total: bolt-js issue 2509 saw it between 13,172 and 13,297.
ALL_BLOCKS = 13_172


def message_problems(blocks: Any) -> list[str]:
    """What is wrong with a message's blocks."""
    problems = Problems()
    _blocks(blocks, "/blocks", "message", problems, 50)
    return problems.found


def too_long_together(blocks: list[Json]) -> bool:
    """msg_blocks_too_long."""
    return sum(map(len, _strings(blocks))) > ALL_BLOCKS


def view_problems(view: Any) -> list[str]:
    """What is wrong with a modal or a Home tab."""
    problems = Problems()
    if not isinstance(view, dict):
        problems.add("must be an object", "/view")
        return problems.found
    kind, at = view.get("type"), "/view"
    common = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
    if kind == "modal":
        fields(
            view, at, problems, common | {"title", "submit", "close", "clear_on_close", "notify_on_close"}, {"title"}
        )
        for name in ("title", "submit", "close"):
            plain(view, name, at, problems, 24)
        if any(isinstance(b, dict) and b.get("type") == "input" for b in view.get("blocks") or ()) and (
            "submit" not in view
        ):
            problems.add("`submit` is required when an `input` block is in the `blocks` array", at)
    elif kind == "home":
        fields(view, at, problems, common)
    else:
        problems.add("must be a valid enum value", at + "/type")
    for name, limit in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        text(view.get(name, ""), f"{at}/{name}", problems, limit, least=0)
    _blocks(view.get("blocks"), at + "/blocks", str(kind), problems, 100)
    return problems.found


def _blocks(blocks: Any, at: str, surface: str, problems: Problems, limit: int) -> None:
    if not many(blocks, at, problems, limit, least=0):
        return
    ids: set[str] = set()
    focused = 0
    for number, block in enumerate(blocks):
        here = f"{at}/{number}"
        if not isinstance(block, dict) or block.get("type") not in _BLOCKS:
            problems.add(f"unsupported type: {block.get('type') if isinstance(block, dict) else block}", here + "/type")
            continue
        kind = block["type"]
        surfaces, allowed, needed, check = _BLOCKS[kind]
        if surface not in surfaces:
            problems.add(f"unsupported type: {kind}", here + "/type")
        fields(block, here, problems, allowed | {"type", "block_id"}, needed)
        if "block_id" in block and text(block["block_id"], here + "/block_id", problems, 255):
            if block["block_id"] in ids:
                problems.add(f'`block_id` "{block["block_id"]}" already exists', here + "/block_id")
            ids.add(block["block_id"])
        check(block, here, problems)
        focused += str(block).count("'focus_on_load': True")
    if focused > 1:
        problems.add("only one element may have `focus_on_load`", at)


def _section(block: Json, at: str, problems: Problems) -> None:
    if not block.get("text") and not block.get("fields"):
        problems.add("must define either `text` or `fields`", at)
    if "text" in block:
        problems.text_object(block["text"], at + "/text", 3000)
    if "fields" in block and many(block["fields"], at + "/fields", problems, 10):
        for number, each in enumerate(block["fields"]):
            problems.text_object(each, f"{at}/fields/{number}", 2000)
    if "accessory" in block:
        element(block["accessory"], at + "/accessory", problems, ACCESSORIES)


def _header(block: Json, at: str, problems: Problems) -> None:
    plain(block, "text", at, problems, 150)


def _image(block: Json, at: str, problems: Problems) -> None:
    text(block.get("alt_text", ""), at + "/alt_text", problems, 2000, least=0)
    plain(block, "title", at, problems, 2000)
    if ("image_url" in block) == ("slack_file" in block):
        problems.add("must define either `image_url` or `slack_file`", at)
    problems.url(block.get("image_url"), at + "/image_url", 3000)


def _actions(block: Json, at: str, problems: Problems) -> None:
    _elements(block, at, problems, ACTIONS, 25)


def _context_actions(block: Json, at: str, problems: Problems) -> None:
    _elements(block, at, problems, CONTEXT_ACTIONS, 5)


def _elements(block: Json, at: str, problems: Problems, kinds: Iterable[str], limit: int) -> None:
    if not many(block.get("elements"), at + "/elements", problems, limit):
        return
    seen: set[str] = set()
    for number, each in enumerate(block["elements"]):
        here = f"{at}/elements/{number}"
        element(each, here, problems, kinds)
        name = each.get("action_id") if isinstance(each, dict) else None
        if name in seen:
            problems.add(f'`action_id` "{name}" already exists', here + "/action_id")
        if name:
            seen.add(name)


def _context(block: Json, at: str, problems: Problems) -> None:
    if not many(block.get("elements"), at + "/elements", problems, 10):
        return
    for number, each in enumerate(block["elements"]):
        here = f"{at}/elements/{number}"
        if isinstance(each, dict) and each.get("type") == "image":
            element(each, here, problems, ("image",))
        else:
            problems.text_object(each, here, 3000)


def _input(block: Json, at: str, problems: Problems) -> None:
    plain(block, "label", at, problems, 2000)
    plain(block, "hint", at, problems, 2000)
    element(block.get("element"), at + "/element", problems, INPUTS)


def _rich_text(block: Json, at: str, problems: Problems) -> None:
    rich_text(block.get("elements"), at + "/elements", problems)


def _markdown(block: Json, at: str, problems: Problems) -> None:
    text(block.get("text"), at + "/text", problems, 12_000)


def _nothing(block: Json, at: str, problems: Problems) -> None:
    """A divider has nothing to be checked."""


_ALL = {"message", "modal", "home"}
_BLOCKS: dict[str, tuple[set[str], set[str], set[str], Callable[[Json, str, Problems], None]]] = {
    # type: (surfaces, fields, required, further checks); files, tables, videos and the newer cards are no part of us
    "section": (_ALL, {"text", "fields", "accessory", "expand"}, set(), _section),
    "header": (_ALL, {"text"}, {"text"}, _header),
    "divider": (_ALL, set(), set(), _nothing),
    "image": (_ALL, {"image_url", "slack_file", "alt_text", "title"}, {"alt_text"}, _image),
    "actions": (_ALL, {"elements"}, {"elements"}, _actions),
    "context": (_ALL, {"elements"}, {"elements"}, _context),
    "rich_text": (_ALL, {"elements"}, {"elements"}, _rich_text),
    "input": (_ALL, {"label", "element", "hint", "optional", "dispatch_action"}, {"label", "element"}, _input),
    "context_actions": ({"message"}, {"elements"}, {"elements"}, _context_actions),
    "markdown": ({"message"}, {"text"}, {"text"}, _markdown),
}


def _strings(thing: Any) -> Iterable[str]:
    if isinstance(thing, dict):
        for value in thing.values():
            yield from _strings(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _strings(value)
    elif isinstance(thing, str):
        yield thing
