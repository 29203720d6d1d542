"""A reply as one message, for platforms that answer by messages."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.messages import Message, Reply
from bot.engine.messages import MAX_MESSAGE, pages, size

#: What shows that something was left out.
_MORE = "..."


def as_message(reply: Reply, timezone: str) -> Message:
    """First line, notes, items; what is more than a message holds is left out from the end, and that is shown."""
    first, *notes = reply.lines
    message = Message(first, notes=tuple(notes), timezone=timezone, language=reply.language)
    if size(message) > MAX_MESSAGE:
        while notes and size(message) > MAX_MESSAGE:
            notes.pop()
            message = replace(message, notes=(*notes, _MORE))
        return message
    first_page, *more = pages(replace(message, items=reply.messages))
    return replace(first_page, notes=(*notes, _MORE)) if more else first_page
