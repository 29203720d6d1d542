"""Tasks that must not end."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot import supervise
from bot.errors import StoreError
from bot.supervise import Supervisor


@pytest.fixture
def told():
    """Crashes the operators heard of."""
    return []


@pytest.fixture
async def supervisor(told, monkeypatch):
    """One that does not wait before it starts a task again."""
    monkeypatch.setattr(supervise, "FIRST_PAUSE", 0.0)

    async def crashed(name, error):
        told.append((name, str(error)))

    made = Supervisor(crashed)
    with capture_logs():
        yield made
        await made.close()


async def test_a_crashed_task_is_started_again(supervisor, told):
    """And the operators hear of it once, however often it crashes."""
    runs: list[int] = []
    well = asyncio.Event()

    async def work():
        runs.append(len(runs))
        if len(runs) < 4:
            raise RuntimeError("oops")
        well.set()

    supervisor.start("work", work)
    async with asyncio.timeout(5):
        await well.wait()
    assert told == [("work", "oops")]


async def test_a_broken_store_ends_everything(supervisor, told):
    """Whoever waits gets the error."""

    async def work():
        raise StoreError("disk full")

    supervisor.start("work", work)
    with pytest.raises(StoreError, match="disk full"):
        async with asyncio.timeout(5):
            await supervisor.wait_broken()
    assert told == []


async def test_closing_ends_every_task(supervisor):
    """In the reverse of the order they were started in."""
    ended = []

    async def work(name):
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    supervisor.start("first", lambda: work("first"))
    supervisor.start("second", lambda: work("second"))
    await asyncio.sleep(0)
    await supervisor.close()
    assert ended == ["second", "first"]
