"""What became of an entry in one channel, in words: why it was told, or which stage stopped it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.commands.citing import cited, evidence, listed, typed
from bot.commands.context import Context
from bot.commands.describing import mute, subscription
from bot.domain.channels import HOLDING, Cadence, Decision, Held, Reason, ReasonCode, Subscription
from bot.domain.claims import Claim
from bot.domain.entries import StoredEntry
from bot.domain.mutes import Mute
from bot.domain.rulebook import Rule
from bot.domain.stories import Story, StoryId
from bot.engine.silence import Mutes
from bot.engine.timing import digest_due

_JOINED = frozenset({ReasonCode.EDIT, ReasonCode.LINE, ReasonCode.NOTHING_NEW})
_MUTE = re.compile(r"\bM(\d+)\b")


@dataclass(frozen=True, slots=True)
class Here:
    """What holds in this channel now."""

    subscriptions: Mapping[int, Subscription]
    mutes: Sequence[Mute]
    held: Mapping[StoryId, Held]

    @classmethod
    async def of(cls, ctx: Context) -> Here:
        """Look it up once for all of an answer."""
        ref = ctx.channel.ref
        return cls(
            {s.id: s for s in await ctx.store.all_subscriptions(ref)},
            await ctx.store.mutes(ref, ctx.now),
            {h.story: h for h in await ctx.store.held(ref)},
        )

    def watching(self, companies: Iterable[str]) -> list[Subscription]:
        """The subscriptions that mean one of these."""
        wanted = set(companies)
        return [s for s in self.subscriptions.values() if wanted & s.watched]

    def muting(self, story: Story) -> list[Mute]:
        """The mutes of a story, or of one of its parties."""
        return [m for m in self.mutes if m.covers(story.id) or m.companies & story.parties]

    def silenced(self, ctx: Context, story: Story) -> bool:
        """Whether the digest would leave it out: muted itself, or with every party that is watched here."""
        mutes = Mutes(self.mutes, ctx.channel.ref)
        watching = [s for s in self.watching(story.parties) if s.paused is None]
        watched = frozenset[str]().union(*(s.watched - s.filter.without for s in watching))
        return bool(mutes.story(story.id) or mutes.all_of(sorted(story.parties & watched)))


async def verdict(ctx: Context, here: Here, entry: StoredEntry, decision: Decision) -> list[str]:
    """Why, in a line or two."""
    code, claims = decision.reason.code, entry.reading.claims
    lead = claims[0] if claims else None
    if decision.reason.told or code is ReasonCode.NOTHING_NEW:
        return await _told(ctx, here, entry, decision)
    match code:
        case ReasonCode.SAME_AS:
            return [await _same_as(ctx, entry)]
        case ReasonCode.UNREAD:
            return [
                ctx.say(
                    "verdict-unread",
                    reason=(entry.reading.unread or decision.reason.detail).removesuffix(" while reading"),
                )
            ]
        case ReasonCode.NO_COMPANY:
            return [ctx.say("verdict-no-company")]
        case ReasonCode.NO_CLAIM:
            return [ctx.say("verdict-no-claim", companies=ctx.companies(entry.reading.companies, 5))]
        case ReasonCode.DRAFT:
            rules = dict.fromkeys(c.rule for c in claims)
            return [ctx.say("verdict-draft", rules=listed(ctx, rules))]
        case ReasonCode.ONLY_RETOLD:
            seen = evidence(ctx, entry.entry, claims[0], entry.reading.language, 1) if claims else []
            return [ctx.say("verdict-only-retold"), *seen]
        case ReasonCode.BACKLOG:
            return [ctx.say("verdict-backlog", feed=entry.feed)]
        case ReasonCode.OLD_STORY:
            return [ctx.say("verdict-old-story", story=f"S{decision.story}")]
        case ReasonCode.MUTED:
            return _muted(ctx, here, decision.reason)
        case ReasonCode.PAUSED:
            return [ctx.say("verdict-paused")]
        case ReasonCode.FILTERED if lead is not None:
            return [_filtered(ctx, here, entry, lead, decision.reason)]
        case ReasonCode.SIDE_ONLY if lead is not None:
            names = ctx.companies(decision.reason.companies, 5)
            about = ctx.companies(lead.parties, 5)
            return [ctx.say("verdict-side-only", companies=names, about=about, story=f"S{decision.story}")]
        case _:
            return _not_watched(ctx, here, lead)


def routing(ctx: Context, here: Here, reason: Reason) -> str:
    """Which subscription, in its words, and the companies that matched."""
    if reason.subscription is None:
        return ""
    companies = ctx.companies(reason.companies, 5)
    found = here.subscriptions.get(reason.subscription)
    if found is None:
        return ctx.say("verdict-subscription-ended", number=str(reason.subscription), companies=companies)
    return ctx.say("verdict-subscription", subscription=subscription(ctx, found), companies=companies)


def rule_of(ctx: Context, id: str) -> Rule | None:
    """The rule of this id, by the one it has today."""
    rules = ctx.rulebook.rules
    return rules.get(id) or rules.get(ctx.rulebook.former.get(f"rule:{id}", ""))


def muted_now(ctx: Context, here: Here, story: Story) -> list[str]:
    """The mutes that keep this story silent."""
    return [ctx.say("verdict-muted-now", mute=mute(ctx, m)) for m in here.muting(story)]


def digest_at(ctx: Context, of: Subscription) -> str:
    """When its next digest is told."""
    return ctx.moment(digest_due(of, ctx.now))


# ------------------------------------------------------------------------------------------------------- stage by stage


async def _told(ctx: Context, here: Here, entry: StoredEntry, decision: Decision) -> list[str]:
    """Told, or about to be; `nothing-new` is told already."""
    if decision.story is None:
        return [ctx.say("verdict-nothing-new")]
    name, code = f"S{decision.story}", decision.reason.code
    if code in HOLDING:
        return [await _held(ctx, here, entry, decision.story, decision.reason)]
    if code is ReasonCode.ROOT:
        return [ctx.say("verdict-root", story=name)]
    if code is ReasonCode.LINE:
        return [ctx.say("verdict-line", story=name)]
    if code is ReasonCode.EDIT:
        return [ctx.say("verdict-edit", story=name)]
    return [ctx.say("verdict-nothing-new-of", story=name)]


async def _held(ctx: Context, here: Here, entry: StoredEntry, id: StoryId, reason: Reason) -> str:
    """Waits for a digest, was told in one, or waits no more; and why not at once."""
    name, held, found = f"S{id}", here.held.get(id), here.subscriptions.get(reason.subscription or 0)
    why = ctx.say("verdict-held", why=_why_held(entry, reason, found))
    holder = here.subscriptions.get(held.subscription) if held else None
    if holder is not None:
        return await _waits(ctx, here, id, holder, why)
    post = await ctx.store.post(id, ctx.channel.ref)
    if post is not None and post.in_digest:
        return ctx.say("verdict-in-digest", story=name, why=why)
    if post is not None and post.root is not None:
        return ctx.say("verdict-told-since", story=name, why=why)
    if found is None:
        return ctx.say("verdict-dropped", story=name, number=str(reason.subscription or "-"), what="ended")
    if found.paused is not None:
        return ctx.say("verdict-waits-paused", story=name, why=why, number=str(found.id), what="subscription")
    return ctx.say("verdict-dropped", story=name, number=str(found.id), what="muted")


async def _waits(ctx: Context, here: Here, id: StoryId, holder: Subscription, why: str) -> str:
    """Until when, or what keeps it from being told then."""
    story = (await ctx.store.story_view(id)).story
    if here.silenced(ctx, story):
        mutes = listed(ctx, [mute(ctx, m) for m in here.muting(story)])
        return ctx.say("verdict-waits-muted", story=story.name, at=digest_at(ctx, holder), mutes=mutes)
    if ctx.channel.paused is not None:
        return ctx.say("verdict-waits-paused", story=story.name, why=why, number=str(holder.id), what="channel")
    return ctx.say("verdict-waits-until", story=story.name, why=why, at=digest_at(ctx, holder))


def _why_held(entry: StoredEntry, reason: Reason, found: Subscription | None) -> str:
    """The reason's code; `news` where only the kind made it wait, `gone` where that cannot be told any more."""
    if reason.code is not ReasonCode.DIGEST or found is None:
        return reason.code.value
    return "news" if found.cadence is Cadence.AT_ONCE else reason.code.value


async def _same_as(ctx: Context, entry: StoredEntry) -> str:
    """The other one, named where it is found by the title they share."""
    found = await ctx.store.search(entry.entry.title, limit=10)
    other = next((f for f in found if f.entry.id == entry.same_as), None)
    if other is None:
        return ctx.say("verdict-same-as")
    line = cited(ctx, other.entry.entry)
    if other.story is None:
        return ctx.say("verdict-same-as-entry", entry=line)
    return ctx.say("verdict-same-as-story", entry=line, story=f"S{other.story}")


def _muted(ctx: Context, here: Here, reason: Reason) -> list[str]:
    """By which mutes; those that have ended since by their number."""
    numbers = [int(n) for n in _MUTE.findall(reason.detail)]
    hold = {int(m.id): m for m in here.mutes}
    lines = [ctx.say("verdict-muted", mute=mute(ctx, hold[n])) for n in numbers if n in hold]
    ended = [f"M{n}" for n in numbers if n not in hold]
    if ended or not lines:
        lines.append(ctx.say("verdict-muted-then", mutes=listed(ctx, ended) or "-"))
    return lines


def _filtered(ctx: Context, here: Here, entry: StoredEntry, lead: Claim, reason: Reason) -> str:
    """Which subscription, and which of its filters, by what the entry is."""
    value = {
        "without": ctx.companies(reason.companies, 5),
        "moves": ctx.kind(lead.kind),
        "kinds": ctx.kind(lead.kind),
        "certainties": ctx.sure(lead.kind, lead.certainty),
        "languages": ctx.spoken(entry.reading.language) if entry.reading.language else "-",
        "outlets": entry.entry.outlet or "-",
        "severity": ctx.say("verdict-severity", severity=lead.severity),
    }.get(reason.detail, "")
    found = here.subscriptions.get(reason.subscription or 0)
    words = subscription(ctx, found) if found else str(reason.subscription or "-")
    return ctx.say("verdict-filtered", subscription=words, filter=reason.detail, value=value)


def _not_watched(ctx: Context, here: Here, lead: Claim | None) -> list[str]:
    """Nobody here watched its parties; what would, or does since."""
    parties = lead.parties if lead else ()
    names = ctx.companies(parties, 5)
    if since := here.watching(parties):
        numbers = ctx.joined([str(s.id) for s in since], 5)
        return [ctx.say("verdict-watched-since", companies=names, numbers=numbers)]
    known = [p for p in parties if p in ctx.rulebook.companies]
    words = typed(ctx, "subscribe", *known[:3])
    return [ctx.say("verdict-not-watched", companies=names, words=words)]
