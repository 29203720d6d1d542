"""When to poll, when to try again, when to send a digest: pure, chance comes in as `jitter` from 0 to 1."""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: Not asked more often than this, whatever the feed's rhythm.
FLOOR = timedelta(minutes=15)
CEILING = timedelta(hours=4)
#: Where a feed's entries have no dates.
_UNKNOWN_RHYTHM = timedelta(hours=1)
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = timedelta(hours=1), timedelta(hours=24)
#: What a host may ask for: with Retry-After, and with anything else.
MAX_RETRY_AFTER, _MAX_HINT = timedelta(days=30), timedelta(hours=24)
#: A number beyond this is no wish but a mistake.
_ABSURD = timedelta(days=365)
_JITTER, _MAX_JITTER = 0.1, timedelta(minutes=10)

_FIRST_ATTEMPT, _LONGEST_ATTEMPT = timedelta(seconds=1), timedelta(minutes=15)


def next_poll_at(
    now: datetime,
    *,
    interval: timedelta | None,
    rhythm: timedelta | None,
    floor: timedelta = FLOOR,
    allowed_after: datetime | None = None,
    failures: int = 0,
    retry_after: float | None = None,
    jitter: float = 0.0,
) -> datetime:
    """When a feed is due again: the longest of its own interval, what its host asks for, and the back-off.

    `interval` as configured, else from `rhythm` (the median distance of entries); `allowed_after` from the answer's
    headers; `failures` in a row; `retry_after` in seconds. Raises ValueError for a naive `now`.
    """
    wait = _own_interval(interval, rhythm, floor)
    asked = _asked(retry_after)
    if asked is not None:
        wait = max(wait, asked)
    elif failures > 0:
        wait = max(wait, _back_off(failures))
    if allowed_after is not None:
        wait = max(wait, min(allowed_after - _aware(now), _MAX_HINT))
    # Upwards only: nobody is asked sooner than promised.
    return _aware(now) + wait + min(wait * _JITTER, _MAX_JITTER) * _unit(jitter)


def next_attempt_at(now: datetime, attempts: int, jitter: float, retry_after: float | None = None) -> datetime:
    """When to try a delivery again: full jitter up to a limit that doubles from 1 s to 15 min; after `now`, always.

    `attempts` made so far; `retry_after` in seconds, which is kept to. Raises ValueError for a naive `now`.
    """
    limit = min(_FIRST_ATTEMPT * float(2 ** min(max(attempts, 0), 20)), _LONGEST_ATTEMPT)
    wait = _FIRST_ATTEMPT + (limit - _FIRST_ATTEMPT) * _unit(jitter)
    asked = _asked(retry_after)
    return _aware(now) + (wait if asked is None else max(wait, asked))


def next_digest_at(now: datetime, timezone: str, at: time, weekday: int | None = None) -> datetime:
    """The next time, in UTC and after `now`, that it is `at` o'clock there; `weekday`: 0 is Monday, None every day.

    A missing hour runs at the next minute there is, a doubled one the first time. Raises ZoneInfoNotFoundError, and
    ValueError for a naive `now`.
    """
    zone = ZoneInfo(timezone)
    today = _aware(now).astimezone(zone).date()
    for ahead in range(-1, 16):  # from yesterday: its digest may have slipped past midnight
        date = today + timedelta(days=ahead)
        if weekday is None or date.weekday() == weekday:
            due = _first_valid(datetime.combine(date, at.replace(tzinfo=None, fold=0)), zone)
            if due > now:
                return due
    raise AssertionError("every fortnight has every weekday")


def _own_interval(interval: timedelta | None, rhythm: timedelta | None, floor: timedelta) -> timedelta:
    if interval is not None:
        return max(interval, floor)
    if rhythm is None:
        return max(_UNKNOWN_RHYTHM, floor)
    return max(min(rhythm / 2, CEILING), floor)  # half of it: on average a quarter of a rhythm late


def _back_off(failures: int) -> timedelta:
    return min(_FIRST_BACK_OFF * float(2 ** min(failures - 1, 10)), _LONGEST_BACK_OFF)


def _asked(seconds: float | None) -> timedelta | None:
    """What a host asks for; None for what cannot be meant."""
    if seconds is None or not math.isfinite(seconds) or not 0 <= seconds <= _ABSURD.total_seconds():
        return None
    return min(timedelta(seconds=seconds), MAX_RETRY_AFTER)


def _unit(jitter: float) -> float:
    return min(max(jitter, 0.0), 1.0)


def _first_valid(local: datetime, zone: ZoneInfo) -> datetime:
    """This wall clock time in UTC, or that of the first minute after it that the zone's clocks show."""
    for minutes in range(25 * 60):
        wall = local + timedelta(minutes=minutes)
        moment = wall.replace(tzinfo=zone).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
    return local.replace(tzinfo=zone).astimezone(UTC)


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return now
