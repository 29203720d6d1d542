"""What full text is made of: the words of a text as tokens, the same for what is stored and what is looked for.

- A word is a run of letters and digits in any script, in any case and width, without invisible marks. Accents do not
  count: Skoda finds Škoda, and gründen is grunden on both sides.
- Words of six letters and more are looked for as beginnings: Toyota finds Toyotas, Gemeinschaftsunternehmen its
  genitive. Shorter ones are whole: Ford is not fordert, and Seat not seats.
- Words a hyphen or an apostrophe joins stand one after the other: E-Auto is no "Auto E".
- Chinese, Japanese and Korean letters run together without spaces. A run of them is found within longer ones: it is
  stored as its overlapping pairs and its last letter, and looked for as its pairs one after the other. One letter alone
  is looked for as the beginning of a pair, and as the last letter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import add

#: Longer words are cut, here and there alike: they are addresses and data, and an index has its limits.
MAX_WORD = 64
#: Words of a search that count.
MAX_PHRASES = 32
#: From this length on a word may go on.
BEGINNING = 6

#: Possessive: what begins a tag and ends none is looked at once.
_TAG = re.compile(r"<(/?)([A-Za-z!?][^\s<>/]*+)[^<>]*+>")
_NOT_SHOWN = frozenset({"script", "style"})
#: Tags within a word; every other one parts two.
_INLINE = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"}
)
#: Characters nobody sees: soft hyphens, zero width, directions.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
#: Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic; the voicing marks of Kana are none of them.
_ACCENTS = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_MAY_HAVE_ACCENTS = re.compile("[\u00c0-\u1fff]")
_RUNS = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u318f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U000323af"
)
_PIECE = re.compile(f"([{_RUNS}]+)|[^\\W_{_RUNS}]+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that must stand one after the other."""

    tokens: tuple[str, ...]
    beginning: bool = False  #: the last one may go on


def tokens(text: str) -> list[str]:
    """The tokens of a text (plain or HTML) in its order."""
    found: list[str] = []
    for run, word in _pieces(visible(text)):
        if run:
            found += map(add, run, run[1:])
            found.append(run[-1])
        else:
            found.append(word)
    return found


def phrases(words: str) -> list[Phrase]:
    """What a search asks for; all of them must be found. Nothing in it is syntax."""
    return list(dict.fromkeys(_phrases(words)))[:MAX_PHRASES]


def name_token(company: str) -> str:
    """The token of a company's id: letters and digits only, as every token."""
    return f"c{company.encode('utf-8', 'surrogatepass').hex()}"


def name_tokens(companies: Iterable[str]) -> list[str]:
    """The tokens of companies, each once."""
    return [name_token(c) for c in dict.fromkeys(companies)]


def _phrases(words: str) -> Iterator[Phrase]:
    for joined in words.split():
        for is_run, pieces in groupby(_pieces(joined), key=lambda piece: bool(piece[0])):
            if is_run:
                for run, _ in pieces:
                    yield Phrase(tuple(map(add, run, run[1:])) or (run,), beginning=len(run) == 1)
            else:
                together = tuple(word for _, word in pieces)
                yield Phrase(together, beginning=len(together[-1]) >= BEGINNING)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Runs and words of a text: one of the two is empty."""
    for piece in _PIECE.finditer(_fold(text)):
        run = piece[1] or ""
        yield run, "" if run else piece[0][:MAX_WORD]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    if not _MAY_HAVE_ACCENTS.search(folded):
        return folded
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def visible(text: str) -> str:
    """Without tags, and without what a page does not show."""
    if "<" not in text:
        return html.unescape(text) if "&" in text else text
    shown: list[str] = []
    start, hidden = 0, ""
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if not hidden:
            shown.append(text[start : tag.start()] + ("" if name in _INLINE else " "))
            hidden = name if name in _NOT_SHOWN and not tag[1] else ""
        elif tag[1] and name == hidden:
            hidden = ""
        start = tag.end()
    if not hidden:
        shown.append(text[start:])
    return html.unescape("".join(shown))
