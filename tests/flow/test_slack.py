"""Slack from one end to the other: people, Socket Mode, the desk, the store and back; only the workspace is a fake."""

import pytest

from bot.adapters import chat
from bot.commands.desk import CommandDesk
from bot.commands.rights import NEEDED
from bot.domain.channels import Cadence
from tests.kit.bench_slack import ref, settings
from tests.kit.slack_fake import BOT_USER, TEAM, visible
from tests.kit.slack_manifest import installed
from tests.kit.world import World


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
async def world(tmp_path):
    made = World(tmp_path, desk=False)
    yield made
    await made.close()


@pytest.fixture
async def bot(slack, world):
    """The bot with its store, connected; S1 is BYD's joint venture with Uber."""
    world.feed("first").publish("BYD and Uber form EV joint venture", "BYD and Uber set up a joint venture for EVs.")
    await world.run_for("1m")
    desk = CommandDesk(
        world.store, world.clock, world.live, operators=[], language="en", timezone="Europe/Berlin", wake=lambda: None
    )
    platform = chat.create("slack", settings(slack))
    await platform.start(desk)
    await slack.sockets.connected()
    yield platform
    await platform.close()


def texts(said):
    return [visible(answer).text for answer in said.answers]


async def say(slack, user, channel, text):
    """Type `/ev <text>`; the one answer as people read it."""
    (answer,) = texts(await slack.slash(user, channel, "/ev", text))
    return answer


async def subscriptions(world, channel):
    return await world.store.all_subscriptions(ref(channel))


# ------------------------------------------------------------------------------------------------------------ commands


@pytest.mark.parametrize("name", ["byd", "比亚迪", "BYD & co", "<http://byd.com|byd>"])
async def test_a_company_is_looked_up_in_any_script(slack, bot, ann, room, name):
    """Only the asker sees it, or why it is not known; nobody else reads along."""
    answer = await say(slack, ann, room, name)
    assert "BYD" in answer or "&" in answer or "byd.com" in answer
    assert slack.shown(room) == []


#: Every command, and some in other languages.
COMMANDS = (
    *(
        "help",
        "latest",
        "search joint venture",
        "story S1",
        "why S1",
        "why-not https://first.example/1",
        "feeds",
        "byd",
    ),
    *("quality", "list", "mutes", "read BYD und Uber gründen ein Gemeinschaftsunternehmen für E-Autos."),
    *("subscribe byd", "unsubscribe", "mute S1 7d", "unmute S1", "useful S1", "useless S1", "unrate S1", "digest"),
    *("quiet", "budget", "zone", "language", "resume", "company byd", "最新 比亚迪", "suche Gemeinschaftsunternehmen"),
)


async def test_every_command_is_answered_to_the_asker_alone(slack, bot, ann, room):
    """In Block Kit that Slack takes; nothing of it mentions or calls anybody."""
    assert {line.split()[0] for line in COMMANDS} >= NEEDED.keys() - {"list-change", "everywhere"}
    for text in COMMANDS:
        said = await slack.slash(ann, room, "/ev", text)
        (answer,) = said.answers
        seen = visible(answer)
        assert seen.text, text
        assert answer.ephemeral_to == ann, text
        assert (seen.mentions, seen.broadcasts, seen.odd) == ([], [], []), text
        assert said.ack is not None, text  # within Slack's three seconds


async def test_help_and_errors_cannot_be_shared_and_look_ups_can(slack, bot, ann, room):
    """Whoever shares is named, not mentioned; the private answer is gone."""
    for text in ("help", "nonsense foo", "subscribe nobody-knows"):
        (answer,) = (await slack.slash(ann, room, "/ev", text)).answers
        assert "Share" not in visible(answer).buttons
    (answer,) = (await slack.slash(ann, room, "/ev", "story S1")).answers
    await slack.click(ann, answer, "ev-share", answers=1)
    await slack.until(lambda: answer not in slack.ephemerals(ann))
    (shown,) = slack.shown(room)
    assert "BYD + Uber" in visible(shown).text
    assert "Shared by: ann" in visible(shown).text
    assert visible(shown).mentions == []


@pytest.mark.parametrize("private", [True, False])
async def test_a_channel_without_the_bot_is_told_what_to_type(slack, bot, world, ann, private):
    """The exact invitation; look-ups work all the same."""
    away = slack.channel("away", members=[ann], private=private, bot=False)
    for text in ("subscribe", "subscribe byd"):
        assert "/invite @evwatch" in await say(slack, ann, away, text)
    assert slack.modal(ann) is None
    assert "BYD" in await say(slack, ann, away, "byd")
    assert await subscriptions(world, away) == []
    await slack.invite(away)
    assert "Subscribed" in await say(slack, ann, away, "subscribe byd")


@pytest.mark.parametrize(
    "who", [{"guest": True}, {"single_channel_guest": True}, {"connect": True}, {"stranger": True}]
)
async def test_guests_and_strangers_look_up_and_nothing_else(slack, bot, world, room, who):
    """They are told so."""
    bob = slack.user("bob", **who)
    slack.channels[room].members.add(bob)
    assert "BYD" in await say(slack, bob, room, "byd")
    await say(slack, bob, room, "subscribe byd")
    await say(slack, bob, room, "subscribe")
    assert slack.modal(bob) is None
    await say(slack, bob, room, "mute S1")
    assert await subscriptions(world, room) == []
    assert await world.store.mutes(ref(room), world.clock.now()) == []


async def test_who_is_demoted_may_no_more_at_once(slack, bot, world, room):
    """Slack says that somebody changed; lists are for admins."""
    boss = slack.user("boss", admin=True)
    assert "mine" in await say(slack, boss, room, "list new mine byd")
    slack.users[boss].admin = False
    await slack.event({"type": "user_change", "user": slack.users[boss].json()})
    before = await world.store.watchlists()
    await say(slack, boss, room, "list new yours byd")
    assert await world.store.watchlists() == before


# --------------------------------------------------------------------------------------------------------------- forms


async def test_subscribe_opens_a_form_and_the_form_subscribes(slack, bot, world, ann, room):
    """With what it would have told, as if it had been typed; the channel's settings with it."""
    await slack.slash(ann, room, "/ev", "subscribe")
    (byd,) = await slack.suggest(ann, None, "ev-form-company", "比亚迪")
    assert byd["text"]["text"] == "BYD"
    filled = {
        "ev-form-list": ["chinese-ev-makers"],
        "ev-form-company": [byd],
        "ev-form-kind": ["joint-venture", "plant"],
        "ev-form-severity": "normal",
        "ev-form-lang": ["de", "zh"],
        "ev-form-cadence": "weekly",
        "ev-form-day": "friday",
        "ev-form-digest-hour": "07:30",
        "ev-form-quiet-from": "22:00",
        "ev-form-quiet-until": "07:00",
        "ev-form-budget": "20",
    }
    said = await slack.submit(ann, None, filled)
    assert said.error is None
    await slack.until(lambda: slack.ephemerals(ann))
    answer = visible(slack.ephemerals(ann)[-1]).text
    assert "Subscribed." in answer
    assert "22:00" in answer
    (made,) = await subscriptions(world, room)
    assert (made.watchlists, made.companies, made.cadence, made.weekday) == (
        ("chinese-ev-makers",),
        {"byd"},
        Cadence.WEEKLY,
        4,
    )
    assert {k.value for k in made.filter.kinds} == {"joint-venture", "plant"}
    assert (made.filter.languages, made.filter.severity.value) == ({"de", "zh"}, "normal")
    assert (f"{made.digest_at:%H:%M}", made.channel.budget) == ("07:30", 20)
    assert f"{made.channel.quiet.start:%H}-{made.channel.quiet.end:%H}" == "22-07"


async def test_the_form_shows_what_holds_and_changes_it(slack, bot, world, ann, room):
    """One subscription takes the other's place; outlets, no field of the form, stay."""
    await say(slack, ann, room, "subscribe byd -uber kind:plant outlet:reuters daily 06:00")
    await say(slack, ann, room, "quiet 22:00-07:00")
    await slack.slash(ann, room, "/ev", "subscribe")
    shown = visible(slack.modal(ann)).text
    assert "BYD" in shown
    await slack.submit(
        ann, None, {"ev-form-kind": ["joint-venture"], "ev-form-quiet-from": None, "ev-form-quiet-until": None}
    )
    await slack.until(lambda: len(slack.ephemerals(ann)) == 3)
    (made,) = await subscriptions(world, room)
    assert {k.value for k in made.filter.kinds} == {"joint-venture"}
    assert made.companies == {"byd"}
    assert made.filter.without == {"uber"}
    assert "Reuters" in made.filter.outlets
    assert f"{made.digest_at:%H:%M}" == "06:00"
    assert made.channel.quiet is None


async def test_one_of_several_subscriptions_is_chosen_in_the_form(slack, bot, world, ann, room):
    """With its own values; what was filled in for another is not kept."""
    await say(slack, ann, room, "subscribe byd")
    await say(slack, ann, room, "subscribe xiaomi daily")
    await slack.slash(ann, room, "/ev", "subscribe")
    modal = slack.modal(ann)
    assert "Xiaomi" in visible(modal).text  # to choose
    _, second = await subscriptions(world, room)
    before = modal.hash
    await slack.click(ann, modal, "ev-form-which", str(second.id))
    await slack.until(lambda: slack.modal(ann).hash != before)
    await slack.submit(ann, None, {"ev-form-cadence": "at-once"})
    await slack.until(lambda: len(slack.ephemerals(ann)) == 3)
    there = await subscriptions(world, room)
    assert {(tuple(s.companies), s.cadence) for s in there} == {
        (("byd",), Cadence.AT_ONCE),
        (("xiaomi",), Cadence.AT_ONCE),
    }


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ({}, "list-new"),
        ({"ev-form-list": ["chinese-ev-makers"], "ev-form-quiet-from": "22:00"}, "quiet-until-new"),
        ({"ev-form-list": ["chinese-ev-makers"], "ev-form-quiet-until": "22:00"}, "quiet-from-new"),
        (
            {"ev-form-list": ["chinese-ev-makers"], "ev-form-quiet-from": "22:00", "ev-form-quiet-until": "22:00"},
            "quiet-until-new",
        ),
    ],
)
async def test_a_mistake_stands_under_its_field(slack, bot, room, filled, wrong):
    """In the channel's language; nothing was done."""
    bob = slack.user("bob")
    await say(slack, bob, room, "language de")
    await slack.slash(bob, room, "/ev", "abonnieren")
    await slack.submit(bob, None, filled)
    assert list(slack.modal(bob).errors) == [wrong]
    assert "Abonnieren" in str(slack.modal(bob).given["title"])


async def test_mute_alone_opens_a_form(slack, bot, world, ann, room):
    """Anything with a name may be chosen."""
    await slack.slash(ann, room, "/ev", "mute")
    (xiaomi, *_) = await slack.suggest(ann, None, "ev-form-mute-what", "小米")
    await slack.submit(ann, None, {"ev-form-mute-what": [xiaomi], "ev-form-muted-for": "30d"})
    await slack.until(lambda: slack.ephemerals(ann))
    assert "unmute" in visible(slack.ephemerals(ann)[-1]).text
    (mute,) = await world.store.mutes(ref(room), world.clock.now())
    assert mute.companies == {"xiaomi"}


# -------------------------------------------------------------------------------------------------------------- clicks


@pytest.fixture
async def alert(slack, bot, world, ann, room):
    """S1, told in the channel by its own outbox."""
    await say(slack, ann, room, "subscribe byd")
    world.deliverer._platforms["slack"] = bot
    world.feed("second").publish("Uber, BYD in EV joint venture", "Uber and BYD in a joint venture for electric cars.")
    await world.run_for("5m")
    (message,) = slack.shown(room)
    return message


async def test_mute_silences_and_says_how_to_undo_it(slack, world, ann, room, alert):
    """Seven days; the answer is the asker's alone. Two clicks are one."""
    first = await slack.click(ann, alert, "ev-mute", answers=1)
    await slack.click(ann, alert, "ev-mute")
    assert "unmute M1" in texts(first)[0]
    assert len(slack.ephemerals(ann)) == 2
    (mute,) = await world.store.mutes(ref(room), world.clock.now())
    assert mute.name == "1"


async def test_the_mute_form_of_a_message_knows_its_story_and_parties(slack, world, ann, room, alert):
    """The story is chosen at first; its companies are on offer."""
    await slack.click(ann, alert, "ev-more", "form:mute S1 7d")
    await slack.until(lambda: slack.modal(ann))
    offered = [o["value"] for o in await slack.suggest(ann, None, "ev-form-mute-what")]
    assert offered[:3] == ["S1", "byd", "uber"]
    await slack.submit(ann, None, {"ev-form-muted-for": "1d"})
    await slack.until(lambda: len(slack.ephemerals(ann)) == 2)
    assert [m.name for m in await world.store.mutes(ref(room), world.clock.now())] == ["1"]


async def test_why_by_button_and_by_shortcut(slack, ann, room, alert):
    """The same answer: the words and the rule."""
    clicked = await slack.click(ann, alert, "ev-why", answers=1)
    chosen = await slack.shortcut(ann, alert, "ev-why")
    assert texts(clicked)[0].startswith(texts(chosen)[0].strip())  # behind it only what shares it
    assert "joint venture" in texts(chosen)[0]
    assert {answer.ephemeral_to for answer in (*clicked.answers, *chosen.answers)} == {ann}
    assert clicked.ack < 1
    assert chosen.ack < 1


async def test_a_shortcut_on_another_message_says_so(slack, bot, ann, room):
    """There is no story behind what people write."""
    message = await slack.mention(ann, room, "help")
    assert "story" in texts(await slack.shortcut(ann, message, "ev-why"))[0].lower()


async def test_feedback_counts_once_for_each_person(slack, world, ann, room, alert):
    """Whoever clicks again may change their mind, not vote twice."""
    bob = slack.user("bob")
    slack.channels[room].members.add(bob)
    for user in (ann, bob, bob):
        await slack.click(user, alert, "ev-feedback", "useful S1")
    await slack.until(lambda: len(slack.ephemerals(bob)) == 1 and len(slack.ephemerals(ann)) == 2)
    (score,) = [s for s in await world.store.scores(world.clock.now().replace(year=2020)) if s.useful or s.useless]
    assert (score.useful, score.useless) == (2, 0)


async def test_the_rest_of_the_menu_does_what_it_says(slack, ann, room, alert):
    """Its values are commands."""
    said = await slack.click(ann, alert, "ev-more", "story S1", answers=1)
    assert "BYD + Uber" in texts(said)[0]


# --------------------------------------------------------------------------------------------- mentions, messages, Home


async def test_a_mention_is_answered_in_its_thread(slack, bot, world, ann, room):
    """As the command would be; refusals go to the asker alone."""
    message = await slack.mention(ann, room, "latest 比亚迪")
    await slack.until(lambda: message.replies)
    assert "BYD + Uber" in visible(message.replies[0]).text
    other = await slack.mention(ann, room, "nonsense foo")
    await slack.until(lambda: slack.ephemerals(ann))
    assert other.replies == []


async def test_a_direct_message_is_answered_there(slack, bot, world, ann):
    """And may be subscribed."""
    written = await slack.dm(ann, "subscribe byd")
    await slack.until(lambda: len(slack.shown(written.channel)) == 2)
    assert "Subscribed" in visible(slack.shown(written.channel)[1]).text
    assert len(await subscriptions(world, written.channel)) == 1


async def test_bots_and_edits_are_never_answered(slack, bot, ann):
    """Nor is it itself."""
    im = slack.im(ann)
    for more in (
        {"bot_id": "B9", "user": ann},
        {"user": BOT_USER},
        {"user": ann, "subtype": "message_changed"},
        {"subtype": "message_deleted"},
    ):
        await slack.event(
            {"type": "message", "channel_type": "im", "channel": im, "text": "help", "ts": "1.1", **more}, "message.im"
        )
    written = await slack.dm(ann, "help")
    await slack.until(lambda: len(slack.shown(written.channel)) == 2)
    assert slack.called("chat.postMessage") == [slack.shown(im)[1].asked]


async def test_an_event_that_comes_twice_is_answered_once(slack, bot, ann, room):
    """Whatever its envelope."""
    event = {"type": "app_mention", "user": ann, "text": f"<@{BOT_USER}> latest", "channel": room}
    message = slack._say(ann, room, event["text"], None)
    for _ in range(2):
        await slack.event(event | {"ts": message.ts}, event_id="Ev1")
    other = await slack.mention(ann, room, "latest")
    await slack.until(lambda: other.replies and message.replies)
    assert len(message.replies) == 1


async def test_home_shows_the_subscriptions_of_the_own_channels_only(slack, bot, world, ann, room):
    """What others' private channels are told of is theirs; in the language of evwatch; anew each time."""
    bob = slack.user("bob")
    secret = slack.channel("secret", members=[bob], private=True)
    await say(slack, ann, room, "subscribe byd")
    await say(slack, bob, secret, "subscribe xiaomi")
    await slack.open_home(ann)
    await slack.until(lambda: slack.home(ann))
    seen = visible(slack.home(ann))
    assert room in seen.mentions
    assert secret not in seen.mentions
    assert "Xiaomi" not in seen.text
    assert "BYD + Uber" in seen.text
    await say(slack, ann, room, "subscribe nio")
    before = slack.home(ann).hash
    await slack.open_home(ann)
    await slack.until(lambda: slack.home(ann).hash != before)
    assert "NIO" in visible(slack.home(ann)).text


async def test_home_has_buttons(slack, bot, world, ann):
    """Subscribe opens the form for direct messages; help comes as one."""
    await slack.open_home(ann)
    await slack.until(lambda: slack.home(ann))
    await slack.click(ann, slack.home(ann), "ev-home-help")
    im = slack.im(ann)
    await slack.until(lambda: slack.shown(im))
    await slack.click(ann, slack.home(ann), "ev-home-subscribe")
    await slack.until(lambda: slack.modal(ann))
    await slack.submit(ann, None, {"ev-form-list": ["chinese-ev-makers"]})
    await slack.until(lambda: len(slack.shown(im)) == 2)
    assert len(await subscriptions(world, im)) == 1


async def test_persons_and_channels_carry_their_workspace(slack, bot, world, ann, room):
    """So that several workspaces can come later."""
    await say(slack, ann, room, "subscribe byd")
    (made,) = await subscriptions(world, room)
    assert (made.channel.ref.room, made.by) == (f"{TEAM}/{room}", f"slack:{TEAM}/{ann}")
