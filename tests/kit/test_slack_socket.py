"""The fake Slack's events and connections, driven by the real Bolt, and the fake in a process of its own."""

import asyncio
import json
import signal
import sys

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.kit.process import ROOT
from tests.kit.slack_fake import APP_TOKEN, BOT_USER, visible


async def test_mentions_and_direct_messages_are_heard(slack, app, ann, desk):
    """In threads too; what the bot says itself is no event."""

    @app.event("app_mention")
    async def mentioned(event, say):
        await say(text=event["text"], thread_ts=event.get("thread_ts") or event["ts"])

    @app.event("message")
    async def written(event, say):
        assert event["channel_type"] == "im"
        await say(text=f"you said {event['text']}")

    message = await slack.mention(ann, desk, "小米?")
    await slack.until(lambda: message.replies)
    assert visible(message.replies[0]).text == f"@{BOT_USER} 小米?"
    assert visible(message.replies[0]).mentions == [BOT_USER]
    await slack.mention(ann, desk, "again", thread=message.ts)
    await slack.until(lambda: len(message.replies) == 3)
    written_to = await slack.dm(ann, "help")
    await slack.until(lambda: len(slack.shown(written_to.channel)) == 2)
    assert slack.shown(written_to.channel)[1].text == "you said help"


async def test_the_bot_hears_when_it_is_removed_or_the_channel_archived(slack, app, ann, desk):
    """And only what it has subscribed to."""
    heard = []

    @app.event("member_left_channel")
    @app.event("channel_archive")
    async def left(event):
        heard.append((event["type"], event["channel"], event["user"]))

    assert (await slack.kick(desk)).seconds is not None
    await slack.archive(desk)
    slack.events.discard("member_left_channel")
    assert await slack.kick(desk, ann) is None
    await slack.until(lambda: len(heard) == 2)
    assert heard == [("member_left_channel", desk, BOT_USER), ("channel_archive", desk, "U0ADMIN")]


async def test_an_event_nobody_acknowledges_comes_again(slack, app, ann, desk):
    """With the same event id, the attempt and the reason."""
    seen = []
    slack.sockets.ack_within = 0.05

    @app.middleware
    async def deaf(req, body, next_):
        seen.append((body["event_id"], req.headers.get("x-slack-retry-num"), req.headers.get("x-slack-retry-reason")))
        if len(seen) < 3:
            await asyncio.Event().wait()
        await next_()

    @app.event("app_mention")
    async def mentioned():
        """Bolt acknowledges."""

    await slack.mention(ann, desk, "help")
    assert [attempt for _, attempt, _ in seen] == [["0"], ["1"], ["2"]]
    assert seen[2][2] == ["timeout"]
    assert len({event for event, _, _ in seen}) == 1
    assert [ack.seconds is None for ack in slack.sockets.acks] == [True, True, False]


async def test_an_event_lost_with_its_connection_comes_by_the_next(slack, app, ann, desk):
    """Nothing that was not acknowledged is forgotten."""
    slack.sockets.ack_within = 60
    attempts = []

    @app.middleware
    async def cut_at_first(req, body, next_):
        attempts.append(body["event_id"])
        if len(attempts) == 1:
            slack.sockets.cut()
            await asyncio.Event().wait()
        await next_()

    @app.event("app_mention")
    async def mentioned():
        """Bolt acknowledges."""

    await slack.mention(ann, desk, "help")
    assert len(attempts) == 2
    assert len(set(attempts)) == 1


@pytest.mark.parametrize("how", ["warning", "refresh_requested", "close", "cut"])
async def test_the_app_comes_back_whatever_becomes_of_its_connection(slack, app, ann, desk, how):
    """A disconnect message, a closed socket, a cut one."""
    before = slack.sockets.opened
    if how == "close":
        await slack.sockets.close()
    elif how == "cut":
        slack.sockets.cut()
    else:
        await slack.sockets.disconnect(how)
    await slack.sockets.reconnected(before)

    @app.command("/ev")
    async def ev(ack):
        await ack("here again")

    said = await slack.slash(ann, desk)
    assert said.answers[0].text == "here again"


async def test_several_connections_take_turns(slack, app, ann, desk):
    """Each envelope goes to one of them."""

    @app.command("/ev")
    async def ev(ack):
        await ack("x")

    web = AsyncWebClient(APP_TOKEN, base_url=slack.api, retry_handlers=[])
    second = AsyncSocketModeHandler(app, APP_TOKEN, web_client=web)
    await second.connect_async()
    await slack.sockets.connected(2)
    assert [(await slack.slash(ann, desk)).error for _ in range(4)] == [None] * 4
    await second.close_async()
    await slack.until(lambda: slack.sockets.count == 1)


async def test_a_ticket_opens_one_connection(slack):
    """Nor does an address without one."""
    url = slack.url + "/link/?ticket=" + slack.sockets.ticket()
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        for used in (url, slack.url + "/link/"):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(used)


async def test_it_runs_in_a_process_of_its_own():
    """Its first line says where; every word of a test can be said over HTTP."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.kit.slack_fake", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        told = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
        async with aiohttp.ClientSession() as session:

            async def say(verb, **given):
                async with session.post(f"{told['control']}/{verb}", json=given) as answer:
                    return await answer.json()

            ann = await say("user", name="ann", guest=True)
            desk = await say("channel", name="ev-desk", members=[ann])
            settings = told["settings"]
            client = AsyncWebClient(settings["EVWATCH_SLACK_BOT_TOKEN"], base_url=settings["EVWATCH_SLACK_API_URL"])
            await say("fail", method="chat.postMessage", kind="is_archived")
            with pytest.raises(SlackApiError, match="is_archived"):
                await client.chat_postMessage(channel=desk, text="x")
            await client.chat_postMessage(channel=desk, text="比亚迪 &amp; Uber")
            (message,) = await say("shown", channel=desk)
            assert message["seen"] == "比亚迪 & Uber"
            assert (await say("slash", user=ann, channel=desk, text="help"))["error"] == "dispatch_failed"
            assert (await say("click", user=ann, where="1.0", action_id="mute"))["error"] == "LookupError"
    finally:
        process.send_signal(signal.SIGTERM)
        await process.wait()
    assert process.returncode == 0
