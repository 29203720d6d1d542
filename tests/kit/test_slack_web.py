"""The fake Slack's Web API, driven by the real SDK."""

import asyncio
import json
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.kit.slack_fake import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, SlackFake, visible

ALERT = {"event_type": "evwatch_alert", "event_payload": {"key": "story:1:r1:root"}}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "小米 <https://news.example/1|news>"}}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "Mute"}, "blocks": []}


async def refused(awaitable):
    """The word Slack refuses with."""
    with pytest.raises(SlackApiError) as failed:
        await awaitable
    return failed.value.response["error"]


async def test_the_bot_learns_who_it_is(slack, client):
    """With its scopes in the header and Slack's time."""
    slack.advance(3600)
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"]) == (TEAM, BOT_USER)
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert abs(parsedate_to_datetime(answer.headers["Date"]).timestamp() - slack.clock.now()) < 5


async def test_a_message_is_posted_edited_answered_and_deleted(slack, client, desk):
    """Timestamps rise; a thread stands below its parent; people see the edit."""
    first = await client.chat_postMessage(channel=desk, text="A & B", blocks=[SECTION], unfurl_links=False)
    second = await client.chat_postMessage(channel=desk, text="other")
    line = await client.chat_postMessage(channel=desk, text="confirmed", thread_ts=first["ts"])
    assert first["ts"] < second["ts"] < line["ts"]
    assert first["message"]["text"] == "A &amp; B"
    assert first["message"]["blocks"][0]["block_id"]
    await client.chat_update(channel=desk, ts=first["ts"], text="now *this*")
    one, two = slack.shown(desk)
    assert (visible(one).text, one.edits, [visible(each).text for each in one.replies]) == (
        "now *this*",
        1,
        ["confirmed"],
    )
    assert slack.arrived[0].blocks  # as it was when it came
    assert [each.via for each in slack.arrived] == ["chat.postMessage"] * 3 + ["chat.update"]
    await client.chat_delete(channel=desk, ts=two.ts)
    assert len(slack.shown(desk)) == 1
    link = await client.chat_getPermalink(channel=desk, message_ts=line["ts"])
    assert line["ts"].replace(".", "") in link["permalink"]


async def test_metadata_is_given_back_only_when_asked_for(client, desk):
    """In history and in replies; an edit without metadata leaves it, with {} takes it away."""
    root = await client.chat_postMessage(channel=desk, text="x", metadata=ALERT)
    await client.chat_postMessage(channel=desk, text="y", metadata=ALERT, thread_ts=root["ts"])
    await client.chat_update(channel=desk, ts=root["ts"], text="z")
    with_ = await client.conversations_history(channel=desk, include_all_metadata=True)
    without = await client.conversations_history(channel=desk)
    assert [m.get("metadata") for m in (*with_["messages"], *without["messages"])] == [ALERT, None]
    thread = await client.conversations_replies(channel=desk, ts=root["ts"], include_all_metadata=True)
    assert [m["metadata"] for m in thread["messages"]] == [ALERT, ALERT]
    await client.chat_update(channel=desk, ts=root["ts"], text="z", metadata={})
    gone = await client.conversations_history(channel=desk, include_all_metadata=True)
    assert "metadata" not in gone["messages"][0]


async def test_history_holds_parents_newest_first_and_counts_replies(client, desk):
    """Replies come with conversations.replies alone."""
    root = await client.chat_postMessage(channel=desk, text="root")
    line = await client.chat_postMessage(channel=desk, text="line", thread_ts=root["ts"])
    await client.chat_postMessage(channel=desk, text="later")
    newest, oldest = (await client.conversations_history(channel=desk))["messages"]
    assert (newest["text"], oldest["text"]) == ("later", "root")
    assert (oldest["reply_count"], oldest["latest_reply"]) == (1, line["ts"])
    assert "reply_count" not in newest


async def test_history_is_cut_by_time_and_paged(client, desk):
    """The ends count only when inclusive; a message that comes between two pages moves nothing."""
    ts = [(await client.chat_postMessage(channel=desk, text=str(n)))["ts"] for n in range(7)]

    async def texts(**asked):
        return [m["text"] for m in (await client.conversations_history(channel=desk, **asked))["messages"]]

    assert await texts(oldest=ts[2], latest=ts[5]) == ["4", "3"]
    assert await texts(oldest=ts[2], latest=ts[5], inclusive=True) == ["5", "4", "3", "2"]
    seen, more = [], await client.conversations_history(channel=desk, limit=3)
    async for page in more:
        seen += [m["text"] for m in page["messages"]]
        await client.chat_postMessage(channel=desk, text="new")
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert await refused(client.conversations_history(channel=desk, cursor="bm90")) == "invalid_cursor"


async def test_reading_needs_the_scope(slack, client, desk):
    """The answer says which is needed and which there are."""
    slack.scopes -= {"channels:history", "users:read"}
    with pytest.raises(SlackApiError) as failed:
        await client.conversations_history(channel=desk)
    answer = failed.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "channels:history")
    assert "chat:write" in answer["provided"]
    assert await refused(client.conversations_replies(channel=desk, ts="1.0")) == "missing_scope"
    assert await refused(client.users_info(user=BOT_USER)) == "missing_scope"


async def test_tokens_are_checked(slack, client, desk):
    """None, a wrong one, one of the other kind, one revoked."""
    for token, word in ((None, "not_authed"), ("xoxb-other", "invalid_auth"), (APP_TOKEN, "not_allowed_token_type")):
        other = AsyncWebClient(token, base_url=slack.api, retry_handlers=[])
        assert await refused(other.chat_postMessage(channel=desk, text="x")) == word
    assert await refused(client.apps_connections_open(app_token=BOT_TOKEN)) == "not_allowed_token_type"
    assert (await client.apps_connections_open(app_token=APP_TOKEN))["url"].startswith("ws://127.0.0.1")
    slack.revoke(BOT_TOKEN, "token_revoked")
    assert await refused(client.auth_test()) == "token_revoked"


async def test_channels_are_checked(slack, client, ann, desk):
    """Unknown, private and not in it, public and not in it, archived."""
    secret = slack.channel("secret", private=True, bot=False)
    town = slack.channel("town", bot=False)
    root = await client.chat_postMessage(channel=desk, text="x")
    assert await refused(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel=secret, text="x")) == "channel_not_found"
    assert await refused(client.conversations_info(channel=secret)) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel=town, text="x")) == "not_in_channel"
    assert await refused(client.conversations_history(channel=town)) == "not_in_channel"
    assert (await client.conversations_info(channel=town))["channel"]["is_member"] is False
    await slack.archive(desk)
    assert await refused(client.chat_postMessage(channel=desk, text="x")) == "is_archived"
    assert await refused(client.chat_update(channel=desk, ts=root["ts"], text="x")) == "is_inactive"
    await slack.unarchive(desk)
    await slack.kick(desk)
    assert await refused(client.chat_postMessage(channel=desk, text="x")) == "not_in_channel"
    slack.scopes.add("chat:write.public")
    await client.chat_postMessage(channel=town, text="x")


async def test_what_is_wrong_with_a_message_is_said(slack, client, ann, desk):
    """Blocks with pointers; lengths; what is not ours or not there."""
    with pytest.raises(SlackApiError) as failed:
        await client.chat_postMessage(channel=desk, text="x", blocks=[{"type": "section"}])
    answer = failed.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must define either `text` or `fields` [json-pointer:/blocks/0]"
    ]
    theirs = await slack.mention(ann, desk, "hello")
    post, long = "chat.postMessage", {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    cases: list[tuple[str, str, dict[str, Any]]] = [
        ("no_text", post, {"text": ""}),
        ("msg_too_long", post, {"text": "x" * 40_001}),
        ("msg_blocks_too_long", post, {"text": "x", "blocks": [long] * 5}),
        ("invalid_blocks_format", post, {"text": "x", "blocks": "section"}),
        ("invalid_metadata_format", post, {"text": "x", "metadata": {"event_payload": {}}}),
        ("thread_not_found", post, {"text": "x", "thread_ts": "1.000001"}),
        ("message_not_found", "chat.update", {"text": "x", "ts": "1.000001"}),
        ("cant_update_message", "chat.update", {"text": "x", "ts": theirs.ts}),
        ("user_not_in_channel", "chat.postEphemeral", {"text": "x", "user": slack.user("bob")}),
        ("user_not_found", "users.info", {"user": "U404"}),
        ("unknown_method", "chat.shout", {}),
    ]
    for word, method, given in cases:
        assert await refused(client.api_call(method, json={"channel": desk, **given})) == word


async def test_arguments_come_as_form_query_or_json(slack, client, desk):
    """Blocks in a form are JSON in a string."""
    await client.api_call("chat.postMessage", data={"channel": desk, "text": "form", "blocks": json.dumps([SECTION])})
    await client.api_call("chat.postMessage", params={"channel": desk, "text": "query"})
    assert [message.text for message in slack.shown(desk)] == ["form", "query"]
    assert slack.shown(desk)[0].blocks[0]["type"] == "section"
    assert slack.called("chat.postMessage")[1] == {"channel": desk, "text": "query"}


async def test_people_are_described(slack, client, desk):
    """Guests, admins, people of other workspaces and strangers."""
    flags = ("is_admin", "is_restricted", "is_ultra_restricted", "is_stranger")
    people = {
        slack.user("boss", admin=True): (True, False, False, False),
        slack.user("gus", guest=True): (False, True, False, False),
        slack.user("sue", single_channel_guest=True): (False, True, True, False),
        slack.user("con", connect=True): (False, False, False, False),
        slack.user("stan", stranger=True): (False, False, False, True),
    }
    teams = []
    for user, expected in people.items():
        told = (await client.users_info(user=user))["user"]
        assert tuple(told[flag] for flag in flags) == expected
        teams.append(told["team_id"] == TEAM)
    assert teams == [True, True, True, False, False]


async def test_channels_are_listed(slack, client, ann, desk):
    """Those the bot is in, those it can see, and its direct messages."""
    inside = slack.channel("inside", private=True)
    slack.channel("outside", private=True, bot=False)
    town = slack.channel("town", bot=False)
    mine = await client.users_conversations(types="public_channel,private_channel")
    assert [channel["id"] for channel in mine["channels"]] == [desk, inside]
    every = await client.conversations_list(types="public_channel,private_channel", limit=2)
    assert [channel["id"] async for page in every for channel in page["channels"]] == [desk, inside, town]
    opened = await client.conversations_open(users=ann)
    assert opened["channel"]["id"] == slack.im(ann)
    assert (await client.conversations_members(channel=desk))["members"] == [ann, BOT_USER]
    await client.chat_postMessage(channel=ann, text="hello")
    assert len(slack.shown(slack.im(ann))) == 1


async def test_a_view_needs_a_live_trigger(client):
    """Every trigger id that nobody made is invalid; the rest is tested over Socket Mode."""
    assert await refused(client.views_open(trigger_id="1.2.x", view=MODAL)) == "invalid_trigger_id"


async def test_a_home_is_published_again_and_again(slack, client, ann):
    """The same view with a new hash; an old hash is refused."""
    home = {"type": "home", "blocks": [SECTION]}
    first = await client.views_publish(user_id=ann, view=home)
    second = await client.views_publish(user_id=ann, view=home, hash=first["view"]["hash"])
    assert first["view"]["id"] == second["view"]["id"] == slack.home(ann).id
    assert await refused(client.views_publish(user_id=ann, view=home, hash=first["view"]["hash"])) == "hash_conflict"
    assert await refused(client.views_publish(user_id=ann, view=MODAL)) == "invalid_arguments"


async def test_an_ephemeral_message_is_one_persons_own(slack, client, ann, desk):
    """It stands in no history."""
    await client.chat_postEphemeral(channel=desk, user=ann, text="only you")
    assert [message.text for message in slack.ephemerals(ann)] == ["only you"]
    assert slack.shown(desk) == []


@pytest.mark.parametrize("word", ["internal_error", "fatal_error", "request_timeout", "invalid_blocks"])
async def test_an_error_can_come_before_or_after_the_message_was_taken(slack, client, desk, word):
    """Slack says so of the first two."""
    slack.fail("chat.postMessage", word)
    slack.fail("chat.postMessage", word, taken=True)
    for taken in (0, 1):
        assert await refused(client.chat_postMessage(channel=desk, text="x")) == word
        assert len(slack.shown(desk)) == taken


async def test_too_many_requests_are_put_off(slack, client, desk):
    """429 with Retry-After: told to, or by one message a second and channel."""
    other = slack.channel("other")
    slack.fail("chat.postMessage", "throttled", retry_after=7, channel=desk)
    await client.chat_postMessage(channel=other, text="x")
    with pytest.raises(SlackApiError) as failed:
        await client.chat_postMessage(channel=desk, text="x")
    assert (failed.value.response.status_code, failed.value.response.headers["Retry-After"]) == (429, "7")
    slack.rate = 1
    assert await refused(client.chat_postMessage(channel=other, text="y")) == "ratelimited"
    await client.chat_postMessage(channel=desk, text="y")
    slack.advance(1.5)
    await client.chat_postMessage(channel=other, text="y")
    assert [call.error for call in slack.calls] == [None, "throttled", "ratelimited", None, None]


async def test_a_500_is_no_json(slack, client, desk):
    """With a text body the SDK's response is a str, with HTML it is empty."""
    slack.fail("chat.postMessage", "text500")
    slack.fail("chat.postMessage", "html500")
    for kind in (str, dict):
        with pytest.raises((SlackApiError, AttributeError)) as failed:
            await client.chat_postMessage(channel=desk, text="x")
        if isinstance(failed.value, SlackApiError):
            response = failed.value.response
            assert isinstance(response if isinstance(response, str) else response.data, kind)
    assert slack.shown(desk) == []


async def test_an_answer_can_be_lost_and_a_request_cut(slack, client, desk):
    """Lost: the message is there. Cut: it is not."""
    slack.fail("chat.postMessage", "cut")
    slack.fail("chat.postMessage", "lost")
    for taken in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=desk, text="x")
        assert len(slack.shown(desk)) == taken


@pytest.mark.parametrize("taken", [True, False])
async def test_an_answer_can_be_held(slack, client, desk, taken):
    """Until it is released; what was not taken by then is taken if somebody still waits."""
    slack.fail("chat.postMessage", "hold", taken=taken)
    asked = asyncio.create_task(client.chat_postMessage(channel=desk, text="x"))
    await slack.until(lambda: slack.calls)
    assert len(slack.shown(desk)) == taken
    slack.release()
    await asked
    assert len(slack.shown(desk)) == 1


async def test_a_slow_answer_comes_in_the_end(slack, client, desk):
    """Later than a client waits, if so wished."""
    slack.fail("chat.postMessage", "slow", seconds=0.5, taken=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.chat_postMessage(channel=desk, text="x"), 0.1)
    assert len(slack.shown(desk)) == 1


async def test_a_manifest_says_what_the_app_may(desk):
    """Scopes and events as installed."""
    manifest = {
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    async with SlackFake.from_manifest(manifest) as installed:
        assert (installed.scopes, installed.events) == ({"chat:write"}, {"app_mention"})
