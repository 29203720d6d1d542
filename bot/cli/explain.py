"""`evwatch explain`: what is understood of one text, and why."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.base import AsJson, cli, one_line, print_json, settings

if TYPE_CHECKING:
    from bot.domain.claims import Claim, Reading
    from bot.domain.entries import Entry
    from bot.domain.rulebook import Rulebook


@cli.command()
def explain(
    text: Annotated[str, typer.Argument(help="A text, a file, or - for standard input.")],
    title: Annotated[str, typer.Option(help="The entry's title.")] = "",
    date: Annotated[str, typer.Option(help="The day it was published, like 2021-02-19.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show the claims of a text: who, whom, kind, how sure, who said it first, and the words that say so."""
    from bot.domain.entries import Entry
    from bot.parts import load_rules
    from bot.pipeline.batch import parse_date

    try:
        when = parse_date(date)
    except ValueError as e:
        raise typer.BadParameter(str(e)) from e
    entry = Entry(title=title, text=_given(text), published=when, seen_at=datetime.now(UTC))
    live = load_rules(settings())
    reading = live.read(entry)
    described = describe(reading, live.rulebook)
    if as_json:
        print_json(described)
    else:
        _print(entry, reading, described)


def _given(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    try:
        path = Path(text)
        return path.read_text(encoding="utf-8") if len(text) < 500 and path.is_file() else text
    except (OSError, ValueError):
        return text


def describe(reading: Reading, rulebook: Rulebook) -> dict[str, Any]:
    """The reading as JSON, with the first line in every language that has words for it."""
    from bot.engine.summaries import first_line

    lead = reading.lead
    return {
        "reading": {
            "language": reading.language,
            "mentions": [{"company": m.company, "aboutness": m.aboutness.value} for m in reading.mentions],
            "topics": list(reading.topics),
            "did_not_comment": list(reading.did_not_comment),
            "claims": [_claim(c) for c in reading.claims],
        },
        "first_line": {
            code: first_line(lead, rulebook.companies, language, None) if lead else None
            for code, language in rulebook.languages.items()
            if language.first_line is not None
        },
        "quote": reading.quote,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "lead": claim.lead,
        "who": list(claim.who),
        "whom": list(claim.whom),
        "kind": claim.kind.value,
        "certainty": claim.certainty.value,
        "retold": claim.retold,
        "origin": asdict(claim.origin) if claim.origin else None,
        "rule": claim.rule,
        "evidence": [asdict(e) for e in claim.evidence],
    }


def _print(entry: Entry, reading: Reading, described: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.text import Text

    out = Console(highlight=False, soft_wrap=True)
    out.print(Text(f"language  {reading.language or 'unknown'}; topics: {', '.join(reading.topics) or 'none'}", "dim"))
    subjects = ", ".join(f"{m.company} ({m.aboutness})" for m in reading.mentions)
    out.print(Text(f"companies {subjects or 'none'}", "dim"))
    if reading.did_not_comment:
        out.print(Text(f"did not comment: {', '.join(reading.did_not_comment)}", "dim"))
    if not reading.claims:
        out.print("no claim: no rule holds")
    for claim in reading.claims:
        head = "lead" if claim.lead else "side"
        whom = f" -> {', '.join(claim.whom)}" if claim.whom else ""
        origin = f"; first: {one_line(claim.origin.name)} ({claim.origin.type})" if claim.origin else ""
        retold = ", retold" if claim.retold else ""
        out.print(
            Text.assemble(
                (f"{head}  ", "bold green" if claim.lead else "cyan"),
                (f"{', '.join(claim.who)}{whom}: {claim.kind}", "bold"),
                f" ({claim.certainty}{retold}{origin})  rule {claim.rule}",
            )
        )
        out.print(_marked(entry, claim))
    for code, line in described["first_line"].items():
        if line:
            out.print(Text(f"{code}    {line}"))
    if reading.quote:
        out.print(Text(f"> {one_line(reading.quote)}", "italic"))


def _marked(entry: Entry, claim: Claim) -> Any:
    """The words around the evidence, with the evidence marked."""
    from rich.text import Text

    line = Text("      ")
    for field in dict.fromkeys(e.field for e in claim.evidence):
        found = sorted((e for e in claim.evidence if e.field is field), key=lambda e: e.start)
        source = str(getattr(entry, field.value))
        start, end = max(0, found[0].start - 30), min(len(source), max(e.end for e in found) + 30)
        part = Text(one_line(source[start:end]))
        for e in found:
            part.stylize(
                "bold yellow" if not e.concept.startswith("cue") else "magenta", e.start - start, e.end - start
            )
        line.append_text(part).append("  ")
    return line
