"""What the parts of the store share: the database and the clock."""

from __future__ import annotations

from bot.adapters.store.database import Database
from bot.ports import Clock


class Base:
    """An open database, and the clock that dates what the port's methods give no time for."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
