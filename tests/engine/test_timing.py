from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.timing import next_attempt_at, next_digest_at, next_poll_at

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
