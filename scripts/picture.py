"""Make docs/demo.svg: a real run of the demo in a terminal of 100 columns, its middle left out.

.venv/bin/python scripts/picture.py
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import sys
import tempfile
import termios
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "demo.svg"
COLUMNS = 100
#: Headings between which nothing is shown.
LEFT_OUT = ("step 2 of", "step 4 of")


def record(data: str) -> str:
    """What a terminal gets to see."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", COLUMNS=str(COLUMNS))
        os.environ.pop("NO_COLOR", None)
        os.execv(sys.executable, [sys.executable, "-m", "bot", "demo", "--data", data])  # noqa: S606 - ourselves
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
    seen = b""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so at the end
            break
        if not piece:
            break
        seen += piece
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        sys.exit(seen.decode())
    return seen.decode().replace("\r\n", "\n")


def cut(lines: list[Text]) -> list[Text]:
    """Without the middle, and without the blank line at the end."""
    start, end = (next(n for n, line in enumerate(lines) if line.plain.startswith(h)) for h in LEFT_OUT)
    return [*lines[:start], Text("...", style="dim"), Text(), *lines[end:]]


def main() -> None:
    """Run, draw, write."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as data:
        lines = [Text.from_ansi(line) for line in record(f"{data}/demo").rstrip().split("\n")]
    drawn = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, highlight=False)
    drawn.print("$ make demo\n")
    for line in cut(lines):
        drawn.print(line, soft_wrap=True)
    # No font from elsewhere: whoever looks has a monospaced one.
    pattern = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    PICTURE.write_text(drawn.export_svg(title="evwatch", code_format=pattern, unique_id="evwatch"), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size // 1024} kB")


main()
