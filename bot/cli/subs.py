"""`evwatch subs`: which channel is told of what."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence
from typing import Annotated

import typer

from bot.cli.base import AsJson, cli, now, open_store, print_json, print_table, run_async, settings
from bot.domain.channels import Appetite, Cadence, Channel, ChannelRef, Subscription, SubscriptionId
from bot.errors import ConfigError, Problem

group = typer.Typer(help="Which channel is told of what.", no_args_is_help=True)
cli.add_typer(group, name="subs")


@group.command("list")
def list_subs(as_json: AsJson = False) -> None:
    """Every subscription."""
    current = settings()

    async def read() -> list[Subscription]:
        async with open_store(current) as store:
            return await store.all_subscriptions()

    subscriptions = run_async(read())
    if as_json:
        print_json([_as_json(s) for s in subscriptions])
        return
    columns = ("number", "channel", "lists and companies", "watched", "wants", "when", "paused")
    rows = [
        (s.id, s.channel.ref, _said(s), len(s.watched), s.appetite, s.cadence, s.paused or s.channel.paused)
        for s in subscriptions
    ]
    print_table("Subscriptions", columns, rows)


@group.command()
def add(
    channel: Annotated[str, typer.Argument(help="slack:T024BE/C012AB, matrix:!room, console:main")],
    what: Annotated[list[str], typer.Argument(help="Watch lists and companies, by id.")],
    wants: Annotated[
        Appetite, typer.Option(help="moves only, moves and a digest of the rest, or all.")
    ] = Appetite.DEFAULT,
    when: Annotated[Cadence, typer.Option(help="At once, or in a digest.")] = Cadence.AT_ONCE,
) -> None:
    """Tell a channel of these companies."""
    ref = _ref(channel)
    current = settings()
    from bot.parts import load_rules

    book = load_rules(current).rulebook

    async def work() -> tuple[SubscriptionId, int]:
        async with open_store(current) as store:
            known = {w.id: w for w in await store.watchlists()} | dict(book.watchlists)
            lists, companies = _sorted_out(what, known, book.companies)
            watched = companies.union(*(known[w].companies for w in lists))
            room = await store.set_channel(Channel(ref, current.language, current.timezone), paused=None)
            subscription = Subscription(SubscriptionId(0), room, lists, companies, watched, wants, when)
            return await store.subscribe(subscription, now()), len(watched)

    number, count = run_async(work())
    typer.echo(f"subscription {number}: {ref} is told of {count} companies; undo: evwatch subs remove {number}")


@group.command()
def remove(number: Annotated[int, typer.Argument(help="As `subs list` shows it.")]) -> None:
    """End a subscription."""
    current = settings()

    async def work() -> bool:
        async with open_store(current) as store:
            return await store.unsubscribe(SubscriptionId(number))

    if not run_async(work()):
        typer.echo(f"evwatch: there is no subscription {number}", err=True)
        raise typer.Exit(1)
    typer.echo(f"subscription {number} has ended")


def _ref(text: str) -> ChannelRef:
    from bot.adapters import chat

    try:
        ref = ChannelRef.parse(text)
    except ValueError as e:
        raise typer.BadParameter(str(e), param_hint="channel") from None
    if ref.platform not in chat.names():
        raise typer.BadParameter(f"the platforms are {', '.join(chat.names())}", param_hint="channel")
    return ref


def _sorted_out(
    what: Sequence[str], watchlists: Collection[str], companies: Collection[str]
) -> tuple[tuple[str, ...], frozenset[str]]:
    """Lists and companies apart. ConfigError names every unknown word with its nearest known one."""
    known = {*watchlists, *companies}
    problems = []
    for word in what:
        if word not in known:
            near = difflib.get_close_matches(word, known, n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            problems.append(Problem(word, 0, "", f"no watch list or company of this id{hint}"))
    if problems:
        raise ConfigError(problems)
    lists = tuple(dict.fromkeys(w for w in what if w in watchlists))
    return lists, frozenset(w for w in what if w not in watchlists)


def _said(s: Subscription) -> str:
    return " ".join([*s.watchlists, *sorted(s.companies)])


def _as_json(s: Subscription) -> dict[str, object]:
    return {
        "number": s.id,
        "channel": str(s.channel.ref),
        "language": s.channel.language,
        "timezone": s.channel.timezone,
        "paused": s.paused or s.channel.paused,
        "watchlists": list(s.watchlists),
        "companies": sorted(s.companies),
        "watched": sorted(s.watched),
        "wants": s.appetite.value,
        "when": s.cadence.value,
    }
