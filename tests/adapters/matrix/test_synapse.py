"""The real server of the Matrix tests, and the people on it: what the other tests build on."""

import pytest

from tests.kit.matrix_client import Refused
from tests.kit.matrix_view import LOCKED


async def test_people_talk_in_a_room(people):
    """What one says the other reads, in order."""
    ada, ben = await people("ada"), await people("ben")
    room = await ada.create(invite=[ben.user])
    await ben.join(room)
    await ada.say(room, "Wie geht's?")
    await ben.say(room, "很好", kind="m.notice")
    seen = await ada.read(room)
    assert [(m.sender, m.text, m.kind) for m in seen.messages] == [
        (ada.user, "Wie geht's?", "m.text"),
        (ben.user, "很好", "m.notice"),
    ]


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_room_reads_as_a_client_shows_it(people, encrypted):
    """Edits applied, threads under their root, reactions with who gave them; in an encrypted room too."""
    ada, ben = await people("ada"), await people("ben")
    room = await ada.create(invite=[ben.user], encrypted=encrypted)
    await ben.join(room)
    await ada.sync()
    root = await ada.say(room, "rumoured")
    await ada.say(room, "announced", edits=root)
    await ben.say(room, "since when?", thread=root)
    await ada.react(room, root, "👍")
    await ben.react(room, root, "👍")

    def complete(seen):
        return all(m.kind != LOCKED for m in seen.messages) and seen.messages[0].lines[0].kind != LOCKED

    for person in (ada, ben):
        seen = await person.until(room, complete)
        (message,) = seen.messages
        assert (message.text, message.edits, message.encrypted) == ("announced", 1, encrypted)
        assert [line.text for line in message.lines] == ["since when?"]
        assert message.reactions == {"👍": {ada.user, ben.user}}
        assert seen.odd == []


async def test_what_is_taken_back_is_gone(people):
    """Messages and reactions alike."""
    ada = await people("ada")
    room = await ada.create()
    first, second = await ada.say(room, "one"), await ada.say(room, "two")
    await ada.redact(room, await ada.react(room, first, "👎"))
    await ada.redact(room, second)
    (message,) = (await ada.read(room)).messages
    assert (message.text, message.reactions) == ("one", {})


async def test_what_a_client_would_not_show_is_named(people):
    """An edit of an edit, an edit of somebody else's message, a thread in a thread."""
    ada, ben = await people("ada"), await people("ben")
    room = await ada.create(invite=[ben.user])
    await ben.join(room)
    root = await ada.say(room, "one")
    edit = await ada.say(room, "two", edits=root)
    line = await ada.say(room, "below", thread=root)
    for wrong in (
        ada.say(room, "three", edits=edit),
        ben.say(room, "mine", edits=root),
    ):
        await wrong
    with pytest.raises(AssertionError, match="Cannot start threads from an event with a relation"):
        await ada.say(room, "deeper", thread=line)
    seen = await ada.read(room)
    assert seen.texts() == ["two"]
    assert len(seen.odd) == 2


async def test_only_people_with_the_key_read_an_encrypted_room(people):
    """Somebody who came later sees that there was something."""
    ada, late = await people("ada"), await people("late")
    room = await ada.create(encrypted=True)
    await ada.say(room, "before")
    await ada.invite(room, late.user)
    await late.join(room)
    assert [m.kind for m in (await late.read(room)).messages] == [LOCKED]
    await ada.sync()
    await ada.say(room, "after")
    seen = await late.until(room, lambda r: "after" in r.texts())
    assert [m.kind for m in seen.messages] == [LOCKED, "m.text"]


@pytest.mark.parametrize("version", ["10", "11", "12"])
@pytest.mark.parametrize("encrypted", [False, True])
async def test_rooms_of_every_version_are_alike(people, version, encrypted):
    """Their ids are not: from 12 on they name no server."""
    ada, ben = await people("ada"), await people("ben")
    room = await ada.create(version=version, encrypted=encrypted, invite=[ben.user])
    await ben.join(room)
    assert (":" in room) is (version != "12")
    await ada.sync()
    await ada.say(room, "hello")
    await ben.until(room, lambda r: r.texts() == ["hello"])


async def test_levels_change_at_once(people):
    """Promoted, demoted, kicked, banned; and the creator of a room of version 12 has no level to take."""
    ada, ben = await people("ada"), await people("ben")
    room = await ada.create(version="12", invite=[ben.user])
    await ben.join(room)
    with pytest.raises(Refused, match="M_FORBIDDEN"):
        await ben.set_state(room, "m.room.name", {"name": "Ben's"})
    await ada.set_level(room, ben.user, 50)
    await ben.set_state(room, "m.room.name", {"name": "Ben's"})
    await ada.set_level(room, ben.user, 0)
    with pytest.raises(Refused, match="M_FORBIDDEN"):
        await ben.set_state(room, "m.room.name", {"name": "Ben's again"})
    with pytest.raises(Refused):
        await ada.set_level(room, ada.user, 0)
    assert ada.user not in (await ada.state(room, "m.room.power_levels")).get("users", {})
    await ada.kick(room, ben.user)
    assert (await ada.members(room))[ben.user] == "leave"
    await ada.ban(room, ben.user)
    assert (await ada.members(room))[ben.user] == "ban"


async def test_a_room_can_be_upgraded(people):
    """The old one says where the new one is."""
    ada = await people("ada")
    old = await ada.create(version="11")
    new = await ada.upgrade(old, "12")
    assert (await ada.state(old, "m.room.tombstone"))["replacement_room"] == new


async def test_the_same_transaction_is_one_event(people):
    """Per person and device: what a delivery relies on."""
    ada = await people("ada")
    room = await ada.create()
    content = {"msgtype": "m.text", "body": "once"}
    assert await ada.send(room, "m.room.message", content, "t") == await ada.send(room, "m.room.message", content, "t")
    assert (await ada.read(room)).texts() == ["once"]


@pytest.mark.slow
async def test_a_server_survives_its_death(make_synapse, people):
    """Killed and started again it has the same address, people and rooms; it is small and quick."""
    server = make_synapse()
    ada = await people("ada", on=server)
    room = await ada.create()
    await ada.say(room, "before")
    server.kill()
    with pytest.raises(OSError):
        await ada.call("GET", "/_matrix/client/versions")
    server.start()
    await ada.say(room, "after")
    assert (await ada.read(room)).texts() == ["before", "after"]
    print(f"Synapse: started in {server.started_in:.1f} s, {server.memory():.0f} MB")
    server.stop()


@pytest.mark.slow
async def test_a_fresh_server_has_limits(strict_synapse, people):
    """And an operator can lift them for one account."""
    ada = await people("ada", on=strict_synapse)
    room = await ada.create()

    async def say_twenty(prefix):
        for n in range(20):
            path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/{prefix}{n}"
            await ada.call("PUT", path, {"msgtype": "m.text", "body": str(n)})

    with pytest.raises(Refused) as refused:
        await say_twenty("a")
    assert (refused.value.status, refused.value.code) == (429, "M_LIMIT_EXCEEDED")
    assert refused.value.answer["retry_after_ms"] > 0
    strict_synapse.unlimited(ada.account, strict_synapse.register("root", admin=True))
    await say_twenty("b")
