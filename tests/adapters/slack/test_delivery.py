"""What goes wrong between us and Slack: what people see, what is in the outbox. Nothing is lost, nothing comes twice.

The real store, engine and deliverer, and the SDK over HTTP.
"""

import traceback
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.adapters import chat
from bot.adapters.chat.slack import platform, settling
from bot.domain.channels import ChannelRef, Outgoing, Part
from bot.domain.messages import Message
from bot.errors import DeliveryError, Rejected, Scope, Throttled, Unavailable, Uncertain
from bot.ports import ChatPlatform
from tests.kit.bench_slack import ref, settings
from tests.kit.desk import ScriptedDesk
from tests.kit.slack_fake import BOT_TOKEN, BOT_USER, SCOPES, TEAM, SlackFake, notification, visible
from tests.kit.slack_fake import Message as SlackMessage
from tests.kit.world import World

RUMOUR, CONFIRMED = "Xiaomi to build electric cars, sources say", "Xiaomi confirms it will build electric cars"
OTHER = "BYD and Uber form EV joint venture"
NO_HISTORY = {scope for scope in SCOPES if not scope.endswith(":history")}


class SlackWorld(World):
    """A whole evwatch that tells two channels of a Slack; `desk` hears of everything, `den` too."""

    def __init__(self, folder, fake):
        super().__init__(folder, desk=False)
        self.fake = fake
        self.desk, self.den, self.ops = (fake.channel(name) for name in ("ev-desk", "den", "ops"))
        self.slack = chat.create("slack", settings(fake))  # type: ignore[assignment]  # the real one
        self.platforms: dict[str, ChatPlatform] = {"slack": self.slack}

    def _open(self):
        super()._open()
        self.notices._channels = (ref(self.ops),)

    async def begin(self):
        await self.slack.start(ScriptedDesk())
        await self.subscribe(f"{TEAM}/{self.desk}", "all")

    async def tell_more(self):
        """A second report: an edit and a line."""
        self.feed("second").publish(CONFIRMED)
        await self.run_for("2m")

    def keys(self):
        """How often each message and line was taken."""
        return Counter(m.metadata["event_payload"]["key"] for m in self.fake.arrived if m.via == "chat.postMessage")


@pytest.fixture
def scopes():
    """What the app was installed with."""
    return SCOPES


@pytest.fixture
async def world(tmp_path, scopes, monkeypatch):
    monkeypatch.setattr(platform, "TIMEOUT", 0.3)
    async with SlackFake(scopes=scopes) as fake:
        made = SlackWorld(tmp_path, fake)
        await made.begin()
        yield made
        await made.close()
        await made.slack.close()


# --------------------------------------------------------------------------------------------------------- fault table

FAULTS = [
    pytest.param("throttled", {"retry_after": 7}, id="429 with Retry-After"),
    pytest.param("text500", {}, id="500 with a text body, nothing taken"),
    pytest.param("text500", {"taken": True}, id="500 with a text body, taken"),
    pytest.param("html500", {}, id="500 with a page, nothing taken"),
    pytest.param("html500", {"taken": True}, id="500 with a page, taken"),
    pytest.param("lost", {}, id="answer lost"),
    pytest.param("cut", {}, id="cut before it arrived"),
    pytest.param("slow", {"seconds": 0.6}, id="arrives never, answer too late"),
    pytest.param("slow", {"seconds": 0.6, "taken": True}, id="arrives, answer too late"),
    pytest.param("internal_error", {}, id="internal error, nothing taken"),
    pytest.param("internal_error", {"taken": True}, id="internal error, taken"),
    pytest.param("fatal_error", {"taken": True}, id="fatal error, taken"),
    pytest.param("request_timeout", {}, id="request timeout"),
    pytest.param("service_unavailable", {}, id="service unavailable"),
    pytest.param("a_new_word", {}, id="a refusal nobody has heard of"),
    pytest.param("invalid_blocks", {}, id="invalid blocks"),
    pytest.param("msg_blocks_too_long", {}, id="blocks too long"),
    pytest.param("metadata_too_large", {}, id="metadata too large"),
]


@pytest.mark.parametrize(("kind", "what"), FAULTS)
@pytest.mark.parametrize("part", [Part.ROOT, Part.EDIT, Part.LINE])
async def test_whatever_goes_wrong_it_is_told_once(world, part, kind, what):
    """A message with its edit and one line in its thread; the outbox is done with them."""
    if part is Part.ROOT:
        world.fake.fail("chat.postMessage", kind, **what)
    world.feed("first").publish(RUMOUR)
    await world.run_for("2m")
    if part is not Part.ROOT:
        world.fake.fail("chat.update" if part is Part.EDIT else "chat.postMessage", kind, **what)
    await world.tell_more()
    (root,) = world.fake.shown(world.desk)
    assert "Xiaomi" in visible(root).text
    assert "onfirmed" in visible(root).text
    assert len(root.replies) == 1
    assert await world.counts() == {"sent": 3}


@pytest.mark.parametrize("lookups", [1, 3])
async def test_a_doubt_stays_one_until_slack_answers(world, lookups):
    """Throttled, broken, unreachable: it is not sent again before it was looked for."""
    world.fake.fail("chat.postMessage", "lost")
    for kind in ("throttled", "text500", "internal_error")[:lookups]:
        world.fake.fail("conversations.history", kind)
    world.feed("first").publish(RUMOUR)
    await world.run_for("1h")
    assert len(world.fake.called("conversations.history")) == lookups + 1
    assert len(world.fake.shown(world.desk)) == 1
    assert await world.counts() == {"sent": 1}


async def test_a_pause_slack_asks_for_is_kept(world):
    """Retry-After, and then in order."""
    world.fake.fail("chat.postMessage", "throttled", retry_after=300)
    world.feed("first").publish(RUMOUR)
    await world.run_for("1m")
    world.feed("second").publish(OTHER)
    await world.run_for("3m")
    assert world.fake.shown(world.desk) == []
    await world.run_for("2m")
    assert ["Xiaomi" in visible(m).text for m in world.fake.shown(world.desk)] == [True, False]


async def test_blocks_slack_refuses_go_as_plain_text_once(world):
    """With its addresses; refused again it is given up, and the channel goes on."""
    world.fake.fail("chat.postMessage", "invalid_blocks")
    world.feed("first").publish(RUMOUR)
    await world.run_for("1m")
    world.fake.fail("chat.postMessage", "invalid_blocks", times=2, channel=world.desk)
    world.feed("second").publish(OTHER)
    await world.run_for("1m")
    (shown,) = world.fake.shown(world.desk)
    assert shown.blocks == []
    assert [address for address, _ in notification(shown).links] == ["https://first.example/1"]
    assert (await world.counts())["dead"] == 1
    assert "given up" in visible(world.fake.shown(world.ops)[0]).text


@pytest.mark.parametrize(("kind", "kept"), [("invalid_blocks", True), ("metadata_too_large", False)])
async def test_plain_text_keeps_its_key_unless_that_was_refused(world, kind, kept):
    """Or it could not be looked for."""
    world.fake.fail("chat.postMessage", kind)
    await world.slack.send(outgoing(world))
    (shown,) = world.fake.shown(world.desk)
    assert bool(shown.metadata) is kept


async def test_an_uncertain_edit_is_made_again_unseen(world):
    """It does no harm, so nobody looks."""
    root = await world.slack.send(outgoing(world))
    assert await world.slack.settle(outgoing(world, "story:1:r2:edit", Part.EDIT, root=root.id)) is None
    assert world.fake.called("conversations.history") == []


# ---------------------------------------------------------------------------------------------------- without a channel


@pytest.mark.parametrize(("how", "word"), [("archive", "archived"), ("kick", "invite")])
async def test_a_dead_channel_is_paused_and_the_others_go_on(world, how, word):
    """The operators are told what to do; what waits is kept until somebody resumes it."""
    await world.subscribe(f"{TEAM}/{world.den}", "all")
    if how == "archive":
        await world.fake.archive(world.desk)
    else:
        await world.fake.kick(world.desk, BOT_USER)
    world.feed("first").publish(RUMOUR)
    world.feed("second").publish(OTHER)
    await world.run_for("2m")
    assert len(world.fake.shown(world.den)) == 2
    assert word in " ".join(visible(m).text for m in world.fake.shown(world.ops))
    channel = await world.store.channel(ref(world.desk))
    assert channel is not None
    assert word in (channel.paused or "")


async def test_a_revoked_token_takes_the_platform_down_and_loses_nothing(world):
    """What could not be sent waits for the next token."""
    world.fake.revoke(error="token_revoked")
    world.feed("first").publish(RUMOUR)
    await world.run_for("2m")
    assert {name for name, _ in world.down} == {"slack"}
    assert await world.counts() == {"pending": 1}
    world.fake.tokens.clear()
    await world.run_for("20m")
    assert len(world.fake.shown(world.desk)) == 1


async def test_a_message_people_have_deleted_takes_nothing_else_with_it(world):
    """Its edits and lines are given up; the channel is well."""
    world.feed("first").publish(RUMOUR)
    await world.run_for("1m")
    (root,) = world.fake.shown(world.desk)
    world.fake.drop(root)
    await world.tell_more()
    world.feed("third").publish(OTHER)
    await world.run_for("1m")
    assert ["Uber" in visible(m).text for m in world.fake.shown(world.desk)] == [True]
    channel = await world.store.channel(ref(world.desk))
    assert channel is not None
    assert channel.paused is None


async def test_an_uncertain_line_of_a_deleted_message_is_given_up(world):
    """There is no thread to look into."""
    world.feed("first").publish(RUMOUR)
    await world.run_for("1m")
    world.fake.fail("chat.postMessage", "lost")
    world.feed("second").publish(CONFIRMED)
    await world.run_for("1m")
    (root,) = world.fake.shown(world.desk)
    line = outgoing(world, "story:1:r2:line", Part.LINE, root=root.ts)
    world.fake.drop(root)
    with pytest.raises(Rejected) as gone:
        await world.slack.settle(line)
    assert gone.value.scope is Scope.MESSAGE


# ------------------------------------------------------------------------------------------------------------- looking


def outgoing(world, key="story:1:r1:root", part=Part.ROOT, *, root=None, at=None):
    at = at or datetime.now(UTC)
    return Outgoing(key, ref(world.desk), part, Message("BYD + Uber"), root, at, at)


@pytest.mark.parametrize("ahead", [timedelta(hours=-5), timedelta(), timedelta(hours=5)])
async def test_a_message_is_found_by_slacks_clock(world, ahead):
    """Ours may be hours off, however many messages came in since."""
    world.fake.advance(ahead.total_seconds())
    sent = await world.slack.send(outgoing(world))
    for number in range(settling._PAGE + 5):
        world.fake.keep(SlackMessage(world.fake.clock.ts(), world.desk, "U1", f"chat {number}"))
    found = await world.slack.settle(outgoing(world))
    assert found == sent
    assert len(world.fake.called("conversations.history")) == 2


async def test_the_clock_may_have_been_set_back_since(world):
    """The attempt lies in the future then; it is looked for all the same."""
    sent = await world.slack.send(outgoing(world))
    assert await world.slack.settle(outgoing(world, at=datetime.now(UTC) + timedelta(hours=7))) == sent


async def test_only_what_the_bot_said_counts(world):
    """Anybody can write our key into metadata."""
    await world.slack.send(outgoing(world))
    (own,) = world.fake.shown(world.desk)
    own.user = "U0SOMEBODY"
    assert await world.slack.settle(outgoing(world)) is None


async def test_nothing_older_than_the_attempt_is_read(world):
    """Not more of what people say than is needed."""
    before = datetime.now(UTC)
    assert await world.slack.settle(outgoing(world)) is None
    (asked,) = world.fake.called("conversations.history")
    oldest = datetime.fromtimestamp(float(asked["oldest"]), UTC)
    assert timedelta(seconds=55) < before - oldest < timedelta(seconds=65)


@pytest.mark.parametrize("scopes", [NO_HISTORY])
async def test_without_history_a_doubt_is_told_again(world):
    """Nothing is lost; a root and a line may come twice, an edit never; that is logged once."""
    world.fake.fail("chat.postMessage", "lost")
    world.feed("first").publish(RUMOUR)
    with capture_logs() as logs:
        await world.run_for("2m")
        world.fake.fail("chat.postMessage", "lost")
        world.fake.fail("chat.update", "lost")
        await world.tell_more()
    assert world.keys() == {"story:1:r1:root": 2, "story:1:r2:line": 2}
    assert await world.counts() == {"sent": 3}
    assert sum("look" in log["event"] for log in logs) == 1


# ------------------------------------------------------------------------------------------------------------ the rest


async def test_a_message_goes_as_agreed(world):
    """No unfurling, no broadcast, no markup; the line is in the thread and nowhere else."""
    world.feed("first").publish(RUMOUR)
    await world.run_for("1m")
    await world.tell_more()
    (root,) = world.fake.shown(world.desk)
    (line,) = root.replies
    for asked in (root.asked, line.asked):
        assert (asked["unfurl_links"], asked["unfurl_media"], asked["mrkdwn"]) == (False, False, False)
        assert "reply_broadcast" not in asked
    (edit,) = world.fake.called("chat.update")
    assert edit["metadata"]["event_payload"]["key"] == "story:1:r2:edit"
    assert edit["blocks"]


@pytest.mark.parametrize("room", ["C1", "T0OTHER/C1", "T0TEAM/"])
async def test_a_room_that_is_none_of_ours_is_a_dead_channel(world, room):
    """Several workspaces may come later."""
    with pytest.raises(Rejected) as refused:
        await world.slack.send(
            Outgoing("k", ChannelRef("slack", room), Part.NOTICE, Message("x"), None, *[datetime.now(UTC)] * 2)
        )
    assert refused.value.scope is Scope.CHANNEL


@pytest.mark.parametrize(
    ("kind", "what", "expected"),
    [
        ("throttled", {"retry_after": 9}, Throttled),
        ("text500", {}, Uncertain),
        ("lost", {}, Uncertain),
        ("slow", {"seconds": 0.6}, Uncertain),
        ("service_unavailable", {}, Unavailable),
        ("a_new_word", {}, Unavailable),
        ("missing_scope", {}, Rejected),
        ("account_inactive", {}, Rejected),
        ("restricted_action", {}, Rejected),
        ("cant_update_message", {}, Rejected),
    ],
)
async def test_an_error_has_one_of_four_names(world, kind, what, expected):
    """And its text shows no token and no address."""
    world.fake.fail("chat.postMessage", kind, **what)
    with pytest.raises(DeliveryError) as failed:
        await world.slack.send(outgoing(world))
    assert type(failed.value) is expected
    told = "".join(traceback.format_exception(failed.value))
    assert BOT_TOKEN not in told
    assert "127.0.0.1" not in str(failed.value)


@pytest.mark.parametrize(
    ("word", "scope"),
    [
        *(
            (word, Scope.MESSAGE)
            for word in ("message_not_found", "thread_not_found", "restricted_action_thread_locked")
        ),
        *(
            (word, Scope.CHANNEL)
            for word in ("channel_not_found", "not_in_channel", "is_archived", "restricted_action")
        ),
        *((word, Scope.PLATFORM) for word in ("account_inactive", "token_revoked", "invalid_auth", "missing_scope")),
        ("not_allowed_token_type", Scope.PLATFORM),
    ],
)
async def test_a_refusal_kills_no_more_than_it_must(world, word, scope):
    """A message, a channel, or all of Slack."""
    world.fake.fail("chat.postMessage", word)
    with pytest.raises(Rejected, match=word) as refused:
        await world.slack.send(outgoing(world))
    assert refused.value.scope is scope


@pytest.mark.parametrize(("error", "told"), [("invalid_auth", "token"), ("account_inactive", "removed")])
async def test_a_wrong_token_is_said_at_the_start(error, told):
    """In words, without the token."""
    async with SlackFake() as fake:
        fake.revoke(error=error)
        slack = chat.create("slack", settings(fake))
        with pytest.raises(Rejected, match=told) as refused:
            await slack.start(ScriptedDesk())
        assert refused.value.scope is Scope.PLATFORM
        assert BOT_TOKEN not in "".join(traceback.format_exception(refused.value))
        await slack.close()


async def test_where_nobody_answers_nothing_was_sent(world):
    """Refused connections, at the start and later."""
    async with SlackFake() as gone:
        slack = chat.create("slack", settings(gone))
    with pytest.raises(Unavailable, match="reached"):
        await slack.start(ScriptedDesk())
    await slack.close()
    with pytest.raises(Unavailable, match="not connected"):
        await slack.send(outgoing(world))
