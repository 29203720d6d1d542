"""A story as a message: platform-neutral, safe, within limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape

from bot.domain.channels import Channel, Part
from bot.domain.claims import Claim
from bot.domain.messages import Action, Message, SourceLink
from bot.domain.rulebook import Language, Rulebook, Severity
from bot.domain.stories import Change, Story, StoryId, StoryView, Told
from bot.engine.former import of_today
from bot.engine.hygiene import host_of, safe_link, shorten, shown
from bot.engine.notes import label_of, notes
from bot.engine.summaries import choose, day, first_line, say

#: Of a whole message as a platform gets it, with its escapes; what lies between pays for their own words and dates.
MAX_MESSAGE = 3000
_BUDGET = 2700
_MAX_QUOTE, _MAX_NOTE, _MAX_SOURCES = 600, 400, 5
#: What a platform adds to a link: brackets, date, separators.
_LINK_COST = 24
_LOUD = frozenset({Change.OPENED, Change.LINE})
#: What one can do about a story; the English words of the commands are understood in every language.
_ACTIONS = {"mute": "mute {} 7d", "why": "why {}", "story": "story {}", "useful": "useful {}", "useless": "useless {}"}


def compose(view: StoryView, part: Part, channel: Channel, rulebook: Rulebook) -> Message:
    """The message of a story: its root (and edit: the same, later), or the line that says what has changed."""
    voice, view = _Voice(channel, rulebook), of_today(view, rulebook)
    reports = _leads(view)
    head = _head(view.story, reports)
    if part is Part.LINE:
        return _fitted(voice.message(view.story, reports, (head,), changed=True))
    message = voice.message(view.story, reports, reports)
    linked = {source.label for source in message.sources}
    lines = notes(view.story, reports, head, rulebook, voice.language, linked=linked)
    return _fitted(
        replace(
            message,
            quote=shown(_quoted(view.story, reports, voice.language.code).quote, _MAX_QUOTE),
            notes=tuple(shown(n, _MAX_NOTE) for n in lines),
            actions=_actions(view.story, voice.language),
        )
    )


def digest(
    views: Sequence[StoryView],
    channel: Channel,
    rulebook: Rulebook,
    on: date,
    *,
    changed: Collection[StoryId] = (),
    label: str = "digest",
) -> Message:
    """One message with a line for each story, in the order given; `pages` cuts it to size.

    `changed`: those the channel knows, of which the line says what is new; `label`: of the first line.
    """
    voice = _Voice(channel, rulebook)
    items = []
    for view in (of_today(v, rulebook) for v in views):
        item = voice.message(view.story, _leads(view), _leads(view), changed=view.story.id in changed)
        items.append(_fitted(replace(item, sources=item.sources[:1])))
    label += "-one" if len(items) == 1 else ""
    return Message(
        first_line=say(voice.language, label, date=day(on, voice.language), count=str(len(items))),
        timezone=channel.timezone,
        language=voice.language.code,
        items=tuple(items),
    )


def overflow(count: int, feed: str, channel: Channel, languages: Mapping[str, Language]) -> Message:
    """The one line for all that was more than a feed's burst; `feed`: its title."""
    language = choose(languages, channel.language)
    label = "overflow-one" if count == 1 else "overflow"
    return Message(
        first_line=say(language, label, count=str(count), feed=shown(feed, 80)),
        timezone=channel.timezone,
        language=language.code,
    )


def pages(message: Message) -> tuple[Message, ...]:
    """A digest as messages that are each within the limit; no item and no link is lost."""
    cut: list[list[Message]] = [[]]
    room = start = _BUDGET - size(replace(message, items=()))
    for item in message.items:
        cost = size(item)
        if cost > room and cut[-1]:
            cut.append([])
            room = start
        cut[-1].append(item)
        room -= cost
    return tuple(replace(message, items=tuple(items)) for items in cut)


def size(message: Message) -> int:
    """How long a message is at most once a platform has escaped it."""
    lines = (message.first_line, message.quote, *message.notes)
    own = sum(len(escape(line)) + 2 for line in lines if line) + sum(map(_cost, message.sources))
    return own + sum(map(size, message.items))


def _cost(source: SourceLink) -> int:
    return len(escape(source.label)) + len(escape(source.url or "")) + _LINK_COST


def _leads(view: StoryView) -> tuple[Told, ...]:
    return tuple(r for r in view.reports if r.change is not Change.SIDE) or view.reports


def _head(story: Story, reports: Sequence[Told]) -> Told:
    """The report that made the story as sure as it is."""
    loud = [r for r in reports if r.change in _LOUD] or list(reports[:1])
    return next((r for r in reversed(loud) if r.certainty is story.certainty), loud[-1])


def _topic(head: Told, reports: Sequence[Told]) -> Claim:
    """What the first line is made from: the head's claim, with the parties of the fullest one of its kind.

    A cancellation often names one side only.
    """
    parties = set(head.claim.parties)
    same = [r.claim for r in reports if r.claim.kind is head.claim.kind and parties <= set(r.claim.parties)]
    full = max(same, key=lambda c: len(c.parties))
    return replace(head.claim, who=full.who, whom=full.whom)


class _Voice:
    """How a channel is spoken to."""

    def __init__(self, channel: Channel, rulebook: Rulebook) -> None:
        self.channel = channel
        self.rulebook = rulebook
        self.language = choose(rulebook.languages, channel.language)

    def message(
        self, story: Story, reports: Sequence[Told], linked: Sequence[Told], *, changed: bool = False
    ) -> Message:
        """First line and links; `linked`: the reports to link to."""
        head = _head(story, reports)
        line = first_line(
            _topic(head, reports),
            self.rulebook.named,
            self.language,
            label_of(head),
            story.certainty,
            changed=changed,
        )
        return Message(
            first_line=shown(line),
            sources=_sources(linked),
            ringing=any(r.claim.severity == Severity.HIGH for r in linked),
            timezone=self.channel.timezone,
            language=self.language.code,
            story=story.name,
            revision=story.revision,
        )


def _actions(story: Story, language: Language) -> tuple[Action, ...]:
    return tuple(
        Action(what, say(language, f"action-{what}"), words.format(story.name)) for what, words in _ACTIONS.items()
    )


def _sources(reports: Sequence[Told]) -> tuple[SourceLink, ...]:
    """Links, newest first; a link once, whatever feeds it came by."""
    dated = sorted(
        enumerate(reports), key=lambda r: (r[1].published.timestamp() if r[1].published else 0.0, r[0]), reverse=True
    )
    links: dict[tuple[str, str | None], SourceLink] = {}
    for _, report in dated:
        url = safe_link(report.link) if report.link else None
        label = label_of(report) or host_of(url)
        links.setdefault((url or label, url), SourceLink(label, url, report.published))
    with_link = [link for link in links.values() if link.url]
    return tuple((with_link or list(links.values()))[:_MAX_SOURCES])


def _quoted(story: Story, reports: Sequence[Told], language: str) -> Told:
    """The earliest report in the channel's language, else the earliest; one without a quote only where none has any.

    Of those from when the story became as sure as it is: no "is said to" stands below "confirmed".
    """
    quoted = [r for r in reports if r.quote] or list(reports)
    quoted = [r for r in quoted if r.certainty is story.certainty] or quoted
    return next((r for r in quoted if r.language == language), quoted[0])


def _fitted(message: Message) -> Message:
    """Shorten what can best be spared: the oldest links, then notes, then the quote."""
    while size(message) > _BUDGET:
        if len(message.sources) > 1:
            message = replace(message, sources=message.sources[:-1])
        elif message.notes:
            message = replace(message, notes=message.notes[:-1])
        elif len(message.quote) > 20:
            message = replace(message, quote=shorten(message.quote, len(message.quote) // 2))
        elif message.sources and message.sources[0].url:
            message = replace(message, sources=(replace(message.sources[0], url=None),))  # a link of ampersands
        else:
            break
    return message


__all__ = ["MAX_MESSAGE", "compose", "digest", "overflow", "pages", "safe_link", "shown", "size"]
