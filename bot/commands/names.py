"""Every way to write a company or a watch list -> its id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.commands import words
from bot.domain.rulebook import NameKind, Rulebook, WatchList
from bot.domain.stories import StoryId

#: After the names themselves: a person's or product's name must not hide a company's.
_KINDS = (NameKind.ALIAS, NameKind.TICKER, NameKind.PRODUCT, NameKind.PERSON)
_BREAKS = re.compile(r"\s*[,;、]\s*")
_GAPS = re.compile(r"[\s_-]+")
#: NYSE:NIO and 300750.SZ are typed NIO and 300750.
_EXCHANGE = re.compile(r"^[A-Z]+: ?|\.[A-Z]+$")
_STORY = re.compile(r"[sS]\s?([1-9]\d{0,17})")
#: No name has more words than this; neither is a run of Chinese letters that is one name longer than that.
_MAX_WORDS, _MAX_RUN = 8, 24
#: How much longer or shorter what was meant may be.
_SLIP = 3
#: Whoever pastes an article wants no list of what each word of it may mean.
_MOST_NEAR = 10
#: What is shorter is near to everything.
_SHORTEST = 4


class Thing(StrEnum):
    """What a name stands for."""

    COMPANY = "company"
    WATCHLIST = "watchlist"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that name nothing we know."""

    text: str
    near: str | None  #: as somebody most likely meant it


@dataclass(frozen=True, slots=True)
class Named:
    """What a line names, each once, in order."""

    watchlists: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.watchlists or self.companies)


class Names:
    """By id, name, alias, ticker, product or person, in any script and case; lists by id or title."""

    def __init__(self, rulebook: Rulebook, chat_lists: Sequence[WatchList] = ()) -> None:
        #: The rules' lists win over those made in chat.
        self.watchlists: Mapping[str, WatchList] = {**{w.id: w for w in chat_lists}, **rulebook.watchlists}
        self._things: dict[str, tuple[Thing, str]] = {}
        self._written: dict[str, str] = {}
        for spelling, thing, own in self._spellings(rulebook):
            key = _key(spelling)
            if key and key not in self._things:
                self._things[key] = (thing, own)
                self._written[key] = spelling
        self._by_letter: dict[str, list[str]] = {}
        for key in self._things:
            self._by_letter.setdefault(key[0], []).append(key)
        self._joiners = frozenset(words.joiners())

    def company(self, text: str) -> str | None:
        """The id of the company that is written like this."""
        return self._one(text, Thing.COMPANY)

    def watchlist(self, text: str) -> WatchList | None:
        """The watch list of this id or title."""
        found = self._one(text, Thing.WATCHLIST)
        return self.watchlists[found] if found is not None else None

    def story(self, text: str) -> StoryId | None:
        """The number of `S42`."""
        found = _STORY.fullmatch(words.plain(text))
        return StoryId(int(found[1])) if found else None

    def find(self, line: Sequence[str]) -> Named:
        """What these words name; the longest name wins, commas and joining words part names."""
        lists: dict[str, None] = {}
        companies: dict[str, None] = {}
        unknown: list[Unknown] = []
        for run in _runs(line):
            for text, hit in self._cut(run):
                if hit is None:
                    unknown.append(Unknown(text, self.nearest(text) if len(unknown) < _MOST_NEAR else None))
                else:
                    (companies if hit[0] is Thing.COMPANY else lists)[hit[1]] = None
        return Named(tuple(lists), tuple(companies), tuple(unknown))

    def longest(self, line: Sequence[str]) -> int:
        """How many of the first words are one name; 0 where none is."""
        for count in range(min(len(line), _MAX_WORDS), 0, -1):
            if _key(" ".join(line[:count])) in self._things:
                return count
        return 0

    def like(self, text: str) -> list[tuple[Thing, str]]:
        """Whose names begin like this, then those that have it in them; the watch lists where nothing is typed."""
        key = _key(text)
        if not key:
            return [(Thing.WATCHLIST, own) for own in sorted(self.watchlists)]
        within = [(k, thing) for k, thing in self._things.items() if key in k]
        first = [thing for k, thing in within if k.startswith(key)]
        return list(dict.fromkeys((*first, *(thing for _, thing in within))))

    def nearest(self, text: str) -> str | None:
        """The known name somebody most likely meant, as it is written."""
        key = _key(text)
        if len(key) < (_SHORTEST if key.isascii() else 2):
            return None
        # First letters are rarely wrong, and looking at every name of thousands would take a second.
        near = [k for k in self._by_letter.get(key[0], ()) if abs(len(k) - len(key)) <= _SLIP]
        found = words.nearest(key, near, words.SURE)
        return self._written[found] if found else None

    def _one(self, text: str, wanted: Thing) -> str | None:
        hit = self._things.get(_key(text))
        return hit[1] if hit and hit[0] is wanted else None

    def _spellings(self, rulebook: Rulebook) -> Iterator[tuple[str, Thing, str]]:
        """The surest first: who comes first keeps a spelling."""
        lists = [w for w in self.watchlists.values() if w.id in rulebook.watchlists]
        made = [w for w in self.watchlists.values() if w.id not in rulebook.watchlists]
        companies = rulebook.companies.values()
        yield from ((w.id, Thing.WATCHLIST, w.id) for w in lists)
        yield from ((text, Thing.COMPANY, c.id) for c in companies for text in (c.name, c.id))
        yield from ((text, Thing.WATCHLIST, w.id) for w in lists for text in (w.title, *w.titles.values()))
        yield from ((text, Thing.WATCHLIST, w.id) for w in made for text in (w.id, w.title))
        for kind in _KINDS:
            for company in companies:
                for alias in company.aliases:
                    if alias.kind is kind:
                        yield alias.phrase.text.strip("*"), Thing.COMPANY, company.id
                        if kind is NameKind.TICKER:
                            yield _EXCHANGE.sub("", alias.phrase.text), Thing.COMPANY, company.id
        for key, today in rulebook.former.items():
            thing, _, old = key.partition(":")
            if thing in set(Thing):
                yield old, Thing(thing), today
        for company in rulebook.departed.values():
            yield from ((text, Thing.COMPANY, company.id) for text in (company.id, company.name))

    def _cut(self, run: Sequence[str]) -> Iterator[tuple[str, tuple[Thing, str] | None]]:
        """The names of a run of words with what each stands for; None for a word that is part of none."""
        place = 0
        while place < len(run):
            count = self.longest(run[place : place + _MAX_WORDS])
            if count:
                text = " ".join(run[place : place + count])
                yield text, self._things[_key(text)]
                place += count
                continue
            word = run[place]
            place += 1
            if words.plain(word) not in self._joiners:
                yield from self._without_spaces(word)

    def _without_spaces(self, word: str) -> Iterator[tuple[str, tuple[Thing, str] | None]]:
        """Names in a row as Chinese writes them; the word itself, unknown, where that leaves a rest."""
        found: list[tuple[str, tuple[Thing, str] | None]] = []
        rest = word if not word.isascii() else ""
        while rest:
            sizes = range(min(len(rest), _MAX_RUN), 0, -1)
            size = next((n for n in sizes if _key(rest[:n]) in self._things or rest[:n] in self._joiners), 0)
            if not size:
                break
            if rest[:size] not in self._joiners:
                found.append((rest[:size], self._things[_key(rest[:size])]))
            rest = rest[size:]
        yield from found if found and not rest else [(word, None)]


def _key(text: str) -> str:
    """Case, accents, width, hyphens and spaces do not tell names apart."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    return _GAPS.sub(" ", words.plain(bare)).strip()


def _runs(line: Iterable[str]) -> Iterator[Sequence[str]]:
    """Words between commas."""
    run: list[str] = []
    for word in line:
        first, *others = _BREAKS.split(word)
        run += [first] if first else []
        for part in others:
            if run:
                yield run
            run = [part] if part else []
    if run:
        yield run
