"""`evwatch read`: a file of entries in, a prediction a line out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import cli, settings
from bot.errors import ConfigError, Problem


@contextmanager
def progress_bar(title: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr where that is a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)
        yield lambda: bar.advance(task)


def _given(file: str) -> str:
    try:
        given = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError([Problem(file, 0, "", "there is no such file")]) from None
    except IsADirectoryError:
        raise ConfigError([Problem(file, 0, "", "is a folder, not a file")]) from None
    except OSError as e:
        raise ConfigError([Problem(file, 0, "", f"cannot be read: {e.strerror}")]) from None
    except UnicodeDecodeError:
        raise ConfigError([Problem(file, 0, "", "is no UTF-8 text")]) from None
    return given.removeprefix("\ufeff")  # some editors begin every file with it


@cli.command()
def read(file: Annotated[str, typer.Argument(help="One JSON entry a line; - for standard input.")]) -> None:
    """Read entries (id, title, text, lang?, url?, date?) and print what is understood of each, as JSON lines."""
    from bot.parts import load_rules
    from bot.pipeline.batch import BatchEntry, parse_line, predictions, read_all

    lines = _given(file).split("\n")  # JSON may hold other line breaks
    entries: list[BatchEntry] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                entries.append(parse_line(json.loads(line)))
            except ValueError as e:
                problems.append(Problem(file, number, "", str(e)))
            except RecursionError:
                problems.append(Problem(file, number, "", "is nested too deeply"))
    if problems:
        raise ConfigError(problems)
    live = load_rules(settings())
    with progress_bar("reading", len(entries)) as advance:
        stored = read_all(entries, live.read, advance)
    for prediction in predictions(entries, stored):
        typer.echo(json.dumps(prediction, ensure_ascii=False))
