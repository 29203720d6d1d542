"""Small files of the data folder, for the owner's eyes only."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write(path: Path, content: Any) -> None:
    """Replace the file as a whole: whoever reads it finds the old content or the new one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)


def read(path: Path) -> Any:
    """What was written; None where there is no file. Raises ValueError for one that holds something else."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        raise ValueError(f"{path.name} cannot be read") from None  # and says nothing of what it holds


def read_or_none(path: Path) -> Any:
    """The same, for what can be done without."""
    try:
        return read(path)
    except ValueError:
        return None
