"""`subscribe` behind its first word: who, what is left out, how much of it and when; every mistake at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import time

from bot.commands import times
from bot.commands.choices import CHOICES
from bot.commands.context import Context
from bot.commands.names import Unknown
from bot.commands.words import plain
from bot.domain.channels import Appetite, Cadence, Filter
from bot.domain.claims import Certainty, Kind
from bot.domain.rulebook import Severity

_FILTER = re.compile(r"([^:]+):(.*)", re.DOTALL)
#: No name, time or value goes on for longer than this many words.
_FAR = 8
_COMMA = re.compile(r"[,;、]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a line asks for."""

    watchlists: tuple[str, ...]
    companies: frozenset[str]
    filter: Filter
    appetite: Appetite
    cadence: Cadence
    digest_at: time | None
    weekday: int
    mistakes: tuple[str, ...]  #: each a line of its own; with any of them nothing may be done


def asked(ctx: Context, words: Sequence[str]) -> Asked:
    """Read the line."""
    line = _Line(ctx, list(_tokens(ctx, words)))
    line.read()
    return line.asked()


def unknown_name(ctx: Context, unknown: Unknown) -> str:
    """The sentence for a name we do not know."""
    if unknown.near is None:
        return ctx.say("unknown-name-plain", name=unknown.text)
    return ctx.say("unknown-name", name=unknown.text, near=unknown.near)


def _tokens(ctx: Context, words: Sequence[str]) -> Iterator[str]:
    """Words and commas; a filter in one piece with all its values, however they are spaced."""
    waiting = ""
    for word in words:
        found = _FILTER.fullmatch(word)
        if waiting or (found and ctx.vocabulary.find("filter", found[1])):
            waiting += word
            if not waiting.endswith((":", ",", ";", "、")):
                yield waiting
                waiting = ""
            continue
        yield from (part.strip() or "," for part in re.split(f"({_COMMA.pattern})", word) if part)
    if waiting:
        yield waiting


@dataclass(slots=True)
class _Line:
    """One line while it is read."""

    ctx: Context
    tokens: list[str]
    wanted: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    values: dict[str, frozenset[str]] = field(default_factory=dict)
    severity: Severity = Severity.LOW
    appetite: Appetite = Appetite.DEFAULT
    cadence: Cadence = Cadence.AT_ONCE
    digest_at: time | None = None
    weekday: int = 0
    mistakes: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Token by token: a filter, a word of ours, else part of a name."""
        names = self.wanted
        place = 0
        while place < len(self.tokens):
            token, rest = self.tokens[place], self.tokens[place : place + _FAR]
            place += 1
            taken = self._filter(rest) or self._when(rest) or self._how_much(token)
            if taken:
                names = self.wanted
                place += taken - 1
            elif without := self._without(token):
                names = self.left_out
                names += [token[without:]] if token[without:] else []
            elif token.startswith("-") and len(token) > 1:
                one = [token[1:], *rest[1:]]
                count = max(self.ctx.names.longest(one), 1)
                self.left_out += [",", *one[:count], ","]
                place += count - 1
            else:
                names.append(token)

    def asked(self) -> Asked:
        """All of it, the names looked up."""
        wanted, left_out = self._named(self.wanted), self._named(self.left_out)
        if not self.mistakes and not any(wanted):
            self.mistakes.append(self.ctx.say("subscribe-nothing"))
        lists, companies = wanted
        members = self._members(lists) | companies
        without = self._members(left_out[0]) | left_out[1]
        if members and members <= without:
            self.mistakes.append(self.ctx.say("subscribe-nobody-left"))
        return Asked(
            lists,
            companies,
            Filter(
                without=without,
                kinds=frozenset(Kind(k) for k in self.values.get("kind", ())),
                certainties=frozenset(Certainty(c) for c in self.values.get("certainty", ())),
                languages=self.values.get("lang", frozenset()),
                outlets=self.values.get("outlet", frozenset()),
                severity=self.severity,
            ),
            self.appetite,
            self.cadence,
            self.digest_at,
            self.weekday,
            tuple(dict.fromkeys(self.mistakes)),
        )

    def _members(self, lists: Sequence[str]) -> frozenset[str]:
        return frozenset[str]().union(*(self.ctx.names.watchlists[w].companies for w in lists))

    def _named(self, tokens: Sequence[str]) -> tuple[tuple[str, ...], frozenset[str]]:
        named = self.ctx.names.find(tokens)
        for unknown in named.unknown:
            if self.ctx.vocabulary.find("word", unknown.text) != "filler":
                self.mistakes.append(unknown_name(self.ctx, unknown))
        gone = [c for c in named.companies if c not in self.ctx.rulebook.companies]
        self.mistakes += [self.ctx.say("company-gone", company=self.ctx.company(c)) for c in gone]
        return named.watchlists, frozenset(named.companies)

    def _without(self, token: str) -> int:
        """How much of it says `without`: all, or in Chinese what stands right before a name; 0 where nothing does."""
        sizes = range(len(token), 0, -1) if not token.isascii() else [len(token)]
        size = next((n for n in sizes if self.ctx.vocabulary.find("word", token[:n]) == "without"), 0)
        return size if size == len(token) or self.ctx.names.find([token[size:]]) else 0

    # words of ours; each says how many tokens it took

    def _how_much(self, token: str) -> int:
        found = self.ctx.vocabulary.find("appetite", token)
        if found is None:
            return 0
        if found == Appetite.ALL and not self.wanted and found in self.ctx.names.watchlists:
            self.wanted += [found, ","]  # `subscribe all`: the list of everybody
        else:
            self.appetite = Appetite(found)
        return 1

    def _when(self, rest: Sequence[str]) -> int:
        vocabulary = self.ctx.vocabulary
        count = next((n for n in (2, 1) if vocabulary.find("cadence", "-".join(rest[:n]))), 0)
        if not count:
            return 0
        self.cadence = Cadence(vocabulary.find("cadence", "-".join(rest[:count])) or Cadence.AT_ONCE)
        if self.cadence is Cadence.AT_ONCE:
            return count
        for place, token in enumerate(rest[count:], start=count):
            day = vocabulary.find("weekday", token) if self.cadence is Cadence.WEEKLY else None
            at = times.clock(token)
            if day is not None:
                self.weekday = int(day)
            elif at is not None:
                self.digest_at = at
            elif plain(token) in ("uhr", "h"):
                pass
            elif vocabulary.find("word", token) == "filler":
                continue  # taken only with the day or time behind it
            else:
                break
            count = place + 1
        return count

    def _filter(self, rest: Sequence[str]) -> int:
        found = _FILTER.fullmatch(rest[0])
        name = self.ctx.vocabulary.find("filter", found[1]) if found else None
        if not found or not name:
            return 0
        values = [v.strip() for v in _COMMA.split(found[2]) if v.strip()]
        if not values:
            self.mistakes.append(self.ctx.say("filter-empty", filter=found[1]))
        choices = CHOICES[name](self.ctx)
        more = choices.spread(values, rest[1:])
        for value in values:
            if meant := choices.find(value):
                self._limit(name, meant)
            elif near := choices.nearest(value):
                self.mistakes.append(self.ctx.say("filter-unknown", filter=found[1], value=value, near=near))
            else:
                known = self.ctx.joined(choices.all())
                self.mistakes.append(self.ctx.say("filter-choices", filter=found[1], value=value, known=known))
        return 1 + more

    def _limit(self, name: str, meant: frozenset[str]) -> None:
        if name == "severity":
            self.severity = Severity(next(iter(meant)))
        else:
            self.values[name] = self.values.get(name, frozenset()) | meant
