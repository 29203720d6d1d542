"""Examples and cases: what the rules promise, held against what the engine reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.claims import Claim, Mention, OriginType, Reading
from bot.domain.entries import Entry, EntryId, StoredEntry
from bot.domain.examples import Case, Example, Expected
from bot.domain.rulebook import Parties, Rulebook
from bot.domain.stories import Change, Story, StoryId, StoryUpdate
from bot.errors import Problem

Read = Callable[[Entry], Reading]
Assign = Callable[[Sequence[StoredEntry], Sequence[Story], datetime], Sequence[StoryUpdate]]
#: Called with a name before each rule, language or case is run.
Progress = Callable[[str], None]

_NOON = time(12, tzinfo=UTC)
_NO_DATE = date(2024, 1, 1)  # of a case whose first entry has none


def run_examples(rulebook: Rulebook, read: Read, progress: Progress | None = None) -> list[Problem]:
    """A Problem for every example of a rule or a language that does not come out as it says."""
    problems: list[Problem] = []
    for name, rule_id, examples in _examples(rulebook):
        if progress:
            progress(name)
        for number, example in enumerate(examples, 1):
            wrong = _example_wrong(rulebook, example, rule_id, read)
            if wrong:
                problems.append(Problem(example.file, example.line, f"examples.{number}", wrong))
    return problems


def run_cases(rulebook: Rulebook, read: Read, assign: Assign, progress: Progress | None = None) -> list[Problem]:
    """A Problem for every expectation of a case that does not hold."""
    problems: list[Problem] = []
    for case in rulebook.cases.values():
        if progress:
            progress(f"case {case.id}")
        try:
            played = _play(rulebook, case, read, assign)
        except Exception as error:  # noqa: BLE001 - one case never hides the others
            problems.append(Problem(case.file, case.line, "entries", _crash(error)))
            continue
        problems += (Problem(case.file, case.line, path, wrong) for path, wrong in _case_wrong(rulebook, case, played))
    return problems


def _examples(rulebook: Rulebook) -> Iterator[tuple[str, str | None, tuple[Example, ...]]]:
    for rule in rulebook.rules.values():
        yield f"rule {rule.id}", rule.id, rule.examples
    for language in rulebook.languages.values():
        yield f"language {language.code}", None, language.examples


# examples


def _example_wrong(rulebook: Rulebook, example: Example, rule_id: str | None, read: Read) -> str | None:
    """What is wrong with an example's reading, or None. `rule_id` None: any rule may fire."""
    when = _at(example.date)
    entry = Entry(title=example.title, text=example.text, published=when, seen_at=when, language=example.language)
    try:
        reading = read(entry)
    except Exception as error:  # noqa: BLE001 - one example never hides the others
        return f"{_crash(error)}\n{_sentences(entry, None)}"
    claims = sorted(reading.claims, key=lambda claim: not claim.lead)
    own = [claim for claim in claims if rule_id in (None, claim.rule)]
    expect = example.expect
    if (not own) if expect is None else any(_fits(rulebook, claim, expect, rule_id) for claim in own):
        return None
    wanted = "nothing" if expect is None else told(expect)
    # Claims of other rules are shown: they are often what should have been of this one.
    got = "; ".join(_claim(claim, rule_id) for claim in (own if expect is None else claims)) or "nothing"
    if reading.unread:
        got = f"nothing: {reading.unread}"
    return f"expected {wanted}, got {got}\n{_sentences(entry, reading)}"


def _fits(rulebook: Rulebook, claim: Claim, expect: Expected, rule_id: str | None) -> bool:
    """True where the claim has everything that is expected; equals are compared as sets."""
    rule = rulebook.rules.get(rule_id or claim.rule)
    equals = rule is not None and rule.parties is Parties.BETWEEN
    return (
        (expect.kind is None or claim.kind is expect.kind)
        and _same(claim.who, expect.who, equals)
        and _same(claim.whom, expect.whom, equals)
        and (expect.certainty is None or claim.certainty is expect.certainty)
        and (expect.retold is None or claim.retold is expect.retold)
        and (expect.origin is None or _says(rulebook, claim, expect.origin))
    )


def _same(got: tuple[str, ...], expected: tuple[str, ...] | None, equals: bool) -> bool:
    return expected is None or (set(got) == set(expected) if equals else got == expected)


def _says(rulebook: Rulebook, claim: Claim, origin: str) -> bool:
    """True where the claim's origin is this one: its name, an outlet's id, or the word `sources` or `document`."""
    if claim.origin is None:
        return False
    outlet = rulebook.outlets.get(origin)
    names = {origin.casefold(), outlet.name.casefold() if outlet else ""}
    loose = claim.origin.type in (OriginType.SOURCES, OriginType.DOCUMENT) and claim.origin.type == origin
    return loose or claim.origin.name.casefold() in names


def told(expect: Expected) -> str:
    """What is expected, in words: `joint-venture of geely, foxconn (announced)`."""
    what = str(expect.kind or "a claim")
    if expect.who is not None:
        what += f" of {', '.join(expect.who) or 'nobody'}"
    if expect.whom is not None:
        what += f" -> {', '.join(expect.whom) or 'nobody'}"
    retold = None if expect.retold is None else "retold" if expect.retold else "not retold"
    origin = f"origin {expect.origin}" if expect.origin else None
    return what + _brackets(expect.certainty, retold, origin)


def _claim(claim: Claim, rule_id: str | None) -> str:
    whom = f" -> {', '.join(claim.whom)}" if claim.whom else ""
    origin = f"origin {claim.origin.name}" if claim.origin else None
    rule = None if claim.rule == rule_id else f"rule {claim.rule}"
    brackets = _brackets(claim.certainty, "retold" if claim.retold else None, origin, rule)
    return f"{claim.kind} of {', '.join(claim.who)}{whom}{brackets}"


def _brackets(*words: str | None) -> str:
    inside = ", ".join(word for word in words if word)
    return f" ({inside})" if inside else ""


def _sentences(entry: Entry, reading: Reading | None) -> str:
    """Title and text of an example, indented, with the evidence between brackets."""
    lines = [_marked(entry, "title", reading), _marked(entry, "text", reading)]
    return "\n".join(f"    {line}" for line in lines if line)


def _marked(entry: Entry, name: str, reading: Reading | None) -> str:
    text: str = getattr(entry, name)
    holders: tuple[Claim | Mention, ...] = (*reading.claims, *reading.mentions) if reading else ()
    evidence = [e for holder in holders for e in holder.evidence]
    cut = len(text)
    for start, end in sorted({(e.start, e.end) for e in evidence if e.field == name}, reverse=True):
        if start < end <= cut:  # the last of overlapping ones
            text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
            cut = start
    return " ".join(text.split())


def _crash(error: Exception) -> str:
    return f"could not be read: {type(error).__name__}: {error}"


# cases


@dataclass(slots=True)
class _Played:
    """What a case's entries made."""

    stories: dict[StoryId, Story] = field(default_factory=dict)
    lines: int = 0


def _play(rulebook: Rulebook, case: Case, read: Read, assign: Assign) -> _Played:
    """The entries one after the other, each as a poll of its own, with the stories so far."""
    played = _Played()
    now = datetime.combine(_NO_DATE, _NOON)
    for number, written in enumerate(case.entries, 1):
        now = max(_at(written.date) or now, now) + timedelta(minutes=1)  # arrival is the order they are written in
        outlet = rulebook.outlets.get(written.outlet or "")
        entry = Entry(
            title=written.title,
            text=written.text,
            published=_at(written.date) or now,
            seen_at=now,
            outlet=outlet.name if outlet else written.outlet,
            language=written.language,
        )
        stored = StoredEntry(id=EntryId(number), feed="case", entry=entry, reading=read(entry))
        for update in assign([stored], list(played.stories.values()), now):
            story_id = update.story.id or StoryId(len(played.stories) + 1)
            played.stories[story_id] = update.story.with_id(story_id)
            played.lines += sum(part.change is Change.LINE for part in update.entries)
    return played


def _case_wrong(rulebook: Rulebook, case: Case, played: _Played) -> Iterator[tuple[str, str]]:
    """(path, message) of every expectation that does not hold."""
    stories = list(played.stories.values())
    got = "; ".join(f"{s.name} {s.kind} of {', '.join(sorted(s.parties))} ({s.certainty})" for s in stories)
    shown = f"\n    {got}" if got else ""
    if case.stories is not None and case.stories != len(stories):
        yield "expect.stories", f"expected {case.stories}, got {len(stories)}{shown}"
    last = stories[-1].certainty if stories else None
    if case.certainty is not None and case.certainty is not last:
        yield "expect.certainty", f"expected {case.certainty}, got {last or 'no story'}{shown}"
    if case.lines is not None and case.lines != played.lines:
        yield "expect.lines", f"expected {case.lines}, got {played.lines}{shown}"


def _at(day: date | None) -> datetime | None:
    return datetime.combine(day, _NOON) if day else None
