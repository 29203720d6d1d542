"""What a chat platform brings to the contract tests: a room that can be looked at, and a way to break it.

`tests/kit/bench_<platform>.py` has `bench(folder) -> AsyncContextManager[Bench]`; a platform without one fails.
SERVERS there names fixtures that it gets besides.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.channels import ChannelRef
from bot.ports import ChatPlatform


@dataclass
class Shown:
    """A message as people in the room see it, edits applied."""

    text: str  #: all of it, plain
    lines: list[str] = field(default_factory=list)  #: its thread


@dataclass
class Bench:
    """A started platform and two of its rooms."""

    platform: ChatPlatform
    rooms: tuple[ChannelRef, ChannelRef]
    shown: Callable[[ChannelRef], Awaitable[list[Shown]]]
    cut_off: Callable[[], Awaitable[None]]  #: nothing can be sent from now on
    secrets: tuple[str, ...] = ()
