"""Message -> the content of a Matrix event: a plain body and HTML that say the same, word for word.

Text is escaped, links are http(s) only, nobody is mentioned and no client asks a server for previews. What programs
need stands under a key of its own, ITEM.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html import escape
from itertools import pairwise
from typing import Any

from bot.adapters.chat import ever_shorter, safe_link, shown_source
from bot.domain.channels import Outgoing, Part
from bot.domain.messages import Message

#: Delivery key, story and links, for programs; `key` is what an uncertain message is looked for by.
ITEM = "evwatch.item"
#: An event is refused at 65,536 bytes, and encryption makes a third more of them.
MOST_BYTES = 48_000
#: An empty list says "no previews": MSC4095, under the name it will have and the one clients know it by.
_NO_PREVIEWS: dict[str, Any] = {"m.url_previews": [], "com.beeper.linkpreviews": []}


class _Kind(Enum):
    HEAD = "b"
    QUOTE = "q"
    LINE = "l"


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: words, each with its link if it has one."""

    kind: _Kind
    words: tuple[tuple[str, str | None], ...]

    def plain(self) -> str:
        text = " · ".join(word for word, _ in self.words)
        return f"> {text}" if self.kind is _Kind.QUOTE else text

    def html(self) -> str:
        text = " · ".join(
            f'<a href="{escape(link)}">{escape(word, quote=False)}</a>' if link else escape(word, quote=False)
            for word, link in self.words
        )
        if self.kind is _Kind.QUOTE:
            return f"<blockquote>{text}</blockquote>"
        return f"<strong>{text}</strong>" if self.kind is _Kind.HEAD else text


def content(
    outgoing: Outgoing, *, thread: str | None = None, last: str | None = None, most: int = MOST_BYTES
) -> dict[str, Any]:
    """The content of the `m.room.message` to send; too much of it is left out from the end, and that is shown.

    Lines go to the thread of their root, replies to `thread`; `last` is the event there that clients without threads
    show it as an answer to.
    """
    made: dict[str, Any] = {}
    for message in ever_shorter(outgoing.message):
        made = _whole(outgoing, message, thread, last)
        if len(json.dumps(made, ensure_ascii=False).encode()) <= most:
            break
    return made


def _whole(outgoing: Outgoing, message: Message, thread: str | None, last: str | None) -> dict[str, Any]:
    shown = _shown(outgoing, message)
    if outgoing.part is Part.EDIT:
        marked = {**shown, "body": f"* {shown['body']}", "formatted_body": f"* {shown['formatted_body']}"}
        relation = {"rel_type": "m.replace", "event_id": outgoing.root}
        return {**marked, "m.new_content": shown, "m.relates_to": relation}
    root = outgoing.root if outgoing.part is Part.LINE else thread
    if root is None:
        return shown
    fallback = {"is_falling_back": True, "m.in_reply_to": {"event_id": last or root}}
    return {**shown, "m.relates_to": {"rel_type": "m.thread", "event_id": root, **fallback}}


def _shown(outgoing: Outgoing, message: Message) -> dict[str, Any]:
    stands_alone = outgoing.part in (Part.ROOT, Part.EDIT, Part.DIGEST)
    return {
        # Most people hear nothing of a notice, and no bot answers one: an answer is never anything else.
        "msgtype": "m.text" if message.ringing and outgoing.part is not Part.REPLY else "m.notice",
        "body": "\n".join(_plain(message)),
        "format": "org.matrix.custom.html",
        "formatted_body": _html(message, bold=stands_alone),
        "m.mentions": {},
        **_NO_PREVIEWS,
        ITEM: _item(outgoing, message),
    }


def _item(outgoing: Outgoing, message: Message) -> dict[str, Any]:
    item = {"key": outgoing.key, "part": outgoing.part.value, "story": message.story, "revision": message.revision}
    links = list(dict.fromkeys(link for s in message.sources if (link := safe_link(s.url))))
    stories = [m.story for m in message.items if m.story]
    return {k: v for k, v in {**item, "links": links, "stories": stories}.items() if v or k == "key"}


# ------------------------------------------------------------------------------------------------------------- shapes


def _rows(message: Message, *, bold: bool) -> Iterator[_Row]:
    """What body and HTML are both made of."""
    yield _Row(_Kind.HEAD if bold else _Kind.LINE, ((message.first_line, None),))
    if message.quote:
        yield _Row(_Kind.QUOTE, ((message.quote, None),))
    sources = dict.fromkeys((shown_source(s, message), safe_link(s.url)) for s in message.sources)
    notes = tuple((note, None) for note in message.notes)
    if message.sources or message.story:
        story = ((message.story, None),) if message.story else ()  # the word for `why` and `mute`
        yield _Row(_Kind.LINE, (*sources, *notes, *story))
    else:  # a text of several lines, as an answer is
        yield from (_Row(_Kind.LINE, (note,)) for note in notes)


def _plain(message: Message) -> Iterator[str]:
    yield from (row.plain() for row in _rows(message, bold=False))
    for item in message.items:
        yield from (f"  {line}" for line in _plain(item))


def _html(message: Message, *, bold: bool) -> str:
    rows = list(_rows(message, bold=bold))
    # A quote is a block: it breaks the line itself.
    text = rows[0].html()
    for before, row in pairwise(rows):
        text += ("" if _Kind.QUOTE in (before.kind, row.kind) else "<br>") + row.html()
    items = "".join(f"<li>{_html(item, bold=True)}</li>" for item in message.items)
    return f"{text}<ul>{items}</ul>" if items else text
