"""`evwatch feeds`: what is polled."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import typer

from bot.cli.base import AsJson, cli, now, one_line, open_store, print_json, print_table, run_async, settings
from bot.errors import ConfigError, EvwatchError, Problem, StoreError

if TYPE_CHECKING:
    from bot.domain.feeds import Feed, FeedSpec
    from bot.settings import Settings

OWNER = "cli"

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

group = typer.Typer(help="What is polled.", no_args_is_help=True)
cli.add_typer(group, name="feeds")

Url = Annotated[str, typer.Argument(help="The feed's address, http or https.")]


@group.command("list")
def list_feeds(
    as_json: AsJson = False, retired: Annotated[bool, typer.Option(help="Those that are polled no more, too.")] = False
) -> None:
    """Every feed and how it does."""
    current = settings()

    async def read() -> list[Feed]:
        async with open_store(current) as store:
            return await store.feeds(retired=retired)

    feeds = run_async(read())
    if as_json:
        print_json([_as_json(f) for f in feeds])
        return
    columns = ("id", "status", "last poll", "next poll", "failures", "trouble", "address")
    rows = [
        (f.spec.id, f.status, f.state.polled_at, f.state.next_poll_at, f.state.failures, f.state.error, f.url)
        for f in feeds
    ]
    print_table("Feeds", columns, rows)


@group.command()
def add(
    url: Url,
    *,
    id: Annotated[str | None, typer.Option(help="Its name here; made from the address where not given.")] = None,
    title: Annotated[str, typer.Option(help="As shown.")] = "",
    language: Annotated[str | None, typer.Option(help="A hint: de, en, zh, ...")] = None,
    interval: Annotated[str | None, typer.Option(help="15m, 6h; where not given, from the feed's own rhythm.")] = None,
    backlog: Annotated[str, typer.Option(help="Entries of the first poll that are told: 0, a number, or all.")] = "0",
) -> None:
    """Poll one more feed."""
    from bot.domain.feeds import FeedSpec

    _check_url(url)
    if id is not None and not _ID.fullmatch(id):
        raise typer.BadParameter("must be lower-case letters, digits and hyphens", param_hint="--id")
    spec = FeedSpec(
        id=id or feed_id(url),
        url=url,
        title=title,
        language=language,
        interval=_interval(interval),
        backlog=None if backlog == "all" else _number(backlog),
    )
    _add_all(settings(), [spec], OWNER)


@group.command()
def remove(id: Annotated[str, typer.Argument(help="The feed's id, as `feeds list` shows it.")]) -> None:
    """Poll a feed no more. What was read stays."""
    current = settings()

    async def work() -> None:
        async with open_store(current) as store:
            await store.retire_feed(id)

    run_async(work())
    typer.echo(f"{id} is polled no more")


@group.command("test")
def try_out(
    what: Annotated[str, typer.Argument(help="An address, or the id of a feed of the rules or of `feeds list`.")],
    as_json: AsJson = False,
    kind: Annotated[str | None, typer.Option(help="The kind of source; where not given, the feed's own.")] = None,
    limit: Annotated[int, typer.Option(help="Entries to show.")] = 10,
) -> None:
    """Fetch a feed once and show what would be read; nothing is stored."""
    from bot.domain.feeds import Feed, FeedId, FeedSpec, FeedStatus

    current = settings()
    if _ID.fullmatch(what):
        spec = _known(current, what)
    else:
        _check_url(what)
        spec = FeedSpec(id=feed_id(what), url=what)
    feed = Feed(FeedId(0), replace(spec, kind=kind or spec.kind), OWNER, FeedStatus.ACTIVE)
    polled = run_async(_poll_once(current, feed))
    entries = polled.entries[:limit]
    if as_json:
        shown = [{"title": e.title, "link": e.link, "published": e.published, "outlet": e.outlet_name} for e in entries]
        print_json({"title": polled.title, "entries": len(polled.entries), "first": shown})
        return
    typer.echo(f"{one_line(polled.title) or what}: {len(polled.entries)} entries")
    print_table("Newest", ("published", "title", "link"), [(e.published, e.title, e.link) for e in entries])


@group.command("import")
def import_opml(file: Annotated[Path, typer.Argument(help="An OPML file.", exists=True, dir_okay=False)]) -> None:
    """Add every feed of an OPML file; one that is there already is left alone."""
    from bot.domain.feeds import FeedSpec

    try:
        import listparser
    except ImportError:
        raise EvwatchError("reading OPML needs the package listparser") from None
    try:
        found = listparser.parse(file.read_bytes())
    except OSError as e:
        raise EvwatchError(f"{file} cannot be read: {e.strerror}") from None
    except Exception as e:  # noqa: BLE001 - whatever its parsers raise: the file is at fault
        raise EvwatchError(f"{file} is no OPML ({type(e).__name__})") from None
    if not found.feeds:
        raise EvwatchError(f"there is no feed in {file}; is it OPML?")
    specs = []
    for feed in found.feeds:
        try:
            _check_url(feed.url)
        except ConfigError as e:
            typer.echo(f"left out: {e}", err=True)
            continue
        specs.append(FeedSpec(id=feed_id(feed.url), url=feed.url, title=one_line(feed.title or "")))
    _add_all(settings(), specs, "opml")


@group.command()
def export() -> None:
    """Print every feed as OPML."""
    from xml.sax.saxutils import quoteattr

    current = settings()

    async def read() -> list[Feed]:
        async with open_store(current) as store:
            return await store.feeds()

    typer.echo(
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>evwatch</title></head>\n  <body>'
    )
    for feed in run_async(read()):
        name, url = quoteattr(one_line(feed.spec.title or feed.spec.id)), quoteattr(one_line(feed.url))
        typer.echo(f'    <outline type="rss" text={name} xmlUrl={url}/>')
    typer.echo("  </body>\n</opml>")


def _known(current: Settings, id: str) -> FeedSpec:
    """A feed of the rules, or one of the store at the address it has moved to. ConfigError for any other."""
    from bot import rulebook
    from bot.parts import rule_folders

    async def read() -> list[Feed]:
        async with open_store(current) as store:
            return await store.feeds(retired=True)

    found = dict(rulebook.load(rule_folders(current)).feeds)
    if id not in found:
        found |= {f.spec.id: replace(f.spec, url=f.url) for f in run_async(read())}
    if id not in found:
        near = difflib.get_close_matches(id, found, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise ConfigError([Problem(id, 0, "", f"neither the id of a feed nor an http or https address{hint}")])
    return found[id]


def feed_id(url: str) -> str:
    """A name made from the address: `www.example.org/news/feed.xml` is `example-org-news`."""
    parts = urlsplit(url)
    words = re.findall(r"[a-z0-9]+", f"{parts.hostname or ''} {parts.path} {parts.query}".lower().removeprefix("www."))
    dull = {"feed", "feeds", "rss", "xml", "atom", "json", "index"}
    kept = [w for w in words if w not in dull] or words
    return "-".join(kept)[:60].strip("-") or "feed"


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        well = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        well = False
    if not well:
        raise ConfigError([Problem(one_line(url), 0, "", "must be an http or https address without a user name")])


def _interval(text: str | None) -> timedelta | None:
    from bot.settings import duration

    try:
        return duration(text) if text else None
    except ValueError as e:
        raise typer.BadParameter(str(e), param_hint="--interval") from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise typer.BadParameter("must be a number or `all`", param_hint="--backlog")
    return int(text)


def _add_all(current: Settings, specs: list[FeedSpec], owner: str) -> None:
    from bot import rulebook
    from bot.parts import rule_folders

    ruled = rulebook.load(rule_folders(current)).feeds

    async def work() -> tuple[int, list[str]]:
        refused = []
        async with open_store(current) as store:
            for spec in specs:
                if why := _of_the_rules(spec, ruled):
                    refused.append(why)
                    continue
                try:
                    await store.add_feed(spec, owner, now())
                except StoreError as e:
                    refused.append(str(e))
        return len(specs) - len(refused), refused

    added, refused = run_async(work())
    for line in refused:
        typer.echo(f"left out: {line}", err=True)
    if len(specs) == 1 and added:
        typer.echo(f"{specs[0].id} is polled from now on")
    else:
        typer.echo(f"{added} feeds added")
    if refused and not added:
        raise typer.Exit(1)


def _of_the_rules(spec: FeedSpec, ruled: Mapping[str, FeedSpec]) -> str | None:
    """Which feed of the rules has this id or address: the store hears of new ones at the next start alone."""
    from bot.domain.feeds import FeedStatus
    from bot.domain.identity import normalise_link

    if spec.id in ruled:
        return f"there is a feed {spec.id} in the rules already: {ruled[spec.id].url}"
    address = normalise_link(spec.url, keep_port=True)
    for other in ruled.values():
        if other.status is not FeedStatus.RETIRED and normalise_link(other.url, keep_port=True) == address:
            return f"feed {spec.id} has the address of feed {other.id}, which the rules have: {spec.url}"
    return None


async def _poll_once(current: Settings, feed: Feed) -> Any:
    from bot import parts

    sources = parts.Sources(current, parts.SystemClock())
    try:
        source = await sources.get(feed.spec.kind)
        return await source.poll(feed)
    finally:
        await sources.close()


def _as_json(feed: Feed) -> dict[str, object]:
    return {
        "id": feed.spec.id,
        "url": feed.url,
        "title": feed.spec.title,
        "owner": feed.owner,
        "status": feed.status.value,
        "polled_at": feed.state.polled_at and feed.state.polled_at.isoformat(),
        "next_poll_at": feed.state.next_poll_at and feed.state.next_poll_at.isoformat(),
        "failures": feed.state.failures,
        "error": feed.state.error,
    }
