"""`evwatch chat`: a prompt that behaves like a channel."""

from __future__ import annotations

import contextlib
import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.base import AsJson, cli, one_line, open_store, run_async, settings
from bot.domain.channels import ChannelRef
from bot.domain.requests import Request

if TYPE_CHECKING:
    from bot.domain.messages import Reply
    from bot.ports import Desk
    from bot.settings import Settings

_PERSON = ChannelRef("console", "you")
_LEAVE = frozenset({"exit", "quit", ":q"})


@cli.command()
def chat(
    say: Annotated[list[str] | None, typer.Argument(help="One command, answered at once; without it a prompt.")] = None,
    channel: Annotated[str, typer.Option(help="The channel to sit in: any platform:room.")] = "console:main",
    as_json: AsJson = False,
) -> None:
    """Talk to evwatch as in a channel: subscribe, look up, ask why. Beside a running evwatch, or without one."""
    try:
        ref = ChannelRef.parse(channel)
    except ValueError as e:
        raise typer.BadParameter(str(e), param_hint="--channel") from None
    try:
        understood = run_async(_talk(settings(), ref, " ".join(say or ()), as_json))
    except KeyboardInterrupt:  # how a prompt is left
        typer.echo()
        return
    if not understood:
        raise typer.Exit(1)


async def _talk(current: Settings, ref: ChannelRef, said: str, as_json: bool) -> bool:
    """Answer one command, or all that is typed; False where the one was not understood."""
    from bot.parts import SystemClock, load_rules, make_desk

    live = load_rules(current)
    async with open_store(current) as store:
        live.swap(live.rulebook.remembering(await store.know_companies({})), live.reader)
        desk = make_desk(current, store, SystemClock(), live)
        if said:
            reply = await _answer(desk, ref, said, as_json)
            return reply.understood
        arrived = _Arrivals(current.data_dir / "console.jsonl", ref)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # asyncio's waits for a loop that waits for a line
        for text in _typed(ref, echo=not as_json):
            if text.strip():
                await _answer(desk, ref, text, as_json)
            if not as_json:
                typer.echo()
                arrived.show()
    return True


async def _answer(desk: Desk, ref: ChannelRef, text: str, as_json: bool) -> Reply:
    from bot.adapters.chat.console import show_reply

    reply = await desk.answer(Request(text, ref, _PERSON))
    if as_json:
        typer.echo(json.dumps(asdict(reply), ensure_ascii=False, default=str))
    else:
        show_reply(reply, sys.stdout)
    return reply


def _typed(ref: ChannelRef, *, echo: bool) -> Iterator[str]:
    """Every line that is typed, at a prompt where a person types it; what comes by a pipe is repeated."""
    if not sys.stdin.isatty():
        for line in sys.stdin:
            if echo and line.strip():
                typer.echo(f"{ref.room}> {one_line(line.strip())}")
            yield line
        return
    with contextlib.suppress(ImportError):  # arrow keys; not everywhere
        import readline  # noqa: F401
    typer.echo("`help` says what can be typed; an empty line shows what has arrived; Ctrl-D leaves.\n")
    while True:
        try:
            text = input(f"{ref.room}> ")
        except (EOFError, KeyboardInterrupt):
            typer.echo()
            return
        if text.strip() in _LEAVE:
            return
        yield text


class _Arrivals:
    """What a running evwatch tells this channel of the console meanwhile."""

    def __init__(self, file: Path, ref: ChannelRef) -> None:
        self._file = file
        self._ref = ref
        self._read_to = file.stat().st_size if file.is_file() else 0

    def show(self) -> None:
        """Print the messages that came since the last time."""
        with contextlib.suppress(FileNotFoundError), self._file.open("rb") as lines:
            lines.seek(self._read_to)
            for raw in lines:
                if not raw.endswith(b"\n"):
                    break  # one that is being written is none yet
                self._read_to += len(raw)
                with contextlib.suppress(ValueError, KeyError):
                    line = json.loads(raw)
                    if line["channel"] == str(self._ref):
                        typer.echo(line["text"] + "\n")
