"""A fake Slack with somebody in a channel, the SDK and a connected Bolt app."""

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.kit.slack_fake import APP_TOKEN, BOT_TOKEN, SlackFake


@pytest.fixture
async def slack():
    async with SlackFake() as fake:
        fake.sockets.ack_within = 1.0
        yield fake


@pytest.fixture
def ann(slack):
    return slack.user("ann")


@pytest.fixture
def desk(slack, ann):
    return slack.channel("ev-desk", members=[ann])


@pytest.fixture
def client(slack):
    """The SDK, without its retries."""
    return AsyncWebClient(BOT_TOKEN, base_url=slack.api, timeout=5, retry_handlers=[])


@pytest.fixture
async def app(slack, client):
    """Bolt, connected; tests add their listeners."""
    app = AsyncApp(client=client)
    web = AsyncWebClient(APP_TOKEN, base_url=slack.api, retry_handlers=[])
    handler = AsyncSocketModeHandler(app, APP_TOKEN, web_client=web, ping_interval=0.05)
    await handler.connect_async()
    await slack.sockets.connected()
    yield app
    await handler.close_async()
