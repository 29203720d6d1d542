"""Reports as they were stored, with the company ids of today: what is told is compared by id."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.claims import Claim, OriginType
from bot.domain.entries import StoredEntry
from bot.domain.rulebook import Rulebook
from bot.domain.stories import StoryView


def of_today(view: StoryView, rulebook: Rulebook) -> StoryView:
    """The same view; a company that has another id today goes by that one."""
    if not rulebook.former:
        return view
    reports = (
        replace(r, claim=_claim(r.claim, rulebook), sides=tuple(_claim(c, rulebook) for c in r.sides))
        for r in view.reports
    )
    return replace(view, reports=tuple(reports))


def entry_of_today(entry: StoredEntry, rulebook: Rulebook) -> StoredEntry:
    """The same entry; a company of its claims that has another id today goes by that one."""
    if not rulebook.former:
        return entry
    claims = tuple(_claim(c, rulebook) for c in entry.reading.claims)
    return replace(entry, reading=replace(entry.reading, claims=claims))


def _claim(claim: Claim, rulebook: Rulebook) -> Claim:
    origin = claim.origin
    if origin is not None and origin.type is OriginType.PARTY:
        origin = replace(origin, name=_id(origin.name, rulebook))
    who, whom = (tuple(_id(c, rulebook) for c in side) for side in (claim.who, claim.whom))
    return replace(claim, who=who, whom=whom, origin=origin)


def _id(company: str, rulebook: Rulebook) -> str:
    return rulebook.former.get(f"company:{company}", company)
