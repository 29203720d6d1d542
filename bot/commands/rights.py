"""Who may do what: the one place."""

from __future__ import annotations

from collections.abc import Mapping

from bot.commands.texts import Voice
from bot.domain.requests import Role

#: What a command, or a part of it, needs. Whatever stands here is checked; what does not is open to nobody.
NEEDED: Mapping[str, Role] = {
    # look-ups
    "help": Role.GUEST,
    "company": Role.GUEST,
    "latest": Role.GUEST,
    "search": Role.GUEST,
    "story": Role.GUEST,
    "why": Role.GUEST,
    "why-not": Role.GUEST,
    "read": Role.GUEST,
    "feeds": Role.GUEST,
    "quality": Role.GUEST,
    "list": Role.GUEST,
    "mutes": Role.GUEST,
    # the own channel
    "subscribe": Role.MEMBER,
    "unsubscribe": Role.MEMBER,
    "mute": Role.MEMBER,
    "unmute": Role.MEMBER,
    "digest": Role.MEMBER,
    "quiet": Role.MEMBER,
    "budget": Role.MEMBER,
    "zone": Role.MEMBER,
    "language": Role.MEMBER,
    "resume": Role.MEMBER,
    "useful": Role.MEMBER,
    "useless": Role.MEMBER,
    "unrate": Role.MEMBER,
    # what every channel shares
    "list-change": Role.ADMIN,
    "everywhere": Role.OPERATOR,
}


def refusal(act: str, role: Role, voice: Voice) -> str | None:
    """The sentence that refuses; None where this role may."""
    needed = NEEDED.get(act, Role.OPERATOR)
    return None if role >= needed else voice.say(f"refused-{needed.name.lower()}")
