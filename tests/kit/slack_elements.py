"""Slack's checks of what stands inside blocks: buttons, menus, inputs, options, confirmations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.kit.slack_problems import Problems, fields, many, plain, text
from tests.kit.slack_things import Json

_ONE = {f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")}
_MULTI = {f"multi_{kind}" for kind in _ONE}
_PICKERS = {"datepicker", "timepicker", "datetimepicker"}
_CHOICES = {"checkboxes", "radio_buttons"}
_TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}

ACTIONS = {"button", "overflow", *_ONE, *_PICKERS, *_CHOICES}
ACCESSORIES = {"button", "overflow", "image", "datepicker", "timepicker", *_ONE, *_MULTI, *_CHOICES}
INPUTS = {*_ONE, *_MULTI, *_PICKERS, *_CHOICES, *_TYPED}
CONTEXT_ACTIONS = {"feedback_buttons", "icon_button"}

_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d$"), re.compile(r"([01]\d|2[0-3]):[0-5]\d$")


def element(thing: Any, at: str, problems: Problems, kinds: Iterable[str]) -> None:
    """An element of one of these types."""
    kind = thing.get("type") if isinstance(thing, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        problems.add(f"unsupported type: {kind}", at + "/type")
        return
    if kind == "image":
        fields(thing, at, problems, {"type", "image_url", "slack_file", "alt_text"}, {"alt_text"})
        problems.url(thing.get("image_url"), at + "/image_url", 3000)
        return
    own, needed, check = _ELEMENTS[kind]
    focus = {"focus_on_load"} if kind in INPUTS else set()
    fields(thing, at, problems, own | focus | {"type", "action_id", "confirm"}, needed)
    text(thing.get("action_id", "none"), at + "/action_id", problems, 255)
    plain(thing, "placeholder", at, problems, 150)
    if "confirm" in thing:
        _confirm(thing["confirm"], at + "/confirm", problems)
    check(thing, at, problems)


def options_problems(answer: Any) -> list[str]:
    """What is wrong with the answer to an options request."""
    problems = Problems()
    if not isinstance(answer, dict):
        problems.add("must be an object", "")
    else:
        _select(answer, "", problems)
    return problems.found


def _button(thing: Json, at: str, problems: Problems) -> None:
    plain(thing, "text", at, problems, 75)
    text(thing.get("value", ""), at + "/value", problems, 2000, least=0)
    text(thing.get("accessibility_label", "none"), at + "/accessibility_label", problems, 75)
    problems.url(thing.get("url"), at + "/url", 3000)
    if thing.get("style", "primary") not in ("primary", "danger"):
        problems.add("must be a valid enum value", at + "/style")


def _feedback(thing: Json, at: str, problems: Problems) -> None:
    for name in ("positive_button", "negative_button"):
        button, here = thing.get(name), f"{at}/{name}"
        if not isinstance(button, dict):
            problems.add("must be an object", here)
            continue
        fields(button, here, problems, {"text", "value", "accessibility_label"}, {"text", "value"})
        _button(button, here, problems)


def _icon(thing: Json, at: str, problems: Problems) -> None:
    _button(thing, at, problems)
    if thing.get("icon") != "trash":
        problems.add("must be a valid enum value", at + "/icon")


def _overflow(thing: Json, at: str, problems: Problems) -> None:
    _options(thing.get("options"), at + "/options", problems, 5, extra={"url"})


def _choices(thing: Json, at: str, problems: Problems) -> None:
    _options(thing.get("options"), at + "/options", problems, 10, kinds=("plain_text", "mrkdwn"))
    _initial(thing, at, problems)


def _select(thing: Json, at: str, problems: Problems) -> None:
    """Options or groups of options, 100 at most."""
    if ("options" in thing) == ("option_groups" in thing):
        problems.add("must define either `options` or `option_groups`", at)
    elif "options" in thing:
        _options(thing["options"], at + "/options", problems, 100, least=0 if not at else 1)
    elif many(thing["option_groups"], at + "/option_groups", problems, 100):
        for number, group in enumerate(thing["option_groups"]):
            here = f"{at}/option_groups/{number}"
            fields(group, here, problems, {"label", "options"}, {"label", "options"})
            plain(group, "label", here, problems, 75)
            _options(group.get("options"), here + "/options", problems, 100)
    _initial(thing, at, problems)
    _most(thing, at, problems)


def _initial(thing: Json, at: str, problems: Problems) -> None:
    """What is chosen at first is one of the options, to the letter."""
    there = [*(thing.get("options") or ()), *(o for g in thing.get("option_groups", ()) for o in g.get("options", ()))]
    if "initial_option" in thing and thing["initial_option"] not in there:
        problems.add("must match one of the options", at + "/initial_option")
    if "initial_options" in thing and many(thing["initial_options"], at + "/initial_options", problems, 100):
        for number, each in enumerate(thing["initial_options"]):
            if each not in there:
                problems.add("must match one of the options", f"{at}/initial_options/{number}")


def _most(thing: Json, at: str, problems: Problems) -> None:
    most = thing.get("max_selected_items", 1)
    if not isinstance(most, int) or most < 1:
        problems.add("must be more than 0", at + "/max_selected_items")


def _external(thing: Json, at: str, problems: Problems) -> None:
    _most(thing, at, problems)
    chosen = thing.get("initial_options", [thing["initial_option"]] if "initial_option" in thing else None)
    if chosen is not None:
        _options(chosen, at + "/initial_options", problems, 100)


def _options(thing: Any, at: str, problems: Problems, limit: int, **more: Any) -> None:
    least, extra, kinds = more.get("least", 1), more.get("extra", set()), more.get("kinds", ("plain_text",))
    if not many(thing, at, problems, limit, least=least):
        return
    values: list[Any] = []
    for number, option in enumerate(thing):
        here = f"{at}/{number}"
        if not isinstance(option, dict):
            problems.add("must be an object", here)
            continue
        fields(option, here, problems, {"text", "value", "description"} | extra, {"text", "value"})
        problems.text_object(option.get("text"), here + "/text", 75, kinds=kinds)
        text(option.get("value"), here + "/value", problems, 150)
        if "description" in option:
            problems.text_object(option["description"], here + "/description", 75, kinds=kinds)
        problems.url(option.get("url"), here + "/url", 3000)
        if option.get("value") in values:
            problems.add("option values must be unique", here + "/value")
        values.append(option.get("value"))


def _confirm(thing: Any, at: str, problems: Problems) -> None:
    if not isinstance(thing, dict):
        problems.add("must be an object", at)
        return
    needed = {"title", "text", "confirm", "deny"}
    fields(thing, at, problems, needed | {"style"}, needed)
    plain(thing, "title", at, problems, 100)
    problems.text_object(thing.get("text"), at + "/text", 300)
    plain(thing, "confirm", at, problems, 30)
    plain(thing, "deny", at, problems, 30)


def _typed(thing: Json, at: str, problems: Problems) -> None:
    least, most = thing.get("min_length", 0), thing.get("max_length", 3000)
    if not (isinstance(least, int) and isinstance(most, int) and 0 <= least <= most <= 3000 and most >= 1):
        problems.add("must be between 0 and 3000", at + "/max_length")
    text(thing.get("initial_value", ""), at + "/initial_value", problems, 3000, least=0)


def _picker(thing: Json, at: str, problems: Problems) -> None:
    for name, pattern in (("initial_date", _DATE), ("initial_time", _TIME)):
        if name in thing and not pattern.match(str(thing[name])):
            problems.add("must be a valid date or time", f"{at}/{name}")


_LIST = {"initial_options", "max_selected_items"}
_STATIC = {"placeholder", "options", "option_groups"}
_WHERE = {"placeholder", "default_to_current_conversation", "filter"}
_TYPING = {"placeholder", "initial_value", "dispatch_action_config"}
_NUMBER = {"is_decimal_allowed", "min_value", "max_value"}
#: type -> (fields, required, further checks)
_ELEMENTS: dict[str, tuple[set[str], set[str], Callable[[Json, str, Problems], None]]] = {
    "button": ({"text", "url", "value", "style", "accessibility_label"}, {"text"}, _button),
    "feedback_buttons": ({"positive_button", "negative_button"}, {"positive_button", "negative_button"}, _feedback),
    "icon_button": ({"icon", "text", "accessibility_label", "value", "visible_to_user_ids"}, {"icon", "text"}, _icon),
    "overflow": ({"options"}, {"options"}, _overflow),
    "checkboxes": ({"options", "initial_options"}, {"options"}, _choices),
    "radio_buttons": ({"options", "initial_option"}, {"options"}, _choices),
    "static_select": (_STATIC | {"initial_option"}, set(), _select),
    "multi_static_select": (_STATIC | _LIST, set(), _select),
    "external_select": ({"placeholder", "initial_option", "min_query_length"}, set(), _external),
    "multi_external_select": ({"placeholder", "min_query_length"} | _LIST, set(), _external),
    "users_select": ({"placeholder", "initial_user"}, set(), _most),
    "multi_users_select": ({"placeholder", "initial_users", "max_selected_items"}, set(), _most),
    "conversations_select": (_WHERE | {"initial_conversation", "response_url_enabled"}, set(), _most),
    "multi_conversations_select": (_WHERE | {"initial_conversations", "max_selected_items"}, set(), _most),
    "channels_select": ({"placeholder", "initial_channel", "response_url_enabled"}, set(), _most),
    "multi_channels_select": ({"placeholder", "initial_channels", "max_selected_items"}, set(), _most),
    "datepicker": ({"placeholder", "initial_date"}, set(), _picker),
    "timepicker": ({"placeholder", "initial_time", "timezone"}, set(), _picker),
    "datetimepicker": ({"initial_date_time"}, set(), _picker),
    "plain_text_input": (_TYPING | {"multiline", "min_length", "max_length"}, set(), _typed),
    "number_input": (_TYPING | _NUMBER, {"is_decimal_allowed"}, _picker),
    "email_text_input": (_TYPING, set(), _typed),
    "url_text_input": (_TYPING, set(), _typed),
}
