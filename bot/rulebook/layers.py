"""Rules folders laid over each other: replace, extend, take away. Works on nodes, so every value keeps its own line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Problem
from bot.rulebook.forms import is_id, switch
from bot.rulebook.loader import PLACES, in_words, read_layer, shown_names, suggest
from bot.rulebook.nodes import Items, Pair, Table, Text

#: Keys any thing may have, besides its own.
COMMON_KEYS = ("status", "extends")


@dataclass(frozen=True, slots=True)
class Thing:
    """What all layers together say about one id."""

    table: Table
    files: tuple[str, ...]  #: the file that won, then those that extend it


@dataclass(frozen=True, slots=True)
class Laid:
    """Everything written, one thing an id. An id that is wrong or missing stands under one no reference can name."""

    things: Mapping[str, Mapping[str, Thing]]  #: kind -> id -> thing
    retired: Mapping[str, frozenset[str]]  #: kind -> ids that were taken away
    torn: frozenset[str]  #: kinds of which something could not be read: their ids may be missing
    hash: str  #: of every file's bytes in order, hex


def id_key(kind: str) -> str:
    """The key that names a thing of this kind."""
    return "code" if kind == "language" else "id"


def lay(folders: Sequence[Path], problems: list[Problem]) -> Laid:
    """Read the folders and lay each over those before it; mistakes are added to `problems`."""
    unique = list({folder.absolute(): folder for folder in reversed(folders)}.values())[::-1]
    digest = hashlib.sha256()
    torn: set[str] = set()
    table = _Layers(problems)
    for folder, shown in zip(unique, shown_names(unique), strict=True):
        layer = read_layer(folder, shown, problems)
        digest.update(layer.digest)
        torn |= layer.torn
        table.add(layer.things, torn)
    return Laid(
        things=table.things,
        retired={kind: frozenset(ids) for kind, ids in table.retired.items()},
        torn=frozenset(torn),
        hash=digest.hexdigest(),
    )


class _Layers:
    """What the layers so far say."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.things: dict[str, dict[str, Thing]] = {kind: {} for kind in PLACES.values()}
        self.retired: dict[str, set[str]] = {kind: set() for kind in PLACES.values()}

    def add(self, written: Sequence[tuple[str, Table]], torn: set[str]) -> None:
        """Lay one more layer over them."""
        seen: dict[tuple[str, str], Table] = {}
        for number, (kind, table) in enumerate(written):
            key = _text(table, id_key(kind))
            if not is_id(key):
                key = f"?{number} {table.place.file}"
            elif first := seen.get((kind, key)):
                where = table.pairs[id_key(kind)].value.place
                also = f"{first.place.file}:{first.place.line}"
                self.problems.append(where.problem(id_key(kind), f"'{key}' is written twice, also at {also}"))
                key = f"?{number} {table.place.file}"
            seen[kind, key] = table
            self._put(kind, key, table, torn)

    def _put(self, kind: str, key: str, table: Table, torn: set[str]) -> None:
        things = self.things[kind]
        earlier = things.get(key)
        file = table.place.file
        if _text(table, "status") == "retired":
            bare = table.pairs.keys() <= {id_key(kind), "status", "extends"}
            if bare and earlier is None and kind not in torn:
                self._nothing_earlier(kind, key, table)
            things.pop(key, None)
            self.retired[kind].add(key)
        elif switch(_text(table, "extends")):
            if earlier:
                things[key] = Thing(_merged(earlier.table, table), (*earlier.files, file))
            elif kind not in torn:
                self._nothing_earlier(kind, key, table)
        else:
            things[key] = Thing(table, (file,))
            self.retired[kind].discard(key)

    def _nothing_earlier(self, kind: str, key: str, table: Table) -> None:
        """`extends` and `retired` need something to work on; a misspelled id would do nothing without a word."""
        path = "status" if "extends" not in table.pairs else "extends"
        name = f" '{key}'" if is_id(key) else " of this id"
        hint = suggest(key, (known for known in self.things[kind] if is_id(known)))
        message = f"no earlier layer has a {in_words(kind)}{name}{hint}"
        self.problems.append(table.pairs[path].value.place.problem(path, message))


def _merged(base: Table, more: Table) -> Table:
    """`more` over `base`: lists grow, tables are merged key by key, texts are replaced."""
    pairs = dict(base.pairs)
    for key, pair in more.pairs.items():
        old = pairs.get(key)
        if key == "extends":
            continue
        match (old.value if old else None), pair.value:
            case Items(before), Items(added, place):
                pairs[key] = Pair(pair.key, Items((*before, *added), place))
            case Table() as before, Table() as added:
                pairs[key] = Pair(pair.key, _merged(before, added))
            case _:
                pairs[key] = pair
    return Table(pairs, base.place)


def _text(table: Table, key: str) -> str:
    pair = table.pairs.get(key)
    return pair.value.value.strip() if pair and isinstance(pair.value, Text) else ""
