from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channels import Cadence, QuietHours
from bot.engine.timing import (
    day_start,
    digest_due,
    digest_was_due,
    in_quiet,
    is_behind,
    next_attempt_at,
    next_digest_at,
    next_poll_at,
)
from tests.kit.builders import channel, subscription

NOW = datetime(2026, 2, 19, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def wait(**more) -> timedelta:
    return next_poll_at(NOW, **({"interval": None, "rhythm": None} | more)) - NOW


POLLS = [
    pytest.param({}, HOUR, id="nothing known"),
    pytest.param({"rhythm": 4 * MINUTE}, 15 * MINUTE, id="a busy feed: the floor"),
    pytest.param({"rhythm": HOUR}, 30 * MINUTE, id="half its rhythm"),
    pytest.param({"rhythm": 7 * DAY}, 4 * HOUR, id="a weekly feed: the ceiling"),
    pytest.param({"interval": 5 * MINUTE}, 15 * MINUTE, id="configured below the floor"),
    pytest.param({"interval": timedelta(seconds=5), "floor": timedelta(0)}, timedelta(seconds=5), id="allowed host"),
    pytest.param({"interval": 6 * HOUR, "rhythm": MINUTE}, 6 * HOUR, id="configured goes before rhythm"),
    pytest.param({"rhythm": HOUR, "allowed_after": NOW + 3 * HOUR}, 3 * HOUR, id="the host's max-age"),
    pytest.param({"rhythm": HOUR, "allowed_after": NOW + 90 * DAY}, DAY, id="hints are capped at a day"),
    pytest.param({"rhythm": HOUR, "allowed_after": NOW - DAY}, 30 * MINUTE, id="a hint of yesterday"),
    pytest.param({"failures": 1}, HOUR, id="first failure"),
    pytest.param({"failures": 3}, 4 * HOUR, id="doubled twice"),
    pytest.param({"failures": 6}, DAY, id="at most a day"),
    pytest.param({"failures": 10_000}, DAY, id="for ever"),
    pytest.param({"failures": 1, "retry_after": 7200.0}, 2 * HOUR, id="Retry-After"),
    pytest.param({"failures": 1, "retry_after": 1.0, "rhythm": HOUR}, 30 * MINUTE, id="never sooner than its own"),
    pytest.param({"failures": 1, "retry_after": 3 * 86400.0}, 3 * DAY, id="beyond a day"),
    pytest.param({"failures": 1, "retry_after": 60 * 86400.0}, 30 * DAY, id="thirty days at most"),
    pytest.param({"failures": 2, "retry_after": -5.0}, 2 * HOUR, id="negative: the back-off"),
    pytest.param({"failures": 2, "retry_after": math.nan}, 2 * HOUR, id="no number: the back-off"),
    pytest.param({"failures": 2, "retry_after": 1e300}, 2 * HOUR, id="absurd: the back-off"),
]


@pytest.mark.parametrize(("known", "expected"), POLLS)
def test_a_feed_is_due_after_the_longest_wait(known, expected):
    """Own interval, the host's wishes and the back-off: the longest holds."""
    assert wait(**known) == expected


@given(
    st.floats(0, 1),
    st.one_of(st.none(), st.floats(0, 3e6)),
    st.integers(0, 50),
    st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=400))),
)
def test_jitter_goes_upwards_only(jitter, retry_after, failures, rhythm):
    """Nobody is asked sooner than promised, nor inside a Retry-After, nor much later."""
    known = {"retry_after": retry_after, "failures": failures, "rhythm": rhythm}
    least = wait(**known)
    assert least >= timedelta(seconds=min(retry_after or 0, 30 * 86400))
    assert least <= wait(**known, jitter=jitter) <= least + 10 * MINUTE


@given(
    st.integers(0, 10_000),
    st.floats(0, 1),
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
)
def test_the_next_attempt_is_later_than_now(attempts, jitter, retry_after):
    """Always, and by a second at least."""
    assert next_attempt_at(NOW, attempts, jitter, retry_after) >= NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(0, 1, 1), (1, 1, 2), (5, 1, 32), (5, 0, 1), (9, 1, 512), (10, 1, 900), (60, 1, 900), (60, 0.5, 450.5)],
)
def test_attempts_back_off_with_full_jitter(attempts, jitter, seconds):
    """From one second to a limit that doubles up to 15 minutes."""
    assert next_attempt_at(NOW, attempts, jitter) == NOW + timedelta(seconds=seconds)


def test_a_platforms_retry_after_is_kept():
    """429 means later, not sooner."""
    assert next_attempt_at(NOW, 1, 0, retry_after=40) == NOW + timedelta(seconds=40)


def test_a_naive_time_is_refused():
    """A time without a zone is a mistake."""
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        next_poll_at(naive, interval=None, rhythm=None)
    with pytest.raises(ValueError, match="without a zone"):
        next_attempt_at(naive, 1, 0.5)
    with pytest.raises(ValueError, match="without a zone"):
        next_digest_at(naive, "UTC", time(8))


def berlin(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).astimezone(UTC)


DIGESTS = [
    pytest.param(berlin(2, 19, 7), time(8), berlin(2, 19, 8), id="later today"),
    pytest.param(berlin(2, 19, 8), time(8), berlin(2, 20, 8), id="this very minute is past"),
    pytest.param(berlin(3, 28, 9), time(8), berlin(3, 29, 8), id="a day of 23 hours"),
    pytest.param(berlin(3, 28, 9), time(2, 30), berlin(3, 29, 3), id="the missing hour: next valid minute"),
    pytest.param(berlin(3, 29, 3), time(2, 30), berlin(3, 30, 2, 30), id="and once"),
    pytest.param(berlin(10, 24, 9), time(2, 30), berlin(10, 25, 2, 30), id="the doubled hour: the first"),
    pytest.param(berlin(10, 25, 2, 31), time(2, 30), berlin(10, 26, 2, 30), id="and not again"),
    pytest.param(berlin(10, 25, 2, 10, 1), time(2, 30), berlin(10, 26, 2, 30), id="nor from within"),
]


@pytest.mark.parametrize(("now", "at", "expected"), DIGESTS)
def test_a_digest_is_due_at_its_local_time(now, at, expected):
    """The missing hour runs at the next valid minute, the doubled hour once."""
    assert next_digest_at(now, "Europe/Berlin", at) == expected


NIGHT, NAP = QuietHours(time(22), time(7)), QuietHours(time(13), time(14))
MISSING_END, MISSING_START = QuietHours(time(23), time(2, 30)), QuietHours(time(2, 30), time(5))
QUIET = [
    pytest.param(NIGHT, berlin(2, 19, 21, 59), None, id="just before"),
    pytest.param(NIGHT, berlin(2, 19, 22), berlin(2, 20, 7), id="from the first minute"),
    pytest.param(NIGHT, berlin(2, 20, 3), berlin(2, 20, 7), id="after midnight"),
    pytest.param(NIGHT, berlin(2, 20, 7), None, id="the end is no part of them"),
    pytest.param(NIGHT, berlin(3, 29, 1), berlin(3, 29, 7), id="a night of eight hours"),
    pytest.param(NIGHT, berlin(10, 24, 22), berlin(10, 25, 7), id="a night of ten"),
    pytest.param(NAP, berlin(2, 19, 13, 59), berlin(2, 19, 14), id="by day"),
    pytest.param(NAP, berlin(2, 19, 3), None, id="by day, at night"),
    pytest.param(MISSING_END, berlin(3, 29, 1, 59), berlin(3, 29, 3), id="the end is missing"),
    pytest.param(MISSING_END, berlin(3, 29, 3), None, id="and over with the missing hour"),
    pytest.param(MISSING_START, berlin(3, 29, 3), berlin(3, 29, 5), id="the start is missing"),
    pytest.param(MISSING_START, berlin(3, 29, 1, 59), None, id="and not yet here"),
    pytest.param(QuietHours(time(2), time(3)), berlin(3, 29, 3), None, id="all of it is missing"),
    pytest.param(MISSING_END, berlin(10, 25, 2, 10), berlin(10, 25, 2, 30, 1), id="the end comes twice: the second"),
    pytest.param(MISSING_END, berlin(10, 25, 2, 45), berlin(10, 25, 2, 30, 1), id="and none is slipped in between"),
    pytest.param(MISSING_END, berlin(10, 25, 2, 30, 1), None, id="then they are over"),
    pytest.param(MISSING_START, berlin(10, 25, 2, 30), berlin(10, 25, 5), id="the start comes twice: the first"),
    pytest.param(MISSING_START, berlin(10, 25, 2, 10, 1), berlin(10, 25, 5), id="and both passes are quiet"),
]


@pytest.mark.parametrize(("quiet", "now", "end"), QUIET)
def test_quiet_hours_go_by_the_clock_on_the_wall(quiet, now, end):
    """Past midnight, and on the days when the clocks change."""
    assert in_quiet(now, "Europe/Berlin", quiet) == end


def test_who_has_no_quiet_hours_is_never_quiet():
    """None means any hour."""
    assert in_quiet(NOW, "Europe/Berlin", None) is None


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe"])
MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001 - the zone is said here
    lambda t: t.replace(second=0, microsecond=0, tzinfo=UTC)
)
MINUTES = st.times().map(lambda t: t.replace(second=0, microsecond=0))


HOURS = st.tuples(MINUTES, MINUTES).filter(lambda h: h[0] != h[1]).map(lambda h: QuietHours(*h))


@given(MOMENTS, ZONES, HOURS)
def test_nothing_is_told_while_the_clock_shows_a_quiet_time(now, zone, quiet):
    """Whatever the clocks do; and when the quiet hours are said to end, they have ended."""
    start, end, shown = quiet.start, quiet.end, now.astimezone(ZoneInfo(zone)).time()
    over = in_quiet(now, zone, quiet)
    if start <= shown < end or (end < start and (shown >= start or shown < end)):
        assert over is not None
    if over is not None:
        assert now < over <= now + timedelta(hours=50)
        assert in_quiet(over, zone, quiet) is None


@given(MOMENTS, ZONES, MINUTES, HOURS, st.one_of(st.none(), st.integers(0, 6)))
def test_no_digest_falls_into_quiet_hours(now, zone, at, quiet, weekday):
    """Its hour moves to their end, and it still comes after now."""
    due = next_digest_at(now, zone, at, weekday, quiet)
    assert due > now
    assert in_quiet(due, zone, quiet) is None


def test_a_digest_within_quiet_hours_comes_at_their_end():
    """Monday's at half past eleven at night is told on Tuesday morning."""
    monday = berlin(2, 23, 23, 30)
    assert next_digest_at(monday - HOUR, "Europe/Berlin", time(23, 30), 0, NIGHT) == berlin(2, 24, 7)
    assert next_digest_at(berlin(2, 24, 5), "Europe/Berlin", time(23, 30), 0, NIGHT) == berlin(2, 24, 7)
    assert next_digest_at(berlin(2, 24, 7), "Europe/Berlin", time(23, 30), 0, NIGHT) == berlin(3, 3, 7)


DAYS = [
    pytest.param("Europe/Berlin", berlin(3, 29, 12), berlin(3, 29, 0), id="eleven hours ago"),
    pytest.param("Europe/Berlin", berlin(10, 25, 12), berlin(10, 25, 0), id="thirteen hours ago"),
    pytest.param("Europe/Berlin", berlin(2, 19, 0), berlin(2, 19, 0), id="this very moment"),
    pytest.param(
        "Asia/Beirut",
        datetime(2026, 3, 29, 9, tzinfo=UTC),
        datetime(2026, 3, 28, 22, tzinfo=UTC),
        id="midnight is missing: from one o'clock",
    ),
    pytest.param(
        "America/Havana",
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        id="midnight comes twice: the first",
    ),
]


@pytest.mark.parametrize(("zone", "now", "start"), DAYS)
def test_a_local_day_begins_at_its_first_minute(zone, now, start):
    """The day a budget counts."""
    assert day_start(now, zone) == start


BEHIND = [
    pytest.param(47 * HOUR, None, False, id="two nights off"),
    pytest.param(49 * HOUR, None, True, id="a long weekend"),
    pytest.param(HOUR, NOW - HOUR + 9 * MINUTE, False, id="the file is a little ahead"),
    pytest.param(HOUR, NOW - HOUR + 11 * MINUTE, True, id="a backup of an hour ago"),
    pytest.param(HOUR, NOW - 2 * HOUR, False, id="an old file"),
    pytest.param(HOUR, NOW + DAY, False, id="a file of tomorrow: the clock was wrong"),
    pytest.param(HOUR, NOW.replace(tzinfo=None), False, id="a time without a zone"),
]


@pytest.mark.parametrize(("ago", "beat", "behind"), BEHIND)
def test_a_database_is_behind_after_two_days_or_as_a_backup(ago, beat, behind):
    """Not polled for 48 hours, or polled later than it knows."""
    assert is_behind(NOW, NOW - ago, beat) is behind


def test_a_weekly_digest_waits_for_its_day():
    """Thursday noon: the next Monday morning."""
    assert next_digest_at(NOW, "Asia/Shanghai", time(8), weekday=0) == datetime(2026, 2, 23, 0, tzinfo=UTC)


@given(
    st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001 - the zone comes below
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana"]),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_there_is_one_digest_a_local_day(start, zone, at):
    """Four in a row fall on four days, whatever the clocks do."""
    now, dates = start.replace(tzinfo=UTC), []
    for _ in range(4):
        now = next_digest_at(now, zone, at)
        dates.append(now.astimezone(ZoneInfo(zone)).date())
    assert dates == [dates[0] + timedelta(days=i) for i in range(4)]


@given(
    st.integers(0, 10 * 365 * 24 * 60).map(lambda minutes: NOW + minutes * MINUTE),
    st.sampled_from(["Europe/Berlin", "Asia/Shanghai", "America/St_Johns", "Australia/Lord_Howe"]),
    st.times(),
    st.sampled_from([Cadence.DAILY, Cadence.WEEKLY]),
    st.none() | st.just(QuietHours(time(20), time(19))),
)
def test_the_last_digest_was_due_before_now_and_none_since(now, zone, at, cadence, quiet):
    """The next one after it is still to come."""
    here = channel(timezone=zone, quiet=quiet)
    wish = replace(subscription("蔚来", cadence=cadence, digest_at=at), channel=here)
    last = digest_was_due(wish, now)
    assert last <= now < digest_due(wish, last)
