"""`evwatch run` and `evwatch once`."""

from __future__ import annotations

import gc

import typer

from bot.cli.base import cli, run_async, settings


@cli.command()
def run() -> None:
    """Poll, read and tell until stopped (SIGTERM or Ctrl-C)."""
    gc.disable()  # what is imported and loaded now stays: looking for garbage in it takes a tenth of the start
    current = settings()
    from bot.app import App

    run_async(App(current).run())


@cli.command()
def once() -> None:
    """Poll every due feed once, tell what is new, and exit."""
    current = settings()
    from bot.app import App

    failed = run_async(App(current).once())
    if failed:
        typer.echo(f"evwatch: not connected: {', '.join(failed)}", err=True)
        raise typer.Exit(1)
