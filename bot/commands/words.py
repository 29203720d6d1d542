"""The words people type, in every language at once, and how a line is split into them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from bot.commands.texts import FALLBACK, FOLDER, languages

_QUOTES = str.maketrans(dict.fromkeys("„“”«»「」『』《》〝〞〟", '"'))
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
#: A slip of the finger leaves more than this of a word; what is like it by chance has less.
SURE = 0.82
#: Groups whose words stand alone in a line.
_OURS = ("command", "list", "filter", "appetite", "cadence", "weekday", "word")
#: A run without spaces, in which whatever stands between quotes may hold some.
_WORD = re.compile(r'(?:"[^"]*"|\S)+')
_LINE = re.compile(r"(?P<group>[a-z]+)-(?P<name>[a-z0-9-]+) = (?P<words>.+)")


def plain(text: str) -> str:
    """For comparing what people type: width, case, kinds of dashes and spaces do not matter."""
    text = unicodedata.normalize("NFKC", text.translate(_DASHES)).casefold()
    return " ".join(text.split())


def flat(text: str) -> str:
    """As `plain`, and hyphens and spaces are not there either."""
    return plain(text).replace("-", "").replace(" ", "")


def split(text: str) -> tuple[str, ...]:
    """The words of a line as typed on any keyboard; quotes keep words together and are gone."""
    line = unicodedata.normalize("NFKC", text.translate(_QUOTES).translate(_DASHES)).translate(_QUOTES)
    return tuple(w for w in (m[0].replace('"', "").strip() for m in _WORD.finditer(line)) if w)


def nearest(word: str, known: Collection[str], cutoff: float = 0.7) -> str | None:
    """The known word somebody most likely meant."""
    near = difflib.get_close_matches(plain(word), known, n=1, cutoff=cutoff)
    return near[0] if near else None


class Vocabulary:
    """What a word means in a group (`command`, `filter`, `weekday`, `word`, ...): in the channel's language first."""

    def __init__(self, language: str) -> None:
        self._meanings: dict[str, dict[str, str]] = {}
        own = language.partition("-")[0]
        order = [own, FALLBACK, *languages()]
        self._shown: dict[tuple[str, str], str] = {}
        for code in dict.fromkeys(c for c in order if c in languages()):
            for (group, name), words in _words(code).items():
                meanings = self._meanings.setdefault(group, {})
                meanings.setdefault(name, name)
                for word in words:
                    meanings.setdefault(word, name)
                self._shown.setdefault((group, name), words[0])

    def find(self, group: str, word: str) -> str | None:
        """The name of what this word means."""
        return self._meanings.get(group, {}).get(plain(word))

    def nearest(self, group: str, word: str) -> str | None:
        """The word of the group somebody most likely meant."""
        return nearest(word, self._meanings.get(group, {}), SURE)

    def ours(self, word: str) -> bool:
        """Whether a line with this word would be read as something else than a name."""
        return any(self.find(group, word) for group in _OURS)

    def word(self, group: str, name: str) -> str | None:
        """How the channel's language writes it, if there is a word for it."""
        return self._shown.get((group, name))

    def shown(self, group: str, name: str) -> str:
        """How the channel's language writes it."""
        return self._shown[group, name]

    def all(self, group: str) -> Mapping[str, str]:
        """Every word of the group with what it means."""
        return self._meanings.get(group, {})


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a channel that speaks this language; the other languages' words are understood too."""
    return Vocabulary(language)


@cache
def _words(language: str) -> Mapping[tuple[str, str], tuple[str, ...]]:
    return dict(_read(FOLDER / language / "words.txt"))


def _read(file: Path) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """`command-mute = mute, silence`: the group, the name, the words, the one to show first."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if found := _LINE.fullmatch(line.strip()):
            words = tuple(plain(w) for w in found["words"].split(","))
            yield (found["group"], found["name"]), words


@cache
def joiners() -> frozenset[str]:
    """`and` in every language."""
    return frozenset(w for w, name in vocabulary(FALLBACK).all("word").items() if name == "and")
