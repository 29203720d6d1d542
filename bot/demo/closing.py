"""The demo's last lines: what was told, what stayed silent and why, what waits in the digest."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.channels import Held, ReasonCode
from bot.domain.rulebook import Rulebook
from bot.ports import Store

_TOLD = {
    ReasonCode.ROOT: "new messages",
    ReasonCode.EDIT: "edits",
    ReasonCode.LINE: "lines in a thread",
    ReasonCode.OVERFLOW: "counted in one line",
}
#: Why nobody was told.
_SILENT = {
    ReasonCode.BACKLOG: "first poll",
    ReasonCode.NO_COMPANY: "no company",
    ReasonCode.NO_CLAIM: "company in other news",
    ReasonCode.ONLY_RETOLD: "only retold",
    ReasonCode.NOT_WATCHED: "watched by nobody",
    ReasonCode.SIDE_ONLY: "watched on the side only",
    ReasonCode.NOTHING_NEW: "nothing new",
    ReasonCode.OLD_STORY: "old story",
    ReasonCode.FILTERED: "filtered",
    ReasonCode.SAME_AS: "same as another",
    ReasonCode.DRAFT: "draft rule",
    ReasonCode.PAUSED: "channel paused",
    ReasonCode.UNREAD: "could not be read",
}


def told_line(accounts: Mapping[str, int]) -> str:
    """`told: 15 of 50 entries (10 new messages, 3 edits, 2 lines in a thread)`."""
    number, parts = _counted(accounts, _TOLD)
    return f"told: {number} of {sum(accounts.values())} entries{parts}"


def silent_line(accounts: Mapping[str, int]) -> str:
    """`silent: 30 (8 first poll, 14 no company, ...)`."""
    number, parts = _counted(accounts, _SILENT)
    return f"silent: {number}{parts}"


async def digest_line(store: Store, rulebook: Rulebook) -> str:
    """`digest: 4 quieter stories wait for the morning (NIO, Porsche, ...)`."""
    names: list[str] = []
    stories = set()
    for held in await _waiting(store):
        stories.add(held.story)
        names += [rulebook.companies[c].name for c in held.reason.companies if c in rulebook.companies]
    if not stories:
        return "digest: nothing waits"
    waits = "1 quieter story waits" if len(stories) == 1 else f"{len(stories)} quieter stories wait"
    return f"digest: {waits} for the morning ({', '.join(dict.fromkeys(names))})"


async def _waiting(store: Store) -> list[Held]:
    channels = dict.fromkeys(s.channel.ref for s in await store.all_subscriptions())
    return [held for ref in channels for held in await store.held(ref)]


def _counted(accounts: Mapping[str, int], words: Mapping[ReasonCode, str]) -> tuple[int, str]:
    """All of these together, and each in brackets."""
    found = [(accounts.get(code.value, 0), word) for code, word in words.items()]
    parts = ", ".join(f"{n} {word}" for n, word in found if n)
    return sum(n for n, _ in found), f" ({parts})" if parts else ""
