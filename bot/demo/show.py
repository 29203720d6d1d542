"""The demo itself: the app as it runs everywhere else, on a feed server that publishes step by step."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot import parts, rulebook
from bot.adapters.store import DataLock
from bot.app import App
from bot.demo import closing, desks, news
from bot.demo.server import NewsServer
from bot.domain.channels import DeliveryStatus
from bot.domain.feeds import FeedSpec
from bot.errors import EvwatchError
from bot.pipeline.live import Live
from bot.ports import Store
from bot.settings import Settings

INTERVAL = timedelta(seconds=1)
#: Between two steps, for reading along.
PAUSE = 1.5
#: A step that takes longer has failed: it needs a poll of each feed, which are a second apart.
PATIENCE = 20.0
_LOOK_EVERY = 0.1
#: Lies in every data folder of the demo: no other is ever written to.
MARK = ".evwatch-demo"
_FILES = ("evwatch.db", "evwatch.db-wal", "evwatch.db-shm", "console.jsonl")
_UNDER_WAY = (DeliveryStatus.PENDING, DeliveryStatus.SENDING, DeliveryStatus.UNCERTAIN)
_LANGUAGES = {"de": "German", "en": "English", "zh": "Chinese"}

#: Prints a line of the demo's own: the text, and whether it is a heading.
Say = Callable[[str, bool], None]


async def show(folder: Path, say: Say, *, fresh: bool = False, port: int = 0, pause: float = PAUSE) -> bool:
    """Run it all; whether it came to its end, or was stopped. Raises EvwatchError where it does not get on."""
    claim_folder(folder, fresh=fresh)
    async with NewsServer(news.bundled(), port) as server:
        settings = _settings(folder, server.place)
        live = _live(settings, server)
        store = parts.make_store(settings)  # beside the app's own: to set up its channels, and to look on
        await store.start()
        try:
            again = bool(await store.accounts())
            await desks.subscribe(store, live.rulebook, _now())
            server.publish(_now())
            _open(say, server, again=again)
            app = App(settings, rules=_Rules(live))
            return await _beside(app, _publish(store, live, server, say, pause))
        finally:
            await store.close()


def claim_folder(folder: Path, *, fresh: bool) -> None:
    """Make the data folder, or empty it; EvwatchError for a folder that holds anything but a demo's data."""
    parts.make_folder(folder, "--data")
    if any(folder.iterdir()) and not (folder / MARK).exists():
        raise EvwatchError(f"{folder} holds something else; name another folder with --data")
    (folder / MARK).touch()
    if fresh:
        with DataLock(folder):  # not under the feet of a demo that runs
            for name in _FILES:
                (folder / name).unlink(missing_ok=True)


def _settings(folder: Path, place: str) -> Settings:
    """Nothing of the user's: no environment, no .env, no rules of the working directory."""
    return Settings.model_construct(
        data_dir=folder, rules_dir=rulebook.bundled(), allow_hosts=frozenset({place}), language="en"
    )


def _live(settings: Settings, server: NewsServer) -> Live:
    """The bundled rules, with the demo's feeds in the place of theirs."""
    loaded = parts.load_rules(settings)
    specs = {
        f.id: FeedSpec(f.id, server.url(f), title=f.title, language=f.language, interval=INTERVAL) for f in server.feeds
    }
    return Live(replace(loaded.rulebook, feeds=specs), loaded.reader)


class _Rules:
    """Rules that nobody edits."""

    def __init__(self, live: Live) -> None:
        self._live = live

    def stamp(self) -> object:
        """Always the same."""
        return None

    def load(self, *, proven: bool = False) -> Live:
        """What they are."""
        return self._live


def _open(say: Say, server: NewsServer, *, again: bool) -> None:
    languages = Counter(f.language for f in server.feeds)
    spoken = ", ".join(f"{languages[code]} {name}" for code, name in _LANGUAGES.items())
    say("evwatch demo: invented news of real companies, without internet", True)
    say(f"{len(server.feeds)} feeds on http://{server.place}: {spoken}", False)
    for desk in desks.DESKS:
        watched = ", ".join((*desk.watchlists, *desk.companies))
        say(f"channel {desk.room}, in {_LANGUAGES[desk.language]}: {watched}", False)
    if again:
        say("This data folder has seen it all: nothing is told twice. --fresh starts over.", False)


async def _publish(store: Store, live: Live, server: NewsServer, say: Say, pause: float) -> None:
    """Wait for the first poll, publish step after step, say at the end what became of it all."""
    steps = news.last_step(server.feeds)
    sent = await _settled(store, server)
    say(f"first poll: {news.count(server.feeds, 0)} entries found, none told (a new feed starts in silence)", True)
    for step in range(1, steps + 1):
        server.publish(_now())
        say(f"step {step} of {steps}: {news.count(server.feeds, step)} entries published", True)
        before, sent = sent, await _settled(store, server)
        await asyncio.sleep(pause if sent > before else 0)
    accounts = await store.accounts()
    say("what became of everything", True)
    say(closing.told_line(accounts), False)
    say(closing.silent_line(accounts), False)
    say(await closing.digest_line(store, live.rulebook), False)


async def _settled(store: Store, server: NewsServer) -> int:
    """Wait until every feed was polled since the last step and all that came of it was told; how much ever was."""
    try:
        async with asyncio.timeout(PATIENCE):
            # The app is watched from outside, through its store alone.
            while not await _polled(store, server) or _under_way(await store.outbox_counts()):  # noqa: ASYNC110 - no event
                await asyncio.sleep(_LOOK_EVERY)
    except TimeoutError:
        errors = [f"{f.spec.id}: {f.state.error}" for f in await store.feeds() if f.state.error]
        raise EvwatchError(f"the demo does not get on: {'; '.join(errors) or 'it takes too long'}") from None
    return (await store.outbox_counts()).get(DeliveryStatus.SENT.value, 0)


async def _polled(store: Store, server: NewsServer) -> bool:
    newest = {f.id: server.etag(f) for f in server.feeds}
    return {f.spec.id: f.state.etag for f in await store.feeds()} == newest


def _under_way(counts: Mapping[str, int]) -> int:
    return sum(counts.get(status.value, 0) for status in _UNDER_WAY)


async def _beside(app: App, work: Coroutine[Any, Any, None]) -> bool:
    """Run the app until the work is done; False where it was stopped before (Ctrl-C). Raises what either raises."""
    running, working = asyncio.create_task(app.run()), asyncio.create_task(work)
    await asyncio.wait([running, working], return_when=asyncio.FIRST_COMPLETED)
    done = working.done()
    if done:
        app.stop()
    else:
        working.cancel()
    await asyncio.wait([running, working])
    running.result()
    if done:
        working.result()
    return done


def _now() -> datetime:
    return parts.SystemClock().now()
