import pytest

from tests.kit.feed_server import FeedServer
from tests.kit.process import Evwatch


@pytest.fixture
async def site():
    """A news site on loopback."""
    async with FeedServer() as server:
        yield server


@pytest.fixture
async def evwatch(tmp_path):
    """A process in a folder of its own, not yet started."""
    made = Evwatch(tmp_path / "evwatch")
    yield made
    if made._process is not None:
        await made.kill()
        print(made.log.decode())
