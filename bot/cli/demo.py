"""`evwatch demo`: everything at work on invented news, without internet or settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.base import cli, run_async

if TYPE_CHECKING:
    from bot.demo.show import Say

INTERRUPTED = 130


@cli.command()
def demo(
    data: Annotated[
        Path, typer.Option(help="Where the demo keeps its state; a second run tells nothing twice.")
    ] = Path("demo-data"),
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget earlier runs first.")] = False,
    port: Annotated[int, typer.Option(help="Of the feed server on 127.0.0.1; 0: any that is free.")] = 0,
) -> None:
    """Show evwatch at work: feeds of its own, real polls, real alerts, half a minute, no internet."""
    from bot import logs
    from bot.demo.show import show

    logs.configure(level="warning")
    if not run_async(show(data, _narrator(), fresh=fresh, port=port)):
        raise typer.Exit(INTERRUPTED)


def _narrator() -> Say:
    """Prints the demo's own lines, set apart from the alerts: ruled and coloured on a terminal, plain elsewhere."""
    from rich.console import Console
    from rich.text import Text

    out = Console(highlight=False, markup=False, emoji=False)
    below_details = False

    def say(line: str, heading: bool) -> None:
        nonlocal below_details
        if heading and below_details:
            out.print()
        if not heading:
            out.print(Text(line, style="cyan"), soft_wrap=not out.is_terminal)
        elif out.is_terminal:
            out.rule(Text(line, style="bold cyan"), align="left", style="cyan")
        else:
            out.print(f"== {line}", soft_wrap=True)
        if heading:
            out.print()
        below_details = not heading

    return say
