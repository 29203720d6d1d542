"""The one or two sentences of an entry that carry its lead, as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.claims import Certainty
from bot.domain.rulebook import Cue
from bot.engine.rows import Row

#: How long a quote may be, in code points.
LONGEST = 320


def choose(carriers: Sequence[Row], rows: Sequence[Row], certainty: Certainty) -> str:
    """Quote the first carrier of the text, and what hedges it where the lead is a rumour; never the headline again.

    `carriers` are the rows with the lead's evidence, in order; where none is in the text its first sentence serves,
    and the title where there is no text.
    """
    body = [r for r in carriers if r.sentence.paragraph > 0]
    texts = [r for r in rows if r.sentence.paragraph > 0]
    if not texts:
        return _plain(rows[0]) if rows else ""
    first = body[0] if body else texts[0]
    if certainty is Certainty.RUMOUR and not _hedged(first):
        first = next((r for r in body if _hedged(r)), first)
    quote = _plain(first)
    following = next((r for r in texts if r.sentence.index == first.sentence.index + 1), None)
    wanted = following is not None and (
        (certainty is Certainty.RUMOUR and _hedged(following)) or following in body or len(quote) < 60
    )
    if wanted and following is not None and len(quote) + len(_plain(following)) < LONGEST:
        quote += _gap(first, following) + _plain(following)
    return _trim(quote)


def _gap(first: Row, following: Row) -> str:
    """What stands between two sentences: nothing in Chinese, a space everywhere else and between paragraphs."""
    text, start, end = first.text, first.sentence.start, following.sentence.end
    joined = " ".join(text.plain_slice(start, end).split())
    return "" if joined == _plain(first) + _plain(following) else " "


def _hedged(row: Row) -> bool:
    return row.has(Cue.HEARSAY, Cue.REPORTED, Cue.HEARSAY_VERB, Cue.SOURCES, Cue.SPECULATE) is not None


def _plain(row: Row) -> str:
    return " ".join(row.text.plain_slice(row.sentence.start, row.sentence.end).split())


def _trim(text: str) -> str:
    """Cut at a clause's end where the text is too long."""
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 2]
    at = max(cut.rfind(c) for c in (",", ";", ":", "\uff0c", "\u3001", "\uff1b"))
    if at < LONGEST // 2:
        at = cut.rfind(" ") if " " in cut[LONGEST // 2 :] else len(cut)
    return cut[:at].rstrip() + " \u2026"
