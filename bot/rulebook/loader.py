"""The files of one rules folder: found in a fixed order, bounded, read into nodes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from bot.errors import Problem
from bot.rulebook.nodes import Place, Table, parse

#: The largest rule file, in bytes.
MAX_BYTES = 256 * 1024
_MAX_FOLDERS = 6  # deep
_SUFFIXES = (".yaml", ".yml")

#: What stands where: the folder or file under rules/ -> the kind of thing in it.
PLACES = {
    "companies": "company",
    "watchlists": "watchlist",
    "terms": "terms",
    "languages": "language",
    "claims": "rule",
    "cases": "case",
    "outlets.yaml": "outlet",
    "places.yaml": "place",
    "feeds.yaml": "feed",
}
_WORDS = {"terms": "term list", "watchlist": "watch list"}


def in_words(kind: str) -> str:
    """A kind of thing as people call it."""
    return _WORDS.get(kind, kind)


def suggest(word: str, known: Iterable[str]) -> str:
    """` (did you mean 'terms'?)`, or nothing where no known word is near."""
    near = get_close_matches(word[:60], list(known), n=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One rules folder, read."""

    things: tuple[tuple[str, Table], ...]  #: (kind, what was written), in file order
    torn: frozenset[str]  #: kinds of which a file could not be read to its end
    digest: bytes  #: of every file's name and bytes


def shown_names(folders: list[Path]) -> list[str]:
    """A short name for each folder, no two alike: as given, or an absolute one by its last part."""
    names: list[str] = []
    for folder in folders:
        name = str(folder) if not folder.is_absolute() else folder.name
        names.append(_printable(str(folder) if not name or name in names else name))
    return names


def read_layer(root: Path, shown: str, problems: list[Problem]) -> Layer:
    """Read every rule file under `root`; mistakes are added to `problems`."""
    things: list[tuple[str, Table]] = []
    torn: set[str] = set()
    digest = hashlib.sha256()
    if not _is_folder(root):
        problems.append(Problem(shown, 0, "", "no such folder"))
        return Layer((), frozenset(PLACES.values()), digest.digest())
    for kind, path in _files(root, shown, problems):
        relative = _printable(path.relative_to(root).as_posix())
        file = f"{shown}/{relative}"
        text = _text(path, file, problems, digest, relative)
        if text is None:
            torn.add(kind)
            continue
        parsed = parse(text, file)
        problems += parsed.problems
        things += ((kind, table) for table in parsed.tables)
        if not parsed.whole:
            torn.add(kind)
    return Layer(tuple(things), frozenset(torn), digest.digest())


def stamp(root: Path) -> tuple[object, ...]:
    """Equal to an earlier one unless something that `read_layer` would read, or complain of, has changed."""
    problems: list[Problem] = []
    if not _is_folder(root):
        return ()
    files = [(str(path), _state(path)) for _, path in _files(root, "", problems)]
    return (*files, *problems)


def _state(path: Path) -> object:
    """What changes with a file, or with the one a link leads to; renamed and forbidden files have a new ctime."""
    try:
        found = path.stat()
    except OSError as error:
        return error.errno
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size


def _text(path: Path, file: str, problems: list[Problem], digest: hashlib._Hash, relative: str) -> str | None:
    """The text of a file within the limits, or None with a Problem."""
    try:
        if not path.is_file():
            problems.append(Problem(file, 0, "", "is not a regular file"))
            return None
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(Problem(file, 0, "", f"cannot be read: {error.strerror or error}"))
        return None
    if len(data) > MAX_BYTES:
        problems.append(Problem(file, 0, "", f"is larger than {MAX_BYTES // 1024} kB"))
        return None
    digest.update(f"{relative}\0{len(data)}\0".encode())
    digest.update(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.append(Place(file, line).problem("", "is not UTF-8"))
        return None


def _files(root: Path, shown: str, problems: list[Problem]) -> Iterator[tuple[str, Path]]:
    """Kind and path of every rule file, in a fixed order."""
    known = list(PLACES)
    for path in _children(root, shown, problems):
        name = path.name
        if name in PLACES and _is_folder(path) != name.endswith(".yaml"):
            if _is_folder(path):
                for file in _walk(path, root, shown, problems, depth=1):
                    yield PLACES[name], file
            elif _inside(path, root, shown, problems):
                yield PLACES[name], path
        elif _is_folder(path):
            # Only a folder with YAML in it was meant for us.
            if _inside(path, root, shown, problems) and any(_is_yaml(p) for p in _children(path, shown, problems)):
                what = f"unknown folder{suggest(name, known)}"
                problems.append(Problem(f"{shown}/{_printable(name)}", 0, "", what))
        elif _is_yaml(path):
            problems.append(Problem(f"{shown}/{_printable(name)}", 0, "", f"unknown file{suggest(name, known)}"))


def _walk(folder: Path, root: Path, shown: str, problems: list[Problem], depth: int) -> Iterator[Path]:
    if not _inside(folder, root, shown, problems):
        return
    for path in _children(folder, shown, problems):
        if _is_folder(path):
            if depth < _MAX_FOLDERS:  # also what ends a circle of links
                yield from _walk(path, root, shown, problems, depth + 1)
            else:
                where = f"{shown}/{_printable(path.relative_to(root).as_posix())}"
                problems.append(Problem(where, 0, "", "folders are nested too deep"))
        elif _is_yaml(path) and _inside(path, root, shown, problems):
            yield path


def _children(folder: Path, shown: str, problems: list[Problem]) -> list[Path]:
    """What stands in a folder, by name; hidden files are left out (editors, Kubernetes)."""
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        problems.append(Problem(shown, 0, "", f"{_printable(folder.name)} cannot be read: {error.strerror or error}"))
        return []
    return [path for path in paths if not path.name.startswith(".")]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # not ours to look at; reading it says so
        return False


def _inside(path: Path, root: Path, shown: str, problems: list[Problem]) -> bool:
    """True unless a link leads out of the folder, which is reported."""
    try:
        if path.resolve().is_relative_to(root.resolve()):
            return True
        why = "is a link that leaves the folder"
    except (OSError, RuntimeError) as error:
        why = f"cannot be read: {error}"
    problems.append(Problem(f"{shown}/{_printable(path.relative_to(root).as_posix())}", 0, "", why))
    return False


def _is_yaml(path: Path) -> bool:
    return path.suffix in _SUFFIXES


def _printable(text: str) -> str:
    """A file name for people: names need not be UTF-8."""
    return os.fsencode(text).decode("utf-8", "replace")
