"""One process per data folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import AlreadyRunning, StoreError

NAME = "evwatch.lock"


class DataLock:
    """A lock on a data folder. The kernel holds it for this process and lets go when it ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises AlreadyRunning naming the folder and who holds it."""
        if self._file is not None:
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Not inherited by children: a parser that outlives us holds nothing.
            file = os.open(self._folder / NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as e:
            raise StoreError(f"the data folder {self._folder} cannot be used: {e.strerror}") from e
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            holder = os.read(file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(file)
            raise AlreadyRunning(f"the data folder {self._folder} is in use by another evwatch (pid {holder})") from e
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file

    def release(self) -> None:
        """Let go. The file stays: to remove it would let two processes lock two files of one name."""
        if self._file is not None:
            file, self._file = self._file, None
            os.ftruncate(file, 0)
            os.close(file)

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, t: TracebackType | None) -> None:
        self.release()
