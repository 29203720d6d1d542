"""Column types: times as UTC microseconds, spans, clean text, and values as JSON text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, Row, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: NUL, which PostgreSQL refuses, and lone surrogates, which nothing can encode.
_UNCLEAN = re.compile("[\0\ud800-\udfff]")

#: A row of whatever columns; what they hold is checked where it becomes a value of the domain.
AnyRow = Row[*tuple[Any, ...]]

#: SQLite counts only an INTEGER key by itself.
Key = BigInteger().with_variant(Integer, "sqlite")


def micros(when: datetime) -> int:
    """UTC microseconds since 1970; ValueError for a naive datetime."""
    if when.tzinfo is None:
        raise ValueError(f"a time without a zone: {when!r}")
    return (when - _EPOCH) // _MICROSECOND


def from_micros(value: int) -> datetime:
    """The aware UTC datetime of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def clean(text: str) -> str:
    """The text without NUL and lone surrogates; of the same length, for evidence counts characters."""
    return _UNCLEAN.sub(lambda m: " " if m[0] == "\0" else "\ufffd", text)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as an integer; orders alike on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses a naive datetime with ValueError."""
        return None if value is None else micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Aware, UTC."""
        return None if value is None else from_micros(value)


class Span(TypeDecorator[timedelta]):
    """A length of time in microseconds."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """Whole microseconds."""
        return None if value is None else value // _MICROSECOND

    def process_result_value(self, value: Any | None, dialect: Dialect) -> timedelta | None:
        """The timedelta again."""
        return None if value is None else timedelta(microseconds=value)


class Clock24(TypeDecorator[time]):
    """A local time of day as HH:MM."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: time | None, dialect: Dialect) -> str | None:
        """Minutes are enough."""
        return None if value is None else value.strftime("%H:%M")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> time | None:
        """The time again."""
        return None if value is None else time.fromisoformat(value)


class Clean(TypeDecorator[str]):
    """Text that every database takes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """See `clean`."""
        return None if value is None else clean(value)
