"""What a command is given: who asks, where, when, and all it may look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.commands.names import Names
from bot.commands.texts import Voice
from bot.commands.words import Vocabulary, vocabulary
from bot.domain.channels import Channel
from bot.domain.claims import Certainty, Kind, Reading
from bot.domain.entries import Entry
from bot.domain.messages import Message, Reply
from bot.domain.requests import Request
from bot.domain.rulebook import Language, Rulebook
from bot.engine.misses import Miss
from bot.engine.summaries import certainty_word, choose, company_name, day
from bot.ports import Store


class Reader(Protocol):
    """What reads by a rulebook: a `bot.engine.reader.Reader`."""

    def read(self, entry: Entry) -> Reading:
        """Understand one entry."""
        ...

    def misses(self, entry: Entry, limit: int = 3) -> Sequence[Miss]:
        """What was missing for a claim, the nearest first."""
        ...


class Live(Protocol):
    """The rulebook in use and its reader: a `bot.pipeline.live.Live`."""

    @property
    def rulebook(self) -> Rulebook:
        """As of now."""
        ...

    @property
    def reader(self) -> Reader:
        """The reader of this rulebook."""
        ...


class Refused(Exception):
    """What was asked cannot be done; `lines` say why and what to type instead, in the asker's language."""

    def __init__(self, *lines: str) -> None:
        super().__init__(*lines)
        self.lines = lines
        self.command = ""  #: which was meant


#: Certainties whose word is a noun, in languages that write nouns with a capital.
_NOUNS = frozenset({("de", Certainty.RUMOUR)})


@dataclass(frozen=True, slots=True)
class Context:
    """One request, and all that its command may look at."""

    request: Request
    channel: Channel  #: as stored, else with the defaults; not saved yet where nobody has set anything
    store: Store
    live: Live
    now: datetime
    voice: Voice
    names: Names

    @property
    def rest(self) -> str:
        """What stands behind the command's word, as typed."""
        return "".join(self.request.text.split(maxsplit=1)[1:])

    # answers

    def say(self, key: str, **values: str | int) -> str:
        """A line in the channel's language."""
        return self.voice.say(key, **values)

    def reply(self, *lines: str, messages: Sequence[Message] = ()) -> Reply:
        """Done; this is the answer."""
        return Reply(lines, tuple(messages), language=self.voice.language)

    def refuse(self, *lines: str) -> Reply:
        """Nothing was done; the lines say why, and what to type instead."""
        return Reply(lines, understood=False, language=self.voice.language)

    # things in the channel's words

    @property
    def rulebook(self) -> Rulebook:
        """As of now."""
        return self.live.rulebook

    @property
    def language(self) -> Language:
        """The rules' language for this channel: the words of first lines."""
        return choose(self.rulebook.languages, self.channel.language)

    @property
    def vocabulary(self) -> Vocabulary:
        """The words people of this channel may type."""
        return vocabulary(self.channel.language)

    def company(self, id: str) -> str:
        """A company's name, in the script of the channel's language; of one that left the rules, too."""
        known = self.rulebook.companies
        return company_name(id, known if id in known else self.rulebook.named, self.language)

    def title(self, id: str) -> str:
        """A watch list's title in the channel's language; of one that is gone its id."""
        one = self.names.watchlists.get(id)
        return one.titles.get(self.language.code, one.title) if one else id

    def companies(self, ids: Iterable[str], limit: int = 20) -> str:
        """Companies by name, in order of the alphabet; past `limit` only how many more."""
        return self.joined(sorted((self.company(c) for c in ids), key=str.casefold), limit)

    def joined(self, items: Sequence[str], limit: int = 20) -> str:
        """`A, B and C`; past `limit` only how many more."""
        kept, rest = items[:limit], len(items) - limit
        if rest > 0:
            return self.say("list-more", items=self.listed(kept), count=rest)
        if len(kept) < 2:
            return "".join(kept)
        return self.say("list-and", items=self.listed(kept[:-1]), last=kept[-1])

    def listed(self, items: Sequence[str]) -> str:
        """`A, B, C`."""
        line = "".join(items[:1])
        for item in items[1:]:
            line = self.say("list-comma", items=line, item=item)
        return line

    def kind(self, kind: Kind) -> str:
        """What is done, in a word."""
        words = self.language.first_line
        return words.kinds.get(kind, kind.value) if words else kind.value

    def certainty(self, kind: Kind, certainty: Certainty) -> str:
        """How sure, in the word that goes with this kind."""
        return certainty_word(kind, certainty, self.language)

    def sure(self, kind: Kind, certainty: Certainty) -> str:
        """The same within a sentence."""
        return self.within(certainty, self.certainty(kind, certainty))

    def within(self, certainty: Certainty, word: str) -> str:
        """The word of a certainty within a sentence."""
        return word if (self.language.code, certainty) in _NOUNS else word[:1].lower() + word[1:]

    def spoken(self, code: str) -> str:
        """A language's name, in the channel's."""
        own = self.vocabulary.word("language", code)
        known = self.rulebook.languages.get(code)
        return own.capitalize() if own else known.name if known else code

    def local(self, when: datetime) -> datetime:
        """In the channel's zone."""
        return when.astimezone(ZoneInfo(self.channel.timezone))

    def day(self, when: datetime) -> str:
        """The date in the channel's zone, as its language writes it."""
        return day(self.local(when).date(), self.language)

    def moment(self, when: datetime) -> str:
        """Date and time in the channel's zone."""
        return f"{self.day(when)} {self.local(when):%H:%M}"
