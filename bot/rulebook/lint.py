"""What is well-formed and still a mistake, or looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.claims import Certainty, Kind
from bot.domain.identity import normalise_link
from bot.domain.rulebook import AllOf, AnyOf, Company, Condition, FirstLine, Outlet, Phrase, Rule, Rulebook, Status
from bot.domain.rulebook import Terms as TermsLine
from bot.engine.places import SEAT
from bot.engine.summaries import LABELS
from bot.engine.text import fold
from bot.errors import Problem
from bot.rulebook.loader import suggest
from bot.rulebook.nodes import Place
from bot.rulebook.phrases import case_bound

#: Used without being named in a rule: it makes the topic of an entry; beside it a place is a company's home.
_ALWAYS_USED = frozenset({"ev", SEAT})
_LATIN_ENDS = 0x250
_FIELD = re.compile(r"{(\w*)}")


class Level(StrEnum):
    """How bad it is: `check` fails on errors only."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Note:
    """One thing lint has to say."""

    level: Level
    problem: Problem

    def __str__(self) -> str:
        p = self.problem
        return str(p if self.level is Level.ERROR else Problem(p.file, p.line, "warning", f"{p.path}: {p.message}"))


def lint(book: Rulebook, places: Mapping[str, Place]) -> list[Note]:
    """Everything lint has to say about a rulebook, by file and line; `places` is where its things stand."""
    desk = _Desk(book, places)
    found = (
        *desk.companies(),
        *desk.terms(),
        *desk.languages(),
        *desk.rules(),
        *desk.outlets_and_feeds(),
        *desk.towns(),
        *desk.watchlists(),
    )
    return sorted(found, key=lambda note: note.problem)


class _Desk:
    def __init__(self, book: Rulebook, places: Mapping[str, Place]) -> None:
        self.book = book
        self.places = places

    def place(self, *keys: str) -> Place:
        """The place of the first key that has one."""
        return next((self.places[key] for key in keys if key in self.places), Place("", 0))

    def error(self, place: Place, path: str, message: str) -> Note:
        return Note(Level.ERROR, place.problem(path, message))

    def warning(self, place: Place, path: str, message: str) -> Note:
        return Note(Level.WARNING, place.problem(path, message))

    # companies

    def companies(self) -> Iterator[Note]:
        first: dict[str, list[tuple[Company, Phrase]]] = {}
        for company in self.book.companies.values():
            for alias in company.aliases:
                phrase = alias.phrase
                place = self.place(f"company:{company.id}:{phrase.text}", f"company:{company.id}")
                if _is_short(phrase):
                    message = f"{phrase.text!r} is short and stands in many words: give it needs, or case: exact"
                    yield self.warning(place, "aliases", message)
                if phrase.needs:
                    continue
                others = first.setdefault(fold(phrase.text), [])
                clash = next((c for c, p in others if c.id != company.id and _same(p, phrase)), None)
                if clash:
                    where = self.place(f"company:{clash.id}:{phrase.text}", f"company:{clash.id}")
                    message = f"{phrase.text!r} also stands for {clash.id} ({where.file}:{where.line})"
                    yield self.error(place, "aliases", message)
                others.append((company, phrase))

    # term lists

    def terms(self) -> Iterator[Note]:
        used = {*_ALWAYS_USED, *_needed(self.book)}
        for rule in self.book.rules.values():
            used.update(_named((*rule.all, *rule.none)))
        unread: dict[str, str] = {}
        for list_id, terms in self.book.terms.items():
            if list_id not in used:
                yield self.warning(self.place(f"terms:{list_id}"), "id", f"no rule or alias uses {list_id!r}")
            for code in terms.phrases:
                if code not in self.book.languages:
                    unread.setdefault(code, list_id)
        for code, list_id in unread.items():
            message = f"there is no languages/{code}.yaml, so these are never read"
            yield self.warning(self.place(f"terms:{list_id}"), f"phrases.{code}", message)

    # languages

    def languages(self) -> Iterator[Note]:
        for code, language in self.book.languages.items():
            if language.first_line is not None:
                place = self.place(f"language:{code}")
                for path, message in _words_wrong(language.first_line):
                    yield self.error(place, f"first_line.{path}", message)

    # rules

    def rules(self) -> Iterator[Note]:
        for rule in self.book.rules.values():
            place = Place(rule.file, rule.line)
            if rule.status is Status.DRAFT:
                yield self.warning(place, "status", f"{rule.id!r} is a draft: it logs and never tells")
            note = self.warning if rule.status is Status.DRAFT else self.error
            if rule.anchor is None:
                yield note(place, "when.all", f"{rule.id!r} can never fire: no `terms` line within the sentence")
            if rule.status is Status.STABLE:
                for message in _examples_missing(rule):
                    yield self.error(place, "examples", f"{rule.id!r} has {message}")

    # outlets, feeds, places, watch lists

    def outlets_and_feeds(self) -> Iterator[Note]:
        first: dict[str, Outlet] = {}
        for outlet in self.book.outlets.values():
            for name in (outlet.name, *outlet.aliases):
                other = first.setdefault(fold(name), outlet)
                if other is not outlet:
                    place = self.place(f"outlet:{outlet.id}:{name}", f"outlet:{outlet.id}")
                    yield self.error(place, "aliases", f"{name!r} also stands for {other.id}")
        urls: dict[str, str] = {}
        for feed in self.book.feeds.values():
            other_id = urls.setdefault(normalise_link(feed.url), feed.id)
            if other_id != feed.id:
                yield self.error(self.place(f"feed:{feed.id}:url"), "url", f"the same address as {other_id!r}")

    def towns(self) -> Iterator[Note]:
        first: dict[str, list[tuple[str, Phrase]]] = {}
        for town in self.book.places.values():
            for phrase in town.aliases:
                place = self.place(f"place:{town.id}:{phrase.text}", f"place:{town.id}")
                if _is_short(phrase):
                    message = f"{phrase.text!r} is short and stands in many words: give it needs, or case: exact"
                    yield self.warning(place, "aliases", message)
                others = first.setdefault(fold(phrase.text), [])
                clash = next((key for key, p in others if key != town.id and _same(p, phrase)), None)
                if clash:
                    yield self.error(place, "aliases", f"{phrase.text!r} also stands for {clash}")
                others.append((town.id, phrase))

    def watchlists(self) -> Iterator[Note]:
        for key, watchlist in self.book.watchlists.items():
            if not watchlist.companies:
                yield self.warning(self.place(f"watchlist:{key}"), "companies", f"nobody is on {key!r}")


def _is_short(phrase: Phrase) -> bool:
    """True for three Latin characters or less that match in any case and everywhere."""
    bare = phrase.text.strip("* ")
    return len(bare) <= 3 and all(ord(c) < _LATIN_ENDS for c in bare) and not phrase.needs and not case_bound(phrase)


def _same(a: Phrase, b: Phrase) -> bool:
    """True where two phrases that fold alike can match the same text."""
    return a.text == b.text or not (case_bound(a) and case_bound(b))


def _needed(book: Rulebook) -> Iterator[str]:
    for company in book.companies.values():
        for alias in company.aliases:
            yield from alias.phrase.needs
    for town in book.places.values():
        for phrase in town.aliases:
            yield from phrase.needs
    for terms in book.terms.values():
        for phrases in terms.phrases.values():
            for phrase in phrases:
                yield from phrase.needs


def _named(conditions: Iterable[Condition]) -> Iterator[str]:
    """Every term list these lines name."""
    for condition in conditions:
        if isinstance(condition, TermsLine):
            yield condition.list_id
        elif isinstance(condition, AnyOf | AllOf):
            yield from _named(condition.conditions)


def _examples_missing(rule: Rule) -> Iterator[str]:
    if all(example.expect is None for example in rule.examples):
        yield "no example that fires"
    if all(example.expect is not None for example in rule.examples):
        yield "no example that must not fire (expect: nothing)"


def _words_wrong(words: FirstLine) -> Iterator[tuple[str, str]]:
    """(path, message) of every word a message would miss, and of labels that nothing says."""
    for kind in Kind:
        if kind not in words.kinds:
            yield f"kinds.{kind}", "missing"
    for certainty in Certainty:
        if certainty not in words.certainty:
            yield f"certainty.{certainty}", "missing"
    for label in LABELS:
        if label not in words.labels:
            yield f"labels.{label}", "missing"
    special = {f"{kind}-{certainty}" for kind in Kind for certainty in Certainty}
    for label, text in words.labels.items():
        if label not in LABELS:
            if label not in special:
                yield f"labels.{label}", f"unknown label{suggest(label, (*LABELS, *special))}"
            continue
        known = _FIELD.findall(LABELS[label])
        for name in _FIELD.findall(text):
            if name not in known:
                yield f"labels.{label}", f"{{{name}}} is never filled in{suggest(name, known)}"
