"""When to poll, when to try again, when to send a digest: pure, chance comes in as `jitter` from 0 to 1."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.channels import Cadence, QuietHours, Subscription

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

#: A database not polled for so long is behind; so is one that knows of no poll this much nearer to the last one.
BEHIND, _DRIFT = timedelta(hours=48), timedelta(minutes=10)

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


def next_digest_at(
    now: datetime, timezone: str, at: time, weekday: int | None = None, quiet: QuietHours | None = None
) -> datetime:
    """The next time, in UTC and after `now`, that it is `at` o'clock there; `weekday`: 0 is Monday, None every day.

    A missing hour runs at the next minute there is, a doubled one the first time; an hour within quiet hours moves to
    their end. Raises ZoneInfoNotFoundError, and ValueError for a naive `now`.
    """
    zone = ZoneInfo(timezone)
    today = _aware(now).astimezone(zone).date()
    for ahead in range(-2, 16):  # quiet hours may have moved the one of the day before yesterday past midnight
        day = today + timedelta(days=ahead)
        if weekday is None or day.weekday() == weekday:
            due = _moment(day, at, zone)
            due = in_quiet(due, timezone, quiet) or due
            if due > now:
                return due
    raise AssertionError("every fortnight has every weekday")


def digest_due(subscription: Subscription, now: datetime) -> datetime:
    """When a subscription's next digest is due: at its own hour, else at its channel's."""
    channel = subscription.channel
    weekday = subscription.weekday if subscription.cadence is Cadence.WEEKLY else None
    at = subscription.digest_at or channel.digest_at
    return next_digest_at(now, channel.timezone, at, weekday, channel.quiet)


def digest_was_due(subscription: Subscription, now: datetime) -> datetime:
    """When a subscription's last digest was due, at the latest `now`."""
    due = digest_due(subscription, now - timedelta(days=10))  # a week, and what quiet hours may move
    while (later := digest_due(subscription, due)) <= now:
        due = later
    return due


def in_quiet(now: datetime, timezone: str, quiet: QuietHours | None) -> datetime | None:
    """When the quiet hours end that `now` falls into, in UTC; None outside of them.

    A start or end in the missing hour is the next minute there is; in a doubled hour they begin the first time and end
    the second. Raises ZoneInfoNotFoundError, and ValueError for a naive `now`.
    """
    if quiet is None:
        return None
    zone = ZoneInfo(timezone)
    today = _aware(now).astimezone(zone).date()
    over_night = timedelta(days=quiet.end < quiet.start)
    # Those of yesterday may last until now, and where an hour is doubled those of today begin before they end.
    for day in (today - timedelta(days=1), today):
        end = _moment(day + over_night, quiet.end, zone, fold=1)
        if _moment(day, quiet.start, zone) <= now < end:
            return in_quiet(end, timezone, quiet) or end
    return None


def day_start(now: datetime, timezone: str) -> datetime:
    """When the local day began, in UTC. Raises ZoneInfoNotFoundError, and ValueError for a naive `now`."""
    zone = ZoneInfo(timezone)
    return _moment(_aware(now).astimezone(zone).date(), time(), zone)


def is_behind(now: datetime, polled_at: datetime, beat: datetime | None) -> bool:
    """Whether a database last polled then has missed so much that what it finds is no news.

    `beat`: the last poll that anybody here knows of; a later one than the database's means a backup was put back.
    """
    if _aware(now) - polled_at > BEHIND:
        return True
    # A beat of the future is of a clock that was wrong.
    return beat is not None and beat.tzinfo is not None and polled_at + _DRIFT < beat <= now + _DRIFT


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


def _moment(day: date, at: time, zone: ZoneInfo, fold: int = 0) -> datetime:
    """This wall clock time in UTC, or that of the first minute after it that the zone's clocks show.

    `fold`: which of the two, where they show it twice.
    """
    local = datetime.combine(day, at.replace(tzinfo=None))
    for minutes in range(25 * 60):
        wall = local + timedelta(minutes=minutes)
        moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if moment.astimezone(zone).replace(tzinfo=None) == wall:
            return moment
    return local.replace(tzinfo=zone).astimezone(UTC)


def _aware(now: datetime) -> datetime:
    if now.tzinfo is None:
        raise ValueError("a time without a zone")
    return now
