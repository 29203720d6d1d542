"""What every group of commands shares: the `cli` itself, exit codes, printing. Imports little, to start quickly."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bot import __version__
from bot.errors import ConfigError, EvwatchError

if TYPE_CHECKING:
    from bot.ports import Store
    from bot.settings import Settings

FAILURE, WRONG = 1, 2

T = TypeVar("T")

cli = typer.Typer(
    name="evwatch",
    help="Tells a chat channel, once per story, when a watched company makes a move in electric vehicles.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # prints local variables, tokens among them
    rich_markup_mode=None,
)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"evwatch {__version__}")
        raise typer.Exit


@cli.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def guarded(command: Callable[..., Any]) -> int:
    """Run it; errors people can do something about are lines on stderr, everything else is a bug and shows as one."""
    try:
        command()
    except SystemExit as e:  # how typer ends, having said what was wrong with the arguments
        return e.code if isinstance(e.code, int) else int(e.code is not None)
    except ConfigError as e:
        for problem in e.problems:
            print(problem, file=sys.stderr)
        return WRONG
    except EvwatchError as e:
        print(f"evwatch: {e}", file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `evwatch feeds list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0


def settings() -> Settings:
    """The settings, with logs set up by them. ConfigError where they are wrong."""
    from bot import logs
    from bot import settings as module

    loaded = module.load()
    logs.configure(loaded.secrets(), format=loaded.log_format, level=loaded.log_level)
    for slip in module.unknown():
        print(f"evwatch: nobody reads {slip}", file=sys.stderr)
    return loaded


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def open_store(current: Settings) -> AsyncIterator[Store]:
    """The store, beside a running evwatch: no lock is taken."""
    from bot.parts import make_store

    store = make_store(current)
    await store.start()
    try:
        yield store
    finally:
        await store.close()


def now() -> datetime:
    """For rows that commands write."""
    return datetime.now(UTC)


def print_json(rows: object) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on a terminal, tab-separated lines elsewhere; foreign text is never markup."""
    shown = [[one_line(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for row in [list(columns), *shown]:
            typer.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title), title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in shown:
        table.add_row(*map(Text, row))
    Console(highlight=False).print(table)


def one_line(value: object) -> str:
    """As a terminal may have it: one line, nothing it acts on."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return "".join(c if c.isprintable() else " " for c in str(value))
