"""The rulebook: what the YAML under rules/ says, checked and immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.domain.claims import Certainty, Kind
from bot.domain.examples import Case, Example
from bot.domain.feeds import FeedSpec


class Status(StrEnum):
    """Life of a rule, company, list or feed in the files."""

    DRAFT = "draft"
    STABLE = "stable"
    RETIRED = "retired"


class Severity(StrEnum):
    """How loud a rule is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class NameKind(StrEnum):
    """What kind of name stands for a company."""

    ALIAS = "alias"
    PERSON = "person"
    PRODUCT = "product"
    TICKER = "ticker"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to write something, with an optional `*` at its start or end."""

    text: str
    needs: tuple[str, ...] = ()  #: ids of term lists, one of which must stand nearby for it to count
    exact: bool = False  #: only in this very case (`case: exact`); capitals-only phrases are so by themselves


@dataclass(frozen=True, slots=True)
class Alias:
    """A way to write a company's name, or one of its people, products or tickers."""

    phrase: Phrase
    kind: NameKind = NameKind.ALIAS


@dataclass(frozen=True, slots=True)
class Company:
    """Whom we know."""

    id: str
    name: str
    sector: tuple[str, ...] = ()
    aliases: tuple[Alias, ...] = ()
    not_meant: tuple[str, ...] = ()  #: longer names that swallow an alias and mean somebody else
    venture_of: tuple[str, ...] = ()  #: the parents of a joint venture
    formerly: tuple[str, ...] = ()  #: ids it had before


@dataclass(frozen=True, slots=True)
class WatchList:
    """Only a set of companies."""

    id: str
    title: str
    companies: frozenset[str]
    formerly: tuple[str, ...] = ()  #: ids it had before
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)  #: by language, where it is not `title`


@dataclass(frozen=True, slots=True)
class TermList:
    """Phrases by language code."""

    id: str
    title: str
    phrases: Mapping[str, tuple[Phrase, ...]]
    not_meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Cue(StrEnum):
    """What a grammar word of a language does in a sentence (docs/reading.md has a table)."""

    AND = "and"  #: joins names into one group
    WITH = "with"  #: brings in the other party
    BETWEEN = "between"  #: names equals: between A and B
    OF = "of"  #: the venture of A and B
    BY = "by"  #: the doer of a passive
    TO = "to"  #: the goal: a stake in B, supplies to B
    FROM = "from"  #: the giver: buys from B
    PASSIVE = "passive"  #: what comes before suffers it
    LABEL = "label"  #: role nouns: A supplier B: A only describes B
    ROLE = "role"  #: supplier, rival: the name before it means somebody else, named or not
    COMPARE = "compare"  #: rival of, like: no party
    CLAUSE = "clause"  #: a new clause begins: while, whereas
    SAY = "say"  #: the subject itself says so
    PLAN = "plan"  #: will, wants to, plans
    DONE = "done"  #: has happened: signed, opened
    PERFECT = "perfect"  #: has, have, hat, haben: done, unless something is only said or planned
    HEARSAY = "hearsay"  #: said to, reportedly: no party has said it
    HEARSAY_VERB = "hearsay-verb"  #: German soll: hearsay of a company, plan of a thing
    SOURCES = "sources"  #: insiders, people familiar
    REPORT = "report"  #: a report says; with an outlet's name that outlet is the origin
    REPORTED = "reported"  #: it was reported, by nobody named: hearsay, unless told as long known
    DOCUMENT = "document"  #: a filing, a memo
    FOUND = "found"  #: a venture comes into being
    CONFIRM = "confirm"
    DENY = "deny"
    NOT = "not"
    CANCEL = "cancel"
    SPECULATE = "speculate"  #: may, could
    REACTION = "reaction"  #: shares jump: what the market reacts to is known
    ALREADY = "already"  #: told as known
    PLUPERFECT = "pluperfect"  #: had shown: told as known
    CITING = "citing"  #: citing, unter Berufung auf: the outlet that follows said it first
    IT = "it"  #: the company, both: the subject named before
    NO_COMMENT = "no-comment"
    ABBREVIATION = "abbreviation"  #: a full stop after it ends no sentence


@dataclass(frozen=True, slots=True)
class FirstLine:
    """The words of the first line of a message in one language; `{}` fields are filled from the claim."""

    kinds: Mapping[Kind, str]
    certainty: Mapping[Certainty, str]
    labels: Mapping[str, str]  #: line, origin, and, with, sources, also, also-in, outlets, origins, ...


@dataclass(frozen=True, slots=True)
class Language:
    """One language as data: cues, months, words for the first line."""

    code: str
    name: str
    script: str  #: latin | han | kana | hangul
    common: tuple[str, ...]
    verb: str  #: second | svo | last
    months: tuple[tuple[str, ...], ...]  #: twelve tuples of spellings
    cues: Mapping[Cue, tuple[str, ...]]
    attribution: tuple[str, ...]  #: patterns with {outlet}, e.g. `according to {outlet}`
    first_line: FirstLine | None
    examples: tuple[Example, ...] = ()
    postpositions: bool = False  #: what introduces a name stands right behind it


@dataclass(frozen=True, slots=True)
class Outlet:
    """Who publishes."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are built: a country, a region or a town."""

    id: str
    name: str
    aliases: tuple[Phrase, ...] = ()  #: the name among them, unless one of them says how that spelling is matched
    not_meant: tuple[str, ...] = ()  #: longer phrases that swallow a spelling and mean something else
    country: bool = False  #: shared by half of all news: joins nothing


class Within(StrEnum):
    """How near together the lines of a rule must hold."""

    CLAUSE = "clause"  #: the part of the sentence the anchor stands in
    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Companies:
    """At least so many different known companies."""

    count: int
    within: Within
    fields: frozenset[str]  #: of title, text


@dataclass(frozen=True, slots=True)
class Terms:
    """A phrase of this term list stands there."""

    list_id: str
    within: Within
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sector:
    """A company of one of these sectors stands there."""

    sectors: frozenset[str]
    within: Within
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of these lines holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of these lines hold."""

    conditions: tuple[Condition, ...]


Condition = Companies | Terms | Sector | AnyOf | AllOf


class Parties(StrEnum):
    """How the parties of a claim stand to each other."""

    BETWEEN = "between"
    FROM_TO = "from-to"
    ONE = "one"


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes a claim."""

    id: str
    title: str
    kind: Kind
    parties: Parties
    status: Status
    severity: Severity
    all: tuple[Condition, ...]
    none: tuple[Condition, ...] = ()
    known_false_alarms: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    formerly: tuple[str, ...] = ()  #: ids it had before
    file: str = ""
    line: int = 0

    @property
    def anchor(self) -> str | None:
        """The term list of the first `terms` line within the sentence: parties are read around it."""
        for c in self.all:
            for t in c.conditions if isinstance(c, AnyOf | AllOf) else (c,):
                if isinstance(t, Terms) and t.within is Within.SENTENCE:
                    return t.list_id
        return None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All of it. Built once by bot.rulebook, handed to the engine, swapped whole."""

    companies: Mapping[str, Company] = field(default_factory=dict)
    watchlists: Mapping[str, WatchList] = field(default_factory=dict)
    terms: Mapping[str, TermList] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(default_factory=dict)
    outlets: Mapping[str, Outlet] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    feeds: Mapping[str, FeedSpec] = field(default_factory=dict)
    hash: str = ""  #: of everything read, hex
    origins: Mapping[str, str] = field(default_factory=dict)  #: `company:nio` -> the file that won
    former: Mapping[str, str] = field(default_factory=dict)  #: `company:old-id` -> the id of today
    departed: Mapping[str, Company] = field(default_factory=dict)  #: gone from the rules: only their names are left

    @property
    def named(self) -> Mapping[str, Company]:
        """Every company that has a name to show: of today, by an id it had before, or gone from the rules."""
        if not self.former and not self.departed:
            return self.companies
        former = {old: company for company in self.companies.values() for old in company.formerly}
        return {**self.departed, **former, **self.companies}

    def remembering(self, names: Mapping[str, str]) -> Rulebook:
        """The same rules, with the names (id -> name) of companies that are no longer in them."""
        gone = (key for key in names if key not in self.companies and f"company:{key}" not in self.former)
        return replace(self, departed={key: Company(key, names[key]) for key in sorted(gone)})
