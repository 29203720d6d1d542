"""`evwatch eval`: gold entries read with the live rules, and how well that went."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from bot.cli.base import AsJson, cli, print_json, settings
from bot.cli.read import progress_bar
from bot.errors import ConfigError, Problem

if TYPE_CHECKING:
    from bot.pipeline.gold import Gold

#: `--errors` without a number.
_ALL = 0


class _CountMayBeLeftOut(TyperCommand):
    """`--errors` may stand without its number, which typer itself has no words for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_with_counts(args)))


def _with_counts(words: Sequence[str]) -> Iterator[str]:
    """The words of the command line, with a number behind every `--errors`."""
    options = words[: words.index("--")] if "--" in words else words
    for place, word in enumerate(words):
        yield word
        if place < len(options) and word == "--errors" and not "".join(options[place + 1 : place + 2]).isdecimal():
            yield str(_ALL)


@cli.command("eval", cls=_CountMayBeLeftOut)
def evaluate(
    gold: Annotated[
        list[str],
        typer.Argument(metavar="GOLD...", help="Labelled entries, one JSON object a line; - for standard input."),
    ],
    errors: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="[N]", show_default=False, help="List what went wrong: the first N of each kind, or all."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read labelled entries and say how well they are read: overall, by language and by kind of entry."""
    from bot.cli import evaluate_tables as tables
    from bot.parts import load_rules
    from bot.pipeline.batch import predictions, read_all
    from bot.pipeline.gold import answer_of
    from bot.pipeline.measure import Case, by_language, by_type, measure
    from bot.pipeline.mistakes import mistakes

    wanted = _load(gold)
    live = load_rules(settings())
    items = [entry.item for entry in wanted]
    with progress_bar("reading", len(items)) as advance:
        stored = read_all(items, live.read, advance)
    answers = map(answer_of, predictions(items, stored))
    cases = [Case(entry, answer) for entry, answer in zip(wanted, answers, strict=True)]
    overall = measure(cases)
    languages = {name: measure(group) for name, group in by_language(cases).items()}
    types = {name: measure(group) for name, group in by_type(cases).items()}
    wrong = mistakes(cases, [entry.reading for entry in stored]) if as_json or errors is not None else []
    if as_json:
        print_json(
            {
                "all": tables.as_json(overall),
                "languages": {name: tables.as_json(figures) for name, figures in languages.items()},
                "types": {name: tables.as_json(figures) for name, figures in types.items()},
                "errors": tables.errors_as_json(wrong, errors or None),
            }
        )
        return
    tables.print_figures(overall, languages, types)
    if errors is not None:
        tables.print_errors(wrong, errors or None)


def _load(files: Sequence[str]) -> list[Gold]:
    """The entries of all files. ConfigError with every mistake in any of them."""
    from bot.pipeline.gold import parse_gold, slips

    entries: list[Gold] = []
    problems: list[Problem] = []
    places: dict[str, str] = {}
    for file in files:
        try:
            lines = list(_lines(file))
        except (OSError, UnicodeDecodeError) as e:
            problems.append(Problem(file, 0, "", str(e)))
            continue
        for number, line in lines:
            try:
                given = json.loads(line)
            except (ValueError, RecursionError) as e:
                problems.append(Problem(file, number, "", f"is not JSON: {e}"))
                continue
            if wrong := slips(given):
                problems += [Problem(file, number, key, said) for key, said in wrong]
                continue
            entry = parse_gold(given)
            if entry.id in places:
                problems.append(Problem(file, number, "id", f"{entry.id!r} stands at {places[entry.id]} already"))
            places.setdefault(entry.id, f"{file}:{number}")
            entries.append(entry)
    if not entries and not problems:
        problems = [Problem(file, 0, "", "has no entry") for file in files]
    if problems:
        raise ConfigError(problems)
    return entries


def _lines(file: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers; other line separators of Unicode may stand in a text."""
    given = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    yield from ((number, line) for number, line in enumerate(given.split("\n"), 1) if line.strip())
