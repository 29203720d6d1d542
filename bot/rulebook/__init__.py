"""The rules as people write them: YAML folders to one checked, immutable Rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.rulebook import Rulebook
from bot.errors import ConfigError, Problem
from bot.rulebook.layers import lay
from bot.rulebook.lint import Level, Note, lint
from bot.rulebook.loader import stamp
from bot.rulebook.schema import build

__all__ = ["Examined", "Level", "Note", "bundled", "examine", "load", "stamp"]


@dataclass(frozen=True, slots=True)
class Examined:
    """A rulebook with what lint has to say about it."""

    rulebook: Rulebook
    notes: tuple[Note, ...]


def load(layers: Sequence[Path]) -> Rulebook:
    """The rulebook of these folders, each laid over those before it. Raises ConfigError with all problems."""
    return examine(layers).rulebook


def examine(layers: Sequence[Path]) -> Examined:
    """As `load`, with lint beyond the schema. Raises ConfigError with all problems."""
    problems: list[Problem] = []
    laid = lay(layers, problems)
    book, places = build(laid, problems)
    if problems:
        raise ConfigError(list(dict.fromkeys(problems)))
    return Examined(book, tuple(lint(book, places)))


def bundled() -> Path:
    """The folder of the rules that come with evwatch."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_rules"
    return installed if installed.is_dir() else package.parent / "rules"
