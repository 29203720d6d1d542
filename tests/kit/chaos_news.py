"""News for the chaos kit: stories over several feeds and steps, in three languages, each known by its links.

A step is what one poll of each feed finds. No two reports of a story share a step or a feed, so what becomes of a story
does not depend on how polls and kills fall.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.claims import Kind
from bot.domain.entries import Entry
from bot.domain.rulebook import Company, Rulebook
from bot.engine.reader import Reader

#: Feeds and the language they are written in; the host of their links is their outlet.
FEEDS = {"globe": "en", "courier": "en", "blatt": "de", "anzeiger": "de", "chenbao": "zh", "wanbao": "zh"}

_RUMOUR, _SAID, _CONFIRMED, _DENIED, _OFF = "rumour", "announced", "confirmed", "denied", "cancelled"
_NEWS = "news"
_WORDS = {
    "en": {
        _RUMOUR: "{a} and {b} are said to plan EV joint venture, sources say",
        _SAID: "{a} and {b} form EV joint venture",
        _CONFIRMED: "{a} confirms electric car joint venture with {b}",
        _DENIED: "{a} denies talks with {b} about electric car joint venture",
        _OFF: "{a} cancels electric car joint venture with {b}",
        _NEWS: "{a} cuts prices of its electric car by {n} percent",
    },
    "de": {
        _RUMOUR: "{a} und {b} wollen angeblich Gemeinschaftsunternehmen für Elektroautos gründen",
        _SAID: "{a} und {b} gründen Gemeinschaftsunternehmen für Elektroautos",
        _CONFIRMED: "{a} bestätigt Gemeinschaftsunternehmen für Elektroautos mit {b}",
        _DENIED: "{a} dementiert Gemeinschaftsunternehmen für Elektroautos mit {b}",
        _OFF: "{a} stoppt Gemeinschaftsunternehmen für Elektroautos mit {b}",
        _NEWS: "{a} senkt die Preise für sein Elektroauto um {n} Prozent",
    },
    "zh": {
        _RUMOUR: "据报道，{a}拟与{b}成立电动汽车合资公司",
        _SAID: "{a}将与{b}成立电动汽车合资公司",
        _CONFIRMED: "{a}确认将与{b}成立电动汽车合资公司",
        _DENIED: "{a}否认与{b}成立电动汽车合资公司",
        _OFF: "{a}取消与{b}的电动汽车合资公司",
        _NEWS: "{a}电动汽车降价{n}%",
    },
}
#: What becomes of a story, and how often: further outlets are edits, another certainty is a line.
_PLOTS = {
    (_NEWS,): 30,
    (_SAID,): 20,
    (_SAID, _SAID): 12,
    (_SAID, _SAID, _SAID, _SAID): 6,
    (_RUMOUR, _RUMOUR): 6,
    (_RUMOUR, _RUMOUR, _CONFIRMED): 9,
    (_RUMOUR, _CONFIRMED, _SAID): 7,
    (_RUMOUR, _DENIED): 6,
    (_RUMOUR, _DENIED, _CONFIRMED): 3,
    (_SAID, _OFF): 5,
}
_MARK = re.compile(r"example/s(\d+)/\d")


@dataclass(frozen=True)
class Item:
    """One entry, to be published in a feed."""

    feed: str
    title: str
    link: str


def story_of(text: str) -> int | None:
    """The story a line of a message links to."""
    match = _MARK.search(text)
    return int(match[1]) if match else None


def write(rules: tuple[Rulebook, Reader], entries: int, steps: int, chance: random.Random) -> list[list[Item]]:
    """So many entries, by step."""
    companies = readable(*rules)
    pairs = [(a, b) for i, a in enumerate(companies) for b in companies[i + 1 :]]
    quiet = [(a, n) for a in companies for n in range(3, 60)]
    chance.shuffle(pairs)
    chance.shuffle(quiet)
    plan: list[list[Item]] = [[] for _ in range(steps)]
    written = story = 0
    while written < entries:
        (plot,) = chance.choices(list(_PLOTS), list(_PLOTS.values()))
        plot = plot[: entries - written]
        story, written = story + 1, written + len(plot)
        news = plot == (_NEWS,)
        (a, b), n = ((quiet[-1][0],) * 2, quiet.pop()[1]) if news else (pairs.pop(), 0)
        feeds = chance.sample(list(FEEDS), len(plot))
        for number, (step, what, feed) in enumerate(zip(_when(plot, steps, chance), plot, feeds, strict=True), 1):
            title = _WORDS[FEEDS[feed]][what].format(a=_name(a, feed), b=_name(b, feed), n=n)
            plan[step].append(Item(feed, title, f"https://{feed}.example/s{story}/{number}"))
    return plan


def _when(plot: Sequence[str], steps: int, chance: random.Random) -> list[int]:
    """The steps of a story's reports, near each other and in order."""
    span = min(steps, 3 * len(plot))
    start = chance.randint(0, steps - span)
    return sorted(chance.sample(range(start, start + span), len(plot)))


def readable(book: Rulebook, reader: Reader) -> list[Company]:
    """The companies whose names read well in every sentence there is here."""
    partner = book.companies["byd"]
    found = []
    for company in book.companies.values():
        if company.name.isascii() and " " not in company.name and _chinese(company) and company is not partner:
            titles = [
                w.format(a=_name(company, feed), b=_name(partner, feed), n=7)
                for feed in ("globe", "blatt", "chenbao")
                for w in _WORDS[FEEDS[feed]].values()
            ]
            if all(_reads(reader, title) for title in titles):
                found.append(company)
    return found


def _reads(reader: Reader, title: str) -> bool:
    reading = reader.read(Entry(title, f"{title}.", seen_at=datetime.now(UTC)))
    lead = reading.lead
    if lead is None or lead.retold:
        return False
    return lead.kind is (Kind.JOINT_VENTURE if len(lead.parties) > 1 else Kind.EV_NEWS)


def _name(company: Company, feed: str) -> str:
    return _chinese(company) if FEEDS[feed] == "zh" else company.name


def _chinese(company: Company) -> str:
    names = (a.phrase.text for a in company.aliases)
    return next((n for n in names if all("\u4e00" <= c <= "\u9fff" for c in n)), "")
