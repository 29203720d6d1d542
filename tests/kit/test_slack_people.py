"""What people do in the fake Slack - commands, clicks, modals, the Home tab - driven by the real Bolt."""

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.kit.slack_fake import visible
from tests.kit.slack_samples import ALERT, FORM, option, plain
from tests.kit.slack_things import Refused, View


async def test_a_command_is_answered_by_response_url(slack, app, ann, desk):
    """Ephemeral unless told otherwise; the ack is timed; text is escaped as people's texts are."""

    @app.command("/ev")
    async def ev(ack, command, respond):
        await ack()
        await respond(f"only you: {command['text']}")
        await respond(text="everybody", response_type="in_channel")

    said = await slack.slash(ann, desk, "/ev", "A & B <小米>", answers=2)
    assert [visible(answer).text for answer in said.answers] == ["only you: A & B <小米>", "everybody"]
    assert said.payload["text"] == "A &amp; B &lt;小米&gt;"
    assert 0 < said.ack < 1
    assert [message.text for message in slack.ephemerals(ann)] == ["only you: A &amp; B &lt;小米&gt;"]
    assert [message.text for message in slack.shown(desk)] == ["everybody"]
    assert [ack.kind for ack in slack.sockets.acks] == ["slash_commands"]


async def test_a_command_is_answered_with_the_ack(slack, app, ann, desk):
    """Text in the acknowledgement is an ephemeral answer."""

    @app.command("/ev")
    async def ev(ack):
        await ack("at once")

    said = await slack.slash(ann, desk)
    assert (said.answers[0].text, said.answers[0].via) == ("at once", "ack")


async def test_a_response_url_takes_five_answers_in_thirty_minutes(slack, app, ann, desk):
    """After that it is used up, or too old; invalid blocks are refused."""

    @app.command("/ev")
    async def ev(ack):
        await ack()

    async with aiohttp.ClientSession() as session:

        async def post(url, **given):
            async with session.post(url, json={"text": "x", **given}) as answer:
                return answer.status, await answer.text()

        url = (await slack.slash(ann, desk, answers=0)).payload["response_url"]
        assert (await post(url, blocks=[{"type": "nothing"}])) == (400, "invalid_blocks")
        assert [(await post(url))[0] for _ in range(5)] == [200, 200, 200, 200, 404]
        url = (await slack.slash(ann, desk, answers=0)).payload["response_url"]
        slack.advance(1801)
        status, text = await post(url)
        assert (status, json.loads(text)["error"]) == (404, "expired_url")


async def test_a_command_nobody_acknowledges_fails(slack, app, ann, desk):
    """Slack says so, and does not send it again."""
    slack.sockets.ack_within = 0.05

    @app.command("/ev")
    async def ev(ack):
        await asyncio.Event().wait()

    said = await slack.slash(ann, desk)
    assert (said.ack, said.error) == (None, "operation_timeout")
    assert len(slack.sockets.acks) == 1


async def test_a_command_without_an_app_fails(slack, ann, desk):
    """There is no connection."""
    assert (await slack.slash(ann, desk)).error == "dispatch_failed"


async def test_buttons_menus_and_feedback_are_clicked(slack, app, ann, desk):
    """The payload has the action, the message and its place; the message can be edited."""
    seen = []

    @app.action({"action_id": "mute"})
    @app.action({"action_id": "more"})
    @app.action({"action_id": "useful"})
    async def clicked(ack, body, action, client):
        await ack()
        ts = body["message"]["ts"]
        seen.append((action["action_id"], action.get("value") or action["selected_option"]["value"]))
        if action["action_id"] == "mute" and ts == body["container"]["message_ts"]:
            await client.chat_update(channel=body["channel"]["id"], ts=ts, text="muted", blocks=[])

    post = await app.client.chat_postMessage(channel=desk, text="alert", blocks=ALERT)
    await slack.click(ann, post["ts"], "more", "cite")
    with pytest.raises(LookupError):
        await slack.click(ann, post["ts"], "more", "nothing")
    await slack.click(ann, post["ts"], "useful", "bad")
    await slack.click(ann, post["ts"], "mute")
    assert seen[:2] == [("more", "cite"), ("useful", "bad")]
    await slack.until(lambda: visible(slack.shown(desk)[0]).text == "muted")
    assert seen[2] == ("mute", "S1")
    with pytest.raises(LookupError):
        await slack.click(ann, post["ts"], "mute")


async def test_an_ephemeral_answer_has_buttons_too(slack, app, ann, desk):
    """Its payload holds no message; it is replaced or deleted by response_url."""

    @app.command("/ev")
    async def ev(ack, respond):
        await ack()
        await respond(text="alert", blocks=ALERT)

    @app.action("mute")
    async def mute(ack, body, respond):
        await ack()
        assert "message" not in body
        assert body["container"]["is_ephemeral"]
        await respond(text="muted", replace_original=True)

    said = await slack.slash(ann, desk)
    clicked = await slack.click(ann, said.answers[0], "mute", answers=1)
    assert [visible(message).text for message in slack.ephemerals(ann)] == ["muted"]
    assert clicked.answers == slack.ephemerals(ann)


@pytest.fixture
def form(app):
    """A subscribe command with its modal; what was submitted."""
    submitted = []

    @app.command("/ev")
    async def ev(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.options("company")
    async def companies(ack, payload):
        await ack(options=[option("xiaomi")] if payload["value"] == "xia" else [])

    @app.view("subscribe")
    async def save(ack, view):
        values = view["state"]["values"]
        if values["hours"]["hours"]["value"] == "never":
            await ack(response_action="errors", errors={"hours": "must be a time"})
            return
        await ack()
        submitted.append(values)

    @app.view_closed("subscribe")
    async def closed(ack, body):
        await ack()
        submitted.append("closed")

    return submitted


async def test_a_modal_is_opened_filled_in_and_submitted(slack, app, form, ann, desk):
    """With what is there at first, options from the app, and errors under their block."""
    said = await slack.slash(ann, desk, "/ev", "subscribe")
    view = slack.modal(ann)
    assert isinstance(said.answers[0], View)
    assert said.answers == [view]
    assert "Lists" in visible(view).text
    with pytest.raises(LookupError, match="hours"):
        await slack.submit(ann, view, {})
    await slack.submit(ann, view, {"hours": "never"})
    assert slack.modal(ann).errors == {"hours": "must be a time"}
    (xiaomi,) = await slack.suggest(ann, None, "company", "xia")
    assert await slack.suggest(ann, None, "company", "q") == []
    await slack.submit(ann, None, {"hours": "22-7", "company": xiaomi, "lists": ["cells"]})
    assert slack.modal(ann) is None
    (values,) = form
    assert values["company"]["company"]["selected_option"]["value"] == "xiaomi"
    assert [each["value"] for each in values["lists"]["lists"]["selected_options"]] == ["cells"]


async def test_a_modal_that_is_closed_says_so(slack, app, form, ann, desk):
    """Where the app has asked for it."""
    await slack.slash(ann, desk)
    await slack.dismiss(ann)
    assert form == ["closed"]
    assert slack.modal(ann) is None


async def test_a_trigger_id_is_used_once_and_within_three_seconds(slack, app, ann, desk):
    """After that there is no modal."""
    words = []

    @app.command("/ev")
    async def ev(ack, body, client):
        await ack()
        if body["text"] == "late":
            slack.advance(4)
        for _ in range(2):
            try:
                await client.views_open(trigger_id=body["trigger_id"], view=FORM)
            except SlackApiError as refused:
                words.append(refused.response["error"])

    await slack.slash(ann, desk)
    await slack.until(lambda: words == ["exchanged_trigger_id"])
    await slack.slash(ann, desk, "/ev", "late", answers=0)
    await slack.until(lambda: words[1:] == ["expired_trigger_id"] * 2)


async def test_modals_stack_three_deep_and_change_by_hash(slack, app, ann, desk):
    """push, update, update in the answer, clear; an old hash is a conflict."""
    sheet = {
        "type": "modal",
        "callback_id": "sheet",
        "title": plain("Sheet"),
        "submit": plain("Go"),
        "blocks": [
            {
                "type": "actions",
                "elements": [{"type": "button", "action_id": "deeper", "text": plain("Deeper"), "value": "1"}],
            }
        ],
    }
    words = []

    @app.command("/ev")
    async def ev(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=sheet)

    @app.action("deeper")
    async def deeper(ack, body, client):
        await ack()
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=sheet)
        except SlackApiError as refused:
            words.append(refused.response["error"])

    @app.view("sheet")
    async def go(ack, body):
        await ack(response_action="update", view={**sheet, "callback_id": "last", "title": plain("Last")})

    @app.view("last")
    async def end(ack):
        await ack(response_action="clear")

    await slack.slash(ann, desk)
    root = slack.modal(ann)
    for _ in range(2):
        await slack.click(ann, slack.modal(ann), "deeper", answers=1)
    await slack.click(ann, slack.modal(ann), "deeper")
    await slack.until(lambda: words == ["push_limit_reached"])
    assert slack.modal(ann).root == root.id
    old = root.hash
    await app.client.views_update(view_id=root.id, view=sheet, hash=old)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await app.client.views_update(view_id=root.id, view=sheet, hash=old)
    await slack.submit(ann)
    assert slack.modal(ann).given["title"]["text"] == "Last"
    await slack.submit(ann)
    assert slack.modal(ann) is None


async def test_bad_options_are_refused(slack, app, ann, desk):
    """A hundred at most."""

    @app.command("/ev")
    async def ev(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.options("company")
    async def companies(ack):
        await ack(options=[option(f"c{n}") for n in range(101)])

    await slack.slash(ann, desk)
    with pytest.raises(Refused, match="invalid_options"):
        await slack.suggest(ann, None, "company", "c")


async def test_the_home_tab_is_opened_and_clicked(slack, app, ann):
    """Published on the event; its buttons have the view in their payload."""
    pressed = asyncio.Event()

    @app.event("app_home_opened")
    async def opened(event, client):
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": ALERT[:2]})

    @app.action("mute")
    async def mute(ack, body):
        await ack()
        assert body["view"]["type"] == "home"
        assert body["container"]["type"] == "view"
        pressed.set()

    ack = await slack.open_home(ann)
    assert ack.seconds is not None
    await slack.until(lambda: slack.home(ann))
    await slack.click(ann, slack.home(ann), "mute")
    await asyncio.wait_for(pressed.wait(), 2)


async def test_a_message_shortcut_is_used(slack, app, ann, desk):
    """The message comes with it; the answer is ephemeral."""

    @app.shortcut("why")
    async def why(ack, shortcut, respond):
        await ack()
        await respond(f"because of {shortcut['message']['text']}")

    post = await app.client.chat_postMessage(channel=desk, text="BYD")
    said = await slack.shortcut(ann, post["ts"], "why")
    assert visible(said.answers[0]).text == "because of BYD"
