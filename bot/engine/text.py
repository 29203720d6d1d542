"""A field of an entry as the engine sees it: plain text, normalised text, sentences, and the way back."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.claims import Evidence, Field
from bot.engine.markup import strip_markup

_SPACE = re.compile(r"[\x00-\x20\x7f]+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]|  ")
#: Characters nobody sees, wherever they stand.
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_HIDDEN = re.compile(f"[{_UNSEEN}]+")
#: The end of a sentence in any script: the full stops of CJK need no space behind them.
_STOPS = re.compile(
    f"[.!?\u2026]+[\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u2039\u203a)\\]{_UNSEEN}]*(?=\\s|$)"
    '|[\u3002\uff01\uff1f\uff61]+[\u201d\u2019\u300d\u300f)\uff09"]*|\n'
)
_ENTITY = re.compile(r"&#?\w+;?")
_LAST_WORD = re.compile(r"[^\s(\"'\u201e\u201c]+$")


@lru_cache(maxsize=8192)
def fold_char(char: str) -> str:
    """One cluster (a character with its combining marks) as it is compared; empty where it does not count."""
    if unicodedata.category(char[0]) in ("Cf", "Cs") or char == "\u00ad":
        return ""
    char = "".join(c for c in char if not _variation(c))
    folded = unicodedata.normalize("NFKC", char).casefold().replace("i\u0307", "i")  # the dotted I of Turkish
    return "".join(map(_even, char if char == "\u00b4" else unicodedata.normalize("NFKC", folded)))


def _even(char: str) -> str:
    """One of several characters that mean the same: a hyphen, an apostrophe, a space."""
    category = unicodedata.category(char)
    if category == "Pd" or char == "\u2212":
        return "-"
    if char in "\u2018\u2019\u201b\u02bc\u00b4`":
        return "'"
    if category in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    return char


def cased(text: str) -> str:
    """A phrase as it is compared where its case counts; hyphen and space are one there."""
    if _NOT_PLAIN.search(text):
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs") and not _variation(c))
        text = "".join(map(_even, unicodedata.normalize("NFKC", text)))
    return " ".join(text.replace("-", " ").split())


def fold(text: str) -> str:
    """A phrase as it is compared with normalised text."""
    return normalise(text)[0].strip()


def normalise(text: str) -> tuple[str, list[int] | None]:
    """Folded text with single spaces, and for each character the offset it came from; None where they are the same."""
    if not _NOT_PLAIN.search(text):
        return text.lower(), None
    if text.isascii() and all(len(m.group()) == 1 for m in _SPACE.finditer(text)):
        return _SPACE.sub(" ", text).lower(), None
    chars: list[str] = []
    offsets: list[int] = []
    i, size = 0, len(text)
    space = False
    while i < size:
        c = text[i]
        j = i + 1
        if c < "\x80":
            if c > " " and j < size and _clings(text[j]):
                while j < size and _clings(text[j]):
                    j += 1
                folded = fold_char(text[i:j])
            else:
                folded = " " if c <= " " or c == "\x7f" else c.lower()
        else:
            while j < size and _clings(text[j]):
                j += 1
            folded = fold_char(text[i:j])
        for f in folded:
            if f != " " or not space:
                chars.append(f)
                offsets.append(i)
            space = f == " "
        i = j
    offsets.append(size)
    return "".join(chars), offsets


def _clings(char: str) -> bool:
    """Whether a character belongs to the one before it: a mark, a decomposed Hangul vowel, a half-width voicing."""
    return char > "\u02ff" and (
        unicodedata.combining(char) > 0
        or "\u1160" <= char <= "\u11ff"
        or "\uff9e" <= char <= "\uff9f"
        or _variation(char)
    )


def _variation(char: str) -> bool:
    """Whether a character only says how the one before it is drawn."""
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one field, in offsets of the normalised text."""

    index: int  #: in the entry, the title's first
    field: Field
    start: int
    end: int
    paragraph: int  #: 0 is the title's, 1 the first of the text


class FieldText:
    """One field of an entry: the original, its plain text, its normalised text, and its sentences."""

    __slots__ = ("_norm_map", "_plain_map", "field", "norm", "original", "plain", "sentences")

    def __init__(self, field: Field, original: str, *, markup: bool) -> None:
        self.field = field
        self.original = original
        self.plain, self._plain_map = strip_markup(original) if markup else (original, None)
        self.norm, self._norm_map = normalise(self.plain)
        self.sentences: list[Sentence] = []

    def plain_at(self, i: int) -> int:
        """The plain offset of a normalised one."""
        return i if self._norm_map is None else self._norm_map[i]

    def norm_at(self, i: int) -> int:
        """The first normalised offset at or behind a plain one."""
        return i if self._norm_map is None else bisect_right(self._norm_map, i - 1)

    def plain_slice(self, start: int, end: int) -> str:
        """The plain text of a normalised span."""
        return self.plain[self.plain_at(start) : self._plain_end(end)]

    def _plain_end(self, end: int) -> int:
        """The plain offset behind the last character of a normalised span."""
        if self._norm_map is None:
            return end
        if end <= 0:
            return 0
        last = self._norm_map[end - 1]
        # several folded characters may come from one (sharp s): step to the next original one
        i = end
        while i < len(self._norm_map) and self._norm_map[i] == last:
            i += 1
        stop = self._norm_map[i] if i < len(self._norm_map) else len(self.plain)
        # characters that do not count (zero width) between the two belong to the next one
        cut = last + 1
        while cut < stop and _clings(self.plain[cut]):
            cut += 1
        return cut

    def evidence(self, concept: str, start: int, end: int) -> Evidence:
        """The original words of a normalised span."""
        a, b = self.plain_at(start), self._plain_end(end)
        if self._plain_map is not None:
            a, b = self._plain_map[a], self._original_end(b)
        return Evidence(concept, self.field, a, b, self.original[a:b])

    def _original_end(self, plain_end: int) -> int:
        """Behind the original of the last plain character: an entity is longer than what it means."""
        assert self._plain_map is not None
        last = self._plain_map[plain_end - 1]
        following = self._plain_map[plain_end] if plain_end < len(self._plain_map) else len(self.original)
        entity = _ENTITY.match(self.original, last)
        return min(entity.end(), max(following, last + 1)) if entity is not None else last + 1


def split_sentences(field: FieldText, abbreviations: Collection[str], first_index: int, paragraph: int) -> None:
    """Fill `field.sentences`; paragraphs are counted from `paragraph`."""
    plain, start, index = field.plain, 0, first_index
    spans: list[tuple[int, int, int]] = []
    for match in _STOPS.finditer(plain):
        if match.group().startswith(".") and not _ends(plain, match.start(), match.end(), abbreviations):
            continue
        if plain[start : match.end()].strip():
            spans.append((start, match.end(), paragraph))
        start = match.end()
        if match.group() == "\n" and spans and spans[-1][2] == paragraph:
            paragraph += 1
    if plain[start:].strip():
        spans.append((start, len(plain), paragraph))
    for a, b, p in spans:
        na, nb = field.norm_at(a), field.norm_at(b)
        while na < nb and field.norm[na : na + 1] == " ":
            na += 1
        if nb > na:
            field.sentences.append(Sentence(index, field.field, na, nb, p))
            index += 1


def _ends(plain: str, dot: int, behind: int, abbreviations: Collection[str]) -> bool:
    """Whether the full stop at `dot` ends a sentence."""
    rest = _HIDDEN.sub("", plain[behind : behind + 80]).lstrip()
    if not rest:
        return True
    word = _LAST_WORD.search(plain, max(0, dot - 30), dot)
    before = _HIDDEN.sub("", word.group()) if word else ""
    if rest[0].islower():
        return False
    # an initial (J. Smith), an ordinal or day (3. Oktober), an abbreviation
    if len(before) == 1 and before.isalpha() and not is_cjk(before):
        return False
    if before.isdigit() and len(before) <= 2:
        return False
    return before.casefold() not in abbreviations


def is_cjk(char: str) -> bool:
    """Whether words of this character's script run together without spaces."""
    return (
        "\u2e80" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7af"
        or "\uf900" <= char <= "\ufaff"
        or "\U00020000" <= char <= "\U0003ffff"
    )
