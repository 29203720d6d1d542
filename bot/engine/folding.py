"""How a story's certainty follows from its claims: only parties confirm, deny and cancel."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.claims import Certainty, Claim, OriginType
from bot.domain.stories import Change

_SAID = frozenset({Certainty.ANNOUNCED, Certainty.CONFIRMED})
_OPEN_QUESTION = frozenset({Certainty.RUMOUR, Certainty.DENIED})


def by_party(claim: Claim, parties: Collection[str]) -> bool:
    """Whether the claim is the word of a party: its own, or of the story's `parties`."""
    if claim.origin is None:
        return claim.certainty is not Certainty.RUMOUR
    return claim.origin.type is OriginType.PARTY and claim.origin.name in {*claim.parties, *parties}


def opening(claim: Claim) -> Certainty:
    """The certainty of a story this claim opens; what only a party can say is a rumour from anybody else."""
    needs_party = claim.certainty in (Certainty.CONFIRMED, Certainty.DENIED, Certainty.CANCELLED)
    return Certainty.RUMOUR if needs_party and not by_party(claim, ()) else claim.certainty


def fold(certainty: Certainty, claim: Claim, parties: Collection[str]) -> tuple[Certainty, Change]:
    """A story's certainty after one more lead claim, and whether that is a line or an edit."""
    after = _after(certainty, claim, by_party(claim, parties))
    return after, Change.EDITED if after is certainty else Change.LINE


def _after(now: Certainty, claim: Claim, party: bool) -> Certainty:
    said = claim.certainty
    if now is Certainty.CANCELLED or said is Certainty.RUMOUR:
        return now  # closed; or a party's word stands against hearsay
    if said in (Certainty.DENIED, Certainty.CANCELLED):
        return said if party else now
    if now in _OPEN_QUESTION:
        if not party:
            return now
        return Certainty.DONE if said is Certainty.DONE else Certainty.CONFIRMED
    if said is Certainty.DONE:
        # A party has said it before: that it happened can be seen by anybody, but not told by insiders.
        by_insiders = claim.origin is not None and claim.origin.type is OriginType.SOURCES
        return now if by_insiders else Certainty.DONE
    return now  # said once more


def reopens(claim: Claim, parties: Collection[str]) -> bool:
    """Whether a claim about a cancelled story is a new announcement."""
    return (claim.certainty in _SAID or claim.certainty is Certainty.DONE) and by_party(claim, parties)
