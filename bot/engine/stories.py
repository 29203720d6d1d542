"""Assign claims to stories: one happening, told by several entries over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.claims import Certainty, Claim, Family, OriginType
from bot.domain.entries import StoredEntry
from bot.domain.stories import Change, Story, StoryEntry, StoryId, StoryUpdate
from bot.engine.folding import fold, opening, reopens
from bot.engine.hygiene import host_of
from bot.engine.joining import LONGEST, Fit, fit


def since(now: datetime) -> datetime:
    """How far back the last claim of a story may lie that a poll can still join."""
    return now - 2 * LONGEST  # a window counts from the entry's own date, which may lie a window back


def assign(entries: Sequence[StoredEntry], open_stories: Sequence[Story], now: datetime) -> list[StoryUpdate]:
    """What the entries of one poll do to the stories; the order they come in makes no difference."""
    desk = _Desk(open_stories, now)
    ordered = sorted(entries, key=_order)
    for entry in ordered:
        lead = leading(entry)
        if lead is not None:
            desk.lead(entry, lead)
    for entry in ordered:  # after all leads: a side claim finds the story its poll has opened
        lead = leading(entry)
        for claim in entry.reading.claims:
            if claim is not lead and not claim.draft:
                desk.side(entry, claim)
    return desk.updates()


def leading(entry: StoredEntry) -> Claim | None:
    """The claim of an entry that may open a story, if there is one."""
    lead = entry.reading.lead
    quiet = lead is None or lead.retold or lead.draft or entry.same_as is not None
    return None if quiet else lead


def outlet_of(entry: StoredEntry) -> str:
    """Who publishes the entry: its outlet, else the host of its link, else its feed."""
    return entry.entry.outlet or host_of(entry.entry.link) or entry.feed


def origin_of(entry: StoredEntry, claim: Claim) -> str:
    """Who says it, for counting: ten copies of one wire are one origin."""
    if claim.origin is None or claim.origin.type is OriginType.PARTY:
        return outlet_of(entry)
    return claim.origin.name or outlet_of(entry)


def _order(entry: StoredEntry) -> tuple[bool, float, str, str, str, str, int]:
    e = entry.entry
    when = e.when
    return (
        when is None,
        when.timestamp() if when else 0.0,
        e.link or "",
        e.title,
        e.text,
        e.outlet or "",
        entry.id,
    )


@dataclass(slots=True, eq=False)
class _Draft:
    """A story while the poll is worked on."""

    before: Story | None
    story: Story
    age: int  #: lower is older
    entries: list[StoryEntry] = field(default_factory=list)
    leads: list[StoredEntry] = field(default_factory=list)
    joined: set[int] = field(default_factory=set)  #: ids of entries that have a part in it
    follows: _Draft | None = None  #: the cancelled story that this one takes up

    def add(self, entry: StoredEntry, claim: Claim, change: Change) -> None:
        self.entries.append(StoryEntry(entry.id, claim, change, self.story.certainty))
        self.joined.add(entry.id)
        if change is not Change.SIDE:
            self.leads.append(entry)

    def finished(self) -> StoryUpdate:
        story = self.story
        visible = {e.change for e in self.entries} & {Change.LINE, Change.EDITED}
        if self.before is not None and visible:
            story = replace(story, revision=self.before.revision + 1)  # one step a poll: it is told once
        return StoryUpdate(self.before, story, tuple(self.entries), tuple(self.leads))


class _Desk:
    """The stories a poll may join, found by party."""

    def __init__(self, stories: Iterable[Story], now: datetime) -> None:
        self._now = now
        self._drafts: list[_Draft] = []
        self._touched: dict[_Draft, None] = {}
        self._by_party: dict[tuple[Family, str], dict[_Draft, None]] = defaultdict(dict)
        ids: dict[StoryId, _Draft] = {}
        for story in sorted(stories, key=lambda s: (s.opened_at, s.id)):
            draft = ids[story.id] = self._take(story, story)
            if story.follows is not None:
                draft.follows = ids.get(story.follows)

    def lead(self, entry: StoredEntry, claim: Claim) -> None:
        """Join the best story or open one."""
        fits = self._fits(entry, claim)
        if not fits:
            self._open(entry, claim, None)
            return
        best = fits[0]
        when = entry.entry.when
        if best.story.closed and reopens(claim, best.story.parties):
            last = best.story.last_claim_at
            if when is None or last is None or when >= last:
                self._open(entry, claim, best)
                return
        self._join(best, entry, claim)
        self._relate(fits)

    def side(self, entry: StoredEntry, claim: Claim) -> None:
        """Let a claim be found with the story it belongs to; it changes nothing there."""
        fits = self._fits(entry, claim)
        if fits and entry.id not in fits[0].joined:
            fits[0].add(entry, claim, Change.SIDE)
            self._touched[fits[0]] = None

    def updates(self) -> list[StoryUpdate]:
        return [draft.finished() for draft in self._touched]

    def _take(self, before: Story | None, story: Story) -> _Draft:
        draft = _Draft(before, story, age=len(self._drafts))
        self._drafts.append(draft)
        self._index(draft)
        return draft

    def _index(self, draft: _Draft) -> None:
        for party in draft.story.parties:
            self._by_party[draft.story.family, party][draft] = None

    def _fits(self, entry: StoredEntry, claim: Claim) -> list[_Draft]:
        """The stories this claim may belong to, best first; ties to the older."""
        near = {d: None for party in claim.parties for d in self._by_party[claim.kind.family, party]}
        found: dict[_Draft, Fit] = {}
        for draft in near:
            how = fit(draft.story, claim, entry.entry.when)
            if how is not None:
                found[draft] = how
        # A cancelled story has handed over to the one that takes it up.
        over = {d.follows for d in found if d.follows is not None}
        left = [d for d in found if d not in over]
        return sorted(left, key=lambda d: (-found[d].parties, -found[d].anchors, d.age))

    def _open(self, entry: StoredEntry, claim: Claim, follows: _Draft | None) -> None:
        certainty = opening(claim)
        story = Story(
            id=StoryId(0),
            kind=claim.kind,
            parties=frozenset(claim.parties),
            anchors=frozenset(claim.anchors),
            certainty=certainty,
            revision=1,
            opened_at=self._now,
            last_claim_at=entry.entry.when,
            changed_at=self._now,
            closed=certainty is Certainty.CANCELLED,
            # A story of this very poll has no id to point at yet.
            follows=(follows.story.id or None) if follows else None,
            origins=frozenset({origin_of(entry, claim)}),
            outlets=frozenset({outlet_of(entry)}),
            languages=_languages(entry),
        )
        draft = self._take(None, story)
        draft.follows = follows
        draft.add(entry, claim, Change.OPENED)
        self._touched[draft] = None

    def _join(self, draft: _Draft, entry: StoredEntry, claim: Claim) -> None:
        old = draft.story
        certainty, change = fold(old.certainty, claim, old.parties)
        # A partner in an entry is no second enterer: its own entry is its own story.
        parties = old.parties if old.family is Family.ENTRY else old.parties | set(claim.parties)
        origin, outlet = origin_of(entry, claim), outlet_of(entry)
        again = outlet in old.outlets and origin in old.origins and parties == old.parties
        if change is Change.EDITED and again:
            change = Change.NOTHING
        draft.story = replace(
            old,
            parties=parties,
            anchors=old.anchors | set(claim.anchors),
            certainty=certainty,
            last_claim_at=max(filter(None, (old.last_claim_at, entry.entry.when)), default=None),
            changed_at=self._now if change is Change.LINE else old.changed_at,
            closed=old.closed or certainty is Certainty.CANCELLED,
            origins=old.origins | {origin},
            outlets=old.outlets | {outlet},
            languages=old.languages | _languages(entry),
        )
        draft.add(entry, claim, change)
        self._touched[draft] = None
        if parties != old.parties:
            self._index(draft)

    def _relate(self, fits: Sequence[_Draft]) -> None:
        """A bridge: told stories are never merged, but each says that the other is there."""
        known = [d for d in fits if d.story.id]
        best = fits[0]
        if best not in known:
            return
        for other in known[1:]:
            for a, b in ((best, other), (other, best)):
                if b.story.id not in a.story.related:
                    a.story = replace(a.story, related=(*a.story.related, b.story.id))
                    self._touched[a] = None


def _languages(entry: StoredEntry) -> frozenset[str]:
    return frozenset((entry.reading.language,)) if entry.reading.language else frozenset()


__all__ = ["assign", "fold", "leading", "origin_of", "outlet_of", "since"]
