"""What people can click and fill in: finding elements in blocks, and the values Slack makes of what was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.kit.slack_things import Json, View

#: select type -> (key of the value, key of what is there at first)
_PICKED = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
}


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, element) that can be used."""
    for block in blocks:
        for each in (block.get("accessory"), block.get("element"), *block.get("elements", ())):
            if isinstance(each, dict) and (each["type"] in _PICKED or _clickable(each)):
                yield block, each


def find(blocks: Sequence[Json], action_id: str, value: Any = None) -> tuple[Json, Json]:
    """The one element of this action id; where several have it, the one with this value. LookupError without it."""
    found = [(block, each) for block, each in elements(blocks) if each.get("action_id") == action_id]
    if len(found) > 1 and value is not None:
        found = [(block, each) for block, each in found if value in _values(each)]
    if len(found) != 1:
        there = [each.get("action_id") for _, each in elements(blocks)]
        raise LookupError(f"{len(found)} elements are called {action_id!r}; there are {there}")
    return found[0]


def clicked(element: Json, value: Any) -> Json:
    """The action Slack makes of a click; LookupError for a value that is not on offer."""
    kind = element["type"]
    if kind in _PICKED:
        return chosen(element, value)
    if kind == "overflow":
        return {"type": kind, "selected_option": _option(element, value)}
    if kind == "feedback_buttons":
        buttons = [element["positive_button"], element["negative_button"]]
        pressed = next((button for button in buttons if button["value"] == value), None)
        if pressed is None:
            raise LookupError(f"no button has the value {value!r}")
        return {"type": kind, "text": pressed["text"], "value": pressed["value"]}
    if value is not None and element.get("value") != value:
        raise LookupError(f"the button's value is {element.get('value')!r}, not {value!r}")
    return {"type": kind, "text": element.get("text"), "value": element.get("value")}


def chosen(element: Json, value: Any) -> Json:
    """The state of an input with this value: options by their values."""
    kind = element["type"]
    key, _ = _PICKED[kind]
    if key == "selected_option" and value is not None:
        value = _option(element, value)
    elif key == "selected_options":
        value = [_option(element, each) for each in value or ()]
        if len(value) > element.get("max_selected_items", len(value)):
            raise LookupError("more than may be chosen")
    elif key == "value":
        _fits(element, value)
    return {"type": kind, key: value}


def at_first(view: View) -> None:
    """What a view holds before anybody has touched it."""
    for block, element in elements(view.blocks):
        kind = element["type"]
        if kind in _PICKED:
            key, initial = _PICKED[kind]
            nothing: Any = [] if key.endswith("s") else None
            state = view.state.setdefault(block["block_id"], {})
            state.setdefault(element["action_id"], {"type": kind, key: element.get(initial, nothing)})


def fill(view: View, values: Mapping[str, Any]) -> None:
    """Type and choose: action id -> value. LookupError for what is not there."""
    at_first(view)
    for action_id, value in values.items():
        block, element = find(view.blocks, action_id, value)
        view.state[block["block_id"]][action_id] = chosen(element, value)


def left_out(view: View) -> list[str]:
    """Blocks that must be filled in before Slack lets anybody submit."""
    missing = []
    for block, element in elements(view.blocks):
        if block["type"] == "input" and not block.get("optional"):
            key, _ = _PICKED[element["type"]]
            if view.state[block["block_id"]][element["action_id"]][key] in (None, "", []):
                missing.append(block["block_id"])
    return missing


def _option(element: Json, value: Any) -> Json:
    """An option by its value; of an external select it may be the whole option, as the app offered it."""
    if isinstance(value, dict):
        return value
    groups = element.get("option_groups", ())
    for option in (*element.get("options", ()), *(each for group in groups for each in group["options"])):
        if option["value"] == value:
            found: Json = option
            return found
    raise LookupError(f"{element.get('action_id')} has no option {value!r}")


def _values(element: Json) -> list[Any]:
    nested = [element.get("positive_button", {}), element.get("negative_button", {}), *element.get("options", ())]
    return [element.get("value"), *(each.get("value") for each in nested)]


def _clickable(element: Json) -> bool:
    return element["type"] in ("button", "overflow", "feedback_buttons", "icon_button")


def _fits(element: Json, value: Any) -> None:
    length = len(value or "")
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if value and element["type"] == "plain_text_input" and not least <= length <= most:
        raise LookupError(f"{element.get('action_id')} takes {least} to {most} characters")
