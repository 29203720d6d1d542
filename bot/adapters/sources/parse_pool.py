"""A small pool of warm children that parse, from the parent's side.

feedparser can be hung by a feed of 50 kB and holds the interpreter while it hangs: only a process can be stopped.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bot
from bot.errors import ParseError

_CHILD = "bot.adapters.sources.parse_child"
#: The largest frame an honest child sends.
_MAX_FRAME = 4 * 1024 * 1024
_MAX_FRAMES = 64
_START = 30.0  #: seconds for an interpreter to come up on a busy machine; the job's own time begins after it
_TOO_MUCH = "the feed could not be parsed within the limits"

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What parsing may take."""

    children: int = 2
    jobs: int = 500  #: a new child after so many, whatever leaks
    wall: float = 10.0  #: seconds a job
    cpu: int = 8  #: seconds a job
    memory: int = 512 * 1024 * 1024  #: bytes of address space of a child


class _Broken(Exception):
    """The child is dead, or talks nonsense."""


class _Child:
    """One child process; after any trouble it is only good for `kill`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.jobs = 0
        self.pid = process.pid

    @classmethod
    async def start(cls, limits: ParseLimits) -> _Child:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", _CHILD, str(limits.memory), str(limits.cpu)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            cwd="/",
            # Nothing of ours: whoever breaks out of the parser finds no token there.
            env={"PYTHONPATH": str(Path(bot.__file__).parent.parent), "LANG": "C.UTF-8", "PATH": os.defpath},
            start_new_session=True,  # Ctrl-C is for the parent
        )
        child = cls(process)
        try:
            async with asyncio.timeout(_START):
                await child._receive()
        except BaseException:
            await child.kill()
            raise
        return child

    @property
    def alive(self) -> bool:
        output = self._process.stdout
        return self._process.returncode is None and output is not None and not output.at_eof()

    async def ask(self, question: Values, body: bytes) -> tuple[Values, list[Values]]:
        """The head of the answer and its entries. Raises _Broken, OSError or ValueError."""
        stdin = self._process.stdin
        assert stdin is not None
        self.jobs += 1
        head = json.dumps(question).encode()
        stdin.write(len(head).to_bytes(4, "big") + head + len(body).to_bytes(4, "big"))
        stdin.write(body)
        await stdin.drain()
        answer = json.loads(await self._receive())
        if not isinstance(answer, dict) or not 0 <= answer["frames"] <= _MAX_FRAMES:
            raise _Broken
        entries: list[Values] = []
        for _ in range(answer["frames"]):
            entries += json.loads(await self._receive())
            await asyncio.sleep(0)
        return answer, entries

    async def kill(self) -> None:
        """End the process, stopped or hanging, and wait for it."""
        with suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()
        if self._process.stdout is not None:  # an answer half read would keep the pipe open
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._process.stdout.read()

    async def _receive(self) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        try:
            length = int.from_bytes(await stdout.readexactly(4), "big")
            if length > _MAX_FRAME:
                raise _Broken
            return await stdout.readexactly(length)
        except asyncio.IncompleteReadError as error:
            raise _Broken from error


class ParsePool:
    """Parses in children; a feed that hangs, eats memory or crashes one costs its own poll alone."""

    def __init__(self, limits: ParseLimits | None = None) -> None:
        self._limits = limits or ParseLimits()
        self._turns = asyncio.Semaphore(self._limits.children)
        self._idle: list[_Child] = []
        self._closed = False

    async def start(self) -> None:
        """Warm up one child; others come when they are needed."""
        self._closed = False
        self._idle.append(await _Child.start(self._limits))

    async def close(self) -> None:
        """End every child; one at work ends with its job."""
        self._closed = True
        while self._idle:
            await self._idle.pop().kill()

    @property
    def pids(self) -> list[int]:
        """The process ids of the idle children."""
        return [child.pid for child in self._idle]

    async def parse(self, body: bytes, content_type: str, base: str) -> tuple[Values, list[Values]]:
        """The document's head and its entries as plain values. Raises ParseError, in bounded time."""
        async with self._turns:
            child = await self._take()
            good = False
            try:
                async with asyncio.timeout(self._limits.wall):
                    answer, entries = await child.ask({"content_type": content_type, "base": base}, body)
                good = not answer.get("grown") and child.jobs < self._limits.jobs and not self._closed
            except (_Broken, OSError, ValueError, KeyError, TypeError) as error:  # TimeoutError is an OSError
                raise ParseError(_TOO_MUCH) from error
            finally:
                if good:
                    self._idle.append(child)
                else:
                    await asyncio.shield(child.kill())
        if "error" in answer:
            raise ParseError(str(answer["error"]))
        return answer, entries

    async def _take(self) -> _Child:
        while self._idle:
            child = self._idle.pop()
            if child.alive:
                return child
            await child.kill()
        try:
            return await _Child.start(self._limits)
        except (_Broken, OSError) as error:
            raise ParseError("the parser could not be started") from error
