"""The steps every check of Block Kit is made of; each writes down what is wrong and where, as Slack words it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from tests.kit.slack_things import Json


class Problems:
    """What was found."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, at: str) -> None:
        self.found.append(f"{what} [json-pointer:{at}]")

    def text_object(
        self, thing: Any, at: str, limit: int, *, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")
    ) -> None:
        """A text object of one of these types with 1 to `limit` characters."""
        if not isinstance(thing, dict):
            self.add("must be an object", at)
            return
        if thing.get("type") not in kinds:
            self.add(f"must be one of: {', '.join(kinds)}", at + "/type")
            return
        own = {"emoji"} if thing["type"] == "plain_text" else {"verbatim"}
        fields(thing, at, self, own | {"type", "text"}, {"text"})
        text(thing.get("text"), at + "/text", self, limit)

    def url(self, address: Any, at: str, limit: int) -> None:
        """An address, where there is one."""
        if address is None or not text(address, at, self, limit):
            return
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        if not (parts.scheme in ("http", "https") and parts.hostname) and parts.scheme not in ("mailto", "slack"):
            self.add("must be a valid url", at)


def fields(thing: Json, at: str, problems: Problems, allowed: set[str], needed: Iterable[str] = ()) -> None:
    """No field too many, none missing."""
    for name in sorted(thing.keys() - allowed):
        problems.add(f"invalid additional property: {name}", at)
    for name in sorted(set(needed) - thing.keys()):
        problems.add(f"missing required field: {name}", at)


def text(thing: Any, at: str, problems: Problems, limit: int, *, least: int = 1) -> bool:
    """A string of `least` to `limit` characters."""
    if not isinstance(thing, str):
        problems.add("must be a string", at)
    elif len(thing) < least:
        problems.add(f"must be more than {least - 1} characters", at)
    elif len(thing) > limit:
        problems.add(f"must be less than {limit + 1} characters", at)
    else:
        return True
    return False


def plain(thing: Json, name: str, at: str, problems: Problems, limit: int) -> None:
    """A plain_text object, where there is one."""
    if name in thing:
        problems.text_object(thing[name], f"{at}/{name}", limit, kinds=("plain_text",))


def many(thing: Any, at: str, problems: Problems, limit: int, *, least: int = 1) -> bool:
    """A list of `least` to `limit` items."""
    if not isinstance(thing, list):
        problems.add("must be an array", at)
    elif len(thing) < least:
        problems.add(f"no less than {least} items allowed", at)
    elif len(thing) > limit:
        problems.add(f"no more than {limit} items allowed", at)
    else:
        return True
    return False
