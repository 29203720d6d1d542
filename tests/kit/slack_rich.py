"""Slack's checks of rich_text blocks."""

from __future__ import annotations

from typing import Any

from tests.kit.slack_problems import Problems, fields, many, text

#: Parts of a section: type -> (fields, required)
_PARTS: dict[str, tuple[set[str], set[str]]] = {
    "text": ({"text"}, {"text"}),
    "link": ({"url", "text", "unsafe"}, {"url"}),
    "emoji": ({"name", "unicode", "skin_tone"}, {"name"}),
    "user": ({"user_id"}, {"user_id"}),
    "channel": ({"channel_id"}, {"channel_id"}),
    "usergroup": ({"usergroup_id"}, {"usergroup_id"}),
    "team": ({"team_id"}, {"team_id"}),
    "broadcast": ({"range"}, {"range"}),
    "date": ({"timestamp", "format", "url", "fallback"}, {"timestamp", "format"}),
    "color": ({"value"}, {"value"}),
}
_STYLES = {"bold", "italic", "strike", "code", "underline"}
_NO_LIMIT = 1_000_000


def rich_text(elements: Any, at: str, problems: Problems) -> None:
    """Sections, lists, quotes and preformatted texts."""
    if not many(elements, at, problems, _NO_LIMIT):
        return
    for number, each in enumerate(elements):
        here = f"{at}/{number}"
        kind = each.get("type") if isinstance(each, dict) else None
        if kind == "rich_text_list":
            fields(each, here, problems, {"type", "elements", "style", "indent", "offset", "border"}, {"style"})
            if each.get("style") not in ("bullet", "ordered"):
                problems.add("must be a valid enum value", here + "/style")
            if many(each.get("elements"), here + "/elements", problems, _NO_LIMIT):
                for item, section in enumerate(each["elements"]):
                    _section(section, f"{here}/elements/{item}", problems, ("rich_text_section",))
        else:
            _section(each, here, problems, ("rich_text_section", "rich_text_quote", "rich_text_preformatted"))


def _section(section: Any, at: str, problems: Problems, kinds: tuple[str, ...]) -> None:
    kind = section.get("type") if isinstance(section, dict) else None
    if kind not in kinds:
        problems.add(f"unsupported type: {kind}", at + "/type")
        return
    border = {"border"} if kind in ("rich_text_quote", "rich_text_preformatted") else set()
    fields(section, at, problems, {"type", "elements"} | border, {"elements"})
    if not many(section.get("elements"), at + "/elements", problems, _NO_LIMIT, least=0):
        return
    for number, part in enumerate(section["elements"]):
        here = f"{at}/elements/{number}"
        name = part.get("type") if isinstance(part, dict) else None
        if name not in _PARTS or (kind == "rich_text_preformatted" and name not in ("text", "link")):
            problems.add(f"unsupported type: {name}", here + "/type")
            continue
        allowed, needed = _PARTS[name]
        fields(part, here, problems, allowed | {"type", "style"}, needed)
        for field in needed - {"timestamp"}:
            text(part.get(field), f"{here}/{field}", problems, _NO_LIMIT)
        if name == "link" and "text" in part:
            text(part["text"], here + "/text", problems, _NO_LIMIT, least=0)
        problems.url(part.get("url"), here + "/url", 3000)
        if name == "date" and (not isinstance(part.get("timestamp"), int) or isinstance(part["timestamp"], bool)):
            problems.add("must be an integer", here + "/timestamp")
        if name == "broadcast" and part.get("range") not in ("channel", "here", "everyone"):
            problems.add("must be a valid enum value", here + "/range")
        style = part.get("style", {})
        if not isinstance(style, dict) or not all(isinstance(on, bool) for on in style.values()):
            problems.add("must be an object of booleans", here + "/style")
        else:
            fields(style, here + "/style", problems, _STYLES)
