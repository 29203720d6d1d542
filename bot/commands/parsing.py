"""From a line of text to the command that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.commands import rights
from bot.commands.context import Context, Refused
from bot.commands.filters import unknown_name
from bot.commands.names import Unknown
from bot.commands.table import COMMANDS, GROUPS
from bot.commands.words import split
from bot.domain.messages import Action, Reply
from bot.domain.requests import Role

HELP = "help"
#: A shorter word in front of a name without a space is more likely part of the name.
_SHORTEST_PREFIX = 2


@dataclass(frozen=True, slots=True)
class _Parsed:
    command: str
    words: Sequence[str]
    rest: str  #: as typed


async def run(ctx: Context) -> Reply:
    """Find the command, look whether the person may, do it. Raises Refused."""
    parsed = _parsed(ctx)
    if refused := rights.refusal(parsed.command, ctx.request.role, ctx.voice):
        raise Refused(refused)
    # From here on the text begins with the command's own word, whatever was typed for it.
    ctx = replace(ctx, request=replace(ctx.request, text=f"{parsed.command} {parsed.rest}"))
    try:
        reply = (
            _help(ctx, parsed.words) if parsed.command == HELP else await COMMANDS[parsed.command](ctx, parsed.words)
        )
    except Refused as e:
        e.command = parsed.command
        raise
    return replace(reply, command=parsed.command, actions=_actions(ctx, parsed, reply))


def _actions(ctx: Context, parsed: _Parsed, reply: Reply) -> tuple[Action, ...]:
    """What anybody may look up may be shown to everybody; not where a message says what it is about."""
    look_up = parsed.command != HELP and rights.NEEDED[parsed.command] is Role.GUEST
    if not reply.understood or not look_up or (ctx.request.message is not None and not parsed.words):
        return ()
    return (Action("share", ctx.say("form-share"), ctx.request.text),)


def _parsed(ctx: Context) -> _Parsed:
    words = split(ctx.request.text)
    if not words:
        return _Parsed(HELP, (), "")
    found = _command(ctx, words)
    if found is not None:
        return found
    text = ctx.request.text
    if len(words) == 1 and ctx.names.story(words[0]):
        return _Parsed("story", words, text)
    named = ctx.names.find(words)
    if named and not named.unknown:
        return _Parsed("company" if named.companies else "list", words, text)
    raise Refused(_unknown(ctx, words, named.unknown))


def _command(ctx: Context, words: Sequence[str]) -> _Parsed | None:
    """By its word, by two words that are one (`why not`), or by the start of a word that Chinese does not part."""
    typed = ctx.request.text.split(maxsplit=2)
    find = ctx.vocabulary.find
    for joint in ("-", ""):
        if len(words) > 1 and (name := find("command", joint.join(words[:2]))):
            return _Parsed(name, words[2:], "".join(typed[2:]))
    first = words[0]
    if name := find("command", first):
        return _Parsed(name, words[1:], " ".join(ctx.request.text.split(maxsplit=1)[1:]))
    if not first.isascii() and not ctx.names.longest(words):
        for size in range(len(first) - 1, _SHORTEST_PREFIX - 1, -1):
            if not first[:size].isascii() and (name := find("command", first[:size])):
                rest = ctx.request.text.strip()[size:]
                return _Parsed(name, split(rest), rest)
    return None


def _unknown(ctx: Context, words: Sequence[str], unknown: Sequence[Unknown]) -> str:
    """One line: the nearest command with its usage, else the nearest name, else where to look."""
    near = ctx.vocabulary.nearest("command", words[0])
    name = ctx.vocabulary.find("command", near) if near else None
    if name is not None and (name in COMMANDS or name == HELP):
        return ctx.say("unknown-command", word=words[0], usage=ctx.say(f"usage-{name}"))
    if any(u.near for u in unknown):
        return unknown_name(ctx, next(u for u in unknown if u.near))
    line = " ".join(words)
    search, help_ = (ctx.vocabulary.shown("command", c) for c in ("search", HELP))
    return ctx.say("unknown-line", line=line, search=f"{search} {line}", help=help_)


def _help(ctx: Context, words: Sequence[str]) -> Reply:
    """How to type every command this person may use, or all about one."""
    text = " ".join(words)
    name = ctx.vocabulary.find("command", text) or ctx.vocabulary.find("command", "-".join(words))
    if not words or name == HELP:
        lines = []
        for title, group in GROUPS.items():
            mine = [c for c in group if rights.refusal(c, ctx.request.role, ctx.voice) is None]
            if mine:
                usages = " · ".join(ctx.say(f"usage-{c}") for c in mine)
                lines.append(ctx.say("help-line", title=ctx.say(f"group-{title}"), usages=usages))
        return ctx.reply(ctx.say("help-first"), *lines, ctx.say("help-last", usage=ctx.say("usage-help")))
    if name is None:
        raise Refused(_unknown(ctx, words, ()))
    return ctx.reply(ctx.say(f"usage-{name}"), ctx.say(f"about-{name}"), ctx.say(f"example-{name}"))
