"""A field of an entry as the engine sees it: plain text, normalised text, sentences, and the way back."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.claims import Evidence, Field
from bot.domain.entries import MAX_TEXT
from bot.engine.markup import strip_markup

_NOT_PLAIN = re.compile(r"[^\x20-\x7e]|  ")
#: Characters nobody sees, wherever they stand.
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_HIDDEN = re.compile(f"[{_UNSEEN}]+")
_COMMAS = frozenset(",\uff0c\u3001")
#: How far a wrapped line may be indented.
_INDENT = 40
#: The end of a sentence in any script: the full stops of CJK need no space behind them.
_STOPS = re.compile(
    f"[.!?\u2026]+[\"'\u201c\u201d\u2018\u2019\u00ab\u00bb\u2039\u203a)\\]{_UNSEEN}]*(?=\\s|$)"
    '|[\u3002\uff01\uff1f\uff61]+[\u201d\u2019\u300d\u300f)\uff09"]*|\n'
)
#: Frequent characters that are compared as another one.
_ALIKE = tuple(
    zip(
        "\xa0\u3000\u2018\u2019\u2010\u2011\u2013\u2014\uff0c\uff1a\uff01\uff1f\uff08\uff09",
        "  ''----,:!?()",
        strict=True,
    )
)
#: What is no more than put into small letters: of every script we read the letters that are neither marks nor variants.
_EASY = (
    " -~\xa1-\xa7\xa9\xab\xac\xae\xb0\xb1\xb6\xb7\xbb\xbf-\xde\xe0-\u012f\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e"
    "\u0400-\u0482\u048a-\u052f\u1ea0-\u1eff\u201a\u201c-\u2022\u2030\u2039-\u203b\u20a9-\u20bf\u2190-\u21ff\u2500-\u26ff"
    "\u3001-\u301b\u3041-\u3096\u30a1-\u30fe\u3400-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff"
)
_ODD = re.compile(f"[^{_EASY}][^{_EASY}]*")  # one class in front: the search skips what is not in it
#: Offsets ready made: a slice of these costs a tenth of new ones.
_COUNT = array("i", range(MAX_TEXT + 1))
_ENTITY = re.compile(r"&#?\w+;?")
#: Characters of scripts whose words run together without spaces.
CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")
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


def normalise(text: str) -> tuple[str, Sequence[int] | None]:
    """Folded text with single spaces, and for each character the offset it came from; None where they are the same."""
    even = text.replace("\n", " ")
    if not text.isascii():
        for char, same in _ALIKE:
            even = even.replace(char, same)
    stretches = [match.span() for match in _ODD.finditer(even)]
    if not stretches and "  " not in even:
        return even.lower(), None
    parts: list[str] = []
    offsets = array("i")
    last = 0
    for start, end in stretches:
        if start > last and text[start - 1] > " " and _clings(text[start]):
            start -= 1  # noqa: PLW2901  # a mark belongs to the letter before it
        if start > last:
            _take(even, last, start, parts, offsets)
        _fold_clusters(text, start, end, parts, offsets)
        last = end
    if last < len(text):
        _take(even, last, len(text), parts, offsets)
    offsets.append(len(text))
    return "".join(parts), offsets


def _take(even: str, start: int, end: int, parts: list[str], offsets: array[int]) -> None:
    """Fold a stretch of characters each of which is folded to one; of several spaces the first is kept."""
    if parts and parts[-1][-1] == " ":
        start = _behind_spaces(even, start, end)
    while start < end:
        double = even.find("  ", start, end)
        stop = double + 1 if double >= 0 else end
        parts.append(even[start:stop].lower())
        offsets += _COUNT[start:stop] if stop <= len(_COUNT) else array("i", range(start, stop))
        start = _behind_spaces(even, stop, end) if double >= 0 else stop


def _behind_spaces(text: str, start: int, end: int) -> int:
    while start < end and text[start] == " ":
        start += 1
    return start


def _fold_clusters(text: str, start: int, end: int, parts: list[str], offsets: array[int]) -> None:
    """Fold a stretch of any characters, cluster by cluster."""
    space = bool(parts) and parts[-1][-1] == " "
    while start < end:
        stop = start + 1
        if text[start] > " ":
            while stop < end and _clings(text[stop]):
                stop += 1
        for char in fold_char(text[start:stop]):
            if char != " " or not space:
                parts.append(char)
                offsets.append(start)
            space = char == " "
        start = stop


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
        if match.group() == "\n" and _goes_on(plain, match.start(), match.end()):
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


def _goes_on(plain: str, end: int, behind: int) -> bool:
    """Whether a line's end is only where the text was wrapped: a comma stands before it, or a small letter after."""
    after, before = plain[behind : behind + _INDENT], plain[max(0, end - _INDENT) : end]
    return after.lstrip(" \t")[:1].islower() or (before.rstrip(" \t") or " ")[-1] in _COMMAS


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
    return char >= "\u2e80" and CJK.match(char) is not None
