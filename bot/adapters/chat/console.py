"""The console as a chat platform (library: rich). It is the file `console.jsonl`; what is printed is a view of it.

One JSON object a line, appended and synced before a send counts as done. The same key and channel give one line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import unicodedata
from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlsplit

from bot.adapters.chat import plain_lines, shown_source
from bot.domain.channels import Outgoing, Part, Receipt
from bot.domain.messages import Message, Reply
from bot.errors import Unavailable, Uncertain
from bot.ports import Desk

FILE_NAME = "console.jsonl"
#: The room that needs no name when it is printed.
MAIN = "main"


def configured(settings: Mapping[str, Any]) -> bool:
    """The console needs a folder only."""
    return "data_dir" in settings


def create(settings: Mapping[str, Any]) -> Console:
    """A console on `data_dir`/console.jsonl; `stream` is where it prints (default: stdout)."""
    return Console(Path(settings["data_dir"]) / FILE_NAME, settings.get("stream"))


class Console:
    """A file of messages, and a view of it."""

    name = "console"
    grace = timedelta(0)  #: what is not in the file is nowhere else

    def __init__(self, path: Path, stream: IO[str] | None = None) -> None:
        self._path = path
        self._stream = stream
        self._file: IO[bytes] | None = None
        self._lock = asyncio.Lock()
        self._receipts: dict[tuple[str, str], Receipt] = {}
        self._lines = 0
        self._deaf = False

    async def start(self, desk: Desk) -> None:
        """Read the file, mend a last line that a kill has torn, open it for more; nobody types here."""
        try:
            await asyncio.to_thread(self._open)
        except OSError as e:
            raise Unavailable(f"cannot open {FILE_NAME}: {e.strerror}") from e

    async def close(self) -> None:
        """Close the file; a line under way is finished first."""
        async with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    async def down(self) -> str:
        """Never: a file that cannot be written today may be tomorrow."""
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    async def send(self, outgoing: Outgoing) -> Receipt:
        """Append the message unless its key is there; then print it."""
        async with self._lock:
            known = self._known(outgoing)
            if known is not None:
                return known
            # Shielded: a cancelled send must not leave a write going on behind the next one's back.
            receipt = await _finish(asyncio.to_thread(self._append, outgoing))
            await asyncio.to_thread(self._print, outgoing)
            return receipt

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        """The file knows."""
        async with self._lock:
            return self._known(outgoing)

    def _known(self, outgoing: Outgoing) -> Receipt | None:
        return self._receipts.get((outgoing.key, str(outgoing.ref)))

    def _open(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = open(self._path, "a+b")  # noqa: SIM115 - lives until close()
        file.seek(0)
        whole = 0
        for raw in file:
            line = _parse(raw)
            if not raw.endswith(b"\n"):
                if line is None:
                    file.truncate(whole)  # torn: it was never acknowledged, so it will be sent again
                else:
                    file.write(b"\n")  # only the end of the line is missing
            whole += len(raw)
            if line is not None:
                self._lines += 1
                self._receipts[line["key"], line["channel"]] = Receipt(str(line["id"]), _when(line["at"]))
        file.flush()
        os.fsync(file.fileno())
        self._file = file

    def _append(self, outgoing: Outgoing) -> Receipt:
        if self._file is None:
            raise Unavailable("the console is not open")
        receipt = Receipt(str(self._lines + 1), datetime.now(UTC))
        start = os.fstat(self._file.fileno()).st_size
        try:
            self._file.write(_line(outgoing, receipt))
            self._file.flush()
        except OSError as e:
            self._undo(start)
            raise Unavailable(f"cannot write {FILE_NAME}: {e.strerror}") from e
        self._lines += 1
        self._receipts[outgoing.key, str(outgoing.ref)] = receipt
        try:
            os.fsync(self._file.fileno())
        except OSError as e:
            raise Uncertain(f"cannot sync {FILE_NAME}: {e.strerror}") from e
        return receipt

    def _undo(self, size: int) -> None:
        """Take half a line back, and whatever the buffer still holds of it."""
        if self._file is None:
            return
        os.ftruncate(self._file.fileno(), size)
        file, self._file = self._file, open(self._path, "a+b")  # noqa: SIM115 - lives until close()
        with contextlib.suppress(OSError):
            file.close()  # tries to write its buffer once more
        os.ftruncate(self._file.fileno(), size)

    def _print(self, outgoing: Outgoing) -> None:
        if self._deaf:
            return
        try:
            show(outgoing, self._stream or sys.stdout)
        except OSError:  # whoever read the pipe has left; the file goes on
            self._deaf = True
            if self._stream is None:  # or the interpreter complains at its exit
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _finish(work: Coroutine[Any, Any, Receipt]) -> Receipt:
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _line(outgoing: Outgoing, receipt: Receipt) -> bytes:
    message = asdict(outgoing.message)
    line = {
        "key": outgoing.key,
        "channel": str(outgoing.ref),
        "id": receipt.id,
        "at": receipt.sent_at.isoformat(),
        "part": outgoing.part.value,
        "root": outgoing.root,
        "text": "\n".join(map(_clean, plain_lines(outgoing.message))),
        "message": message,
    }
    return json.dumps(line, ensure_ascii=False, default=_jsonable).encode("utf-8", "replace") + b"\n"


def _jsonable(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def _parse(raw: bytes) -> dict[str, Any] | None:
    try:
        line = json.loads(raw)
    except ValueError:
        return None
    return line if isinstance(line, dict) and {"key", "channel", "id", "at"} <= line.keys() else None


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _clean(text: str) -> str:
    """One line without anything a terminal acts on; the engine has done so, a terminal is told nothing on trust."""
    return "".join(" " if c in "\t\n\r" else c for c in text if c in "\t\n\r" or unicodedata.category(c)[0] != "C")


# ---------------------------------------------------------------------------------------------------------- printing


def show(outgoing: Outgoing, stream: IO[str]) -> None:
    """Print one message: colours and links on a terminal, plain text elsewhere."""
    mark, indent = _mark(outgoing), "    " if outgoing.part is Part.LINE else ""
    if stream.isatty():
        _show_rich(outgoing.message, mark, indent, stream)
    else:
        _show_plain(outgoing.message, mark, indent, stream)


def show_reply(reply: Reply, stream: IO[str]) -> None:
    """Print the answer to a command: its lines, then its stories."""
    text = "".join(f"{_clean(line)}\n" for line in reply.lines)
    _write(text + "\n" * bool(reply.messages), stream)
    for message in reply.messages:
        if stream.isatty():
            _show_rich(message, "", "", stream)
        else:
            _show_plain(message, "", "", stream)


def _show_plain(message: Message, mark: str, indent: str, stream: IO[str]) -> None:
    first, *rest = map(_clean, plain_lines(message, addresses=True))
    _write("\n".join([mark + first, *(indent + line for line in rest)]) + "\n\n", stream)


def _write(text: str, stream: IO[str]) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"  # a terminal of another age gets question marks
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


def _mark(outgoing: Outgoing) -> str:
    """What stands before the first line: the room where it is not the usual one, and what became of the message."""
    room = "" if outgoing.ref.room == MAIN else f"[{_clean(outgoing.ref.room)}] "
    if outgoing.part is Part.EDIT:
        return f"{room}(edited) "
    if outgoing.part is Part.LINE:
        return f"  {room}↳ "
    return room


def _show_rich(message: Message, mark: str, indent: str, stream: IO[str]) -> None:
    # Only now: an unattended process never needs rich.
    from rich.console import Console as Terminal
    from rich.text import Text

    terminal = Terminal(file=stream, highlight=False, markup=False, emoji=False)
    first, *rest = _rich_lines(message, indent)
    lines = [(indent, Text.assemble((mark, "dim"), first[1])), *rest]
    for number, (lead, line) in enumerate(lines):
        # Between words, and every piece under the first; a terminal alone would cut words in two.
        for n, piece in enumerate(line.wrap(terminal, max(terminal.width - len(lead), 20))):
            before = lead if number or n else ""  # the mark has an indent of its own
            terminal.print(Text.assemble((before, "dim"), piece), soft_wrap=True)
    terminal.print()


def _rich_lines(message: Message, indent: str) -> Iterator[tuple[str, Any]]:
    """What stands before each line, and the line with its styles: foreign text is never parsed as markup."""
    from rich.style import Style
    from rich.text import Text

    yield indent, Text(_clean(message.first_line), style="bold red" if message.ringing else "bold")
    if message.quote:
        yield f"{indent}> ", Text(_clean(message.quote), style="italic")
    parts = []
    for source in message.sources:
        link = _link(source.url)
        parts.append(Text(_clean(shown_source(source, message)), style=Style(link=link, dim=link is None)))
    parts += [Text(_clean(note), style="dim") for note in (*message.notes, message.story or "") if note]
    if parts:
        yield indent, Text(" · ", style="dim").join(parts)
    for item in message.items:
        yield from _rich_lines(item, indent + "  ")


def _link(url: str | None) -> str | None:
    """The address as a terminal may have it: http(s), and nothing in it that ends the escape sequence."""
    try:
        if url is None or urlsplit(url).scheme not in ("http", "https"):
            return None
    except ValueError:
        return None
    return quote(url, safe="/:?#[]@!$&'()*+,;=%~-._")
