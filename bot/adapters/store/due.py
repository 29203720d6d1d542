"""Conditions on times that hold even where the clock was wrong when the time was written."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_

#: Nothing is planned further ahead than this (Retry-After: 30 days): such a time counts as past.
HORIZON = timedelta(days=60)


def due(column: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """The time is unset, past, or absurdly far ahead."""
    return or_(column.is_(None), column <= now, column > now + HORIZON)


def ahead(column: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """The time is set, in the future, and credible: the opposite of `due`."""
    return column.between(now + timedelta(microseconds=1), now + HORIZON)
