"""What makes a happening this one: named things, amounts and dates beside a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain.rulebook import NameKind
from bot.engine.rows import Row
from bot.engine.text import is_cjk

_OPEN, _CLOSE = '"\u201e\u201c\u201d\u00bb\u00ab\u300c\u300e\u300a', '"\u201c\u201d\u00ab\u00bb\u300d\u300f\u300b'
_NAME = re.compile(f"[{_OPEN}]([^{_OPEN}{_CLOSE}]{{2,30}})[{_CLOSE}]")
_AMOUNT = re.compile(r"(\d[\d.,]*)\s?(%|[a-z]+|[^\W\d_]{1,2})?")
_YEAR = re.compile(r"(?:19|20)\d\d")
#: More words than this are a quotation, not a name.
_WORDS = 3
#: A shorter headline may stand over anything.
_HEADLINE = 25


def anchors_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """The anchors of a claim's sentences: `named:micar`, `place:szeged`, `country:hungary`, `amount:200 million`."""
    found: dict[str, None] = {}
    for row in rows:
        letters = "".join(filter(str.isalnum, row.text.norm))
        if row.sentence.paragraph == 0 and len(letters) >= _HEADLINE:
            found[f"title:{letters}"] = None  # the very same headline is the same piece
        norm, start, end = row.text.norm, row.sentence.start, row.sentence.end
        found.update((f"named:{norm[n.start : n.end]}", None) for n in row.named if n.kind is NameKind.PRODUCT)
        found.update((f"{p.pattern.name_kind}:{p.pattern.id}", None) for p in row.places)
        known = [(n.start, n.end) for n in row.named] + [(o.start, o.end) for o in row.outlets]
        for match in _NAME.finditer(norm, start, end):
            name = match.group(1).strip()
            if name.count(" ") < _WORDS and not any(a < match.end() and match.start() < b for a, b in known):
                found[f"named:{name}"] = None
        for match in _AMOUNT.finditer(norm, start, end):
            if any(a < match.end() and match.start() < b for a, b in known):
                continue
            digits = match.group(1).rstrip(".,")
            if _YEAR.fullmatch(digits):
                found[f"date:{digits}"] = None
            elif len(digits) > 1 and not _is_day(digits, match.group(2) or ""):
                found[f"amount:{digits} {match.group(2) or ''}".rstrip()] = None
    return tuple(found)


def _is_day(digits: str, unit: str) -> bool:
    """Whether a number may be a day or month: small, with a CJK character behind it."""
    return digits.isdigit() and int(digits) <= 31 and unit != "" and is_cjk(unit[0])
