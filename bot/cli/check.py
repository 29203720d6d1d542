"""`evwatch check`: every mistake in the rules at once, lint, and the rules' own examples."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import AsJson, cli, print_json, settings
from bot.domain.rulebook import Rulebook
from bot.errors import ConfigError, Problem


@cli.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="A rules folder laid over the bundled rules; unset: as `run` would.")
    ] = None,
    which: Annotated[bool, typer.Option("--files", help="Say for each id which file won.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check the rules: exit status 2 and every problem with file and line, or a line that all is well."""
    from bot import rulebook
    from bot.cli.read import progress_bar
    from bot.engine.reader import Reader
    from bot.parts import faults, rule_folders

    folders = rule_folders(settings()) if folder is None else _laid(folder)
    try:
        examined = rulebook.examine(folders)
    except ConfigError as e:  # no rulebook came of it: nothing to count, no examples to run
        if not as_json:
            raise
        _print_json(Rulebook(), e.problems, (), which=which)
        raise typer.Exit(2) from None
    book = examined.rulebook
    warnings = [note for note in examined.notes if note.level is not rulebook.Level.ERROR]
    with progress_bar("examples", len(book.rules) + len(book.languages) + len(book.cases)) as advance:
        problems = faults(examined, Reader(book).read, lambda _: advance())
    if as_json:
        _print_json(book, problems, warnings, which=which)
    else:
        for note in warnings:
            typer.echo(str(note), err=True)
        for problem in sorted(problems):
            typer.echo(str(problem), err=True)
        if which:
            for name, file in sorted(book.origins.items()):
                typer.echo(f"{name}\t{file}")
        if not problems:
            typer.echo(
                f"rules are well: {len(book.companies)} companies, {len(book.rules)} rules, {len(book.languages)} "
                f"languages, {len(book.feeds)} feeds; {_examples(book)} examples and {len(book.cases)} cases hold"
            )
    if problems:
        sys.stdout.flush()
        raise typer.Exit(2)


def _print_json(book: Rulebook, problems: Iterable[Problem], warnings: Iterable[object], *, which: bool) -> None:
    print_json(
        {
            "problems": [str(p) for p in sorted(problems)],
            "warnings": [str(n) for n in warnings],
            "companies": len(book.companies),
            "rules": len(book.rules),
            "examples": _examples(book),
            "cases": len(book.cases),
            "files": dict(book.origins) if which else {},
        }
    )


def _examples(book: Rulebook) -> int:
    return sum(len(r.examples) for r in book.rules.values()) + sum(len(x.examples) for x in book.languages.values())


def _laid(folder: Path) -> list[Path]:
    """The folder over the bundled rules; the bundled ones alone where it is they."""
    from bot import rulebook

    if not folder.is_dir():
        raise ConfigError([Problem(str(folder), 0, "", "there is no such folder")])
    bundled = rulebook.bundled()
    return [bundled] if folder.resolve() == bundled.resolve() else [bundled, folder]
