"""The command line: a module a group of commands, registered by importing it here."""

from __future__ import annotations

import sys

from bot.cli import chat, check, db, demo, evaluate, explain, feeds, matrix, read, run, subs  # noqa: F401 - each adds its commands to `cli`; a new module is one name here
from bot.cli.base import cli, guarded


def main() -> None:
    """Run a command; 0 is well, 1 a failure, 2 wrong rules, settings or arguments."""
    sys.exit(guarded(cli))
