"""What people see of a Slack message: mrkdwn parsed as Slack does, everything else literal.

`visible(message).text` is what they read; links, mentions, broadcasts, emoji and formatting are what Slack made of it.
Of foreign text in mrkdwn all of these lists show what escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.kit.slack_things import Json, Message, View

_ANGLE = re.compile(r"<([^<>]*)>")
_BARE = re.compile(r"(?<![\w@/])(?:https?://|www\.)[^\s<>|]+", re.IGNORECASE)
_EMOJI = re.compile(r":(?=[^:\s]*[a-z])[a-z0-9_+'-]+:")
_STYLES = (("code", "`"), ("bold", "*"), ("italic", "_"), ("strike", "~"))
_QUOTE = re.compile(r"^(?:>|&gt;)[^\n]*", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^>", re.MULTILINE)
_RANGES = ("channel", "here", "everyone")


@dataclass
class Sight:
    """A message as it is rendered."""

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)  #: (address, what stands there)
    mentions: list[str] = field(default_factory=list)  #: ids of people, channels and groups
    broadcasts: list[str] = field(default_factory=list)  #: channel, here, everyone
    dates: list[tuple[int, str]] = field(default_factory=list)  #: (seconds, fallback)
    emoji: list[str] = field(default_factory=list)
    formatted: list[tuple[str, str]] = field(default_factory=list)  #: (bold, italic, strike, code or quote; the words)
    odd: list[str] = field(default_factory=list)  #: angle brackets that are none of Slack's: never write any
    buttons: list[str] = field(default_factory=list)  #: what can be clicked

    def say(self, words: str) -> str:
        self.text += words
        return words


def visible(thing: Message | View | Json) -> Sight:
    """What is shown in the channel, modal or Home tab: the blocks, or the text where there are none."""
    blocks = thing.blocks if isinstance(thing, Message | View) else thing.get("blocks", [])
    if not blocks:
        return notification(thing)
    sight = Sight()
    for block in blocks:
        _block(block, sight)
        sight.say("\n")
    sight.text = sight.text.strip()
    return sight


def notification(message: Message | View | Json) -> Sight:
    """What a notification or a screen reader says: the top-level text."""
    sight = Sight()
    text = (
        message.text if isinstance(message, Message) else message.get("text", "") if isinstance(message, dict) else ""
    )
    mrkdwn(text, sight)
    return sight


def mrkdwn(text: str, sight: Sight, *, verbatim: bool = False) -> None:
    """Read a mrkdwn text; `verbatim` makes no links of bare addresses."""
    written: list[str] = []
    end = 0
    for found in _ANGLE.finditer(text):
        written.append(_plain(text[end : found.start()], sight, verbatim=verbatim))
        written.append(_angle(found[1], sight))
        end = found.end()
    written.append(_plain(text[end:], sight, verbatim=verbatim))
    _formatting(text, sight)
    sight.say("".join(written))


def decode(text: str) -> str:
    """The three entities Slack knows, once."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _plain(text: str, sight: Sight, *, verbatim: bool) -> str:
    if not verbatim:
        sight.links += [(decode(found[0]), decode(found[0])) for found in _BARE.finditer(text)]
    sight.emoji += _EMOJI.findall(text)
    if "<" in text or ">" in _QUOTE_MARK.sub("", text):
        sight.odd.append(text)
    return decode(text)


def _angle(inside: str, sight: Sight) -> str:
    """What stands between angle brackets."""
    target, bar, label = inside.partition("|")
    label = decode(label)
    if target[:1] in ("@", "#"):
        sight.mentions.append(target[1:])
        return label or target
    if target.startswith("!subteam^"):
        sight.mentions.append(target.removeprefix("!subteam^"))
        return label or target
    if target.startswith("!date^"):
        seconds = target.split("^")[1]
        sight.dates.append((int(seconds) if seconds.isdecimal() else 0, label))
        if len(target.split("^")) > 3:
            sight.links.append((target.split("^")[3], label))
        if not bar or not seconds.isdecimal():
            sight.odd.append(f"<{inside}>")
        return label
    if target.startswith("!"):
        if target[1:] in _RANGES:
            sight.broadcasts.append(target[1:])
        else:
            sight.odd.append(f"<{inside}>")
        return "@" + target[1:]
    if re.match(r"(?:https?://|mailto:|tel:)[^\s]+$", target):
        address = decode(target)
        sight.links.append((address, label or address))
        return label or address
    sight.odd.append(f"<{inside}>")
    return f"<{inside}>"


def _formatting(text: str, sight: Sight) -> None:
    for style, mark in _STYLES:
        m = re.escape(mark)
        pattern = rf"(?<![\w{m}]){m}(?![\s{m}])([^\n{m}]*?[^\s{m}])??{m}(?![\w{m}])"
        sight.formatted += [(style, decode(found[1])) for found in re.finditer(pattern, text) if found[1]]
    sight.formatted += [("quote", decode(found[0]).removeprefix(">").strip()) for found in _QUOTE.finditer(text)]


def _object(text: Json | None, sight: Sight) -> None:
    """A text object: mrkdwn is read, plain_text is literal but for emoji."""
    if not text:
        return
    if text["type"] == "mrkdwn":
        mrkdwn(text["text"], sight, verbatim=text.get("verbatim", False))
        return
    if text.get("emoji", True):
        sight.emoji += _EMOJI.findall(text["text"])
    sight.say(text["text"])


def _block(block: Json, sight: Sight) -> None:
    kind = block["type"]
    if kind == "rich_text":
        for element in block["elements"]:
            _rich(element, sight)
            sight.say("\n")
        return
    if kind == "markdown":
        sight.odd.append("a markdown block: what becomes of its text is not said here")
        sight.say(block["text"])
    for text in (block.get("text"), block.get("title"), block.get("label"), block.get("hint")):
        if isinstance(text, dict):
            _object(text, sight)
    for text in block.get("fields", ()):
        sight.say("\n")
        _object(text, sight)
    if kind == "image":
        sight.say(f"\n{block['alt_text']}")
    inner = [block.get("accessory"), block.get("element"), *block.get("elements", ())]
    for element in filter(None, inner):
        sight.say(" ")
        _element(element, sight)


def _element(element: Json, sight: Sight) -> None:
    kind = element["type"]
    if kind in ("mrkdwn", "plain_text"):
        _object(element, sight)
        return
    if kind == "image":
        sight.say(element["alt_text"])
        return
    words = [found["text"] for found in _texts(element)]
    if kind == "button" and element.get("url"):
        sight.links.append((element["url"], words[0]))
    sight.buttons += words
    sight.say(" ".join(words))


def _texts(thing: Any) -> Iterator[Json]:
    """Every text object in an element."""
    if isinstance(thing, Mapping):
        if thing.get("type") in ("plain_text", "mrkdwn"):
            yield dict(thing)
            return
        for value in thing.values():
            yield from _texts(value)
    elif isinstance(thing, list):
        for each in thing:
            yield from _texts(each)


def _rich(element: Json, sight: Sight) -> None:
    """A part of rich_text: every character of a text is itself."""
    kind = element["type"]
    if kind == "rich_text_list":
        for each in element["elements"]:
            sight.say("• ")
            _rich(each, sight)
            sight.say("\n")
        return
    if kind.startswith("rich_text_"):
        before = len(sight.text)
        for each in element["elements"]:
            _rich(each, sight)
        if kind == "rich_text_quote":
            sight.formatted.append(("quote", sight.text[before:]))
        return
    words = ""
    if kind == "text":
        words = sight.say(element["text"])
    elif kind == "link":
        words = sight.say(element.get("text") or element["url"])
        sight.links.append((element["url"], words))
    elif kind == "broadcast":
        sight.broadcasts.append(element["range"])
        sight.say("@" + element["range"])
    elif kind == "emoji":
        sight.emoji.append(f":{element['name']}:")
        sight.say(f":{element['name']}:")
    elif kind == "date":
        words = sight.say(element.get("fallback") or str(element["timestamp"]))
        sight.dates.append((element["timestamp"], words))
    elif kind == "color":
        sight.say(element["value"])
    else:
        sight.mentions.append(element[f"{kind}_id"])
        sight.say("@" + element[f"{kind}_id"])
    sight.formatted += [(style, words) for style, on in element.get("style", {}).items() if on and words]
