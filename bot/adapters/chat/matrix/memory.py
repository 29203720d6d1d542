"""What the bot has to know of the rooms between two starts: how far it has read, and which reactions stand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from bot.adapters.chat.matrix import files

_SINCE, _REACTIONS = "since.json", "reactions.json"
#: One that is older can be taken back by a command only.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody clicked under a message of ours; what it said cannot be asked for once it is taken back."""

    room: str
    root: str  #: the event reacted to
    command: str
    person: str


class Memory:
    """Files in the folder of the session."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.since = _text(files.read_or_none(folder / _SINCE))
        held = files.read_or_none(folder / _REACTIONS)
        self.reactions = {event: Reaction(**r) for event, r in held.items()} if isinstance(held, dict) else {}

    def read_up_to(self, since: str) -> None:
        """Everything before this token has been done."""
        if since != self.since:
            files.write(self._folder / _SINCE, since)
            self.since = since

    def stands(self, event: str, reaction: Reaction) -> None:
        """Somebody has clicked."""
        self.reactions[event] = reaction
        while len(self.reactions) > _MOST:
            self.reactions.pop(next(iter(self.reactions)))
        self._keep()

    def taken_back(self, event: str) -> Reaction | None:
        """The reaction that stands no more."""
        reaction = self.reactions.pop(event, None)
        if reaction is not None:
            self._keep()
        return reaction

    def _keep(self) -> None:
        files.write(self._folder / _REACTIONS, {event: asdict(r) for event, r in self.reactions.items()})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
