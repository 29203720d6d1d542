"""`evwatch db`: the database's schema."""

from __future__ import annotations

import typer

from bot.cli.base import cli, run_async, settings

group = typer.Typer(help="The database.", no_args_is_help=True)
cli.add_typer(group, name="db")


@group.callback()
def _db() -> None:
    """The database."""


@group.command()
def upgrade() -> None:
    """Bring the schema up to this evwatch; an SQLite file is copied before."""
    current = settings()
    from bot.adapters.store import SqlStore
    from bot.parts import SystemClock, database_url, lock

    # On SQLite nobody may be running meanwhile; on PostgreSQL the database itself keeps workers out.
    with lock(current):
        copy = run_async(SqlStore(database_url(current), clock=SystemClock()).upgrade())
    typer.echo(f"the database is up to date; the file as it was: {copy}" if copy else "the database is up to date")
