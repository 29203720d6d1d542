"""Lines to the operators, through the outbox like everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

import structlog

from bot.domain.channels import ChannelRef, NewDelivery, Part
from bot.domain.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.ports import Store

log = structlog.get_logger(__name__)


class Notices:
    """Tells every operators' channel once of each trouble, and once of its end."""

    def __init__(self, store: Store, channels: Sequence[ChannelRef], wake: Callable[[], None]) -> None:
        self._store = store
        self._channels = tuple(channels)
        self._wake = wake

    async def tell(
        self, what: str, since: datetime | None, line: str, *, also: Mapping[ChannelRef, str] = MappingProxyType({})
    ) -> None:
        """Enqueue `notice:<what>:<since>`; the same trouble twice is told once. `since` None: `what` says which it is.

        `also`: what other channels are told of it; one of the operators' hears the whole line.
        """
        log.warning("notice", what=what, line=line)
        key = f"notice:{what}:{since.astimezone(UTC):%Y%m%dT%H%M%S}" if since else f"notice:{what}"
        lines = {**also, **dict.fromkeys(self._channels, line)}
        rows = [NewDelivery(key, ref, Part.NOTICE, message=Message(text)) for ref, text in lines.items()]
        if rows and await self._store.enqueue(rows):
            self._wake()
