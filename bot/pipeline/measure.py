"""How well entries were read: each answer is judged alone, the judgements are counted. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.claims import Certainty
from bot.pipeline.gold import BACKGROUND, FLAGS, NOTHING_CLAIMED, Answer, Gold
from bot.pipeline.measure_stories import StoryFigures, measure_stories

#: Everything that is counted as right, extra or missed, in the order it is shown.
MEASURES = ("companies", *FLAGS, "relations", "pairs")
#: A language with fewer entries is shown among the others.
FEW, OTHERS = 5, "other"

_COARSE = {
    Certainty.RUMOUR: "open",
    Certainty.ANNOUNCED: "yes",
    Certainty.CONFIRMED: "yes",
    Certainty.DONE: "yes",
    Certainty.DENIED: "no",
    Certainty.CANCELLED: "no",
    BACKGROUND: BACKGROUND,
    NOTHING_CLAIMED: NOTHING_CLAIMED,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A gold entry and what came out for it."""

    gold: Gold
    answer: Answer


@dataclass(frozen=True, slots=True)
class Found:
    """One measure of one entry: the things found rightly, found for nothing, not found."""

    right: frozenset[Any]
    extra: frozenset[Any]
    missed: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Sureness:
    """The certainty of an entry that is worth an alert."""

    exact: bool
    coarse: bool  #: open, yes or no, whatever the shade
    told: bool  #: an alert came out at all


@dataclass(frozen=True, slots=True)
class Judgement:
    """All of one entry; a flag that is disputed is not in `found`."""

    found: Mapping[str, Found]
    sureness: Sureness | None  #: None where no alert is due, or whether one is is disputed
    false_alarm: bool | None  #: None where an alert is due, or whether one is is disputed


@dataclass(frozen=True, slots=True)
class Count:
    """Things found over many entries."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float | None:
        """How much of what was found is right; None where nothing was."""
        return share(self.right, self.right + self.extra)

    @property
    def recall(self) -> float | None:
        """How much of what there is was found; None where there is nothing."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both; None where nothing is and nothing was found."""
        return share(2 * self.right, 2 * self.right + self.extra + self.missed)


@dataclass(frozen=True, slots=True)
class SurenessFigures:
    """Certainty over the entries that are worth an alert."""

    entries: int
    accuracy: float | None
    coarse: float | None
    where_told: float | None  #: accuracy over those an alert came out for


@dataclass(frozen=True, slots=True)
class FalseAlerts:
    """Entries of one type that are worth no alert, and how many got one."""

    told: int
    entries: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything measured over some entries."""

    entries: int
    counts: Mapping[str, Count]  #: by MEASURES
    certainty: SurenessFigures
    false_alerts: Mapping[str, FalseAlerts]  #: by type
    stories: StoryFigures


def share(part: int, whole: int) -> float | None:
    """0 to 1; None of nothing."""
    return part / whole if whole else None


def judge(case: Case) -> Judgement:
    """What is right and wrong about one answer."""
    gold, answer = case.gold, case.answer
    found = {"companies": _compare(gold.companies, answer.companies, lambda c: c in gold.optional)}
    for flag in FLAGS:
        if flag not in gold.disputed:
            found[flag] = _compare(gold.flags & {flag}, answer.flags & {flag})
    found["relations"] = _compare(
        gold.relations, answer.relations, lambda r: r in gold.free_relations or _has_optional(gold, r)
    )
    found["pairs"] = _compare(gold.pairs, answer.pairs, lambda p: p in gold.free_pairs or _has_optional(gold, p))
    told = "alert" in answer.flags
    if "alert" in gold.disputed:
        return Judgement(found, None, None)
    if "alert" not in gold.flags:
        return Judgement(found, None, told)
    coarse = {_COARSE[c] for c in gold.certainties}
    sureness = Sureness(answer.certainty in gold.certainties, _COARSE.get(answer.certainty) in coarse, told)
    return Judgement(found, sureness, None)


def _compare(wanted: frozenset[Any], given: frozenset[Any], forgiven: Callable[[Any], bool] = lambda _: False) -> Found:
    """`forgiven`: neither right nor wrong unless it is wanted."""
    surplus = frozenset(thing for thing in given - wanted if not forgiven(thing))
    return Found(wanted & given, surplus, wanted - given)


def _has_optional(gold: Gold, link: tuple[str, ...]) -> bool:
    return not gold.optional.isdisjoint(link[:2])


def measure(cases: Sequence[Case]) -> Figures:
    """The figures over all the cases."""
    judged = [judge(case) for case in cases]
    alarms: dict[str, list[bool]] = defaultdict(list)
    for case, judgement in zip(cases, judged, strict=True):
        if judgement.false_alarm is not None:
            alarms[case.gold.type].append(judgement.false_alarm)
    return Figures(
        entries=len(cases),
        counts={name: _count(j.found[name] for j in judged if name in j.found) for name in MEASURES},
        certainty=_certainty([j.sureness for j in judged if j.sureness is not None]),
        false_alerts={kind: FalseAlerts(sum(told), len(told)) for kind, told in sorted(alarms.items())},
        stories=measure_stories([(case.gold, case.answer.story) for case in cases]),
    )


def _count(found: Iterable[Found]) -> Count:
    right = extra = missed = 0
    for one in found:
        right += len(one.right)
        extra += len(one.extra)
        missed += len(one.missed)
    return Count(right, extra, missed)


def _certainty(judged: Sequence[Sureness]) -> SurenessFigures:
    told = [s for s in judged if s.told]
    return SurenessFigures(
        entries=len(judged),
        accuracy=share(sum(s.exact for s in judged), len(judged)),
        coarse=share(sum(s.coarse for s in judged), len(judged)),
        where_told=share(sum(s.exact for s in told), len(told)),
    )


def by_language(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The most frequent language first; those with few entries together, last."""
    many = {lang for lang, n in Counter(c.gold.lang for c in cases).items() if n >= FEW}
    groups = _grouped(cases, lambda gold: gold.lang if gold.lang in many else OTHERS)
    return dict(sorted(groups.items(), key=lambda group: (group[0] == OTHERS, -len(group[1]), group[0])))


def by_type(cases: Sequence[Case]) -> dict[str, list[Case]]:
    """The most frequent kind of entry first."""
    groups = _grouped(cases, lambda gold: gold.type)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


def _grouped(cases: Iterable[Case], key: Callable[[Gold], str]) -> dict[str, list[Case]]:
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        groups[key(case.gold)].append(case)
    return groups
