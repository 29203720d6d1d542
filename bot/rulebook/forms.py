"""Typed access to the keys of a table: every getter answers with something usable and notes what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from bot.errors import Problem
from bot.rulebook.loader import suggest
from bot.rulebook.nodes import Broken, Items, Node, Place, Table, Text, a_kind

E = TypeVar("E", bound=StrEnum)

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NUMBER = re.compile(r"[0-9]{1,6}")
_DURATION = re.compile(r"([0-9]{1,5})([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SWITCH = {"true": True, "yes": True, "false": False, "no": False}


def quoted(text: str) -> str:
    """Somebody's words in a message: short, on one line."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def either(words: Collection[str]) -> str:
    """`low, normal or high`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def is_id(text: str) -> bool:
    """True for lower-case letters, digits and single hyphens."""
    return _ID.fullmatch(text) is not None


def switch(text: str) -> bool | None:
    """What a switch says, or None where it is not one."""
    return _SWITCH.get(text.lower())


class Form:
    """The keys of one table. `path` is where it stands within its thing."""

    def __init__(self, table: Table, problems: list[Problem], known: Collection[str], path: str = "") -> None:
        self.table = table
        self.problems = problems
        self.path = path
        self._hints = ""
        for key, pair in table.pairs.items():
            if key not in known:
                hint = suggest(key, known) or f" (known: {', '.join(known)})"
                self._hints += hint
                self.report(key, f"unknown key{hint}", pair.key)

    @property
    def place(self) -> Place:
        """Where the table begins."""
        return self.table.place

    def at(self, key: str) -> str:
        """The path of a key; of the form itself where the key is empty."""
        return ".".join(step for step in (self.path, key) if step)

    def report(self, key: str, message: str, place: Place | None = None) -> None:
        """Note a mistake at a key."""
        self.problems.append((place or self.where(key)).problem(self.at(key), message))

    def where(self, key: str) -> Place:
        """The place of a key's value, or of the table where it is missing."""
        pair = self.table.pairs.get(key)
        return pair.value.place if pair else self.table.place

    def has(self, key: str) -> bool:
        """True where the key was written."""
        return key in self.table.pairs

    def node(self, key: str) -> Node | None:
        """The value as it is; None where it is missing or reported already."""
        pair = self.table.pairs.get(key)
        return None if pair is None or isinstance(pair.value, Broken) else pair.value

    def require(self, *keys: str) -> None:
        """Report every one of these keys that is missing and was not meant by an unknown one."""
        for key in keys:
            if not self.has(key) and f"'{key}'" not in self._hints:
                self.report(key, "missing")

    # one value

    def text(self, key: str, default: str = "", *, empty: bool = False) -> str:
        """A text."""
        node = self.node(key)
        return default if node is None else as_text(self, key, node, empty=empty) or ""

    def optional(self, key: str) -> str | None:
        """A text, or None where the key is missing."""
        return self.text(key) or None

    def id(self, key: str) -> str:
        """An id: lower-case letters, digits and hyphens."""
        text = self.text(key)
        if text and not is_id(text):
            self.report(key, f"must be lower-case letters, digits and hyphens, not {quoted(text)}")
        return text

    def choice(self, key: str, kind: type[E], default: E, allowed: Collection[E] | None = None) -> E:
        """One of a closed set of words."""
        text = self.text(key)
        if not text:
            return default
        words = [str(word) for word in allowed or kind]
        if text not in words:
            self.report(key, f"must be {either(words)}, not {quoted(text)}")
            return default
        return kind(text)

    def number(self, key: str, default: int, least: int = 0) -> int:
        """A whole number."""
        text = self.text(key)
        if not text:
            return default
        if not _NUMBER.fullmatch(text) or int(text) < least:
            self.report(key, f"must be a number from {least}, not {quoted(text)}")
            return default
        return int(text)

    def switch(self, key: str) -> bool | None:
        """True or false; None where the key is missing."""
        text = self.text(key)
        if not text:
            return None
        value = switch(text)
        if value is None:
            self.report(key, f"must be true or false, not {quoted(text)}")
        return value

    def day(self, key: str) -> date | None:
        """A day: 2021-02-19."""
        text = self.text(key)
        if not text:
            return None
        try:
            if _DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.report(key, f"must be a day like 2021-02-19, not {quoted(text)}")
        return None

    def duration(self, key: str) -> timedelta | None:
        """A length of time: 5s, 15m, 6h, 2d."""
        text = self.text(key)
        if not text:
            return None
        found = _DURATION.fullmatch(text)
        if not found or not int(found[1]):
            self.report(key, f"must be a length of time like 5s, 15m, 6h or 2d, not {quoted(text)}")
            return None
        return timedelta(**{_UNITS[found[2]]: int(found[1])})

    # several values

    def nodes(self, key: str) -> Iterator[tuple[str, Node]]:
        """(path below this form, value) of a list's items."""
        node = self.node(key)
        if isinstance(node, Items):
            yield from ((f"{key}.{index}", item) for index, item in enumerate(node.items, 1))
        elif node is not None:
            self.report(key, f"must be a list, not {a_kind(node)}")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each once."""
        found = (as_text(self, path, node) for path, node in self.nodes(key))
        return tuple(dict.fromkeys(text for text in found if text))

    def words(self, key: str, check: Callable[[str, str, Place], bool]) -> tuple[str, ...]:
        """A list of texts, each once, that `check(path, text, place)` let through."""
        found: dict[str, None] = {}
        for path, node in self.nodes(key):
            text = as_text(self, path, node)
            if text and check(path, text, node.place):
                found[text] = None
        return tuple(found)

    def written(self, key: str) -> frozenset[str]:
        """The texts of a list as they stand there, unchecked."""
        node = self.node(key)
        items = node.items if isinstance(node, Items) else ()
        return frozenset(item.value.strip() for item in items if isinstance(item, Text))

    def form(self, key: str, known: Collection[str]) -> Form | None:
        """The table under a key."""
        node = self.node(key)
        return None if node is None else self.below(key, node, known)

    def forms(self, key: str, known: Collection[str]) -> Iterator[Form]:
        """The tables of a list."""
        for path, node in self.nodes(key):
            if form := self.below(path, node, known):
                yield form

    def below(self, path: str, node: Node, known: Collection[str]) -> Form | None:
        """The form of a value somewhere below this one."""
        if isinstance(node, Table):
            return Form(node, self.problems, known, self.at(path))
        if not isinstance(node, Broken):
            self.report(path, f"must be keys and values, not {a_kind(node)}", node.place)
        return None

    def open(self, key: str, what: Callable[[str], str | None] = lambda key: None) -> Form | None:
        """The table under a key whose keys are free; `what(key)` says what is wrong with one."""
        node = self.node(key)
        if not isinstance(node, Table):
            if node is not None:
                self.report(key, f"must be keys and values, not {a_kind(node)}")
            return None
        form = Form(node, self.problems, node.pairs.keys(), self.at(key))
        for name, pair in node.pairs.items():
            if wrong := what(name):
                form.report(name, wrong, pair.key)
        return form


def as_text(form: Form, path: str, node: Node, *, empty: bool = False) -> str | None:
    """The text of a value, stripped of nothing; None after a Problem."""
    if isinstance(node, Text):
        if node.value.strip() or empty:
            return node.value if empty else node.value.strip()
        form.report(path, "must not be empty", node.place)
    elif not isinstance(node, Broken):
        form.report(path, f"must be a text, not {a_kind(node)}", node.place)
    return None
