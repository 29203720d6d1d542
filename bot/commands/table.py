"""Every command: its handler, in the groups and the order `help` shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.commands.context import Context
from bot.commands.explaining import read, why, why_not
from bot.commands.lists import lists
from bot.commands.looking import company, latest, search, story
from bot.commands.muting import mute, mutes, unmute, unrate, useful, useless
from bot.commands.reporting import feeds, quality
from bot.commands.setting import budget, digest, language, quiet, resume, zone
from bot.commands.subscribing import subscribe, unsubscribe
from bot.domain.messages import Reply

#: `words`: what stands behind the command's own word.
Handler = Callable[[Context, Sequence[str]], Awaitable[Reply]]

#: A command needs besides: a line in rights.py, words `command-<name>` in texts/<language>/words.txt, and the messages
#: `usage-<name>`, `about-<name>` and `example-<name>` in an .ftl file of every language; a group has `group-<name>`.
GROUPS: Mapping[str, Mapping[str, Handler]] = {
    "look-up": {
        "company": company,
        "latest": latest,
        "search": search,
        "story": story,
        "why": why,
        "why-not": why_not,
        "read": read,
        "feeds": feeds,
        "quality": quality,
    },
    "told": {
        "subscribe": subscribe,
        "unsubscribe": unsubscribe,
        "list": lists,
        "mute": mute,
        "unmute": unmute,
        "mutes": mutes,
        "useful": useful,
        "useless": useless,
        "unrate": unrate,
    },
    "settings": {
        "digest": digest,
        "quiet": quiet,
        "budget": budget,
        "zone": zone,
        "language": language,
        "resume": resume,
    },
}

COMMANDS: Mapping[str, Handler] = {name: handler for group in GROUPS.values() for name, handler in group.items()}
