"""A bot in a fake workspace, and a desk that writes down what it is asked."""

import pytest

from bot.adapters import chat
from tests.kit.bench_slack import settings
from tests.kit.desk import ScriptedDesk
from tests.kit.slack_manifest import installed


@pytest.fixture
async def slack():
    async with installed() as fake:
        yield fake


@pytest.fixture
def ann(slack):
    return slack.user("ann")


@pytest.fixture
def room(slack, ann):
    return slack.channel("ev-desk", members=[ann])


@pytest.fixture
def desk():
    return ScriptedDesk("noted")


@pytest.fixture
async def bot(slack, desk):
    platform = chat.create("slack", settings(slack))
    await platform.start(desk)
    await slack.sockets.connected()
    yield platform
    await platform.close()
