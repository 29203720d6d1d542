"""What may stand behind the colon of a filter, in every language, and what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.commands.context import Context
from bot.commands.texts import FALLBACK
from bot.commands.words import flat, nearest
from bot.domain.claims import Certainty, Kind
from bot.domain.rulebook import Language

#: `Einstieg in Elektroautos` has three, and nothing that can be chosen has more than this.
_MOST_WORDS = 5
#: A shorter part of a word is a guess; Chinese says enough with one letter.
_SHORTEST_PART = 3

_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Choice:
    """One spelling, and what it stands for in the filter."""

    written: str
    means: frozenset[str]


class Choices:
    """All that can be chosen behind one filter; of each thing the first spelling is the one to show."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self._by_spelling: dict[str, Choice] = {}
        for choice in choices:
            self._by_spelling.setdefault(flat(choice.written), choice)

    def find(self, value: str) -> frozenset[str] | None:
        """What a value stands for: a spelling of it, else a part of one thing's spellings alone."""
        text = flat(value)
        if text in self._by_spelling:
            return self._by_spelling[text].means
        if len(text) < (_SHORTEST_PART if text.isascii() else 1):
            return None
        partly = {choice.means for spelling, choice in self._by_spelling.items() if text in spelling}
        return partly.pop() if len(partly) == 1 else None

    def nearest(self, value: str) -> str | None:
        """The spelling somebody most likely meant."""
        near = nearest(flat(value), self._by_spelling)
        return self._by_spelling[near].written if near else None

    def spread(self, values: list[str], rest: Sequence[str]) -> int:
        """Let the last value go on in the words behind it (`kind: joint venture, plant`); how many of them it took."""
        taken = 0
        while values and (count := self._longer(values[-1], rest[taken:])):
            values[-1] = " ".join([values[-1], *rest[taken : taken + count]])
            taken += count
            comma, *more = rest[taken : taken + 2] or ("",)
            if comma == "," and more and flat(more[0]) in self._by_spelling:
                values.append(more[0])
                taken += 2
        return taken

    def _longer(self, value: str, rest: Sequence[str]) -> int:
        """How many more words make a choice of it; 0 where none do."""
        counts = range(min(_MOST_WORDS - 1, len(rest)), 0, -1)
        return next((n for n in counts if flat(" ".join([value, *rest[:n]])) in self._by_spelling), 0)

    def all(self) -> list[str]:
        """One spelling of everything there is."""
        return list(self._firsts().values())[::-1]

    def shown(self, value: str) -> str:
        """The spelling to show for one thing."""
        return self._firsts().get(frozenset({value}), value)

    def _firsts(self) -> dict[frozenset[str], str]:
        """The first spelling of each thing, the last thing first."""
        return {choice.means: choice.written for choice in reversed(self._by_spelling.values())}


def _of_enum(
    group: str, members: type[_E], words: Callable[[Language], Mapping[_E, str]]
) -> Callable[[Context], Choices]:
    """The members by their word in the channel's language, by value, and by their words in every language."""

    def spellings(ctx: Context) -> Iterator[Choice]:
        own = list(_own_words(ctx, group, words(ctx.language)))
        values = [(m.value, m.value) for m in members]
        typed = [(name, word) for word, name in ctx.vocabulary.all(group).items()]
        others = [(m.value, word) for known in ctx.rulebook.languages.values() for m, word in words(known).items()]
        yield from (Choice(word, frozenset({name})) for name, word in (*own, *values, *typed, *others))

    return lambda ctx: Choices(spellings(ctx))


def _own_words(ctx: Context, group: str, said: Mapping[_E, str]) -> Iterator[tuple[str, str]]:
    """Each member's word in the channel's language: as messages say it, or in one word."""
    for member, word in said.items():
        one = word if " " not in word else None
        if one is None and ctx.voice.language != FALLBACK:  # the values are English words
            one = ctx.vocabulary.word(group, member.value)
            one = one.capitalize() if one and word[0].isupper() else one
        if one is not None:
            yield member.value, one


def _kinds(language: Language) -> Mapping[Kind, str]:
    return language.first_line.kinds if language.first_line else {}


def _certainties(language: Language) -> Mapping[Certainty, str]:
    return language.first_line.certainty if language.first_line else {}


def _severities(ctx: Context) -> Choices:
    words = ctx.vocabulary.all("severity")
    shown = [(ctx.vocabulary.shown("severity", name), name) for name in dict.fromkeys(words.values())]
    return Choices(Choice(word, frozenset({name})) for word, name in (*shown, *words.items()))


def _languages(ctx: Context) -> Choices:
    known = ctx.rulebook.languages
    spellings = [(code, code) for code in known]
    spellings += [(language.name, code) for code, language in known.items()]
    spellings += ctx.vocabulary.all("language").items()
    return Choices(Choice(word, frozenset({code})) for word, code in spellings)


def _outlets(ctx: Context) -> Choices:
    """By id, name, alias or domain; all spellings of it, since an entry may bear any."""
    return Choices(
        Choice(spelling, frozenset((outlet.name, *outlet.aliases, *outlet.domains)))
        for outlet in ctx.rulebook.outlets.values()
        for spelling in (outlet.name, outlet.id, *outlet.aliases, *outlet.domains)
    )


#: By the name of the filter.
CHOICES: Mapping[str, Callable[[Context], Choices]] = {
    "kind": _of_enum("kind", Kind, _kinds),
    "certainty": _of_enum("certainty", Certainty, _certainties),
    "severity": _severities,
    "lang": _languages,
    "outlet": _outlets,
}
