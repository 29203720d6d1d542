"""Times of day, hours of quiet, days and spans of time, as people type them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.commands.words import Vocabulary, plain

_CLOCK = re.compile(r"(\d{1,2})(?:[:.h点點时時](\d{2})分?)?(uhr|h|点|點|时|時|am|pm)?")
_SPAN = re.compile(r"\s*[-~至到]\s*|\s+")
_LONG = re.compile(r"(\d{1,4})\s*([^\W\d_]+)")
_DATES = (
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})?"),
    re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?"),
)
#: Who mutes until the year 9999 means for ever.
_LIFETIME = 100
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Until:
    """How long something holds; `at` None: for ever."""

    at: datetime | None


def clock(word: str) -> time | None:
    """`8`, `08:00`, `8.30`, `8h`, `8pm`, `8点30分` as a time of day; None for anything else."""
    found = _CLOCK.fullmatch(plain(word))
    if found is None:
        return None
    hour, minute, mark = int(found[1]), int(found[2] or 0), found[3]
    if mark in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if mark == "pm" else 0)
    if (hour, minute) == (24, 0):
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def hours(words: Sequence[str], vocabulary: Vocabulary) -> tuple[time, time] | None:
    """`22:00-07:00`, `von 22 bis 7 Uhr`, `22点至7点`: from when to when."""
    parts = [p for p in _SPAN.split(plain(" ".join(words))) if p]
    small = {"filler", "until", "and"}
    left = [p for p in parts if vocabulary.find("word", p) not in small and p not in ("uhr", "h")]
    times = [clock(p) for p in left]
    if len(times) != 2 or times[0] is None or times[1] is None:
        return None
    return times[0], times[1]


def until(words: Sequence[str], vocabulary: Vocabulary, now: datetime, timezone: str) -> tuple[int, Until] | None:
    """`7d`, `2 Wochen`, `until 2026-12-01`, `for ever` at the start: how many words that is, and when it ends.

    A date means its first minute in the zone. None where no time begins here; ValueError for one that is over.
    """
    skipped = 0
    for word in words:
        if vocabulary.find("word", word) not in ("filler", "until"):
            break
        skipped += 1
    rest = words[skipped:]
    if not rest:
        return None
    if vocabulary.find("word", rest[0]) == "ever":
        return skipped + 1, Until(None)
    for count in (2, 1):
        found = _LONG.fullmatch(plain(" ".join(rest[:count]))) if len(rest) >= count else None
        unit = vocabulary.find("unit", found[2]) if found else None
        if found and unit and int(found[1]):
            return skipped + count, Until(now + int(found[1]) * _UNITS[unit])
    today = now.astimezone(ZoneInfo(timezone)).date()
    day = _date(plain(rest[0]), today)
    if vocabulary.find("word", rest[0]) == "tomorrow":
        day = today + timedelta(days=1)
    weekday = vocabulary.find("weekday", rest[0]) if skipped else None
    if weekday is not None:
        day = today + timedelta(days=(int(weekday) - today.weekday() - 1) % 7 + 1)
    if day is None:
        return None
    if day <= today:
        raise ValueError(rest[0])
    if day.year - today.year > _LIFETIME:
        return skipped + 1, Until(None)
    return skipped + 1, Until(datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC))


def _date(text: str, today: date) -> date | None:
    """A day as written; without a year the next of that name."""
    for form in _DATES:
        if found := form.fullmatch(text):
            month, day = int(found["m"]), int(found["d"])
            years = [int(found["y"])] if found["y"] else [today.year, today.year + 1]
            try:
                days = [date(year, month, day) for year in years]
            except ValueError:
                return None
            return next((d for d in days if d > today), days[-1])
    return None
