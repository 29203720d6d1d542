"""The bot's device is signed by its owner, the bot: judged by the keys a real server hands to a second user."""

import stat
from copy import deepcopy

import pytest
from nio import AsyncClient

from bot.adapters.chat.matrix.signing import (
    Seeds,
    Signed,
    known_fingerprint,
    public,
    read_or_make_seeds,
    sign_own_device,
    signing_keys,
)
from bot.errors import Rejected
from tests.kit.matrix_client import Person, Refused
from tests.kit.matrix_trust import Trust, judge


def caller(person: Person):
    """Requests with this person's token."""

    async def call(method, path, body):
        try:
            return 200, await person.call(method, path, body)
        except Refused as e:
            return e.status, e.answer

    return call


def own(client: AsyncClient) -> str:
    return str(client.olm.account.identity_keys["ed25519"])


async def sign(bot, seeds, **more):
    device, user = bot.account.device, bot.user
    fingerprint = own(bot.client)
    return await sign_own_device(
        caller(bot), seeds, **{"user": user, "device": device, "fingerprint": fingerprint, **more}
    )


@pytest.fixture
def seeds(tmp_path):
    return read_or_make_seeds(tmp_path / "signing.json")


async def test_a_second_user_follows_the_chain_to_the_device(people, seeds):
    """Master key, self-signing key, device; once signed it stays so."""
    bot, ada = await people("bot"), await people("ada")
    assert judge(await ada.keys_of(bot.user), bot.user).unsigned == {bot.account.device}
    assert await sign(bot, seeds) is Signed.NOW
    trust = judge(await ada.keys_of(bot.user), bot.user)
    assert trust == Trust(public(seeds.master), frozenset({bot.account.device}), frozenset())
    assert await sign(bot, seeds) is Signed.BEFORE


async def test_a_new_device_is_signed_by_the_same_keys(people, seeds, synapse):
    """Who has verified the bot once need not do it again."""
    bot, ada = await people("bot"), await people("ada")
    await sign(bot, seeds)
    account = await bot.new_device()
    again = await people(account=account)
    assert await sign(again, seeds) is Signed.NOW
    trust = judge(await ada.keys_of(bot.user), bot.user)
    assert trust.signed == {bot.account.device, account.device}


async def test_keys_of_another_client_are_left_alone(people, seeds, tmp_path):
    """Somebody has set them up by hand: only who knows the password may replace them."""
    bot, ada = await people("bot"), await people("ada")
    await sign(bot, read_or_make_seeds(tmp_path / "other.json"))
    before = judge(await ada.keys_of(bot.user), bot.user)
    assert await sign(bot, seeds) is Signed.FOREIGN
    assert judge(await ada.keys_of(bot.user), bot.user) == before
    assert await sign(bot, seeds, password="wrong") is Signed.PASSWORD
    assert await sign(bot, seeds, password=bot.account.password) is Signed.NOW
    assert judge(await ada.keys_of(bot.user), bot.user).master == public(seeds.master)


async def test_a_device_that_is_not_ours_is_not_signed(people, seeds):
    """Whatever keys the server hands out under our name."""
    bot, other = await people("bot"), await people("other")
    with pytest.raises(Rejected, match="does not know the keys"):
        await sign(bot, seeds, fingerprint=own(other.client))
    with pytest.raises(Rejected, match="does not know the keys"):
        await sign(bot, seeds, device="ELSEWHERE")


async def test_a_lost_store_shows_before_anything_is_uploaded(people, seeds):
    """The server knows the device by another key than the new store's, and would take the new one without a word."""
    bot = await people("bot")
    known = await known_fingerprint(caller(bot), bot.user, bot.account.device)
    assert known == own(bot.client)
    assert await known_fingerprint(caller(bot), bot.user, "NEVERSEEN") is None
    async with Person(bot.synapse, bot.folder / "lost", account=bot.account) as lost:
        assert own(lost.client) != known
        assert await known_fingerprint(caller(bot), bot.user, bot.account.device) == own(lost.client)


async def test_a_device_with_new_keys_needs_a_new_name(people, seeds):
    """The server keeps the signature of the old keys: nobody would believe the device, and we say so."""
    bot, ada = await people("bot"), await people("ada")
    await sign(bot, seeds)
    async with Person(bot.synapse, bot.folder / "lost", account=bot.account) as lost:
        with pytest.raises(Rejected, match="log in as a new one"):
            await sign(lost, seeds)
        assert judge(await ada.keys_of(bot.user), bot.user).unsigned == {bot.account.device}


async def test_a_half_done_signing_is_finished(people, seeds):
    """Killed between the two uploads: the keys are there, the device is not signed yet."""
    bot, ada = await people("bot"), await people("ada")
    await bot.call("POST", "/_matrix/client/v3/keys/device_signing/upload", signing_keys(seeds, bot.user))
    assert judge(await ada.keys_of(bot.user), bot.user).unsigned == {bot.account.device}
    assert await sign(bot, seeds) is Signed.NOW
    assert judge(await ada.keys_of(bot.user), bot.user).signed == {bot.account.device}


async def test_a_broken_link_ends_the_chain(people, seeds):
    """The judge of the tests above believes no key, signature or name that was changed."""
    bot, ada = await people("bot"), await people("ada")
    await sign(bot, seeds)
    good, user, device = await ada.keys_of(bot.user), bot.user, bot.account.device

    def without(*path):
        broken = deepcopy(good)
        at = broken
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]
        return judge(broken, user)

    assert without("master_keys", user).signed == frozenset()
    assert without("self_signing_keys", user, "signatures", user).signed == frozenset()
    assert without("device_keys", user, device, "signatures", user).signed == frozenset()
    changed = deepcopy(good)
    changed["device_keys"][user][device]["keys"][f"curve25519:{device}"] = own(ada.client)
    assert judge(changed, user).signed == frozenset()


def test_seeds_are_for_the_owners_eyes(tmp_path):
    """The file's mode says so, and no traceback shows them; they are the same the next time."""
    path = tmp_path / "data" / "signing.json"
    seeds = read_or_make_seeds(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_seeds(path) == seeds
    assert repr(seeds) == "Seeds()"
    assert [p.name for p in path.parent.iterdir()] == ["signing.json"]


@pytest.mark.parametrize(
    "held", ["", "{}", "[1]", '{"master": "AA==", "self_signing": "AA==", "user_signing": "AA=="}']
)
def test_a_file_of_something_else_is_never_replaced(tmp_path, held):
    """Nor shown: it may be half of the keys."""
    path = tmp_path / "signing.json"
    path.write_text(held, encoding="ascii")
    with pytest.raises(ValueError, match=r"^signing.json holds no signing keys$"):
        read_or_make_seeds(path)
    assert path.read_text(encoding="ascii") == held


def test_a_torn_draft_is_no_harm(tmp_path):
    """Killed while the first file was written."""
    (tmp_path / "signing.json.new").write_text('{"mas', encoding="ascii")
    assert isinstance(read_or_make_seeds(tmp_path / "signing.json"), Seeds)
