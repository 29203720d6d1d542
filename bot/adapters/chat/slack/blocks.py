"""Message -> top-level text, blocks and metadata of a Slack message.

Foreign text stands in rich_text and plain_text only, where every character is itself: no mention, broadcast, emoji or
link can come of it. Addresses stand in `link` elements alone, each with its host shown. The text beside the blocks,
for notifications and screen readers, says the whole of it, escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.adapters.chat import ever_shorter, plain_lines, safe_link, shown_date
from bot.domain.channels import Outgoing, Part
from bot.domain.messages import Action, Message, SourceLink

Json = dict[str, Any]

#: The metadata's type; its `key` is what an uncertain message is looked for by.
EVENT = "evwatch_message"
#: Before a command whose form is asked for: `form:mute S42 7d`.
FORM = "form:"
#: Of the text with its addresses; Slack takes 4,000 in an update.
MOST = 3000
#: What Slack's blocks allow, in characters; of options in a menu.
_MOST_LABEL, _MOST_VALUE, _MOST_LINK, _MOST_OPTIONS = 75, 150, 3000, 5
#: Yesterday, today, or Feb 18, 2014: in the reader's language and zone.
_DATE = "{date_short_pretty}"
_LAST_DATE = 2**32
_VISIBLE = 2
_BETWEEN = " · "


def content(outgoing: Outgoing) -> Json:
    """All that is said; too much of it is left out from the end, and that is shown."""
    message = _fitting(outgoing.message)
    bold = outgoing.part in (Part.ROOT, Part.EDIT, Part.DIGEST)
    return {"text": story_text(message), "blocks": story_blocks(message, bold=bold), "metadata": _metadata(outgoing)}


def plain(outgoing: Outgoing, *, metadata: bool) -> Json:
    """The same without blocks, its addresses in the text."""
    text = story_text(_fitting(outgoing.message), addresses=True)
    return {"text": text, "blocks": [], "metadata": _metadata(outgoing) if metadata else {}}


def story_text(message: Message, *, addresses: bool = False) -> str:
    """The whole message as Slack's top-level text."""
    return escaped("\n".join(plain_lines(message, addresses=addresses)))


def escaped(text: str) -> str:
    """The three characters that mean something, the ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def story_blocks(message: Message, *, bold: bool = True) -> list[Json]:
    """One message: its lines, what is noted below, what can be done about it."""
    stands_alone = bool(message.sources or message.story)
    below = _BETWEEN.join(filter(None, (*message.notes, message.story))) if stands_alone else ""
    lines = [_text(message.first_line, "bold" if bold else None)]
    more = [_joined(_sources(message))] if message.sources else []
    more += [] if stands_alone else [_text(note) for note in message.notes]
    if message.quote:
        parts = [_section(lines), {"type": "rich_text_quote", "elements": _text(message.quote)}]
        parts += [_section(more)] if more else []
    else:
        parts = [_section([*lines, *more])]
    if message.items:
        items = [_section(_item(item)) for item in message.items]
        parts.append({"type": "rich_text_list", "style": "bullet", "elements": items})
    found: list[Json] = [{"type": "rich_text", "elements": parts}]
    found += [{"type": "context", "elements": [_plain(below)]}] if below else []
    return found + _actions(message.actions)


def lines_block(lines: Iterable[str]) -> Json:
    """Plain lines below each other."""
    return {"type": "rich_text", "elements": [_section([_text(line) for line in lines])]}


def _fitting(message: Message) -> Message:
    for shorter in ever_shorter(message):
        message = shorter
        if len(story_text(message, addresses=True)) <= MOST:
            break
    return message


def _metadata(outgoing: Outgoing) -> Json:
    message = outgoing.message
    payload = {
        "key": outgoing.key,
        "part": outgoing.part.value,
        "story": message.story,
        "revision": message.revision,
        "stories": [item.story for item in message.items if item.story],
    }
    return {"event_type": EVENT, "event_payload": {name: value for name, value in payload.items() if value}}


# --------------------------------------------------------------------------------------------------------------- lines


def _item(message: Message) -> list[list[Json]]:
    """A story of a digest, as lines."""
    notes = (_text(words) for words in (*message.notes, message.story or "") if words)
    lines = (
        _text(message.first_line, "bold"),
        _text(message.quote, "italic"),
        _joined([*_sources(message), *notes]),
    )
    return [line for line in lines if line]


def _section(lines: Sequence[list[Json]]) -> Json:
    return {"type": "rich_text_section", "elements": _joined(lines, "\n")}


def _joined(groups: Iterable[list[Json]], between: str = _BETWEEN) -> list[Json]:
    """The groups, with words between them; plain text beside plain text is one."""
    elements: list[Json] = []
    for group in groups:
        for element in (*(_text(between) if elements else ()), *group):
            if elements and _is_plain(elements[-1]) and _is_plain(element):
                elements[-1] = {**element, "text": elements[-1]["text"] + element["text"]}
            else:
                elements.append(element)
    return elements


def _is_plain(element: Json) -> bool:
    return element.keys() == {"type", "text"}


def _text(words: str, style: str | None = None) -> list[Json]:
    if not words:  # Slack refuses an element without any
        return []
    return [{"type": "text", "text": words, "style": {style: True}} if style else {"type": "text", "text": words}]


def _sources(message: Message) -> list[list[Json]]:
    """Of each its outlet, the host where that is another word, the date."""
    return [_source(source, message) for source in dict.fromkeys(message.sources)]


def _source(source: SourceLink, message: Message) -> list[Json]:
    url = safe_link(source.url)
    if url is None or len(url) > _MOST_LINK:
        elements, host = _text(source.label), ""
    else:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        elements = [{"type": "link", "url": url, "text": source.label or host}]
    behind = [_text(host) if host != source.label else [], _date(source, message)]
    told = _joined(filter(None, behind), ", ")
    return _joined([elements, _text(" ("), told, _text(")")], "") if told else elements


def _date(source: SourceLink, message: Message) -> list[Json]:
    """In the reader's own language and zone; where Slack cannot show it so, as the channel writes it."""
    if source.published is None:
        return []
    fallback, seconds = shown_date(source.published, message), int(source.published.timestamp())
    if not 0 < seconds < _LAST_DATE:  # a feed may say anything
        return _text(fallback)
    return [{"type": "date", "timestamp": seconds, "format": _DATE, "fallback": fallback}]


def _plain(words: str) -> Json:
    return {"type": "plain_text", "text": words, "emoji": False}


# ------------------------------------------------------------------------------------------------------------- buttons


def _actions(actions: Sequence[Action]) -> list[Json]:
    """The first ones as buttons, the rest in a menu; what is thought of it as Slack's own pair. Values are commands."""
    by_id = {action.id: action for action in actions if len(action.command) <= _MOST_VALUE - len(FORM)}
    useful, useless = by_id.pop("useful", None), by_id.pop("useless", None)
    visible, rest = list(by_id.values())[:_VISIBLE], list(by_id.values())[_VISIBLE:]
    options = [_choice(f"{each.label} …", FORM + each.command) for each in visible if each.id == "mute"]
    options += [_choice(each.label, each.command) for each in rest]
    elements = [
        {"type": "button", "action_id": f"ev-{each.id}", **_choice(each.label, each.command)} for each in visible
    ]
    if options:
        elements.append({"type": "overflow", "action_id": "ev-more", "options": options[:_MOST_OPTIONS]})
    found = [{"type": "actions", "elements": elements}] if elements else []
    if useful and useless:
        feedback = {
            "type": "feedback_buttons",
            "action_id": "ev-feedback",
            "positive_button": _choice(useful.label, useful.command),
            "negative_button": _choice(useless.label, useless.command),
        }
        found.append({"type": "context_actions", "elements": [feedback]})
    return found


def _choice(label: str, value: str) -> Json:
    return {"text": _plain(label[:_MOST_LABEL]), "value": value}
