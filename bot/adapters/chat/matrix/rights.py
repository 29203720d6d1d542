"""What the state of a room says of its people: who is there, and who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.requests import Role

#: Whoever has this level in a room may change what the room is told.
CHANGES = 50
#: From this version on a room's creators stand above every level, and are not in the power levels.
_CREATORS_FROM = 12
_ABOVE_ALL = 2**53


class RoomState:
    """One room, as its state events have it up to now."""

    def __init__(self, id: str, me: str) -> None:
        self.id = id
        self.members: dict[str, str] = {}  #: user -> join, invite, ...
        self.names: dict[str, str] = {}  #: user -> display name here
        self.replacement: str | None = None  #: the room that this one was upgraded to
        self.replaced_by: str | None = None  #: who did that
        self._me = me
        self._creators: frozenset[str] = frozenset()
        self._above = False
        self._levels: Mapping[str, Any] | None = None

    def take(self, event: Mapping[str, Any]) -> None:
        """Apply a state event; any other changes nothing. Must not have come encrypted: state never does."""
        content, key, sender = event.get("content"), event.get("state_key"), event.get("sender")
        if not isinstance(content, dict) or not isinstance(key, str) or not isinstance(sender, str):
            return
        match event.get("type"), key:
            case "m.room.member", user:
                self.members[user] = str(content.get("membership"))
                self.names[user] = str(content.get("displayname") or "")
            case "m.room.power_levels", "":
                self._levels = content
            case "m.room.create", "":
                more = content.get("additional_creators")
                version = str(content.get("room_version", "1"))
                self._above = version.isdecimal() and int(version) >= _CREATORS_FROM
                also = [u for u in more if isinstance(u, str)] if self._above and isinstance(more, list) else []
                self._creators = frozenset({sender, *also})
            case "m.room.tombstone", "":
                room = content.get("replacement_room")
                self.replacement, self.replaced_by = (room, sender) if isinstance(room, str) else (None, None)

    @property
    def people(self) -> frozenset[str]:
        """Who has joined, or is invited, besides us."""
        return frozenset(u for u, m in self.members.items() if m in ("join", "invite")) - {self._me}

    @property
    def direct(self) -> bool:
        """Whether there is nobody here but one person and us."""
        return len(self._joined()) == 2 and len(self.people) == 1

    def level(self, user: str) -> int:
        """The person's power level now."""
        if self._above and user in self._creators:
            return _ABOVE_ALL
        if self._levels is None:
            return 100 if user in self._creators else 0
        users = self._levels.get("users")
        own = users.get(user) if isinstance(users, dict) else None
        return _number(own if own is not None else self._levels.get("users_default"))

    def role(self, user: str) -> Role:
        """What the person may do here now."""
        if user not in self._joined():
            return Role.GUEST
        if self.level(user) >= CHANGES:
            return Role.ADMIN
        return Role.MEMBER if self.direct else Role.GUEST

    def _joined(self) -> frozenset[str]:
        return frozenset(u for u, m in self.members.items() if m == "join")


def _number(level: object) -> int:
    """Old rooms hold levels as text; whatever else stands there is no level."""
    if isinstance(level, str):
        text = level.strip()
        return int(text) if text.removeprefix("-").isdecimal() and len(text) < 18 else 0
    return int(level) if isinstance(level, int | float) and abs(level) < _ABOVE_ALL else 0
