import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.store import DataLock
from bot.errors import AlreadyRunning, StoreError

ROOT = Path(__file__).parents[3]

HOLD = """
import sys
from pathlib import Path
from bot.adapters.store.lock import DataLock
DataLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_lock_names_folder_and_holder(tmp_path):
    """So that one knows whom to stop."""
    with DataLock(tmp_path), pytest.raises(AlreadyRunning, match=f"{tmp_path} is in use .*pid {os.getpid()}"):
        DataLock(tmp_path).acquire()


def test_a_released_lock_can_be_taken_again(tmp_path):
    """The file stays, the lock does not."""
    for _ in range(2):
        with DataLock(tmp_path / "data"):
            pass


def test_taking_the_own_lock_twice_is_nothing(tmp_path):
    """It is held already."""
    lock = DataLock(tmp_path)
    lock.acquire()
    lock.acquire()
    lock.release()
    lock.release()


def test_a_killed_process_holds_nothing(tmp_path):
    """The kernel lets go, whatever the process died of."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=f"pid {holder.pid}"):
            DataLock(tmp_path).acquire()
    finally:
        holder.kill()
        holder.communicate()
    with DataLock(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path):
    """A file stands in its place."""
    (tmp_path / "data").touch()
    with pytest.raises(StoreError, match="cannot be used"):
        DataLock(tmp_path / "data").acquire()
