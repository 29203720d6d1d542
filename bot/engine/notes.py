"""What stands below a story: who else, what else, what was before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from bot.domain.claims import Certainty, Claim, OriginType
from bot.domain.rulebook import Language, Rulebook
from bot.domain.stories import Change, Story, Told
from bot.engine.folding import by_party
from bot.engine.hygiene import host_of, shown
from bot.engine.summaries import certainty_word, company_name, join, say, short_line

_MAX_NAMES, _MAX_SIDES, _MAX_LABEL = 5, 3, 60
_NEGATIVE = frozenset({Certainty.DENIED, Certainty.CANCELLED})


def label_of(report: Told) -> str:
    """The outlet of a report as it is shown, else the host of its link."""
    return shown(report.outlet, _MAX_LABEL) or host_of(report.link)


def notes(
    story: Story,
    reports: Sequence[Told],
    head: Told,
    rulebook: Rulebook,
    language: Language,
    *,
    linked: Collection[str] = (),
) -> list[str]:
    """The lines below a story, the ones to keep longest first.

    `head`: the report its certainty comes from; `linked`: outlets that the message links to anyway.
    """
    found = [*_before(story, reports, head, language)]
    found += _objections(story, reports, rulebook, language)
    found += _outlets(story, reports, linked, language)
    found += _sides(story, reports, rulebook, language)
    if story.follows is not None:
        found.append(say(language, "follows", items=f"S{story.follows}"))
    if story.related:
        found.append(say(language, "related", items=join([f"S{i}" for i in story.related], language, limit=_MAX_NAMES)))
    return found


def _before(story: Story, reports: Sequence[Told], head: Told, language: Language) -> Iterator[str]:
    """What the story was before it became what it is, each once, in order; of a rumour who told it first."""
    past: dict[Certainty, Told] = {}
    for report in reports:
        if report.certainty is not story.certainty:
            past.setdefault(report.certainty, report)
    words = []
    for certainty, report in past.items():
        word = certainty_word(head.claim.kind, certainty, language)
        first = _first(report) if certainty is Certainty.RUMOUR else ""
        words.append(say(language, "told-by", what=word, name=first) if first else word)
    if words:
        yield say(language, "before", items=join(words, language))


def _first(report: Told) -> str:
    """The outlet that told a rumour first: the one the report names, else its own."""
    origin = report.claim.origin
    named = origin.name if origin is not None and origin.type is OriginType.OUTLET else ""
    return shown(named, _MAX_LABEL) or label_of(report)


def _objections(story: Story, reports: Sequence[Told], rulebook: Rulebook, language: Language) -> Iterator[str]:
    """Hearsay that goes on after a denial, and denials by somebody who is no party."""
    if story.certainty is Certainty.DENIED:
        denied = next((i for i, r in enumerate(reports) if r.certainty is Certainty.DENIED), len(reports))
        later = [label_of(r) for r in reports[denied:] if r.claim.certainty is Certainty.RUMOUR]
        if names := _names(later):
            yield say(language, "again", items=join(names, language, limit=_MAX_NAMES))
    no_party = [
        _speaker(r, rulebook, language)
        for r in reports
        if r.claim.certainty in _NEGATIVE and r.change is not Change.LINE and not by_party(r.claim, story.parties)
    ]
    if names := _names(no_party):
        yield say(language, "denied-by", items=join(names, language, limit=_MAX_NAMES))


def _speaker(report: Told, rulebook: Rulebook, language: Language) -> str:
    origin = report.claim.origin
    if origin is None or not origin.name:
        return label_of(report)
    return company_name(shown(origin.name, _MAX_LABEL), rulebook.named, language)


def _outlets(story: Story, reports: Sequence[Told], linked: Collection[str], language: Language) -> Iterator[str]:
    names = _names(label_of(r) for r in reports)
    outlets = max(len(story.outlets), len(names))
    if outlets < 2:
        return
    others = [n for n in names if n not in linked]
    origins = max(len(story.origins), 1)
    label = "counts-one" if origins == 1 else "counts"
    counts = say(language, label, origins=str(origins), outlets=str(outlets))
    if others:
        yield say(language, "also-counted", items=join(others, language, limit=_MAX_NAMES), counts=counts)
    else:
        yield counts


def _sides(story: Story, reports: Sequence[Told], rulebook: Rulebook, language: Language) -> Iterator[str]:
    """One line for what else the reports tell; at most three claims, each once."""
    lines = dict.fromkeys(
        short_line(claim, rulebook.named, language)
        for report in reports
        for claim in report.sides
        if not claim.draft and not _is_of(story, claim)
    )
    if lines:
        label = "also-in-more" if len(lines) > _MAX_SIDES else "also-in"
        yield say(language, label, items=join(list(lines)[:_MAX_SIDES], language, "claims"))


def _is_of(story: Story, claim: Claim) -> bool:
    return claim.kind.family is story.family and set(claim.parties) <= story.parties


def _names(labels: Iterable[str]) -> list[str]:
    return [name for name in dict.fromkeys(labels) if name]
