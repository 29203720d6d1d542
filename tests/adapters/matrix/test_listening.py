"""What people say in rooms reaches the desk: once, in order, with the rights of its moment."""

from typing import Any

import pytest

from bot.domain.channels import ChannelRef, Part
from bot.domain.requests import Role


def ref(room):
    return ChannelRef("matrix", room)


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_command_is_heard_seen_and_answered_in_its_thread(bot, ada, room_of, encrypted):
    """In plain and in encrypted rooms; the receipt is a reaction."""
    room = await room_of(ada, encrypted=encrypted)
    asked = await ada.say(room, "!ev latest 比亚迪")
    (request,) = await bot.desk.heard("latest 比亚迪")
    assert (request.channel, request.person) == (ref(room), ChannelRef("matrix", ada.user))
    await bot.send(room, f"reply:{request.event}", Part.REPLY, first_line="BYD: nothing new.")
    seen = await ada.until(room, lambda r: r.find(asked).lines and r.find(asked).reactions)
    question = seen.find(asked)
    assert question.reactions == {"👀": {bot.user}}
    (answer,) = question.lines
    assert (answer.text.splitlines()[0], answer.kind, answer.encrypted) == ("BYD: nothing new.", "m.notice", encrypted)
    assert seen.odd == []


async def test_a_question_in_a_thread_is_answered_there(bot, ada, room_of):
    """And is about the message above it; so is an answer to a message."""
    room = await room_of(ada)
    root = (await bot.send(room)).id
    await ada.say(room, "!ev why", thread=root)
    (request,) = await bot.desk.heard("why")
    assert request.message == root
    await bot.send(room, f"reply:{request.event}", Part.REPLY, first_line="Because.")
    seen = await ada.until(room, lambda r: len(r.find(root).lines) == 2)
    assert [line.text for line in seen.find(root).lines][1].startswith("Because.")
    assert seen.odd == []
    relation = {"m.in_reply_to": {"event_id": root}}
    body = {"msgtype": "m.text", "body": "> <@evwatch> BYD\n\n!ev story", "m.relates_to": relation}
    await ada.send(room, "m.room.message", body)
    (_, answer) = await bot.desk.heard("why", "story")
    assert answer.message == root


async def test_a_mention_is_as_good_as_the_prefix(bot, ada, room_of):
    """With or without a link behind the name."""
    room = await room_of(ada)
    await ada.say(room, f"{bot.user} latest", mentions=[bot.user])
    name = bot.user.partition(":")[0].removeprefix("@")
    await ada.say(room, f"{name}: help")
    await bot.desk.heard("latest", "help")


async def test_nobody_else_is_answered(bot, ada, ben, room_of):
    """Notices, edits, talk, what the bot says itself, commands in an image's name."""
    room = await room_of(ada, ben)
    said = await ada.say(room, "hello")
    await ada.say(room, "!ev latest", kind="m.notice")
    await ada.say(room, "!ev latest", edits=said)
    await ada.say(room, "what about !ev latest", mentions=[bot.user])
    await ada.say(room, "!every day")
    await bot.send(room, first_line="!ev help")
    await ada.send(room, "m.room.message", {"msgtype": "m.image", "body": "!ev latest", "url": "mxc://a/b"})
    await ben.say(room, "!ev list")
    await bot.desk.heard("list")


async def test_whatever_is_hidden_in_an_encrypted_message_is_only_a_message(bot, ada, ben, room_of):
    """The server cannot look into it: odd contents, and state that nobody was allowed to set."""
    room = await room_of(ada, ben, encrypted=True)
    content: dict[str, Any] = {"msgtype": "m.text", "body": "!ev latest"}
    odd: list[dict[str, Any]] = [
        {"msgtype": "m.text"},
        {"msgtype": "m.text", "body": ["!ev"]},
        {"msgtype": 7, "body": {}},
    ]
    for each in [*odd, {**content, "m.relates_to": 7, "m.mentions": []}]:
        await ben.send(room, "m.room.message", each)
    await ben.send(room, "m.room.power_levels", {"users": {ben.user: 100}, "state_key": ""})
    await ben.send(room, "m.room.tombstone", {"replacement_room": "!x", "state_key": ""})
    await ben.say(room, "!ev list")
    requests = await bot.desk.heard("latest", "list")
    assert {r.role for r in requests} == {Role.GUEST}


async def test_what_was_said_before_it_listened_is_history(new_bot, people, ada):
    """Before its very first start, and before it came to a room."""
    bot = new_bot()
    account = await people("there", account=bot.account)
    room = await ada.create(invite=[bot.user])
    await account.join(room)
    await ada.say(room, "!ev latest")
    other = await ada.create()
    await ada.say(other, "!ev help")
    await bot.start()
    await ada.invite(other, bot.user)
    await ada.until_joined(other, bot.user)
    await ada.say(other, "!ev list")
    await ada.say(room, "!ev mutes")
    await bot.desk.until(lambda: len(bot.desk.requests) == 2)
    assert sorted(bot.desk.texts) == ["list", "mutes"]


@pytest.mark.parametrize("encrypted", [False, True])
async def test_what_was_said_while_it_was_down_is_read(bot, ada, room_of, encrypted):
    """All of it, in order, once."""
    room = await room_of(ada, encrypted=encrypted)
    await ada.say(room, "!ev first")
    await bot.desk.heard("first")
    await bot.close()
    for n in range(70):  # more than a page
        await ada.say(room, f"!ev {n}" if n % 7 == 0 else "talk")
    await bot.start()
    await bot.desk.heard("first", *map(str, range(0, 70, 7)))
    await bot.restart()
    await ada.say(room, "!ev last")
    await bot.desk.until(lambda: bot.desk.texts[-1] == "last")
    assert len(bot.desk.requests) == 12


# --------------------------------------------------------------------------------------------------------------- rights


@pytest.mark.parametrize("version", ["10", "11", "12"])
async def test_rights_are_those_of_the_moment(bot, ada, ben, room_of, version):
    """The creator may do everything, whatever the version; a demoted user is refused at once."""
    room = await room_of(ada, ben, version=version)
    await ada.say(room, "!ev one")
    await ben.say(room, "!ev two")
    await bot.desk.heard("one", "two")
    await ada.set_level(room, ben.user, 50)
    await ben.say(room, "!ev three")
    await ada.set_level(room, ben.user, 0)
    await ben.say(room, "!ev four")
    requests = await bot.desk.heard("one", "two", "three", "four")
    assert [r.role for r in requests] == [Role.ADMIN, Role.GUEST, Role.ADMIN, Role.GUEST]


async def test_rights_are_known_after_a_restart(bot, ada, ben, room_of):
    """From the room's whole state; what was said meanwhile has the rights of its moment."""
    room = await room_of(ada, ben)
    await bot.close()
    await ada.set_level(room, ben.user, 50)
    await ben.say(room, "!ev one")
    await ada.set_level(room, ben.user, 0)
    await ben.say(room, "!ev two")
    await bot.start()
    await ada.say(room, "!ev three")
    requests = await bot.desk.heard("one", "two", "three")
    assert [r.role for r in requests] == [Role.ADMIN, Role.GUEST, Role.ADMIN]


async def test_two_in_a_room_are_among_themselves(bot, ada, ben, room_of):
    """Whoever talks to the bot alone may have it do something for this room."""
    room = await room_of(ada, version="11")
    await ada.set_level(room, bot.user, 100)
    await ada.set_level(room, ada.user, 0)
    await ada.say(room, "!ev one")
    (request,) = await bot.desk.heard("one")
    assert request.role is Role.MEMBER


# ------------------------------------------------------------------------------------------------------------ reactions


@pytest.mark.parametrize("encrypted", [False, True])
@pytest.mark.parametrize("clicks", [("🔕", "mute", "unmute"), ("👍🏽", "useful", "unrate")])
async def test_a_reaction_is_a_button_and_can_be_taken_back(bot, ada, room_of, encrypted, clicks):
    """It is about the message it stands under; across restarts, too."""
    key, command, undo = clicks
    room = await room_of(ada, encrypted=encrypted)
    root = (await bot.send(room)).id
    clicked = await ada.react(room, root, key)
    await bot.desk.until(lambda: bot.desk.texts[-1:] == [command])
    assert {(r.message, r.person.room) for r in bot.desk.requests} == {(root, ada.user)}
    await bot.restart()
    await ada.redact(room, clicked)
    await bot.desk.until(lambda: bot.desk.texts[-1:] == [undo])
    assert bot.desk.requests[-1].message == root
    assert len({r.event for r in bot.desk.requests}) == 2


async def test_a_mute_stands_while_anybody_wants_it(bot, ada, ben, room_of):
    """The last one who takes it back ends it."""
    room = await room_of(ada, ben)
    root = (await bot.send(room)).id
    one, other = await ada.react(room, root, "🔕"), await ben.react(room, root, "🔕")
    await bot.desk.until(lambda: {r.person.room for r in bot.desk.requests} == {ada.user, ben.user})
    await ada.redact(room, one)
    await ada.say(room, "!ev between")
    await bot.desk.until(lambda: "between" in bot.desk.texts)
    assert "unmute" not in bot.desk.texts
    await ben.redact(room, other)
    await bot.desk.until(lambda: "unmute" in bot.desk.texts)


async def test_the_last_opinion_counts(bot, ada, room_of):
    """Who takes back one of two leaves the other."""
    room = await room_of(ada)
    root = (await bot.send(room)).id
    await ada.react(room, root, "👍")
    second = await ada.react(room, root, "👎")
    await bot.desk.heard("useful", "useless")
    await ada.redact(room, second)
    await bot.desk.heard("useful", "useless", "useful")


async def test_only_stories_of_ours_have_buttons(bot, ada, room_of):
    """People give each other thumbs all day."""
    room = await room_of(ada)
    notice = (await bot.send(room, "notice:1", Part.NOTICE)).id
    own = await ada.say(room, "lunch?")
    root = (await bot.send(room)).id
    for target, key in [(own, "👍"), (notice, "🔕"), (root, "🎉")]:
        await ada.react(room, target, key)
    await ada.react(room, root, "👎")
    await bot.desk.heard("useless")
