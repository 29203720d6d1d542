"""Read many entries from a file as if they had come over time: one reading and one story each, nothing stored."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.claims import Claim, Reading
from bot.domain.entries import Entry, EntryId, StoredEntry
from bot.domain.stories import Change, Story, StoryId
from bot.engine.stories import assign
from bot.pipeline.live import Read

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
#: Undated entries come last; they still need a clock.
_END_OF_TIME = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """One line of the file."""

    id: str
    entry: Entry


def parse_line(line: Any) -> BatchEntry:
    """An entry from one JSON object; ValueError says what is wrong with it."""
    if not isinstance(line, dict) or not isinstance(line.get("id"), str):
        raise ValueError("needs an id")  # noqa: TRY004 - one kind of error for every mistake in the file
    for key in ("title", "text", "lang", "url", "date", "source"):
        if line.get(key) is not None and not isinstance(line[key], str):
            raise ValueError(f"{key} must be text")
    return BatchEntry(
        line["id"],
        Entry(
            title=line.get("title") or "",
            text=line.get("text") or "",
            link=line.get("url"),
            published=parse_date(line.get("date")),
            language=line.get("lang"),
        ),
    )


def parse_date(text: str | None) -> datetime | None:
    """`2021-02` counts as its first day; None where there is no date; ValueError for something else."""
    if not text:
        return None
    match = _DATE.match(text)
    if match is None:
        raise ValueError(f"date must be like 2021-02-19, not {text!r}")
    year, month, day = (int(g) if g else 1 for g in match.groups())
    return datetime(year, month, day, tzinfo=UTC)


def read_all(entries: Sequence[BatchEntry], read: Read, progress: Callable[[], None]) -> list[StoredEntry]:
    """Read each entry, in the order given."""
    stored = []
    for number, item in enumerate(entries, 1):
        stored.append(StoredEntry(EntryId(number), "file", item.entry, read(item.entry)))
        progress()
    return stored


def form_stories(entries: Sequence[StoredEntry]) -> dict[EntryId, StoryId]:
    """The story of each entry whose lead joined one; in order of date, undated last, ties as given."""
    order = sorted(entries, key=lambda e: (e.entry.when is None, e.entry.when or _END_OF_TIME))
    stories: dict[StoryId, Story] = {}
    by_party: dict[str, set[StoryId]] = defaultdict(set)
    joined: dict[EntryId, StoryId] = {}
    for entry in order:
        parties = {p for claim in entry.reading.claims for p in claim.parties}
        known = sorted({s for p in parties for s in by_party[p]})
        for update in assign([entry], [stories[s] for s in known], entry.entry.when or _END_OF_TIME):
            story = update.story
            if story.id == 0:
                story = story.with_id(StoryId(len(stories) + 1))
            stories[story.id] = story
            for party in story.parties:
                by_party[party].add(story.id)
            if any(e.entry == entry.id and e.change is not Change.SIDE for e in update.entries):
                joined[entry.id] = story.id
    return joined


def predict(id: str, reading: Reading, story: StoryId | None) -> dict[str, Any]:
    """One line out: what `evwatch read` prints of an entry."""
    lead = reading.lead
    claims = [c for c in reading.claims if not c.draft]
    return {
        "id": id,
        "companies": sorted(reading.companies),
        "ev": "ev" in reading.topics,
        "jv": "alliance" in reading.topics,
        "alert": bool(claims),
        "move": any(c.kind.is_move and not c.retold for c in claims),
        "certainty": _certainty(lead, claims),
        "relations": sorted({(*sorted(pair), c.kind.value) for c in claims for pair in c.pairs}),
        "story": None if story is None else f"S{story}",
    }


def _certainty(lead: Claim | None, claims: Sequence[Claim]) -> str | None:
    """The lead's; `background` where everything is told as known."""
    if lead is not None:
        return "background" if lead.retold else lead.certainty.value
    return "background" if claims else None


def predictions(entries: Sequence[BatchEntry], stored: Sequence[StoredEntry]) -> Iterator[dict[str, Any]]:
    """The predictions, in the order given."""
    stories = form_stories(stored)
    for item, entry in zip(entries, stored, strict=True):
        yield predict(item.id, entry.reading, stories.get(entry.id))
