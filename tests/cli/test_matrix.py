"""`evwatch matrix` in processes of its own, against a real homeserver."""

import json

import pytest

from tests.kit.matrix_trust import judge
from tests.kit.process import Evwatch


@pytest.fixture
def account(synapse):
    return synapse.register("evwatch")


@pytest.fixture
def evwatch(tmp_path, synapse, account):
    """With the settings of an account, not logged in yet."""
    made = Evwatch(tmp_path / "evwatch")
    made.environment |= {
        "EVWATCH_MATRIX_HOMESERVER": synapse.url,
        "EVWATCH_MATRIX_USER": account.user,
        "EVWATCH_MATRIX_PASSWORD": account.password,
    }
    return made


async def shown(evwatch, *words):
    status, out, err = await evwatch.run("matrix", *words, "--json")
    assert status == 0, err
    return json.loads(out)


async def test_a_device_is_made_verified_and_replaced(evwatch, account, people):
    """What is printed is what a second user sees; a lost store is nothing but a new device signed by the same key."""
    ada = await people("ada")
    made = await shown(evwatch, "login")
    seen = await shown(evwatch, "verify")
    trust = judge(await ada.keys_of(account.user), account.user)
    assert (seen["device"], seen["fingerprint"], seen["well"]) == (made["device"], made["fingerprint"], True)
    assert (trust.master, set(trust.signed)) == (seen["master"], {made["device"]})
    (evwatch.data / "matrix/crypto.db").unlink()
    status, _, err = await evwatch.run("once")
    assert status == 1
    assert "evwatch matrix login" in err
    again = await shown(evwatch, "login")
    trust = judge(await ada.keys_of(account.user), account.user)
    assert again["device"] != made["device"]
    assert (trust.master, set(trust.signed)) == (seen["master"], {again["device"]}), "the old one is logged out"
    status, out, _ = await evwatch.run("matrix", "verify")
    assert status == 0
    assert " ".join(again["fingerprint"][at : at + 4] for at in range(0, 43, 4)) in out
    files = [f.read_text(errors="replace") for f in evwatch.data.rglob("*.log")]
    assert account.password not in out + "".join(files)


async def test_status_shows_where_the_account_is(evwatch, account, people):
    """Rooms, which of them are encrypted, and what waits for an answer."""
    await shown(evwatch, "login")
    ada = await people("ada")
    bot = await people(account=account)
    rooms = {await ada.create(invite=[account.user], encrypted=e): e for e in (True, False)}
    for room in rooms:
        await bot.join(room)
    waiting = await ada.create(invite=[account.user])
    found = await shown(evwatch, "status")
    assert (found["user"], found["rooms"], found["invites"]) == (account.user, rooms, [waiting])
    status, out, _ = await evwatch.run("matrix", "status")
    assert status == 0
    assert f"{waiting}\tinvited" in out


async def test_keys_of_another_client_are_replaced_only_when_told_to(evwatch, account, people, tmp_path):
    """Somebody had set them up by hand."""
    from bot.adapters.chat.matrix.signing import read_or_make_seeds, signing_keys

    bot = await people(account=account)
    other = signing_keys(read_or_make_seeds(tmp_path / "other.json"), account.user)
    await bot.call("POST", "/_matrix/client/v3/keys/device_signing/upload", other)
    await shown(evwatch, "login")
    status, out, _ = await evwatch.run("matrix", "verify")
    assert status == 1
    assert "keys of another client" in out
    assert (await shown(evwatch, "verify", "--replace"))["well"]


@pytest.mark.parametrize("command", ["verify", "status"])
async def test_without_a_device_there_is_nothing_to_see(evwatch, command):
    """It says how to make one."""
    status, _, err = await evwatch.run("matrix", command)
    assert status == 1
    assert "evwatch matrix login" in err


async def test_what_is_missing_is_named(evwatch):
    """All of it at once; a running evwatch is not robbed of its device."""
    for name in ("HOMESERVER", "PASSWORD"):
        evwatch.environment.pop(f"EVWATCH_MATRIX_{name}")
    status, _, err = await evwatch.run("matrix", "login")
    assert status == 2
    assert [line.split(":")[0] for line in err.splitlines()] == ["EVWATCH_MATRIX_HOMESERVER", "EVWATCH_MATRIX_PASSWORD"]
