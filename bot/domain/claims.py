"""What was understood of an entry: mentions, claims, certainty, origin, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Kinds come in families; all but NEWS are moves."""

    ENTRY = "entry"
    ALLIANCE = "alliance"
    WORKS = "works"
    NEWS = "news"


class Kind(StrEnum):
    """What a claim says somebody does. A closed set."""

    EV_ENTRY = "ev-entry"
    EV_EXIT = "ev-exit"
    JOINT_VENTURE = "joint-venture"
    PARTNERSHIP = "partnership"
    INVESTMENT = "investment"
    ACQUISITION = "acquisition"
    CONTRACT_MANUFACTURING = "contract-manufacturing"
    TALKS = "talks"
    PLANT = "plant"
    PRODUCTION = "production"
    SUPPLY = "supply"
    EV_NEWS = "ev-news"

    @property
    def family(self) -> Family:
        """The family this kind belongs to."""
        return _FAMILIES[self]

    @property
    def is_move(self) -> bool:
        """True for every kind but ev-news."""
        return self is not Kind.EV_NEWS


_FAMILIES = {
    Kind.EV_ENTRY: Family.ENTRY,
    Kind.EV_EXIT: Family.ENTRY,
    Kind.JOINT_VENTURE: Family.ALLIANCE,
    Kind.PARTNERSHIP: Family.ALLIANCE,
    Kind.INVESTMENT: Family.ALLIANCE,
    Kind.ACQUISITION: Family.ALLIANCE,
    Kind.CONTRACT_MANUFACTURING: Family.ALLIANCE,
    Kind.TALKS: Family.ALLIANCE,
    Kind.PLANT: Family.WORKS,
    Kind.PRODUCTION: Family.WORKS,
    Kind.SUPPLY: Family.WORKS,
    Kind.EV_NEWS: Family.NEWS,
}


class Certainty(StrEnum):
    """How sure a claim or a story is. Only parties confirm, deny and cancel."""

    RUMOUR = "rumour"  #: no party has said it
    ANNOUNCED = "announced"  #: a party says it will
    CONFIRMED = "confirmed"  #: a party confirms what was rumoured
    DONE = "done"  #: signed, started, shown, delivered
    DENIED = "denied"
    CANCELLED = "cancelled"


class OriginType(StrEnum):
    """What kind of somebody said it first."""

    OUTLET = "outlet"
    SOURCES = "sources"  #: insiders, people familiar with the matter
    DOCUMENT = "document"
    PARTY = "party"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said it first."""

    name: str  #: as shown: the outlet's name, a company id for a party, the words of the text for sources
    type: OriginType


class Field(StrEnum):
    """The part of an entry some evidence stands in."""

    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words a rule saw; `getattr(entry, field)[start:end] == text`, in code points."""

    concept: str  #: a term list's id, `company:<id>`, or `cue:<name>`
    field: Field
    start: int
    end: int
    text: str


class Aboutness(StrEnum):
    """Whether a company is what the entry is about."""

    SUBJECT = "subject"
    PASSING = "passing"


@dataclass(frozen=True, slots=True)
class Mention:
    """A company the entry names, with every place where it does."""

    company: str
    aboutness: Aboutness
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Who does what with whom, how sure, and who said so first."""

    kind: Kind
    who: tuple[str, ...]  #: company ids; all parties where they are equals
    whom: tuple[str, ...]
    certainty: Certainty
    retold: bool
    origin: Origin | None  #: None: the entry's own outlet says it
    rule: str
    severity: str
    lead: bool
    evidence: tuple[Evidence, ...]
    anchors: tuple[str, ...] = ()  #: named things, places, amounts and dates the sentence names, normalised
    draft: bool = False  #: its rule is a draft: stored, never told

    @property
    def parties(self) -> tuple[str, ...]:
        """Who and whom, each once, in order."""
        return tuple(dict.fromkeys((*self.who, *self.whom)))

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Who with whom: who x whom, or every pair of equals; none for what companies do side by side."""
        if self.kind.family is not Family.ALLIANCE and self.kind is not Kind.SUPPLY:
            return ()
        if self.whom:
            return tuple((a, b) for a in self.who for b in self.whom if a != b)
        if self.kind in (Kind.INVESTMENT, Kind.CONTRACT_MANUFACTURING, Kind.SUPPLY):
            return ()  # both do it to somebody unnamed
        return tuple((a, b) for i, a in enumerate(self.who) for b in self.who[i + 1 :])


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was understood of one entry, or the reason why it could not be read."""

    language: str | None
    mentions: tuple[Mention, ...] = ()
    topics: tuple[str, ...] = ()  #: of `ev`, `alliance`
    claims: tuple[Claim, ...] = ()  #: the lead first
    did_not_comment: tuple[str, ...] = ()  #: company ids
    quote: str = ""  #: one or two sentences that carry the lead, plain text
    unread: str | None = None  #: why the entry could not be read

    @property
    def lead(self) -> Claim | None:
        """The one claim the entry is about, if any."""
        return self.claims[0] if self.claims and self.claims[0].lead else None

    @property
    def companies(self) -> tuple[str, ...]:
        """Ids of every company mentioned."""
        return tuple(m.company for m in self.mentions)
