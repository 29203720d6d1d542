import pytest

from tests.kit.world import World


@pytest.fixture
async def world(tmp_path):
    """A whole evwatch whose desk, C0EVDESK, hears of every company."""
    made = World(tmp_path)
    yield made
    await made.close()
