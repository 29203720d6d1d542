"""What people do in Slack as Requests: each once, acknowledged at once, and never by a bot."""

import asyncio

import pytest

from bot.adapters import chat
from bot.adapters.chat.slack import inbox
from bot.adapters.chat.slack.typed import typed
from bot.domain.messages import Action, Message, Reply
from bot.domain.requests import Role
from bot.errors import Rejected, StoreError, Unavailable
from tests.kit.bench_slack import ref, settings
from tests.kit.slack_fake import APP_TOKEN, BOT_USER, visible

STORY = Message(
    "BYD + Uber: joint venture. Announced.",
    story="S1",
    actions=(
        Action("mute", "Mute 7 days", "mute S1 7d"),
        Action("why", "Why?", "why S1"),
        Action("story", "History", "story S1"),
        Action("useful", "Useful", "useful S1"),
        Action("useless", "Not useful", "useless S1"),
    ),
)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("A &amp; B &lt;b&gt;", "A & B <b>"),
        ("&amp;lt;", "&lt;"),
        (f"<@{BOT_USER}> latest 小米", "latest 小米"),
        (f"<@{BOT_USER}|evwatch>: help", "help"),
        (f"hey <@{BOT_USER}>, latest", "hey  latest"),
        ("why-not <https://a.example/?x=1&amp;y=2>", "why-not https://a.example/?x=1&y=2"),
        ("why-not <http://byd.com|byd.com>", "why-not http://byd.com"),
        ("<#C1|ev-desk> <@U2|bob> <@U3>", "#ev-desk @bob @U3"),
        ("<!here> <!subteam^S1|@team> <!channel|channel>", "@here @team @channel"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("  ", ""),
    ],
)
def test_what_is_typed_is_read_as_people_see_it(text, read):
    """Slack's own markup is taken off, its three entities are read once."""
    assert typed(text, BOT_USER) == read


async def test_a_command_is_a_request(slack, bot, desk, ann, room):
    """With channel, person, role and Slack's own id of it."""
    said = await slack.slash(ann, room, "/ev", "A & B")
    (request,) = desk.requests
    assert (request.text, request.channel, request.person) == ("A & B", ref(room), ref(ann))
    assert (request.role, request.event, request.here) == (Role.MEMBER, said.trigger_id, True)
    assert visible(said.answers[0]).text == "noted"
    assert said.ack < 1


async def test_it_is_acknowledged_before_anything_is_done(slack, bot, desk, ann, room):
    """However long the desk takes."""
    slow = asyncio.Event()

    async def answer(request):
        await slow.wait()
        return Reply(("late",))

    desk.answer = answer
    said = await slack.slash(ann, room, answers=0)
    assert said.ack < 1
    slow.set()
    await slack.until(lambda: said.answers)
    assert visible(said.answers[0]).text == "late"


async def test_an_envelope_that_comes_again_is_done_once(slack, bot, desk, ann, room):
    """Its payload's own id counts, not the envelope's."""
    said = await slack.slash(ann, room)
    await slack.sockets.deliver("slash_commands", said.payload, answered=True)
    await slack.slash(ann, room)
    assert len(desk.requests) == 2


async def test_buttons_menus_and_feedback_are_their_commands(slack, bot, desk, ann, room):
    """On the message they stand on; a second click within seconds is none."""
    desk.reply = Reply(("stories",), (STORY,))
    (answer,) = (await slack.slash(ann, room, "/ev", "latest")).answers
    for action, value in (("ev-mute", None), ("ev-why", None), ("ev-more", "story S1"), ("ev-feedback", "useless S1")):
        await slack.click(ann, answer, action, value, answers=1)
        await slack.click(ann, answer, action, value)
    assert [r.text for r in desk.requests] == ["latest", "mute S1 7d", "why S1", "story S1", "useless S1"]
    assert len({r.event for r in desk.requests}) == 5


async def test_a_shortcut_means_the_root_of_a_thread(slack, bot, desk, ann, room):
    """Whichever line of it was chosen."""
    message = await slack.mention(ann, room, "latest")
    await slack.until(lambda: message.replies)
    await slack.shortcut(ann, message.replies[0], "ev-why")
    assert (desk.requests[-1].text, desk.requests[-1].message) == ("why", message.ts)


async def test_an_answer_survives_its_address(slack, bot, desk, ann, room):
    """A response_url that is used up or too old: an ephemeral message instead."""
    slack.fail("response_url", "text500")
    said = await slack.slash(ann, room)
    assert [answer.via for answer in said.answers] == ["chat.postEphemeral"]


async def test_a_lost_answer_is_not_said_twice(slack, bot, desk, ann, room):
    """Whoever sees none asks again."""
    slack.fail("response_url", "lost")
    said = await slack.slash(ann, room)
    await slack.slash(ann, room)
    assert len(said.answers) == 1
    assert slack.called("chat.postEphemeral") == []


async def test_a_throttled_answer_comes_later(slack, bot, desk, ann, room):
    """In the thread of the mention."""
    slack.fail("chat.postMessage", "throttled", retry_after=1)
    message = await slack.mention(ann, room, "latest")
    await slack.until(lambda: message.replies)
    assert visible(message.replies[0]).text == "noted"


async def test_what_fails_is_said(slack, bot, desk, ann, room):
    """A broken store is nobody's silence."""

    async def answer(request):
        raise StoreError("gone")

    desk.answer = answer
    said = await slack.slash(ann, room)
    assert "try again" in visible(said.answers[0]).text


async def test_a_long_answer_fits(slack, bot, desk, ann, room):
    """What is too much is left out, and that is shown."""
    desk.reply = Reply(tuple(f"{n} " + "比亚迪 & <b>" * 30 for n in range(100)), (STORY,) * 30)
    (answer,) = (await slack.slash(ann, room)).answers
    assert visible(answer).text.startswith("0 比亚迪 & <b>")
    assert "..." in visible(answer).text


async def test_nasty_text_shows_as_written(slack, bot, desk, ann, room):
    """No mention, no markup, no link."""
    nasty = "A & B <!channel> <@U1> <http://e.example|x> *b* _i_ `c` :smile: https://e.example"
    desk.reply = Reply((nasty,))
    (answer,) = (await slack.slash(ann, room)).answers
    seen = visible(answer)
    assert seen.text == nasty
    assert (seen.mentions, seen.broadcasts, seen.links, seen.formatted, seen.emoji) == ([], [], [], [], [])


async def test_what_happens_to_the_bots_channels_is_told(slack, bot, desk, ann, room):
    """Put out, archived; nothing where somebody else leaves."""
    await slack.kick(room, ann)
    await slack.kick(room)
    await slack.archive(room)
    await slack.until(lambda: len(desk.losses) == 2)
    assert {loss[0] for loss in desk.losses} == {ref(room)}
    assert "removed" in desk.losses[0][1]
    assert "archived" in desk.losses[1][1]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}},
    ],
)
async def test_the_end_of_the_app_is_the_platforms(slack, bot, event):
    """It is down, and says why; another's token is none of ours."""
    await slack.event({"type": "tokens_revoked", "tokens": {"oauth": ["U9"], "bot": []}})
    await slack.event(event)
    async with asyncio.timeout(5):
        assert await bot.down()


async def test_a_connection_that_never_comes_back_takes_the_platform_down(slack, desk, monkeypatch):
    """The SDK would try for ever without a word."""
    monkeypatch.setattr(inbox, "_LOOK", 0.02)
    monkeypatch.setattr(inbox, "_DEAF", 0.1)
    platform = chat.create("slack", settings(slack))
    await platform.start(desk)
    slack.revoke(APP_TOKEN, "invalid_auth")
    await slack.sockets.disconnect("link_disabled")
    await slack.sockets.close()
    async with asyncio.timeout(20):
        assert "Socket Mode" in await platform.down()
    await platform.close()


async def test_a_wrong_app_token_is_said_at_once(slack, desk):
    """Nobody waits for a connection that cannot be."""
    platform = chat.create("slack", settings(slack, slack_app_token="xapp-wrong-secret"))
    with pytest.raises(Rejected) as refused:
        await platform.start(desk)
    assert "xapp-wrong-secret" not in str(refused.value)
    await platform.close()


async def test_a_socket_that_cannot_be_opened_is_unavailable(slack, desk, monkeypatch):
    """It may be tried again."""
    monkeypatch.setattr(inbox, "_CONNECT", 0.2)
    slack.fail("apps.connections.open", "text500")
    platform = chat.create("slack", settings(slack))
    with pytest.raises(Unavailable):
        await platform.start(desk)
    await platform.close()
