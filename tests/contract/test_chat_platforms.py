"""What every chat platform must hold, whoever wrote it: run over each module there is, and over one dropped in."""

import importlib
import traceback
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters import chat
from bot.domain.channels import ChannelRef, Outgoing, Part
from bot.domain.messages import Message, SourceLink
from bot.errors import ConfigError, DeliveryError
from tests.kit.bench import Bench, Shown
from tests.kit.desk import ScriptedDesk

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MESSAGE = Message(
    "BYD + Uber: joint venture. Announced.",
    quote="BYD and Uber form EV joint venture",
    sources=(SourceLink("news.example", "https://news.example/1", NOW),),
    notes=("2 origins, 3 outlets",),
    story="S1",
    revision=1,
)

#: A whole platform, as somebody would drop it in: one file.
PIGEON = """
import asyncio
from datetime import UTC, datetime, timedelta
from bot.domain.channels import Part, Receipt
from bot.errors import Unavailable

LOADED = True

def configured(settings):
    return "pigeon_token" in settings

def create(settings):
    return Pigeon(settings["pigeon_token"])

class Pigeon:
    name = "pigeon"
    grace = timedelta(0)

    def __init__(self, token):
        self.token, self.rooms, self.receipts, self.flying = token, {}, {}, False

    async def start(self, desk):
        self.flying = True

    async def close(self):
        self.flying = False

    async def down(self):
        await asyncio.Event().wait()

    async def send(self, outgoing):
        if not self.flying:
            raise Unavailable("the loft is shut")
        known = await self.settle(outgoing)
        if known:
            return known
        room = self.rooms.setdefault(outgoing.ref, {})
        id = outgoing.root if outgoing.part in (Part.EDIT, Part.LINE) else str(len(room))
        if outgoing.part is Part.LINE:
            room[id][1].append(outgoing.message.first_line)
        else:
            room[id] = (outgoing.message.first_line, room[id][1] if id in room else [])
        return self.receipts.setdefault((outgoing.ref, outgoing.key), Receipt(id, datetime.now(UTC)))

    async def settle(self, outgoing):
        return self.receipts.get((outgoing.ref, outgoing.key))
"""


@asynccontextmanager
async def pigeon_bench(folder):
    """The dropped-in platform's own rooms."""
    platform: Any = chat.create("pigeon", {"pigeon_token": "coo-coo-secret"})
    await platform.start(ScriptedDesk())

    async def shown(room):
        return [Shown(text, lines) for text, lines in platform.rooms.get(room, {}).values()]

    rooms = (ChannelRef("pigeon", "roof"), ChannelRef("pigeon", "tower"))
    yield Bench(platform, rooms, shown, cut_off=platform.close, secrets=("coo-coo-secret",))


@pytest.fixture
def dropped_in(tmp_path, monkeypatch):
    """A fourth platform is one new file."""
    (tmp_path / "dropped").mkdir()
    (tmp_path / "dropped" / "pigeon.py").write_text(PIGEON, encoding="utf-8")
    monkeypatch.setattr(chat, "__path__", [*chat.__path__, str(tmp_path / "dropped")])
    monkeypatch.delitem(importlib.import_module("sys").modules, "bot.adapters.chat.pigeon", raising=False)


@pytest.fixture(params=[*chat.names(), "matrix encrypted", "pigeon"])
async def bench(request, tmp_path, dropped_in):
    """A started platform with two empty rooms."""
    name, *words = request.param.split()
    if name == "pigeon":
        made = pigeon_bench(tmp_path)
    else:
        module = importlib.import_module(f"tests.kit.bench_{name}")
        servers = [request.getfixturevalue(server) for server in getattr(module, "SERVERS", ())]
        made = module.bench(tmp_path, *servers, **dict.fromkeys(words, True))
    async with made as started:
        yield started


def outgoing(bench, key="story:1:r1:root", part=Part.ROOT, *, room=0, root=None, **changes):
    return Outgoing(key, bench.rooms[room], part, replace(MESSAGE, **changes), root, NOW, NOW)


async def test_a_message_is_shown(bench):
    """First line in the room it was sent to, and in no other."""
    await bench.platform.send(outgoing(bench))
    (shown,) = await bench.shown(bench.rooms[0])
    assert MESSAGE.first_line in shown.text
    assert await bench.shown(bench.rooms[1]) == []


async def test_the_same_key_twice_is_one_message(bench):
    """And has the same receipt, whichever the platform's means."""
    first = await bench.platform.send(outgoing(bench))
    second = await bench.platform.settle(outgoing(bench)) or await bench.platform.send(outgoing(bench))
    assert second.id == first.id
    assert len(await bench.shown(bench.rooms[0])) == 1


async def test_the_same_key_in_two_rooms_is_two_messages(bench):
    """A story has one key, whatever the rooms it is told in."""
    await bench.platform.send(outgoing(bench))
    assert await bench.platform.settle(outgoing(bench, room=1)) is None
    await bench.platform.send(outgoing(bench, room=1))
    assert [len(await bench.shown(room)) for room in bench.rooms] == [1, 1]


async def test_what_was_never_sent_is_settled_as_such(bench):
    """None, and then the receipt."""
    assert await bench.platform.settle(outgoing(bench)) is None
    sent = await bench.platform.send(outgoing(bench))
    settled = await bench.platform.settle(outgoing(bench))
    assert settled is not None
    assert settled.id == sent.id


async def test_a_receipt_has_an_aware_time(bench):
    """The store refuses any other."""
    receipt = await bench.platform.send(outgoing(bench))
    assert receipt.id
    assert receipt.sent_at.tzinfo is not None


async def test_an_edit_replaces_the_message(bench):
    """Still one message; the same edit again changes nothing."""
    root = await bench.platform.send(outgoing(bench))
    edit = outgoing(bench, "story:1:r2:edit", Part.EDIT, root=root.id, first_line="BYD + Uber: cancelled.", revision=2)
    await bench.platform.send(edit)
    await bench.platform.send(edit)
    (shown,) = await bench.shown(bench.rooms[0])
    assert "BYD + Uber: cancelled." in shown.text
    assert MESSAGE.first_line not in shown.text


async def test_a_line_stands_in_the_thread(bench):
    """Below its root, and it is no message of its own."""
    root = await bench.platform.send(outgoing(bench))
    line = outgoing(bench, "story:1:r2:line", Part.LINE, root=root.id, first_line="Confirmed by BYD.", revision=2)
    await bench.platform.send(line)
    (shown,) = await bench.shown(bench.rooms[0])
    assert len(shown.lines) == 1
    assert "Confirmed by BYD." in shown.lines[0]


@pytest.mark.parametrize("part", [Part.DIGEST, Part.OVERFLOW, Part.NOTICE])
async def test_messages_without_a_story_are_shown(bench, part):
    """Digests, overflow lines and notices have no root."""
    message = Message("7 stories", items=(MESSAGE, MESSAGE) if part is Part.DIGEST else ())
    await bench.platform.send(Outgoing(f"{part}:1", bench.rooms[0], part, message, None, NOW, NOW))
    (shown,) = await bench.shown(bench.rooms[0])
    assert "7 stories" in shown.text


@pytest.mark.parametrize(
    "nasty",
    [
        "A & B <script>alert(1)</script> <!channel> <@U1> @room",
        "](https://evil.example) <img src=x> *bold* _it_ ~no~ `code`",
        "[red]markup[/red] :smile: 100% {field}",
        "比亚迪与优步成立合资公司",
    ],
)
async def test_foreign_text_shows_as_written(bench, nasty):
    """No markup, no mention, no format: the words themselves."""
    await bench.platform.send(outgoing(bench, first_line=nasty, quote=nasty))
    (shown,) = await bench.shown(bench.rooms[0])
    assert nasty in shown.text


async def test_a_failure_is_a_delivery_error_without_secrets(bench):
    """Whatever goes wrong has one of four names, and tells no token."""
    await bench.cut_off()
    with pytest.raises(DeliveryError) as failed:
        await bench.platform.send(outgoing(bench))
    told = "".join(traceback.format_exception(failed.value))
    assert [secret for secret in bench.secrets if secret in told] == []


async def test_closing_twice_is_no_harm(bench):
    """A platform that is down is closed again at the end."""
    await bench.platform.close()
    await bench.platform.close()


@pytest.mark.parametrize("name", [*chat.names(), "pigeon"])
def test_the_module_is_the_platform(name, dropped_in):
    """Its name is the word before the colon, and nothing set means not configured."""
    module = importlib.import_module(f"bot.adapters.chat.{name}")
    assert chat.configured(name, {}) is False
    assert callable(module.create)


def test_a_platform_is_imported_only_when_asked_for(dropped_in):
    """names() looks at the folder."""
    assert "pigeon" in chat.names()
    assert "bot.adapters.chat.pigeon" not in importlib.import_module("sys").modules
    assert chat.create("pigeon", {"pigeon_token": "t"}).name == "pigeon"


def test_an_unknown_platform_is_refused():
    """The error says which there are."""
    with pytest.raises(ConfigError, match="console"):
        chat.create("telepathy", {})
