"""The Web API methods of modals and the Home tab, and what the answer to a submission does to a modal."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.kit.slack_blocks import view_problems
from tests.kit.slack_methods import Method, invalid
from tests.kit.slack_state import Workspace
from tests.kit.slack_things import Interaction, Json, Refused, View

TRIGGER_LIVES = 3.0  #: seconds
_LARGEST = 250_000
_DEEPEST = 3


def open_view(slack: Workspace, given: Json) -> Json:
    view = allowed(slack, given.get("view"), "modal")
    interaction = _exchange(slack, given)
    made = slack.new_view(interaction.user, view)
    slack.modals[interaction.user] = [made]
    slack.answer(interaction.user, made, interaction)
    return {"view": made.json()}


def push(slack: Workspace, given: Json) -> Json:
    view = allowed(slack, given.get("view"), "modal")
    interaction = _exchange(slack, given)
    stack = slack.modals.get(interaction.user)
    if not stack:
        raise Refused("not_found")
    if len(stack) >= _DEEPEST:
        raise Refused("push_limit_reached")
    made = slack.new_view(interaction.user, view, stack[-1])
    stack.append(made)
    slack.answer(interaction.user, made, interaction)
    return {"view": made.json()}


def update(slack: Workspace, given: Json) -> Json:
    found = slack.find_view(str(given.get("view_id") or given.get("external_id")))
    if found is None:
        raise Refused("not_found")
    if given.get("hash") and given["hash"] != found.hash:
        raise Refused("hash_conflict")
    replace(slack, found, allowed(slack, given.get("view"), str(found.given["type"]), found))
    return {"view": found.json()}


def publish(slack: Workspace, given: Json) -> Json:
    user = str(given.get("user_id"))
    if user not in slack.users:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] user not found"]})
    old = slack.homes.get(user)
    if given.get("hash") and (old is None or given["hash"] != old.hash):
        raise Refused("hash_conflict")
    slack.homes[user] = made = slack.new_view(user, allowed(slack, given.get("view"), "home", old))
    if old is not None:
        made.id = made.root = old.id
    slack.touch()
    return {"view": made.json()}


METHODS: dict[str, tuple[Method, str]] = {
    "views.open": (open_view, ""),
    "views.push": (push, ""),
    "views.update": (update, ""),
    "views.publish": (publish, ""),
}


def allowed(slack: Workspace, view: Any, kind: str, instead_of: View | None = None) -> Json:
    """A copy of a view that Slack takes."""
    if problems := view_problems(view):
        raise invalid("invalid_arguments", problems)
    if view["type"] != kind:
        raise invalid("invalid_arguments", [f"must be a {kind} view [json-pointer:/view/type]"])
    if len(json.dumps(view)) > _LARGEST:
        raise Refused("view_too_large")
    other = slack.find_view(view["external_id"]) if view.get("external_id") else None
    if other is not None and other is not instead_of:
        raise Refused("duplicate_external_id")
    copied: Json = copy.deepcopy(view)
    return copied


def replace(slack: Workspace, found: View, view: Json) -> None:
    """Another content for the same view; what was typed into blocks that stay, stays."""
    for number, block in enumerate(view["blocks"]):
        block.setdefault("block_id", f"{found.id}-{number}")
    found.given, found.hash, found.errors = view, slack.new_hash(), {}
    kept = {block["block_id"] for block in view["blocks"]}
    found.state = {block: actions for block, actions in found.state.items() if block in kept}
    slack.touch()


def submitted(slack: Workspace, view: View, interaction: Interaction) -> None:
    """What the app's answer to a submission does: nothing said closes the view."""
    answer = interaction.acked_with or {}
    stack, action = slack.modals[view.user], answer.get("response_action")
    try:
        if not action:
            stack.remove(view)
        elif action == "clear":
            stack.clear()
        elif action == "errors":
            inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            if not answer.get("errors") or answer["errors"].keys() - inputs:
                raise Refused("invalid_arguments")
            view.errors = dict(answer["errors"])
        elif action == "update":
            replace(slack, view, allowed(slack, answer.get("view"), "modal", view))
        elif action == "push":
            if len(stack) >= _DEEPEST:
                raise Refused("push_limit_reached")
            stack.append(slack.new_view(view.user, allowed(slack, answer.get("view"), "modal"), view))
        else:
            raise Refused("invalid_arguments")
    except Refused as refused:
        interaction.error = refused.error
    slack.touch()


def _exchange(slack: Workspace, given: Json) -> Interaction:
    """Whoever did what the trigger id was made for."""
    found = [each for each in slack.interactions if each.trigger_id == given.get("trigger_id")]
    if not found:
        raise Refused("invalid_trigger_id")
    if slack.clock.now() - found[0].at > TRIGGER_LIVES:
        raise Refused("expired_trigger_id")
    if found[0].exchanged:
        raise Refused("exchanged_trigger_id")
    found[0].exchanged = True
    return found[0]
