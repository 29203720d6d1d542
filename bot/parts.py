"""The parts, each made from the settings and not yet started; heavy libraries are imported when their part is made."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import ConfigError, Problem, StoreError

if TYPE_CHECKING:
    from bot.domain.channels import ChannelRef
    from bot.domain.rulebook import Rulebook
    from bot.pipeline.live import Live, Read
    from bot.ports import Clock, Desk, Fetcher, Source, Store
    from bot.rulebook import Examined
    from bot.rulebook.cases import Progress
    from bot.settings import Settings

DATABASE = "evwatch.db"
#: All examples and cases of changed rules, in seconds.
PATIENCE = 60.0


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The time now, aware, UTC."""
        return datetime.now(UTC)


def rule_folders(settings: Settings) -> list[Path]:
    """The folders to lay over each other: the bundled one, then the user's. ConfigError where one is missing."""
    from bot import rulebook

    bundled = rulebook.bundled()
    own = settings.rules_dir or Path("rules")
    if settings.rules_dir is not None and not own.is_dir():
        raise ConfigError([Problem("EVWATCH_RULES_DIR", 0, "", f"there is no folder {own}")])
    folders = [] if settings.rules_only else [bundled]
    if own.is_dir() and (settings.rules_only or own.resolve() != bundled.resolve()):
        folders.append(own)
    if not folders:
        raise ConfigError(
            [Problem("EVWATCH_RULES_ONLY", 0, "", "leaves nothing: there is no rules folder of your own")]
        )
    return folders


class Rules:
    """The rule folders of this process, and what is made of them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folders: tuple[Path, ...] = ()

    def stamp(self) -> object:
        """Equal to an earlier one unless something was changed in a folder."""
        from bot import rulebook

        try:
            return tuple(rulebook.stamp(folder) for folder in self._layers())
        except ConfigError as e:
            return e.problems

    def load(self, *, proven: bool = False) -> Live:
        """The rulebook and its reader. ConfigError with every mistake.

        `proven`: also of those that `evwatch check` looks for alone, above all examples that do not hold.
        """
        from bot import rulebook
        from bot.engine.reader import Reader
        from bot.pipeline.live import Live

        examined = rulebook.examine(self._layers())
        book, reader = examined.rulebook, Reader(examined.rulebook)
        problems = faults(examined, reader.read, _patient()) if proven else unknown_kinds(book)
        if problems := [*problems, *_unspoken(book, self._settings.language)]:
            raise ConfigError(problems)
        return Live(book, reader)

    def _layers(self) -> tuple[Path, ...]:
        """The folders; one that was there once is never done without: it may be about to be replaced."""
        found = rule_folders(self._settings)
        self._folders = (*found, *(folder for folder in self._folders if folder not in found))
        return self._folders


def load_rules(settings: Settings) -> Live:
    """The rulebook and its reader. ConfigError with every mistake."""
    return Rules(settings).load()


def faults(examined: Examined, read: Read, progress: Progress | None = None) -> list[Problem]:
    """What is wrong with rules that can be read: errors of lint, feeds no module reads, examples that do not hold."""
    from bot.engine.stories import assign
    from bot.rulebook import Level
    from bot.rulebook.cases import run_cases, run_examples

    book = examined.rulebook
    found = [note.problem for note in examined.notes if note.level is Level.ERROR] + unknown_kinds(book)
    return found + run_examples(book, read, progress) + run_cases(book, read, assign, progress)


def _patient() -> Progress:
    """Raises ConfigError once examples and cases have taken too long."""
    end = time.monotonic() + PATIENCE

    def check(name: str) -> None:
        if time.monotonic() > end:
            raise ConfigError([Problem(name, 0, "examples", f"all of them together take longer than {PATIENCE:.0f} s")])

    return check


def unknown_kinds(book: Rulebook) -> list[Problem]:
    """Feeds of a kind that no module reads: the rules cannot know which modules there are."""
    from bot.adapters import sources

    kinds = sources.names()
    return [
        Problem(
            book.origins.get(f"feed:{feed.id}", "feeds.yaml"),
            0,
            f"{feed.id}.kind",
            f"must be one of {', '.join(kinds)}, not {feed.kind!r}",
        )
        for feed in book.feeds.values()
        if feed.kind not in kinds
    ]


def _unspoken(book: Rulebook, language: str) -> list[Problem]:
    spoken = sorted(code for code, words in book.languages.items() if words.first_line is not None)
    if not spoken or language in spoken:
        return []
    return [Problem("EVWATCH_LANGUAGE", 0, "", f"first lines are written in {', '.join(spoken)}, not in {language!r}")]


def database_url(settings: Settings) -> str:
    """Where the state is: as set, else a file in the data folder."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return f"sqlite+aiosqlite:///{settings.data_dir / DATABASE}"


def make_store(settings: Settings) -> Store:
    """The store, not yet started."""
    from bot.adapters import store

    make_folder(settings.data_dir, "EVWATCH_DATA_DIR")
    try:
        return store.create(database_url(settings), clock=SystemClock())
    except StoreError as e:  # nothing was opened: what was set is no database of ours
        raise ConfigError([Problem("EVWATCH_DATABASE_URL", 0, "", str(e))]) from None


def make_folder(folder: Path, setting: str) -> None:
    """Make a folder for state, closed to other users; one that is there stays as it is. ConfigError if it cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as e:
        why = "is no folder" if isinstance(e, FileExistsError) else f"cannot be made: {e.strerror}"
        raise ConfigError([Problem(setting, 0, "", f"{folder} {why}")]) from None


def make_desk(
    settings: Settings,
    store: Store,
    clock: Clock,
    live: Live,
    *,
    wake: Callable[[], None] = lambda: None,
    pause: Callable[[ChannelRef, str], Awaitable[None]] | None = None,
) -> Desk:
    """Where what people type is answered; `wake`: something was put into the outbox; `pause`: a channel is lost."""
    from bot.commands.desk import CommandDesk

    return CommandDesk(
        store,
        clock,
        live,
        operators=settings.operators,
        language=settings.language,
        timezone=settings.timezone,
        wake=wake,
        pause=pause,
    )


def is_alone(settings: Settings) -> bool:
    """Whether this process has the state to itself; PostgreSQL is shared."""
    return database_url(settings).startswith("sqlite")


def lock(settings: Settings) -> AbstractContextManager[object]:
    """Held while we run: on SQLite one process has the data folder to itself. Raises AlreadyRunning."""
    from bot.adapters.store import DataLock

    if is_alone(settings):
        make_folder(settings.data_dir, "EVWATCH_DATA_DIR")
        return DataLock(settings.data_dir)
    return nullcontext()


def make_fetcher(settings: Settings, clock: Clock) -> Fetcher:
    """A polite GET with our name on it."""
    from bot.adapters.http import GuardedFetcher

    contact = f" (+{settings.contact})" if settings.contact else ""
    return GuardedFetcher(allow_hosts=settings.allow_hosts, user_agent=f"evwatch/{__version__}{contact}", clock=clock)


class Sources:
    """One source a kind, made and started when the first feed of that kind is polled."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._fetcher: Fetcher | None = None
        self._ready: dict[str, Source] = {}
        self._making = asyncio.Lock()

    async def get(self, kind: str) -> Source:
        """The source for feeds of this kind."""
        async with self._making:
            if kind not in self._ready:
                source = await asyncio.to_thread(self._make, kind)  # imports for a tenth of a second
                await source.start()
                self._ready[kind] = source
            return self._ready[kind]

    def _make(self, kind: str) -> Source:
        from bot.adapters import sources

        if self._fetcher is None:
            self._fetcher = make_fetcher(self._settings, self._clock)
        return sources.create(kind, self._fetcher, self._clock)

    async def close(self) -> None:
        """Stop them all, then their connections."""
        for source in self._ready.values():
            await source.close()
        if self._fetcher is not None:
            await self._fetcher.close()
