"""The real store in a file of its own."""

from datetime import timedelta

import pytest

from bot.adapters.store import SqlStore, sqlite_url
from tests.kit.clock import HandClock


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "evwatch.db"


@pytest.fixture
async def store(file, clock):
    made = SqlStore(sqlite_url(file), clock=clock, fsync=False, busy_timeout=timedelta(milliseconds=200))
    await made.start()
    yield made
    await made.close()
