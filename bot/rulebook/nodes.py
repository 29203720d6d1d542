"""YAML text to nodes: every scalar is text, every value knows its line, nothing is ever constructed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.errors import Problem

#: How deep lists and keys may be nested.
MAX_DEPTH = 24

# libyaml is twenty times faster; the pure parser gives the same events where it is missing.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    file: str  #: as shown to people
    line: int  #: 1-based

    def problem(self, path: str, message: str) -> Problem:
        """A mistake that stands here."""
        return Problem(self.file, self.line, path, message)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as typed."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Pair:
    """A value with the place of its key."""

    key: Place
    value: Node


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values, in order."""

    pairs: Mapping[str, Pair]
    place: Place


@dataclass(frozen=True, slots=True)
class Broken:
    """A value that has been reported already; nobody says more about it."""

    place: Place


Node = Text | Items | Table | Broken


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file said."""

    tables: tuple[Table, ...]  #: one for each thing: a document, or an item of a top-level list
    problems: tuple[Problem, ...]
    whole: bool  #: False: the file could not be read to its end, so things may be missing


class _Stop(Exception):
    """The rest of the file cannot be read; never leaves this module."""


def parse(text: str, file: str) -> Parsed:
    """Read the YAML of one file; never raises, whatever the text is."""
    if bad := _FORBIDDEN.search(text):
        line = len(_BREAK.findall(text, 0, bad.start())) + 1
        return Parsed((), (Problem(file, line, "", f"U+{ord(bad.group()):04X} is not allowed in YAML"),), whole=False)
    builder = _Builder(text, file)
    whole = True
    tables: list[Table] = []
    try:
        for document in builder.documents():
            tables += _things(document, builder.problems)
    except _Stop:
        whole = False
    except yaml.YAMLError as error:
        builder.problems.append(_invalid(error, text, file))
        whole = False
    except (ValueError, OverflowError):  # escapes and version numbers out of range, in the pure parser
        builder.problems.append(Problem(file, 0, "", "is not valid YAML"))
        whole = False
    return Parsed(tuple(tables), tuple(builder.problems), whole)


def _things(document: Node, problems: list[Problem]) -> Iterator[Table]:
    """The things of one document: itself, or each item of a list."""
    match document:
        case Table():
            yield document
        case Items(items):
            for index, item in enumerate(items, 1):
                if isinstance(item, Table):
                    yield item
                elif not isinstance(item, Broken):
                    problems.append(item.place.problem(str(index), f"must be keys and values, not {a_kind(item)}"))
        case Text("", _):
            return  # an empty document, or only comments
        case Text():
            problems.append(document.place.problem("", "must be keys and values, not a text"))


def a_kind(node: Node) -> str:
    """What a node is, in words."""
    match node:
        case Text(""):
            return "nothing"
        case Text():
            return "a text"
        case Items():
            return "a list"
        case _:
            return "keys and values"


def _invalid(error: yaml.YAMLError, text: str, file: str) -> Problem:
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(file, 0, "", "is not valid YAML")
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 0
    why = " ".join(part for part in (error.problem, error.context) if part)
    lines = _BREAK.split(text)
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    hint = " (a tab: use spaces)" if "\t" in shown[: len(shown) - len(shown.lstrip())] else ""
    return Problem(file, line, "", f"is not valid YAML: {why}{hint}")


class _Builder:
    """Events of the parser to nodes; our own, so that anchors, tags, double keys and depth are seen with their line."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def documents(self) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._node(next(self._events), (), index_shown=False)

    def _node(self, event: Any, path: tuple[str, ...], *, index_shown: bool = True) -> Node:
        place = self._place(event)
        if len(path) > MAX_DEPTH:
            self._problem(place, (), f"nested more than {MAX_DEPTH} deep")
            raise _Stop
        if isinstance(event, yaml.AliasEvent):
            self._problem(place, path, f"aliases are not allowed (*{event.anchor})")
            return Broken(place)
        if event.anchor is not None:
            self._problem(place, path, f"anchors are not allowed (&{event.anchor})")
        if event.tag is not None:
            self._problem(place, path, f"tags are not allowed ({event.tag})")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(place, path, index_shown)
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(place, path)
        if _FORBIDDEN.search(event.value):
            self._problem(place, path, "has a character that YAML does not allow")
            return Broken(place)
        return Text(event.value, place)

    def _items(self, place: Place, path: tuple[str, ...], index_shown: bool) -> Items:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            step = str(len(items) + 1) if index_shown else ""
            items.append(self._node(event, (*path, step)))
        return Items(tuple(items), place)

    def _table(self, place: Place, path: tuple[str, ...]) -> Table:
        pairs: dict[str, Pair] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, path)
            name = key.value if isinstance(key, Text) else ""
            if not isinstance(key, Broken) and not name:
                self._problem(key.place, path, f"a key must be a word, not {a_kind(key)}")
            value = self._node(next(self._events), (*path, name))
            if name == "<<":
                self._problem(key.place, path, "merge keys are not allowed (<<)")
            elif name in pairs:
                self._problem(key.place, (*path, name), "written twice")
            elif name:
                pairs[name] = Pair(key.place, value)
        return Table(pairs, place)

    def _place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1)

    def _problem(self, place: Place, path: tuple[str, ...], message: str) -> None:
        self.problems.append(place.problem(".".join(step for step in path if step), message))
