"""A room as a Matrix client shows it: edits applied, threads under their roots, reactions counted, redactions gone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: What a client shows instead of a message it has no key for.
LOCKED = "unable to decrypt"


@dataclass
class Seen:
    """One message."""

    id: str
    sender: str
    content: Mapping[str, Any]  #: the newest, without what was said about edits
    encrypted: bool
    edits: int = 0
    lines: list["Seen"] = field(default_factory=list)  #: its thread
    reactions: dict[str, set[str]] = field(default_factory=dict)  #: key -> who

    @property
    def text(self) -> str:
        return str(self.content.get("body", ""))

    @property
    def html(self) -> str | None:
        return self.content.get("formatted_body")

    @property
    def kind(self) -> str:
        """`m.text`, `m.notice`; LOCKED where there is no key."""
        return str(self.content.get("msgtype", ""))


@dataclass
class Room:
    """Everything in it, oldest first."""

    messages: list[Seen] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)  #: what a client would not know where to show, in words
    _known: dict[str, Seen] = field(default_factory=dict, repr=False)
    _below: set[str] = field(default_factory=set, repr=False)  #: ids of messages in threads

    def find(self, event: str) -> Seen:
        """The message with this id, in the room or in a thread."""
        return self._known[event]

    def texts(self, sender: str | None = None) -> list[str]:
        return [m.text for m in self.messages if sender in (None, m.sender)]

    def take(self, event: Mapping[str, Any], *, encrypted: bool) -> None:
        """Show one more event; state and what was taken back show nothing."""
        content, name = event.get("content") or {}, event["event_id"]
        if not content or "redacted_because" in (event.get("unsigned") or {}):
            return  # the server hands out the shell
        relation = content.get("m.relates_to") or {}
        target = relation.get("event_id")
        if event["type"] == "m.reaction":
            if target in self._known:
                self._known[target].reactions.setdefault(relation["key"], set()).add(event["sender"])
            else:
                self.odd.append(f"{name} reacts to {target}, which is no message")
            return
        if event["type"] == "m.room.encrypted":
            content = {"msgtype": LOCKED, "body": LOCKED}
        elif event["type"] != "m.room.message":
            return
        if relation.get("rel_type") == "m.replace" and event["type"] == "m.room.message":
            self._edit(event, target)
        elif relation.get("rel_type") == "m.thread":
            self._add(Seen(name, event["sender"], content, encrypted), below=target)
        else:
            self._add(Seen(name, event["sender"], content, encrypted))

    def _add(self, seen: Seen, below: str | None = None) -> None:
        if below is None:
            self.messages.append(seen)
        elif below in self._known and below not in self._below:
            self._known[below].lines.append(seen)
            self._below.add(seen.id)
        else:
            self.odd.append(f"{seen.id} is in a thread of {below}, which is no root")
            return
        self._known[seen.id] = seen

    def _edit(self, event: Mapping[str, Any], target: str | None) -> None:
        """Only its sender edits a message, only the message itself, and only whole."""
        content = event["content"].get("m.new_content")
        if target not in self._known or self._known[target].sender != event["sender"] or not content:
            self.odd.append(f"{event['event_id']} edits {target}, and may not")
            return
        self._known[target].content = content
        self._known[target].edits += 1


def show(events: Iterable[tuple[Mapping[str, Any], bool]]) -> Room:
    """Make a room of its events, oldest first, each with whether it came encrypted."""
    room = Room()
    for event, encrypted in events:
        room.take(event, encrypted=encrypted)
    return room
