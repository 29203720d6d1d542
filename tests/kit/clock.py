"""A clock driven by hand."""

from datetime import UTC, datetime, timedelta

from bot.settings import duration

#: A Monday morning, well away from any change of clocks.
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class HandClock:
    """Stands still until told to go."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        assert now >= self._now, "time does not run backwards"
        self._now = now

    def advance(self, by: str | timedelta) -> None:
        """`5m`, `2h`, `1d` later."""
        self._now += duration(by)
