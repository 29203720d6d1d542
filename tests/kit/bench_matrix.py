"""Matrix: its rooms are on a real server, and somebody else looks into them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.adapters import chat
from bot.adapters.chat.matrix import device
from bot.domain.channels import ChannelRef
from tests.kit.bench import Bench, Shown
from tests.kit.desk import ScriptedDesk
from tests.kit.matrix_client import Person
from tests.kit.synapse import Account, Synapse

SERVERS = ("synapse",)


def settings(synapse: Synapse, account: Account, folder: Path, **more: Any) -> dict[str, Any]:
    """What `create` gets of an account that logs in by its password; everybody on the server may invite it."""
    return {
        "data_dir": folder,
        "matrix_homeserver": synapse.url,
        "matrix_user": account.user,
        "matrix_password": SecretStr(account.password),
        "matrix_allow": (account.user.partition(":")[2],),
        **more,
    }


@asynccontextmanager
async def bench(folder: Path, synapse: Synapse, *, encrypted: bool = False) -> AsyncIterator[Bench]:
    """A bot in two rooms of somebody's."""
    account = synapse.register("bot")
    async with Person(synapse, folder / "people", "ada") as ada, Person(synapse, folder, account=account) as bot:
        ids = [await ada.create(invite=[account.user], encrypted=encrypted) for _ in range(2)]
        for room in ids:
            await bot.join(room)
        await bot.call("POST", "/_matrix/client/v3/logout", {})  # that was by hand: evwatch makes its own device
        await ada.sync()
        platform = chat.create("matrix", settings(synapse, account, folder / "data"))
        await platform.start(ScriptedDesk())

        async def shown(room: ChannelRef) -> list[Shown]:
            seen = await ada.read(room.room)
            assert seen.odd == []
            assert all(m.encrypted == encrypted for m in seen.messages)
            return [Shown(m.text, [line.text for line in m.lines]) for m in seen.messages]

        rooms = (ChannelRef("matrix", ids[0]), ChannelRef("matrix", ids[1]))
        yield Bench(platform, rooms, shown, cut_off=platform.close, secrets=(account.password, _token(folder / "data")))
        await platform.close()


def _token(data: Path) -> str:
    kept = device.read(data / "matrix")
    assert kept is not None
    return kept.token
