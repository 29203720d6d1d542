"""Entries, claims and stories for the tests of stories, routing and messages, in as few words as can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.domain.channels import Channel, ChannelRef, Subscription, SubscriptionId
from bot.domain.claims import Aboutness, Certainty, Claim, Kind, Mention, Origin, OriginType, Reading
from bot.domain.entries import Entry, EntryId, StoredEntry
from bot.domain.feeds import FeedSpec
from bot.domain.rulebook import Alias, Company, FirstLine, Language, Phrase, Rulebook
from bot.domain.stories import Change, Story, StoryId, StoryUpdate, StoryView, Told
from bot.engine.stories import assign

NOW = datetime(2026, 2, 19, 12, tzinfo=UTC)
LANGUAGES = Path(__file__).parents[2] / "rules" / "languages"

NAMES = {
    "xiaomi": ("Xiaomi", "小米"),
    "xpeng": ("Xpeng", "小鹏"),
    "nio": ("NIO", "蔚来"),
    "geely": ("Geely", "吉利"),
    "foxconn": ("Foxconn", "富士康"),
    "baidu": ("Baidu", "百度"),
    "saic": ("SAIC", "上汽"),
    "alibaba": ("Alibaba", "阿里巴巴"),
    "byd": ("BYD", "比亚迪"),
    "vw": ("Volkswagen", "大众"),
}


@cache
def language(code: str) -> Language:
    """The words of the first line as they stand in rules/languages."""
    raw: dict[str, Any] = yaml.safe_load((LANGUAGES / f"{code}.yaml").read_text("utf-8"))
    words = raw["first_line"]
    return Language(
        code=code,
        name=raw["name"],
        script=raw["script"],
        common=(),
        verb=raw["verb"],
        months=(),
        cues={},
        attribution=(),
        first_line=FirstLine(
            kinds={Kind(k): v for k, v in words["kinds"].items()},
            certainty={Certainty(k): v for k, v in words["certainty"].items()},
            labels=words["labels"],
        ),
    )


COMPANIES = {
    key: Company(key, name, aliases=(Alias(Phrase(name)), Alias(Phrase(han)))) for key, (name, han) in NAMES.items()
}
RULEBOOK = Rulebook(companies=COMPANIES, languages={code: language(code) for code in ("de", "en", "zh")})


def outlet(name: str) -> Origin:
    return Origin(name, OriginType.OUTLET)


def party(company: str) -> Origin:
    return Origin(company, OriginType.PARTY)


def claim(
    who: str,
    whom: str = "",
    kind: Kind = Kind.EV_ENTRY,
    certainty: Certainty = Certainty.RUMOUR,
    *,
    anchors: str = "",
    origin: Origin | None = None,
    retold: bool = False,
    lead: bool = True,
    draft: bool = False,
    severity: str = "normal",
) -> Claim:
    """Companies by space; anchors by comma."""
    return Claim(
        kind=kind,
        who=tuple(who.split()),
        whom=tuple(whom.split()),
        certainty=certainty,
        retold=retold,
        origin=origin,
        rule=f"{kind}-rule",
        severity=severity,
        lead=lead,
        evidence=(),
        anchors=tuple(a.strip() for a in anchors.split(",") if a),
        draft=draft,
    )


def side(who: str, whom: str = "", kind: Kind = Kind.JOINT_VENTURE, **more: Any) -> Claim:
    return claim(who, whom, kind, more.pop("certainty", Certainty.ANNOUNCED), lead=False, **more)


def entry(
    id: int,
    *claims: Claim,
    outlet: str | None = "electrive",
    days: float | None = 0,
    silent: bool = False,
    same_as: int | None = None,
    lang: str | None = "de",
    unread: str | None = None,
    title: str = "",
    mentions: str = "",
) -> StoredEntry:
    """An entry `days` after NOW; None has no date."""
    when = None if days is None else NOW + timedelta(days=days)
    named = dict.fromkeys([*mentions.split(), *(p for c in claims for p in c.parties)])
    return StoredEntry(
        id=EntryId(id),
        feed="first",
        entry=Entry(title or f"Title {id}", "", f"https://news.example/{id}", published=when, outlet=outlet),
        reading=Reading(lang, tuple(Mention(c, Aboutness.SUBJECT, ()) for c in named), claims=claims, unread=unread),
        silent=silent,
        same_as=None if same_as is None else EntryId(same_as),
    )


def numbered(updates: list[StoryUpdate], first: int = 1) -> list[StoryUpdate]:
    """The updates with the ids a store would give."""
    done = []
    for update in updates:
        story = update.story
        if not story.id:
            story, first = story.with_id(StoryId(first)), first + 1
        done.append(replace(update, story=story))
    return done


def play(*polls: list[StoredEntry]) -> list[Story]:
    """All stories after these polls, a day apart, oldest first."""
    stories: dict[int, Story] = {}
    for day, entries in enumerate(polls):
        now = NOW + timedelta(days=day)
        updates = numbered(assign(entries, list(stories.values()), now), first=len(stories) + 1)
        stories.update({u.story.id: u.story for u in updates})
    return list(stories.values())


def channel(name: str = "console:main", lang: str = "de", paused: str | None = None) -> Channel:
    return Channel(ChannelRef.parse(name), lang, "Europe/Berlin", paused=paused)


def subscription(id: int, watched: str, at: Channel | None = None, **more: Any) -> Subscription:
    return Subscription(SubscriptionId(id), at or channel(), (), frozenset(), frozenset(watched.split()), **more)


def told(e: StoredEntry, change: Change, certainty: Certainty, quote: str = "") -> Told:
    """A report as the store gives it back."""
    lead, *sides = e.reading.claims
    return Told(
        e.id,
        e.entry.title,
        e.entry.link,
        e.entry.outlet or "",
        e.entry.published,
        e.reading.language,
        quote,
        lead,
        change,
        certainty,
        tuple(sides),
    )


def view(story: Story, *reports: Told) -> StoryView:
    return StoryView(story, reports)


FEED = FeedSpec("first", "https://first.example/feed", "First Feed")
