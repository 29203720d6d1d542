"""What a poll that brings news costs with few and with many subscriptions that it does not concern.

    python benchmarks/telling.py [--entries 40] [--passes 15]

The whole straight line but the network: read, stories, routing, outbox, archive, decisions. docs/speed.md has figures.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.domain.channels import Channel, ChannelRef, Subscription, SubscriptionId
from tests.kit.world import World, real_rules

FEW, MANY = 100, 10_000
CHANNELS = 100


async def prepared(folder: Path, count: int) -> World:
    """An evwatch with one subscription to everything, and `count` to companies that are in no news."""
    world = World(folder)
    await world.run_for("1s")
    for n in range(count):
        channel = Channel(ChannelRef("slack", f"C{n % CHANNELS}"))
        if n < CHANNELS:
            await world.store.save_channel(channel)
        one = frozenset({f"elsewhere-{n}"})
        await world.store.subscribe(Subscription(SubscriptionId(0), channel, (), one, one), world.clock.now())
    return world


async def poll(world: World, titles: list[str]) -> float:
    """Processor seconds of one poll that brings these."""
    feed = world.feed("first")
    for title in titles:
        feed.publish(title)
    await world._sync()  # noqa: SLF001  # the feed's row is not what is measured
    world.clock.advance("1h")
    start = time.process_time()
    while await world.poller.tick():
        await world.poller.idle()
    taken = time.process_time() - start
    feed.entries.clear()
    await world.settle()
    return taken


async def main(entries: int, passes: int) -> float:
    """The ratio, printed with both costs of an entry."""
    names = [c.name for c in real_rules()[0].companies.values() if c.name.isascii() and " " not in c.name]
    pairs = list(itertools.permutations(names, 2))
    random.Random(1).shuffle(pairs)
    titles = (f"{a} and {b} form EV joint venture" for a, b in pairs)
    with tempfile.TemporaryDirectory() as folder:
        worlds = {n: await prepared(Path(tempfile.mkdtemp(dir=folder)), n) for n in (FEW, MANY)}
        taken: dict[int, list[float]] = {n: [] for n in worlds}
        for turn in range(passes + 1):
            news = list(itertools.islice(titles, entries))
            for n, world in worlds.items():  # by turns, so that whatever else the machine does is shared
                seconds = await poll(world, news)
                if turn:
                    taken[n].append(seconds)
        for world in worlds.values():
            await world.close()
    for n, times in taken.items():
        print(f"{n:>6} subscriptions not concerned: {median(times) / entries * 1000:.2f} ms an entry")
    ratio = median(many / few for few, many in zip(taken[FEW], taken[MANY], strict=True))
    print(f"ratio {ratio:.2f}  (must be 1.1 at most)")
    return ratio


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("--passes", type=int, default=15)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.exit(asyncio.run(main(given.entries, given.passes)) > 1.1)
