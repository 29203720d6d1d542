"""`evwatch matrix`: the bot's account on its homeserver."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.cli.base import AsJson, cli, print_json, print_table, run_async, settings

group = typer.Typer(help="The bot's Matrix account: its device, its keys, its rooms.", no_args_is_help=True)
cli.add_typer(group, name="matrix")


@group.command()
def login(as_json: AsJson = False) -> None:
    """Make a new device, sign it, and forget the old one: for the first time, or when the crypto store is lost."""
    from bot.adapters.chat.matrix import account
    from bot.parts import lock

    current = settings()
    with lock(current):  # a running evwatch holds the device
        made = run_async(account.log_in(current.for_platform("matrix")))
    shown = {"user": made.user, "device": made.id, "fingerprint": made.fingerprint}
    if as_json:
        print_json(shown)
        return
    typer.echo(f"{made.user} has a new device, {made.id}: {_grouped(made.fingerprint or '-')}")
    typer.echo("`evwatch matrix verify` shows what others see of it")


@group.command()
def verify(
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the signing keys of another client; needs the password.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """What other people see of the device; it is signed if it is not. Exit status 1 where it cannot be."""
    from bot.adapters.chat.matrix import account

    shown = run_async(account.verify(_values(), replace=replace))
    if as_json:
        print_json({**asdict(shown), "well": shown.well})
    else:
        typer.echo(f"user         {shown.user}")
        typer.echo(f"device       {shown.device}")
        typer.echo(f"device key   {_grouped(shown.fingerprint)}")
        typer.echo(f"master key   {_grouped(shown.master)}")
        typer.echo(f"signed       {'yes' if shown.well else 'no: ' + shown.signed}")
    if not shown.well:
        raise typer.Exit(1)


@group.command()
def status(as_json: AsJson = False) -> None:
    """User, device, rooms, and invitations that wait for an answer."""
    from bot.adapters.chat.matrix import account

    found = run_async(account.status(_values()))
    if as_json:
        print_json(asdict(found))
        return
    typer.echo(f"{found.user}, device {found.device}, on {found.homeserver}")
    rows = [(room, "encrypted" if encrypted else "open") for room, encrypted in found.rooms.items()]
    rows += [(room, "invited") for room in found.invites]
    print_table("Rooms", ("room", "is"), rows)


def _values() -> dict[str, Any]:
    return settings().for_platform("matrix")


def _grouped(key: str) -> str:
    """Four by four, as clients show keys to be compared."""
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))
