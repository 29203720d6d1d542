"""How well entries were joined to stories, counted by group: no entry is held against every other. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from bot.pipeline.gold import Gold

#: A gold entry and the story that came out for it, if any.
Joined = tuple[Gold, str | None]


@dataclass(frozen=True, slots=True)
class StoryFigures:
    """Stories over some entries. Only entries with an event count, but for `false_merges`."""

    right: int  #: pairs of entries that are one story and came out as one
    extra: int  #: pairs that came out as one and are not; related events are left out
    missed: int
    precision: float | None
    recall: float | None
    f1: float | None
    b_cubed_precision: float | None  #: each entry counts once, however large its story
    b_cubed_recall: float | None
    cross_language_recall: float | None  #: recall over the pairs in two languages
    cross_language_pairs: int
    events: int  #: events of several entries
    joined: int  #: those of them of which at least two entries came together
    related_joined: int  #: pairs of related events that came out as one: neither rewarded nor punished
    false_merges: int  #: entries without an event that share a story with something
    without_event: int


def measure_stories(entries: Sequence[Joined]) -> StoryFigures:
    """The figures; stories and events are compared within these entries only."""
    told = [(gold, story) for gold, story in entries if gold.event is not None]
    cells: dict[tuple[str | None, str], list[Gold]] = defaultdict(list)
    events: dict[str | None, list[Gold]] = defaultdict(list)
    stories: dict[str, list[Gold]] = defaultdict(list)
    for gold, story in told:
        events[gold.event].append(gold)
        if story is not None:
            stories[story].append(gold)
            cells[gold.event, story].append(gold)
    strangers = [
        _related(a, b) for members in stories.values() for a, b in combinations(members, 2) if a.event != b.event
    ]
    right, wanted = _pairs(cells.values()), _pairs(events.values())
    extra = strangers.count(False)
    crossing, crossing_wanted = _crossing(cells.values()), _crossing(events.values())
    several = [event for event, members in events.items() if len(members) > 1]
    together = {event for (event, _), members in cells.items() if len(members) > 1}
    precision, recall = _b_cubed(told, events, stories)
    sizes = Counter(story for _, story in entries if story is not None)
    outside = [story for gold, story in entries if gold.event is None]
    return StoryFigures(
        right=right,
        extra=extra,
        missed=wanted - right,
        precision=_share(right, right + extra),
        recall=_share(right, wanted),
        f1=_share(2 * right, right + extra + wanted),
        b_cubed_precision=_share(precision, len(told)),
        b_cubed_recall=_share(recall, len(told)),
        cross_language_recall=_share(crossing, crossing_wanted),
        cross_language_pairs=crossing_wanted,
        events=len(several),
        joined=len(together),
        related_joined=strangers.count(True),
        false_merges=sum(story is not None and sizes[story] > 1 for story in outside),
        without_event=len(outside),
    )


def _share(part: float, whole: int) -> float | None:
    return part / whole if whole else None


def _related(a: Gold, b: Gold) -> bool:
    return b.event in a.related or a.event in b.related


def _pairs(groups: Iterable[Sequence[Gold]]) -> int:
    return sum(_two_of(len(group)) for group in groups)


def _crossing(groups: Iterable[Sequence[Gold]]) -> int:
    """Pairs in two languages: all pairs but those in one."""
    return sum(
        _two_of(len(group)) - sum(map(_two_of, Counter(gold.lang for gold in group).values())) for group in groups
    )


def _two_of(n: int) -> int:
    return n * (n - 1) // 2


def _b_cubed(
    told: Sequence[Joined], events: dict[str | None, list[Gold]], stories: dict[str, list[Gold]]
) -> tuple[float, float]:
    """Sums over the entries: how much of its story belongs to it, how much of its event came with it."""
    precision = recall = 0.0
    for gold, story in told:
        company = [] if story is None else [x for x in stories[story] if x is not gold and not _related(gold, x)]
        fellows = 1 + sum(x.event == gold.event for x in company)
        precision += fellows / (1 + len(company))
        recall += fellows / len(events[gold.event])
    return precision, recall
