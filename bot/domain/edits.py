"""Which known entry was edited: what people would see of it, told from what never stands still. Pure."""

from __future__ import annotations

import hashlib
import re

from bot.domain.entries import MAX_TEXT, MAX_TITLE, ParsedEntry
from bot.domain.indexing import visible

#: Edits of one entry that are read: some feeds change their text at every poll, and some swap titles for ever. A title
#: is read again after the text has used up its share.
TEXT_EDITS, TITLE_EDITS = 3, 6

#: All but letters: counters, prices and dates change by themselves, and no figure alone makes a claim.
_NO_LETTERS = re.compile(r"[\W\d_]+")


def fingerprint(entry: ParsedEntry) -> str:
    """Three short hashes of what is read: of all as it is written, of the title and of the text as people see them."""
    title, text = _read(entry)
    return f"{_written(title, text)} {_seen(title)} {_seen(text)}"


def edited(entry: ParsedEntry, before: str, edits: int) -> bool:
    """Whether to read it again: it shows other words than this fingerprint, and was not read anew too often."""
    title, text = _read(entry)
    written, seen_title, seen_text = before.split()
    if edits >= TITLE_EDITS or _written(title, text) == written:  # by far the most, and a tenth of the work
        return False
    return _seen(title) != seen_title or (edits < TEXT_EDITS and _seen(text) != seen_text)


def _read(entry: ParsedEntry) -> tuple[str, str]:
    return entry.title[:MAX_TITLE], entry.text[:MAX_TEXT]


def _written(title: str, text: str) -> str:
    return _hash(f"{title}\n{text}")


def _seen(text: str) -> str:
    return _hash(_NO_LETTERS.sub(" ", visible(text)).strip())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
