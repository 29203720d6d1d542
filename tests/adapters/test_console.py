"""The console beyond the contract: the file after a kill, and what a terminal gets."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.adapters.chat.console import create, show
from bot.domain.channels import ChannelRef, Outgoing, Part
from bot.domain.messages import Message, SourceLink
from tests.kit.desk import ScriptedDesk

NOW = datetime(2021, 2, 19, 9, 0, tzinfo=UTC)
XIAOMI = Message(
    "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post",
    quote="Xiaomi steht davor, in die Produktion von E-Autos einzusteigen.",
    sources=(SourceLink("news.example", "https://news.example/1", NOW),),
    notes=("auch im Bericht: Geely + Foxconn, Gemeinschaftsunternehmen",),
    language="de",
    story="S42",
)


def outgoing(key="k1", part=Part.ROOT, root=None, **changes):
    return Outgoing(key, ChannelRef("console", "main"), part, replace(XIAOMI, **changes), root, NOW, NOW)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


@pytest.fixture
async def console(tmp_path):
    """A started console that prints into a string."""
    made = create({"data_dir": tmp_path, "stream": io.StringIO()})
    await made.start(ScriptedDesk())
    yield made
    await made.close()


async def reopened(tmp_path):
    again = create({"data_dir": tmp_path, "stream": io.StringIO()})
    await again.start(ScriptedDesk())
    return again


def test_a_pipe_gets_plain_text():
    """Short, with the word to ask about it, and addresses that can be clicked in a log."""
    out = io.StringIO()
    show(outgoing(), out)
    assert out.getvalue() == (
        "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post\n"
        "> Xiaomi steht davor, in die Produktion von E-Autos einzusteigen.\n"
        "news.example (19.02.2021) · auch im Bericht: Geely + Foxconn, Gemeinschaftsunternehmen · S42\n"
        "  https://news.example/1\n\n"
    )


def test_an_edit_and_a_line_say_what_they_are():
    """`(edited)` before the one, an arrow before the other."""
    out = io.StringIO()
    show(outgoing(part=Part.EDIT), out)
    show(outgoing(part=Part.LINE, first_line="Xiaomi: bestätigt.", quote="", notes=()), out)
    assert out.getvalue().startswith("(edited) Xiaomi:")
    assert "\n  ↳ Xiaomi: bestätigt.\n    news.example (19.02.2021) · S42\n" in out.getvalue()


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_foreign_text_acts_on_no_terminal(stream):
    """Escape sequences, carriage returns and direction marks are gone; rich markup is text."""
    out = stream()
    evil = "\x1b]0;owned\x07 a\rb \x9b31m \u202e [bold]x[/bold] [link=https://evil.example]y[/link]"
    link = SourceLink("a\x1b[2Jb", "https://news.example/\x1b]8;;https://evil.example\x07", NOW)
    show(outgoing(first_line=evil, quote=evil, sources=(link,), notes=(evil,)), out)
    text = out.getvalue()
    for bad in ("\x1b]0;", "\x07", "\r", "\x9b", "\u202e", "\x1b[2J"):
        assert bad not in text
    assert "[bold]x[/bold]" in text
    assert "\x1b]8;;https://evil.example" not in text


def test_only_the_room_is_dim(monkeypatch):
    """The first line behind it, and what stands below an indent, keep their own styles."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    show(replace(outgoing(first_line="Kurz."), ref=ChannelRef("console", "berlin")), out)
    show(outgoing(part=Part.LINE, first_line="Kurz."), out)
    assert out.getvalue().startswith("\x1b[2m[berlin] \x1b[0m\x1b[1mKurz.")
    assert "↳ \x1b[0m\x1b[1mKurz." in out.getvalue()


async def test_a_torn_last_line_is_taken_back(tmp_path, console):
    """A kill within a write leaves half a line, which was never acknowledged: it is sent again."""
    await console.send(outgoing("k1"))
    whole = (tmp_path / "console.jsonl").read_bytes()
    await console.send(outgoing("k2"))
    await console.close()
    both = (tmp_path / "console.jsonl").read_bytes()
    for cut in range(len(whole) + 1, len(both) - 1):
        (tmp_path / "console.jsonl").write_bytes(both[:cut])
        again = await reopened(tmp_path)
        assert await again.settle(outgoing("k2")) is None
        await again.send(outgoing("k2"))
        await again.close()
        lines = (tmp_path / "console.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["key"] for line in lines] == ["k1", "k2"]


async def test_a_last_line_without_its_end_is_whole(tmp_path, console):
    """All but the newline was written: it counts, and the next one stands on a line of its own."""
    await console.send(outgoing("k1"))
    await console.close()
    path = tmp_path / "console.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    again = await reopened(tmp_path)
    assert await again.settle(outgoing("k1")) is not None
    await again.send(outgoing("k2"))
    await again.close()
    assert [json.loads(line)["key"] for line in path.read_text(encoding="utf-8").splitlines()] == ["k1", "k2"]


async def test_a_pipe_that_closed_loses_nothing(tmp_path):
    """Whoever read stdout has left: the file goes on."""

    class Broken(io.StringIO):
        def write(self, text):
            raise BrokenPipeError

    console = create({"data_dir": tmp_path, "stream": Broken()})
    await console.start(ScriptedDesk())
    await console.send(outgoing("k1"))
    await console.send(outgoing("k2"))
    await console.close()
    assert len((tmp_path / "console.jsonl").read_text(encoding="utf-8").splitlines()) == 2
