"""Keeping: what is past its time is dropped (docs/operating.md)."""

from __future__ import annotations

import structlog

from bot.ports import Clock, Store

log = structlog.get_logger(__name__)


async def keep(store: Store, clock: Clock) -> dict[str, int]:
    """Drop entry bodies, old stories and sent rows; how many of each table."""
    dropped = await store.prune(clock.now())
    if any(dropped.values()):
        log.info("pruned", **dropped)
    return dropped
