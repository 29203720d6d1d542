"""Whether a subscription wants an entry, and how soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.channels import Appetite, Cadence, Filter, Reason, ReasonCode, Subscription
from bot.domain.claims import Certainty, Claim
from bot.domain.entries import StoredEntry
from bot.domain.rulebook import Severity
from bot.engine.silence import Mutes

_CADENCES = list(Cadence)  #: the earliest first
_SEVERITIES = list(Severity)  #: the quietest first


@dataclass(frozen=True, slots=True)
class Wish:
    """What one subscription makes of one lead claim."""

    subscription: Subscription
    claim: Claim
    companies: tuple[str, ...]  #: the watched parties
    cadence: Cadence | None  #: None: not wanted
    silent: ReasonCode = ReasonCode.FILTERED  #: why not, where it is not wanted
    detail: str = ""  #: what filtered it, or muted it

    @property
    def wanted(self) -> bool:
        """False where the subscription leaves it out."""
        return self.cadence is not None

    @property
    def rank(self) -> tuple[int, int]:
        """The earliest cadence first, then the oldest subscription; what is not wanted last."""
        soon = len(_CADENCES) if self.cadence is None else _CADENCES.index(self.cadence)
        return soon, self.subscription.id

    def reason(self, code: ReasonCode, claim: Claim, detail: str = "") -> Reason:
        """Why, with the words that matched."""
        return Reason(code, self.subscription.id, self.companies, claim.rule, detail or self.detail)


def best_wish(
    subscriptions: Sequence[Subscription], entry: StoredEntry, claim: Claim, certainty: Certainty, mutes: Mutes
) -> Wish:
    """Of one channel's subscriptions the one that wants the entry soonest. `certainty`: the story's."""
    return min((_wish(s, entry, claim, certainty, mutes) for s in subscriptions), key=lambda w: w.rank)


def _wish(subscription: Subscription, entry: StoredEntry, claim: Claim, certainty: Certainty, mutes: Mutes) -> Wish:
    watched = tuple(p for p in claim.parties if p in subscription.watched)
    # A company left out does not hide its partner: who watches the partner wants to know.
    companies = tuple(p for p in watched if p not in subscription.filter.without)
    left_out = "without" if not companies else _left_out(subscription.filter, entry, claim, certainty)
    if not left_out and not claim.kind.is_move and subscription.appetite is Appetite.MOVES:
        left_out = "moves"
    if left_out:
        return Wish(subscription, claim, companies or watched, None, ReasonCode.FILTERED, left_out)
    if muted := mutes.all_of(companies):
        return Wish(subscription, claim, companies, None, ReasonCode.MUTED, muted)
    cadence = subscription.cadence
    if cadence is Cadence.AT_ONCE and not claim.kind.is_move and subscription.appetite is not Appetite.ALL:
        cadence = Cadence.DAILY  # other news of a company is quiet
    return Wish(subscription, claim, companies, cadence)


def _left_out(limits: Filter, entry: StoredEntry, claim: Claim, certainty: Certainty) -> str:
    """The first filter that leaves it out, by name; empty where none does."""
    checks = {
        "kinds": not limits.kinds or claim.kind in limits.kinds,
        "certainties": not limits.certainties or certainty in limits.certainties,
        "languages": not limits.languages or entry.reading.language in limits.languages,
        "outlets": not limits.outlets or not _outlet_names(entry).isdisjoint(map(str.casefold, limits.outlets)),
        "severity": _SEVERITIES.index(Severity(claim.severity)) >= _SEVERITIES.index(limits.severity),
    }
    return next((name for name, passes in checks.items() if not passes), "")


def _outlet_names(entry: StoredEntry) -> frozenset[str]:
    """The outlet as shown, and as an id is made from it."""
    name = (entry.entry.outlet or "").casefold()
    return frozenset({name, "-".join(name.split())})
