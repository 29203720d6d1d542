"""How `evwatch eval` shows figures and mistakes: tables with colour on a terminal, aligned text elsewhere, JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.base import one_line
from bot.pipeline.measure import MEASURES, Count, Figures
from bot.pipeline.mistakes import Mistake, Passage

#: A share is shown as a percentage; None is nothing to be measured.
Cell = str | int | float | None
Row = tuple[Cell, ...]

#: From here on a share is good, or passable.
_GOOD, _PASSABLE = 0.95, 0.85
_NAMES = {"relations": "pair + kind", "pairs": "pair only"}
#: Columns of a wide table: its labels, and one group.
_LABELS, _GROUP = 32, 9


@dataclass(frozen=True, slots=True)
class _Sheet:
    title: str
    columns: tuple[str, ...]
    rows: list[Row]
    labels: int = 1  #: columns that name the row


def print_figures(overall: Figures, languages: Mapping[str, Figures], types: Mapping[str, Figures]) -> None:
    """Overall with the counts behind the figures, then group by group."""
    out = Console(highlight=False) if sys.stdout.isatty() else None
    sheets = [_overall(overall), _rest(overall)]
    for title, groups in (("By language", languages), ("By kind of entry", types)):
        columns = {"all": overall, **groups}
        width = max(1, (out.width - _LABELS) // _GROUP) if out else len(columns)
        names = list(columns)
        sheets += [
            _matrix(title, {name: columns[name] for name in names[start : start + width]})
            for start in range(0, len(names), width)
        ]
    for sheet in sheets:
        if out:
            out.print(_table(sheet), "")
        else:
            typer.echo(_aligned(sheet))


def _overall(figures: Figures) -> _Sheet:
    rows: list[Row] = [(_NAMES.get(name, name), *_prf(figures.counts[name])) for name in MEASURES]
    stories = figures.stories
    shares = (stories.precision, stories.recall, stories.f1)
    rows.append(("pairs of a story", *shares, stories.right, stories.extra, stories.missed))
    columns = ("", "P", "R", "F1", "right", "extra", "missed")
    return _Sheet(f"All {figures.entries} entries", columns, rows)


def _prf(count: Count) -> Row:
    return (count.precision, count.recall, count.f1, count.right, count.extra, count.missed)


def _rest(figures: Figures) -> _Sheet:
    """What is no precision and recall of things found."""
    certainty, stories = figures.certainty, figures.stories
    rows: list[Row] = [
        ("certainty", certainty.accuracy, f"of {certainty.entries} entries worth an alert"),
        ("certainty, coarse", certainty.coarse, "open, yes or no"),
        ("certainty where told", certainty.where_told, ""),
    ]
    for kind, alerts in figures.false_alerts.items():
        rows.append((f"false alerts: {kind}", alerts.told, f"of {alerts.entries}"))
    rows += [
        ("stories B-cubed P", stories.b_cubed_precision, ""),
        ("stories B-cubed R", stories.b_cubed_recall, ""),
        ("stories across languages R", stories.cross_language_recall, f"of {stories.cross_language_pairs} pairs"),
        ("stories joined at all", stories.joined, f"of {stories.events} with several entries"),
        ("false merges", stories.false_merges, f"of {stories.without_event} entries without an event"),
        ("related pairs joined", stories.related_joined, "neither rewarded nor punished"),
    ]
    return _Sheet("Certainty, false alerts, stories", ("", "", ""), rows)


def _matrix(title: str, groups: Mapping[str, Figures]) -> _Sheet:
    """A column a group."""
    figures = list(groups.values())
    rows: list[Row] = [("entries", "", *(f.entries for f in figures))]
    for name in MEASURES:
        label = _NAMES.get(name, name)
        rows.append((label, "F1", *(f.counts[name].f1 for f in figures)))
        rows.append(("", "P", *(f.counts[name].precision for f in figures)))
        rows.append(("", "R", *(f.counts[name].recall for f in figures)))
    rows.append(("certainty", "", *(f.certainty.accuracy for f in figures)))
    rows.append(("", "coarse", *(f.certainty.coarse for f in figures)))
    rows.append(("", "told", *(f.certainty.where_told for f in figures)))
    for kind in dict.fromkeys(kind for f in figures for kind in f.false_alerts):
        found = [f.false_alerts.get(kind) for f in figures]
        rows.append(("false alerts", kind, *(f"{a.told}/{a.entries}" if a else None for a in found)))
    rows.append(("stories", "F1", *(f.stories.f1 for f in figures)))
    rows.append(("", "P", *(f.stories.precision for f in figures)))
    rows.append(("", "R", *(f.stories.recall for f in figures)))
    rows.append(("", "B-cubed P", *(f.stories.b_cubed_precision for f in figures)))
    rows.append(("", "B-cubed R", *(f.stories.b_cubed_recall for f in figures)))
    rows.append(("", "languages R", *(f.stories.cross_language_recall for f in figures)))
    rows.append(("", "false merges", *(f.stories.false_merges for f in figures)))
    return _Sheet(title, ("", "", *groups), rows, labels=2)


def _shown(cell: Cell) -> str:
    if isinstance(cell, float):
        return f"{100 * cell:.1f}"
    return one_line(cell)


def _colour(cell: Cell) -> str:
    if cell is None:
        return "dim"
    if not isinstance(cell, float):
        return ""
    return "green" if cell >= _GOOD else "yellow" if cell >= _PASSABLE else "red"


def _table(sheet: _Sheet) -> Table:
    table = Table(title=Text(sheet.title), title_justify="left", title_style="bold", header_style="bold", box=None)
    for n, column in enumerate(sheet.columns):
        table.add_column(Text(one_line(column)), justify=_side(sheet, n), overflow="fold")
    for row in sheet.rows:
        table.add_row(*(Text(_shown(c), "bold" if n == 0 else _colour(c)) for n, c in enumerate(row)))
    return table


def _side(sheet: _Sheet, column: int) -> Any:
    """Numbers to the right; a column of words beside them is none."""
    words = all(isinstance(row[column], str) for row in sheet.rows)
    return "left" if column < sheet.labels or words else "right"


def _aligned(sheet: _Sheet) -> str:
    """Aligned by spaces, a blank line behind."""
    lines = [[one_line(c) for c in sheet.columns], *([_shown(c) for c in row] for row in sheet.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    sides = [str.ljust if _side(sheet, n) == "left" else str.rjust for n in range(len(widths))]
    padded = ["  ".join(side(w, n) for side, w, n in zip(sides, line, widths, strict=True)) for line in lines]
    return "\n".join([sheet.title, *(line.rstrip() for line in padded if line.strip()), ""])


# mistakes


def print_errors(found: Sequence[Mistake], limit: int | None) -> None:
    """Kind by kind; the evidence stands in brackets, in colour on a terminal."""
    colour = sys.stdout.isatty()
    out = Console(highlight=False, soft_wrap=True)
    for line in _error_lines(found, limit, colour):
        if colour:
            out.print(line)
        else:
            typer.echo(line.plain)


def _error_lines(found: Sequence[Mistake], limit: int | None, colour: bool) -> Iterator[Text]:
    if not found:
        yield Text("no mistake")
    for slip, group in groupby(found, key=lambda m: m.slip):
        of_kind = list(group)
        listed = of_kind[:limit]
        more = f", the first {len(listed)}" if len(listed) < len(of_kind) else ""
        yield Text(f"{slip.value} ({len(of_kind)}{more})", "bold red")
        for mistake in listed:
            yield Text.assemble("  ", (one_line(mistake.id), "bold"), f"  {mistake.lang}, {mistake.type}")
            yield Text.assemble(("    expected  ", "dim"), (one_line(mistake.expected), "green"))
            yield Text.assemble(("    got       ", "dim"), (one_line(mistake.got), "red"))
            for passage in mistake.passages:
                yield Text.assemble((f"    {passage.field.value:8}  ", "dim"), _marked(passage, colour))
            if mistake.why:
                yield Text.assemble(("    why       ", "dim"), (one_line(mistake.why), "italic"))
        yield Text("")


def _marked(passage: Passage, colour: bool) -> Text:
    line, at = Text("… " if passage.cut_before else ""), 0
    for start, end in passage.marks:
        line.append(one_line(passage.text[at:start]))
        words = one_line(passage.text[start:end])
        line.append(words if colour else f"[{words}]", "bold yellow")
        at = end
    line.append(one_line(passage.text[at:]))
    return line.append(" …") if passage.cut_after else line


# JSON


def as_json(figures: Figures) -> dict[str, Any]:
    """Shares from 0 to 1, not rounded; null where there is nothing to be measured."""
    return {
        "entries": figures.entries,
        **{name: _count_as_json(figures.counts[name]) for name in MEASURES},
        "certainty": asdict(figures.certainty),
        "false_alerts": {kind: asdict(alerts) for kind, alerts in figures.false_alerts.items()},
        "stories": asdict(figures.stories),
    }


def _count_as_json(count: Count) -> dict[str, Any]:
    return {"precision": count.precision, "recall": count.recall, "f1": count.f1, **asdict(count)}


def errors_as_json(found: Sequence[Mistake], limit: int | None) -> list[dict[str, Any]]:
    """The mistakes; `marks` are offsets into a passage's text, which begins at `start` of its field."""
    rows = []
    for slip, group in groupby(found, key=lambda m: m.slip):
        rows += [{**asdict(mistake), "slip": slip.value} for mistake in list(group)[:limit]]
    return rows
