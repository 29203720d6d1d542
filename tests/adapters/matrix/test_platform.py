"""Sending, settling, the device and its keys: against a real homeserver."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from bot.adapters import chat
from bot.adapters.chat.matrix import device as devices
from bot.domain.channels import Part
from bot.errors import Rejected, Scope, Throttled, Unavailable
from tests.kit.matrix_bot import outgoing
from tests.kit.matrix_trust import judge


def folder(bot):
    return bot.folder / "matrix"


def device(bot):
    """The one that is kept."""
    kept = devices.read(folder(bot))
    assert kept is not None
    return kept


# --------------------------------------------------------------------------------------------------------------- device


async def test_one_device_for_ever(bot, people, synapse):
    """However often it starts; token and seeds are for the owner's eyes."""
    made = device(bot)
    for _ in range(3):
        await bot.restart()
    assert device(bot) == made
    owner = await people(account=replace(bot.account))
    assert sorted(await owner.devices()) == sorted([made.id, bot.account.device])
    for file in ("device.json", "signing.json", "since.json"):
        assert stat.S_IMODE((folder(bot) / file).stat().st_mode) == 0o600
    assert made.token not in repr(made)


async def test_a_log_in_that_was_cut_off_makes_no_second_device(new_bot, synapse, people):
    """The device's name is written down before the server hears of it."""
    bot = new_bot()
    password = bot.account.password
    first = await devices.log_in(synapse.url, bot.user, password, folder(bot))  # and the token is lost
    await bot.start()
    assert device(bot).id == first.id


async def test_a_token_is_as_good_as_a_password(new_bot):
    """Of a device that has no keys yet."""
    bot = new_bot(matrix_password=None)
    bot.settings["matrix_token"] = SecretStr(bot.account.token)
    await bot.start()
    assert device(bot).id == bot.account.device


async def test_the_device_is_signed_by_its_owner(bot, ada):
    """A second user follows master key, self-signing key, device."""
    trust = judge(await ada.keys_of(bot.user), bot.user)
    made = device(bot)
    assert trust.signed == {made.id}
    assert trust.master is not None


async def test_a_lost_store_is_refused_with_the_way_out(bot, ada):
    """And the server's keys of the device are left as they are."""
    before = judge(await ada.keys_of(bot.user), bot.user)
    await bot.close()
    store = folder(bot) / "crypto.db"
    kept = store.read_bytes()
    store.unlink()
    for _ in range(2):
        with pytest.raises(Rejected, match="evwatch matrix login") as refused:
            await bot.start()
        assert refused.value.scope is Scope.PLATFORM
        await bot.close()
    assert judge(await ada.keys_of(bot.user), bot.user) == before
    store.write_bytes(kept)
    await bot.start()


async def test_a_token_without_its_store_is_refused(new_bot, bot):
    """Its device has keys, and we have not."""
    made = device(bot)
    other = new_bot(folder="elsewhere", account=bot.account, matrix_password=None)
    other.settings["matrix_token"] = SecretStr(made.token)
    with pytest.raises(Rejected, match="evwatch matrix login"):
        await other.start()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"matrix_password": SecretStr("wrong")}, "refuses EVWATCH_MATRIX_USER or its password"),
        ({"matrix_password": None}, "is needed"),
        ({"matrix_token": SecretStr("nonsense")}, "does not know EVWATCH_MATRIX_TOKEN"),
    ],
)
async def test_wrong_settings_are_said_in_a_sentence(new_bot, changed, why):
    """And the secret is in none of them."""
    bot = new_bot(**changed)
    with pytest.raises(Rejected, match=why) as refused:
        await bot.start()
    assert refused.value.scope is Scope.PLATFORM
    assert "nonsense" not in str(refused.value)


async def test_somebody_elses_device_is_not_taken(new_bot, bot):
    """The settings name another user than the one whose device is kept."""
    other = new_bot()
    with pytest.raises(Rejected, match=f"is {bot.user}'s"):
        await other.start()


async def test_a_server_that_is_away_is_waited_for(new_bot):
    """Nothing was sent, and nothing is wrong with the settings."""
    bot = new_bot(matrix_homeserver="http://127.0.0.1:9")
    with pytest.raises(Unavailable):
        await bot.start()


async def test_a_device_that_is_logged_out_says_how_to_go_on(bot, ada, room_of, people):
    """By listening and by sending."""
    room = await room_of(ada)
    owner = await people(account=bot.account)
    await owner.call("POST", "/_matrix/client/v3/logout/all", {})
    why = await bot.platform.down()
    assert "evwatch matrix login" in why
    with pytest.raises(Rejected) as refused:
        await bot.send(room)
    assert refused.value.scope is Scope.PLATFORM


# -------------------------------------------------------------------------------------------------------------- sending


async def test_what_is_too_large_is_shortened_once(bot, ada, room_of):
    """An event of more bytes than the server takes, by encryption."""
    room = await room_of(ada, encrypted=True)
    quote = "\\" * 16_000  # each four bytes, in JSON in JSON
    await bot.send(room, first_line="BYD", quote=quote, notes=(quote,))
    seen = await ada.until(room, lambda r: r.messages)
    assert seen.texts()[0].startswith("BYD")
    assert len(seen.texts()[0]) < 5_000


@pytest.mark.parametrize("encrypted", [False, True])
async def test_out_of_the_room_is_out_of_the_channel(bot, ada, ben, room_of, encrypted):
    """Kicked, banned or never there."""
    room = await room_of(ada, ben, encrypted=encrypted)
    await bot.send(room)
    await ada.ban(room, bot.user)
    await bot.desk.until(lambda: bot.desk.losses)
    (lost,) = bot.desk.losses
    assert lost[0].room == room
    assert "banned" in lost[1]
    assert ada.user in lost[1]
    for dead in (room, "!nowhere:evwatch.test"):
        with pytest.raises(Rejected) as refused:
            await bot.send(dead, "story:2:r1:root")
        assert refused.value.scope is Scope.CHANNEL


async def test_silenced_is_out_of_the_channel(bot, ada, room_of):
    """It may not speak there."""
    room = await room_of(ada)
    levels = await ada.state(room, "m.room.power_levels")
    await ada.set_state(room, "m.room.power_levels", {**levels, "events_default": 50})
    with pytest.raises(Rejected) as refused:
        await bot.send(room)
    assert refused.value.scope is Scope.CHANNEL


async def test_too_fast_is_later(new_bot, strict_synapse, people):
    """The server says when; and then it is the same message."""
    bot = new_bot(on=strict_synapse)
    ada = await people("ada", on=strict_synapse)
    await bot.start()
    room = await ada.create(invite=[bot.user])
    await ada.until_joined(room, bot.user)
    sent = 0

    async def send_all():
        nonlocal sent
        for sent in range(40):
            await bot.send(room, f"notice:{sent}", Part.NOTICE, first_line=str(sent), story=None)

    with pytest.raises(Throttled) as throttled:
        await send_all()
    assert 0 < throttled.value.retry_after < 60
    assert (await ada.read(room)).texts() == [str(n) for n in range(sent)]


@pytest.mark.parametrize("encrypted", [False, True])
async def test_what_arrived_is_found_by_its_key(bot, ada, room_of, encrypted):
    """After a restart, whatever our clock said when it was sent, and however much was said since."""
    room = await room_of(ada, encrypted=encrypted)
    sent = await bot.send(room)
    await bot.send(room, "story:1:r2:edit", Part.EDIT, root=sent.id, first_line="BYD: done.")
    for n in range(120):
        await ada.say(room, str(n))
    await bot.restart()
    for hours in (-25, 0, 25):
        asked = outgoing(room, "story:1:r1:root")
        asked = replace(asked, first_attempt_at=datetime.now(UTC) + timedelta(hours=hours))
        found = await bot.platform.settle(asked)
        assert found is not None
        assert found.id == sent.id
        assert await bot.platform.settle(replace(asked, key="story:2:r1:root")) is None


async def test_a_new_device_in_the_room_reads_what_comes(bot, ada, room_of, people):
    """The bot learns of it before it sends."""
    room = await room_of(ada, encrypted=True)
    await bot.send(room)
    second = await people(account=await ada.new_device())
    await bot.send(room, "story:2:r1:root", first_line="NIO: plant.")
    seen = await second.until(room, lambda r: any(m.text.startswith("NIO") for m in r.messages))
    assert len(seen.messages) == 2


# ---------------------------------------------------------------------------------------------------------------- rooms


async def test_only_invitations_of_friends_are_accepted(new_bot, ada, ben):
    """Users or servers; the others are declined, and not left hanging."""
    bot = new_bot(matrix_allow=(ada.user,))
    early, early_no = await ada.create(invite=[bot.user]), await ben.create(invite=[bot.user])
    await bot.start()
    await ada.until_joined(early, bot.user)
    late = await ada.create(invite=[bot.user])
    await ada.until_joined(late, bot.user)
    late_no = await ben.create(invite=[bot.user])
    for room in (early_no, late_no):
        while (await ben.members(room))[bot.user] != "leave":
            await ben.sync(1)


async def test_what_is_sent_while_a_room_is_upgraded_is_sent_later(bot, ada, ben, room_of):
    """Nobody may speak in the old room any more, but it is not lost: the channel moves."""
    old = await room_of(ada, ben, version="10")
    new = await ada.upgrade(old, "12")
    with pytest.raises(Unavailable, match="upgraded"):
        await bot.platform.send(outgoing(old, "story:1:r1:root"))
    await ada.invite(new, bot.user)
    await bot.desk.until(lambda: bot.desk.moves)


@pytest.mark.parametrize("encrypted", [False, True])
async def test_an_upgraded_room_is_followed(bot, ada, ben, room_of, encrypted):
    """By invitation, as rooms of private circles are; what is sent goes to the new one."""
    old = await room_of(ada, ben, version="10", encrypted=encrypted)
    await bot.send(old)
    new = await ada.upgrade(old, "12")
    await ada.invite(new, bot.user)
    await bot.desk.until(lambda: bot.desk.moves)
    ((from_, to),) = bot.desk.moves
    assert (from_.room, to.room) == (old, new)
    await bot.send(new, "story:2:r1:root", first_line="NIO: plant.")
    await ada.until(new, lambda r: any(t.startswith("NIO") for t in r.texts()))
    await ada.say(new, "!ev help")
    await bot.desk.heard("help")


async def test_an_upgrade_while_it_was_down_is_followed(bot, ada, ben, room_of):
    """The old room says where to go, as long as one is in it."""
    old = await room_of(ada, ben)
    await ada.set_state(old, "m.room.join_rules", {"join_rule": "public"})
    await bot.close()
    new = await ada.upgrade(old, "12")
    await bot.start()
    assert [(a.room, b.room) for a, b in bot.desk.moves] == [(old, new)]
    assert (await ada.members(old))[bot.user] == "leave"


async def test_an_empty_room_is_left(bot, ada, room_of):
    """And its channel is lost."""
    room = await room_of(ada)
    await ada.leave(room)
    await bot.desk.until(lambda: bot.desk.losses)
    assert bot.desk.losses[0][0].room == room


def test_it_is_configured_by_three_settings(tmp_path):
    """Or by a device that was made before."""
    some = {
        "matrix_homeserver": "https://matrix.example.org",
        "matrix_user": "@evwatch:example.org",
        "data_dir": tmp_path,
    }
    assert not chat.configured("matrix", some)
    assert chat.configured("matrix", {**some, "matrix_password": SecretStr("x")})
    assert chat.configured("matrix", {**some, "matrix_token": SecretStr("x")})
    (tmp_path / "matrix").mkdir()
    (tmp_path / "matrix/device.json").write_text(json.dumps({}))
    assert chat.configured("matrix", some)
