"""Values of the domain in few words, for tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.channels import (
    Channel,
    ChannelRef,
    Decision,
    NewDelivery,
    Part,
    Post,
    Reason,
    ReasonCode,
    Subscription,
    SubscriptionId,
)
from bot.domain.claims import Aboutness, Certainty, Claim, Evidence, Field, Kind, Mention, Origin, OriginType, Reading
from bot.domain.entries import FreshEntry, ParsedEntry, ReadEntry, StoredEntry
from bot.domain.feeds import FeedId, FeedSpec
from bot.domain.messages import Message
from bot.domain.stories import Change, Story, StoryEntry, StoryId, StoryUpdate
from bot.ports import Store
from tests.kit.clock import START

DESK = ChannelRef("slack", "T024BE/C012AB")
LOBBY = ChannelRef("matrix", "!room:example.org")

GERMAN = "Xiaomi soll vor dem Einstieg in die Produktion von Elektroautos stehen"
CHINESE = "据晚点报道，小米即将进入电动汽车制造领域，雷军将亲自带队"


def parsed(title: str = GERMAN, link: str | None = None, guid: str | None = None, **more: Any) -> ParsedEntry:
    """An item of a feed's document."""
    return ParsedEntry(guid=guid, link=link, title=title, text=more.pop("text", f"{title}."), **more)


def spec(id: str = "first", url: str | None = None, **more: Any) -> FeedSpec:
    """A feed as written down."""
    return FeedSpec(id, url or f"https://{id}.example/feed", **more)


def evidence(text: str = "soll", start: int = 7) -> Evidence:
    """Words of the German title."""
    return Evidence("cue:hearsay-verb", Field.TITLE, start, start + len(text), text)


def claim(who: str = "xiaomi", whom: str = "", kind: Kind = Kind.EV_ENTRY, **more: Any) -> Claim:
    """A lead, unless said otherwise; companies by space."""
    return Claim(
        kind=kind,
        who=tuple(who.split()),
        whom=tuple(whom.split()),
        certainty=more.pop("certainty", Certainty.RUMOUR),
        retold=more.pop("retold", False),
        origin=more.pop("origin", Origin("晚点 LatePost", OriginType.OUTLET)),
        rule=f"{kind}-rule",
        severity="high",
        lead=more.pop("lead", True),
        evidence=more.pop("evidence", (evidence(),)),
        **more,
    )


def side(who: str, whom: str = "", kind: Kind = Kind.JOINT_VENTURE, **more: Any) -> Claim:
    """A claim an entry makes besides."""
    return claim(who, whom, kind, lead=False, **more)


def reading(*claims: Claim, **more: Any) -> Reading:
    """What was understood of an entry."""
    parties = dict.fromkeys(p for c in claims for p in c.parties)
    return Reading(
        language=more.pop("language", "de"),
        mentions=tuple(Mention(p, Aboutness.SUBJECT, (evidence(),)) for p in parties),
        topics=("ev",),
        claims=claims,
        quote=more.pop("quote", GERMAN),
        **more,
    )


def read(fresh: FreshEntry, *claims: Claim, silent: bool = False, **more: Any) -> ReadEntry:
    """A fresh entry with its reading."""
    return ReadEntry(fresh, reading(*claims, **more), silent)


async def add(
    store: Store, feed: FeedId, entries: Sequence[ParsedEntry], now: datetime = START, *claims: Claim
) -> list[StoredEntry]:
    """One poll's entries, as the pipeline stores them; each makes these claims."""
    fresh = await store.unseen(feed, entries, now)
    async with store.begin() as tx:
        return await tx.add_entries(feed, [read(f, *claims) for f in fresh], now)


def story(id: int = 0, parties: str = "xiaomi", kind: Kind = Kind.EV_ENTRY, at: datetime = START, **more: Any) -> Story:
    """A story opened and last claimed at one time."""
    return Story(
        id=StoryId(id),
        kind=kind,
        parties=frozenset(parties.split()),
        anchors=more.pop("anchors", frozenset({"micar", "北京"})),
        certainty=more.pop("certainty", Certainty.RUMOUR),
        revision=more.pop("revision", 1),
        opened_at=at,
        last_claim_at=more.pop("last_claim_at", at),
        changed_at=at,
        outlets=more.pop("outlets", frozenset({"electrive", "晚点"})),
        **more,
    )


def update(
    new: Story, *entries: StoredEntry, before: Story | None = None, change: Change = Change.OPENED, lead: bool = True
) -> StoryUpdate:
    """What these entries did to a story, by their leads (or their last claims)."""
    joined = tuple(
        StoryEntry(e.id, e.reading.claims[0 if lead else -1], change, new.certainty)
        for e in entries
        if e.reading.claims
    )
    return StoryUpdate(before, new, joined, entries if lead else ())


async def save_story(store: Store, new: Story, *entries: StoredEntry, **more: Any) -> Story:
    """The story as stored."""
    async with store.begin() as tx:
        (saved,) = await tx.save_stories([update(new, *entries, **more)])
        return saved.story


def channel(ref: ChannelRef = DESK, **more: Any) -> Channel:
    """A German desk."""
    return Channel(ref, more.pop("language", "de"), more.pop("timezone", "Europe/Berlin"), **more)


def subscription(companies: str = "xiaomi", ref: ChannelRef = DESK, **more: Any) -> Subscription:
    """Companies by space, all named one by one."""
    named = frozenset(companies.split())
    watched = more.pop("watched", named)
    return Subscription(SubscriptionId(0), channel(ref), more.pop("watchlists", ()), named, watched, **more)


def message(line: str = "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: 晚点", **more: Any) -> Message:
    """One message."""
    return Message(line, language="de", **more)


def notice(key: str = "notice:1", ref: ChannelRef = DESK, **more: Any) -> NewDelivery:
    """A delivery that needs nothing."""
    return NewDelivery(key, ref, Part.NOTICE, message=message(key), **more)


def delivery(key: str, part: Part = Part.ROOT, ref: ChannelRef = DESK, **more: Any) -> NewDelivery:
    """`story:42:r3:root` says story and revision; edits and lines need the root of revision 1."""
    _, number, revision, _ = key.split(":")
    needs = None if part is Part.ROOT else f"story:{number}:r1:root"
    return NewDelivery(
        key, ref, part, more.pop("needs", needs), StoryId(int(number)), int(revision.removeprefix("r")), **more
    )


def post(new: Story, ref: ChannelRef = DESK, root: str | None = None, **more: Any) -> Post:
    """The story in a channel."""
    return Post(new.id, ref, root, new.revision, new.certainty, **more)


def decision(entry: StoredEntry, code: ReasonCode, ref: ChannelRef | None = None, **more: Any) -> Decision:
    """What became of an entry."""
    return Decision(entry.id, ref, more.pop("story", None), Reason(code, **more))


def at_revision(old: Story, revision: int, **more: Any) -> Story:
    """The story later on."""
    return replace(old, revision=revision, **more)
