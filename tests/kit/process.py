"""A real evwatch in a process of its own."""

import asyncio
import json
import os
import shutil
import signal
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


class Evwatch:
    """`python -m bot ...` in a folder with its own rules and data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.environment = {"EVWATCH_RULES_DIR": "rules", "EVWATCH_RULES_ONLY": "1"}
        self.log = b""
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(ROOT / "rules", folder / "rules")
        self.feeds()

    def feeds(self, *specs: dict[str, object], allow: str = "") -> None:
        """Poll these; `allow` is their host:port."""
        (self.folder / "rules/feeds.yaml").write_text(yaml.safe_dump(list(specs)), encoding="utf-8")
        self.environment["EVWATCH_ALLOW_HOSTS"] = allow

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None, "not started"
        return self._process

    async def start(self, *arguments: str, ready: bool = True) -> None:
        """Start it, and wait for its `ready` line."""
        self._ready = asyncio.Event()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *(arguments or ("run",)),
            cwd=self.folder,
            env=self._environment(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        self._reading = asyncio.create_task(self._read())
        if ready:
            await self.until_ready()

    async def until_ready(self) -> None:
        ended = asyncio.create_task(self.process.wait())
        ready = asyncio.create_task(self._ready.wait())
        async with asyncio.timeout(30):
            await asyncio.wait([ended, ready], return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        ready.cancel()
        assert self._ready.is_set(), self.log.decode()

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.wait()

    async def kill(self) -> None:
        """-9, parser children and all: as when the machine stops."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.wait()

    async def wait(self) -> int:
        async with asyncio.timeout(30):
            await self.process.wait()
            if self._reading is not None:
                await self._reading
        return _status(self.process)

    async def run(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        """Run a command to its end, with what is `typed` by a pipe: status, stdout, stderr."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=self._environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate(typed.encode())
        return _status(process), out.decode(), err.decode()

    def told(self) -> list[dict[str, object]]:
        """The console's messages so far; a line that is being written is none yet."""
        try:
            text = (self.data / "console.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    async def until_told(self, count: int, seconds: float = 20) -> list[dict[str, object]]:
        """Wait until this many messages are there."""
        async with asyncio.timeout(seconds):
            while len(told := self.told()) < count:  # noqa: ASYNC110 - another process's file has no event
                await asyncio.sleep(0.02)
        return told

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("EVWATCH_")}
        return {**kept, "PYTHONPATH": str(ROOT), **self.environment}

    async def _read(self) -> None:
        assert self.process.stderr is not None
        while line := await self.process.stderr.readline():
            self.log += line
            if b" ready " in line:
                self._ready.set()


def _status(process: asyncio.subprocess.Process) -> int:
    assert process.returncode is not None, "still running"
    return process.returncode
