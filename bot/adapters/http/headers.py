"""Headers of an answer, read with distrust."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER = 30 * 24 * 3600.0
#: RFC 9111, 1.2.2: what does not fit into 31 bits is an overflow.
_OVERFLOW = 2**31

_SECONDS = re.compile(r"[0-9]{1,20}", re.ASCII)


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, at most 30 days; None for garbage, an overflow and a time that has passed."""
    if value is None:
        return None
    value = value.strip()
    if _SECONDS.fullmatch(value):
        seconds = int(value)
        return float(min(seconds, MAX_RETRY_AFTER)) if seconds < _OVERFLOW else None
    try:
        date = parsedate_to_datetime(value)
        # "-0000" and no zone at all come back naive; HTTP dates are always GMT.
        wait = ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(wait, MAX_RETRY_AFTER) if 0 < wait < _OVERFLOW else None


def readable(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Names in lower case; the first of each, Cache-Control joined; what is not UTF-8 is left out.

    A value outside of UTF-8 could be neither stored nor sent back byte for byte, so it is as good as none.
    """
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        try:
            name, value = raw_name.decode("ascii").lower(), raw_value.decode().strip(" \t")
        except UnicodeDecodeError:
            continue
        if name == "cache-control" and name in headers:
            headers[name] += f", {value}"
        else:
            headers.setdefault(name, value)
    return headers
