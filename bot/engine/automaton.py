"""All aliases, terms, cues, outlets and places of all languages in one Aho-Corasick pass over a field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from bot.domain.rulebook import Cue, Phrase, Rulebook
from bot.engine.text import FieldText, cased, fold, is_cjk

#: A hyphen or a space between two words of one phrase.
_JOINT = re.compile(r"(?<=\w)[ -](?=\w)")


#: Between the parts of a phrase that other words may part: gibt ... auf.
ELLIPSIS = "\u2026"


class What(IntEnum):
    """What a pattern stands for."""

    COMPANY = 0
    NOT_COMPANY = 1  #: a longer name that means somebody else
    TERM = 2
    NOT_TERM = 3
    CUE = 4
    OUTLET = 5
    MONTH = 6
    PLACE = 7
    NOT_PLACE = 8  #: a longer phrase that means no place


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase with its meaning."""

    what: What
    id: str  #: company, term list, cue value, outlet, month number, or place
    language: str  #: empty where it holds in every language
    needs: tuple[str, ...] = ()
    name_kind: str = ""  #: of a company's name; of a place the kind of its anchor: place or country
    exact: str = ""  #: the spelling demanded, where case counts
    open_start: bool = False
    open_end: bool = False
    genitive: bool = False  #: a Latin name may take an s
    compound: bool = False  #: of several words
    tail: str = ""  #: what must follow in the sentence: gibt ... auf


class Hit(NamedTuple):
    """A pattern found in a field, in offsets of the normalised text."""

    start: int
    end: int
    pattern: Pattern


class _Phrase(NamedTuple):
    """All meanings of one spelling, and where a word may go on around it."""

    meanings: tuple[Pattern, ...]
    letter_first: bool
    letter_last: bool
    open_start: bool
    open_end: bool

    @classmethod
    def of(cls, text: str, meanings: list[Pattern]) -> _Phrase:
        return cls(
            tuple(meanings),
            _is_letter(text[0]),
            _is_letter(text[-1]),
            any(p.open_start for p in meanings),
            any(p.open_end or p.genitive for p in meanings),
        )


class Automaton:
    """Every phrase of a rulebook; built once, shared by all readings."""

    def __init__(self, rulebook: Rulebook) -> None:
        table: dict[str, list[Pattern]] = {}
        for text, pattern in _patterns(rulebook):
            meanings = table.setdefault(text, [])
            if pattern not in meanings:
                meanings.append(pattern)
        self._phrases = [_Phrase.of(text, meanings) for text, meanings in table.items()]
        self._machine = AhoCorasick(list(table)) if table else None

    def hits(self, field: FieldText) -> list[Hit]:
        """Every phrase that stands at word boundaries, overlapping ones included, by position of their ends."""
        if self._machine is None:
            return []
        norm, found = field.norm, list[Hit]()
        size = len(norm)
        for index, start, end in self._machine.find_matches_as_indexes(norm, overlapping=True):
            phrase = self._phrases[index]
            # most hits lie inside some longer word: they are refused before their meanings are looked at
            inside = phrase.letter_first and start > 0 and _is_letter(norm[start - 1])
            if inside and not phrase.open_start:
                continue
            goes_on = phrase.letter_last and end < size and _is_letter(norm[end])
            if goes_on and not phrase.open_end:
                continue
            for pattern in phrase.meanings:
                a, b = start, end
                if inside:
                    if not pattern.open_start:
                        continue
                    while a > 0 and _is_letter(norm[a - 1]):
                        a -= 1
                if goes_on:
                    if pattern.open_end:
                        while b < size and _is_letter(norm[b]):
                            b += 1
                    elif not (pattern.genitive and _genitive(norm, end)):
                        continue
                if pattern.exact and not _spelt(field.plain_slice(start, end), pattern.exact):
                    continue
                found.append(Hit(a, b, pattern))
        return found


@lru_cache(maxsize=8192)
def _is_letter(char: str) -> bool:
    """Whether it makes one word with a letter beside it: letters and digits of scripts with spaces between words."""
    return char.isalnum() and not is_cjk(char)


def _spelt(written: str, exact: str) -> bool:
    """Whether the original words have the spelling demanded."""
    return written == exact or cased(written).startswith(exact)


def _genitive(norm: str, end: int) -> bool:
    """Whether the word goes on with nothing but the s of a genitive or plural."""
    return norm[end] == "s" and (end + 1 == len(norm) or not _is_letter(norm[end + 1]))


def _patterns(book: Rulebook) -> Iterator[tuple[str, Pattern]]:
    """Every phrase of the rulebook, folded, with its meaning."""
    for company in book.companies.values():
        for alias in company.aliases:
            yield from _compiled(alias.phrase, What.COMPANY, company.id, name_kind=alias.kind.value, genitive=True)
        for text in company.not_meant:
            yield from _compiled(Phrase(text), What.NOT_COMPANY, company.id)
    for terms in book.terms.values():
        for language, phrases in terms.phrases.items():
            for phrase in phrases:
                yield from _compiled(phrase, What.TERM, terms.id, language=language)
        for language, texts in terms.not_meant.items():
            for text in texts:
                yield from _compiled(Phrase(text), What.NOT_TERM, terms.id, language=language)
    for lang in book.languages.values():
        for cue, texts in lang.cues.items():
            if cue is not Cue.ABBREVIATION:
                for text in texts:
                    yield from _compiled(Phrase(text), What.CUE, cue.value, language=lang.code)
        for number, spellings in enumerate(lang.months, 1):
            for text in spellings:
                yield from _compiled(Phrase(text), What.MONTH, str(number), language=lang.code)
    for outlet in book.outlets.values():
        for text in dict.fromkeys((outlet.name, *outlet.aliases)):
            yield from _compiled(Phrase(text), What.OUTLET, outlet.id)
    for place in book.places.values():
        for phrase in place.aliases:
            anchor = "country" if place.country else "place"
            yield from _compiled(phrase, What.PLACE, place.id, name_kind=anchor, genitive=True)
            if is_cjk(phrase.text[-1]):  # without word boundaries a company's name may stand in that of a place
                yield from _compiled(phrase, What.NOT_COMPANY, place.id)
        for text in place.not_meant:
            yield from _compiled(Phrase(text), What.NOT_PLACE, place.id)


def _compiled(
    phrase: Phrase, what: What, id: str, *, language: str = "", name_kind: str = "", genitive: bool = False
) -> Iterable[tuple[str, Pattern]]:
    text = phrase.text.strip()
    text, _, tail = (part.strip() for part in text.partition(ELLIPSIS))
    bare = text.strip("*").strip()
    folded = fold(bare)
    if not folded:
        return ()
    letters = [c for c in bare if c.isalpha()]
    capitals = len(letters) > 0 and all(c.isupper() for c in letters)
    pattern = Pattern(
        what,
        id,
        language,
        needs=phrase.needs,
        name_kind=name_kind,
        exact=cased(bare) if phrase.exact or capitals else "",
        open_start=text.startswith("*"),
        open_end=text.endswith("*"),
        compound=any(c in folded for c in " -"),
        tail=fold(tail),
        genitive=genitive and folded[-1] != "s" and not is_cjk(folded[-1]),
    )
    if what in (What.CUE, What.MONTH):
        return ((folded, pattern),)
    # German joins the words of a name by hyphens in compounds: das General-Motors-Werk
    spellings = dict.fromkeys((folded, _JOINT.sub("-", folded), _JOINT.sub(" ", folded)))
    return tuple((spelling, pattern) for spelling in spellings)
