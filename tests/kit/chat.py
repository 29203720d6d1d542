"""A chat platform one talks to: it remembers what it was sent, and fails as it is told."""

import asyncio
import itertools
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from bot.domain.channels import Outgoing, Part, Receipt
from bot.domain.messages import Message
from bot.errors import Uncertain
from bot.ports import Desk
from tests.kit.clock import HandClock


class Killed(BaseException):
    """The process is gone: nothing after this line has happened."""


class Fault(Enum):
    """What goes wrong at the next send, besides plain errors."""

    LOST_ANSWER = "it arrives, but nobody hears so"
    LOST_MESSAGE = "it does not arrive, and nobody hears so"
    KILLED_BEFORE = "the process dies before it is sent"
    KILLED_AFTER = "the process dies after it was sent"


@dataclass
class Told:
    """A message in a room, as people see it."""

    id: str
    key: str
    message: Message
    edits: list[Message] = field(default_factory=list)
    lines: list[Message] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.shown.first_line

    @property
    def shown(self) -> Message:
        return self.edits[-1] if self.edits else self.message


class ScriptedChat:
    """As careless as Slack: the same key twice would be two messages, which `keys` shows."""

    name = "slack"
    grace = timedelta(0)

    def __init__(self, clock: HandClock) -> None:
        self.rooms: dict[str, list[Told]] = {}
        self.keys: list[tuple[str, str]] = []  #: (room, key) of everything that arrived, edits and lines too
        self.attempts: list[tuple[str, str]] = []
        self.settled: list[str] = []
        self._clock = clock
        self._faults: deque[Exception | Fault] = deque()
        self._settle_faults: deque[Exception] = deque()
        self._ids = itertools.count(1)
        self._receipts: dict[tuple[str, str], Receipt] = {}

    # what tests say

    def messages(self, room: str) -> list[Told]:
        return self.rooms.get(room, [])

    def texts(self, room: str) -> list[str]:
        return [m.text for m in self.messages(room)]

    def fail_next(self, *faults: Exception | Fault) -> None:
        """The next sends go wrong, in this order."""
        self._faults.extend(faults)

    def fail_next_settle(self, *faults: Exception) -> None:
        self._settle_faults.extend(faults)

    # what the deliverer does

    async def start(self, desk: Desk) -> None: ...

    async def close(self) -> None: ...

    async def down(self) -> str:
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    async def send(self, outgoing: Outgoing) -> Receipt:
        self.attempts.append((outgoing.ref.room, outgoing.key))
        fault = self._faults.popleft() if self._faults else None
        if isinstance(fault, Exception):
            raise fault
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        if fault is Fault.LOST_MESSAGE:
            raise Uncertain("no answer in time")
        receipt = self._take(outgoing)
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault is Fault.LOST_ANSWER:
            raise Uncertain("no answer in time")
        return receipt

    async def settle(self, outgoing: Outgoing) -> Receipt | None:
        self.settled.append(outgoing.key)
        if self._settle_faults:
            raise self._settle_faults.popleft()
        return self._receipts.get((outgoing.ref.room, outgoing.key))

    def _take(self, outgoing: Outgoing) -> Receipt:
        room = self.rooms.setdefault(outgoing.ref.room, [])
        self.keys.append((outgoing.ref.room, outgoing.key))
        if outgoing.part in (Part.EDIT, Part.LINE):
            root = next(m for m in room if m.id == outgoing.root)
            (root.edits if outgoing.part is Part.EDIT else root.lines).append(outgoing.message)
            receipt = Receipt(root.id, self._clock.now())
        else:
            told = Told(f"m{next(self._ids)}", outgoing.key, outgoing.message)
            room.append(told)
            receipt = Receipt(told.id, self._clock.now())
        self._receipts[outgoing.ref.room, outgoing.key] = receipt
        return receipt
