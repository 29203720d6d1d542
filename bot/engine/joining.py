"""Whether a claim belongs to a story: merged only when sure, never on similar words alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.claims import Claim, Family
from bot.domain.stories import Story

#: How far a claim may lie from a story's last one; a company enters (or leaves) once.
WINDOWS = {family: timedelta(days=180 if family is Family.ENTRY else 90) for family in Family}
#: Reports of one happening mostly come within days.
SOON = timedelta(days=7)
LONGEST = max(WINDOWS.values())

_NAMED, _TITLE, _DATE, _PLACE, _COUNTRY = "named:", "title:", "date:", "place:", "country:"
#: Shared by half of all news: a year, two digits without a unit, and a country.
_WEAK = re.compile(r"date:\d{0,4}|amount:\d{0,2}|country:.*")


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a claim fits a story: what the two share."""

    parties: int
    anchors: int


def fit(story: Story, claim: Claim, when: datetime | None) -> Fit | None:
    """What joins the claim to the story; None where it is another happening. `when`: of the entry."""
    shared = story.parties & set(claim.parties)
    if not shared:
        return None
    anchors = story.anchors & set(claim.anchors)
    if story.family is not claim.kind.family and not _one_venture(story, claim, shared, anchors):
        return None
    if not _near(story, when, sure=len(shared) > 1 or _any(anchors, _NAMED)):
        return None
    near = when is not None and story.last_claim_at is not None and abs(when - story.last_claim_at) <= SOON
    if not _joins(story, claim, shared, anchors, near=near):
        return None
    return Fit(len(shared), len(anchors))


def _near(story: Story, when: datetime | None, *, sure: bool) -> bool:
    """Within the window, to either side: feeds bring old entries late. Without a date only a sure thing is."""
    if when is None or story.last_claim_at is None:
        return sure
    return abs(when - story.last_claim_at) <= WINDOWS[story.family]


def _joins(story: Story, claim: Claim, shared: Collection[str], anchors: Collection[str], *, near: bool) -> bool:
    same_kind = story.kind is claim.kind
    solid = [a for a in anchors if not _WEAK.fullmatch(a)]
    if story.family is Family.NEWS:
        # Everything a company does is news of it: one place or number would draw all of it into one story.
        undated = [a for a in solid if not a.startswith((_DATE, _PLACE))]
        places = _any(solid, _PLACE)  # a town and its region are one
        return _any(anchors, _NAMED) or _any(anchors, _TITLE) or len(undated) + places > 1
    if len(shared) > 1:
        return True
    if len(story.parties) > 1 and len(claim.parties) > 1:
        return False  # each has its own second party: Geely with Baidu is not Geely with Foxconn
    # within days a country is enough, unless each names a place of its own in it
    country = near and _any(anchors, _COUNTRY) and not (_any(story.anchors, _PLACE) and _any(claim.anchors, _PLACE))
    return same_kind and (story.family is Family.ENTRY or bool(solid) or country)


def _one_venture(story: Story, claim: Claim, shared: Collection[str], anchors: Collection[str]) -> bool:
    """Whether a venture and its plant are one happening: two parties, and a place, name or amount of both."""
    families = {story.family, claim.kind.family}
    solid = any(not _WEAK.fullmatch(a) for a in anchors)
    return families == {Family.ALLIANCE, Family.WORKS} and len(shared) > 1 and solid


def _any(anchors: Collection[str], prefix: str) -> bool:
    return any(a.startswith(prefix) for a in anchors)
