"""The child that parses: `python -m bot.adapters.sources.parse_child MEMORY CPU` (bytes, seconds a job).

It talks in frames over stdin and stdout: four bytes of length, then as many bytes. A question is a JSON frame with
`content_type` and `base`, then a frame with the body. An answer is a head (`title`, `ttl`, `frames`, or `error`), then
as many frames with lists of entries. A question that hangs is ended from outside, or by the kernel after CPU seconds.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
from contextlib import suppress
from typing import BinaryIO

from bot.adapters.sources.parse_document import NotAFeed, Values, parse

#: A frame is what the parent decodes in one go, so it is kept far below the 4 MB that are allowed: 1 MB takes it 5 ms.
FRAME = 1024 * 1024
#: Of all entries together. Feeds over it lose the ends of their longest texts, and only then entries.
DOCUMENT = 16 * 1024 * 1024
#: A child that has grown over this is not used again.
GROWN = 200 * 1024 * 1024


def main(memory: int, cpu: int) -> None:
    """Answer questions until stdin ends."""
    questions = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whoever prints must not speak between the frames
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    _send(answers, b"{}")  # warm
    while (question := _receive(questions)) is not None and (body := _receive(questions)) is not None:
        _allow(cpu)
        head, frames = _answer(json.loads(question), body)
        head["frames"] = len(frames)
        head["grown"] = _resident() > GROWN
        _send(answers, json.dumps(head).encode())
        for frame in frames:
            _send(answers, frame)


def _answer(question: dict[str, str], body: bytes) -> tuple[Values, list[bytes]]:
    try:
        document = parse(body, question["content_type"], question["base"])
        frames = _frames(document.pop("entries"))
    except NotAFeed as error:
        return {"error": str(error)}, []
    except MemoryError:
        return {"error": "the feed takes too much memory"}, []
    except Exception:  # feedparser raises a bit of everything on slightly broken input
        return {"error": "the feed is broken"}, []
    return document, frames


def _frames(entries: list[Values]) -> list[bytes]:
    packed: list[bytes] = []
    for longest in (None, 20_000, 5_000, 1_000, 0):
        packed = [json.dumps({**e, "text": e["text"][:longest]}, ensure_ascii=False).encode() for e in entries]
        if sum(map(len, packed)) <= DOCUMENT:
            break
    frames: list[bytes] = []
    frame: list[bytes] = []
    size = total = 0
    for entry in packed:
        total += len(entry)
        if total > DOCUMENT:
            break
        if frame and size + len(entry) > FRAME:
            frames.append(b"[" + b",".join(frame) + b"]")
            frame, size = [], 0
        frame.append(entry)
        size += len(entry) + 1
    if frame:
        frames.append(b"[" + b",".join(frame) + b"]")
    return frames


def _allow(cpu: int) -> None:
    """The limit counts a process's whole life: raise it by what one question may take."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime) + cpu
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _resident() -> int:
    """Bytes in memory now. Not ru_maxrss: a child inherits its parent's."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * resource.getpagesize()
    except OSError:
        return 0


def _receive(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    if len(head) < 4:
        return None
    length = int.from_bytes(head, "big")
    frame = stream.read(length)
    return frame if len(frame) == length else None


def _send(stream: BinaryIO, frame: bytes) -> None:
    stream.write(len(frame).to_bytes(4, "big") + frame)
    stream.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
