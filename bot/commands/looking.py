"""Looking things up: the newest stories, a company, a search, one story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.commands.citing import as_message, cited, in_short, listed, typed
from bot.commands.context import Context
from bot.commands.stories import the_story
from bot.commands.verdicts import Here
from bot.domain.claims import Family
from bot.domain.messages import Message, Reply, SourceLink
from bot.domain.rulebook import Company, NameKind
from bot.domain.stories import Change, Found, Story, StoryId, StoryView, Told
from bot.engine.former import entry_of_today
from bot.engine.hygiene import safe_link
from bot.engine.messages import size
from bot.engine.notes import label_of
from bot.errors import StoreError

_DEFAULT, _MOST = 5, 10
#: How far back a company is counted.
_RECENT = timedelta(days=90)
_MAX_NEWEST, _MAX_ALIASES, _MAX_CHANGES, _MAX_MESSAGES, _MAX_RELATED, _MAX_SIDES = 3, 4, 8, 5, 3, 6
#: Of what a search finds; who has found more than this wants other words.
_LOOKED_AT = 100
#: How many characters a list of links may have.
_MAX_LINKS = 2500


async def latest(ctx: Context, words: Sequence[str]) -> Reply:
    """`latest [COMPANY|LIST] [N]`: the newest stories, of what the channel watches where nothing is named."""
    number, named = _DEFAULT, list(words)
    if named and named[-1].isdecimal() and (len(named) == 1 or ctx.names.longest(named) < len(named)):
        number = int(named.pop()[:3])  # the name of a car may end in a number; one of three digits is too many anyway
    if not 1 <= number <= _MOST:
        return ctx.refuse(ctx.say("latest-number", most=_MOST, words=typed(ctx, "latest", *named, str(_MOST))))
    companies: Collection[str] = ()
    if named:
        text = " ".join(named)
        one, found = ctx.names.company(text), ctx.names.watchlist(text)
        if one is None and found is None:
            return ctx.refuse(*_unknown(ctx, text))
        companies = (one,) if one else found.companies if found else ()
        what = ctx.company(one) if one else found.id if found else ""
        heading = ctx.say("latest-of", what=what)
    else:
        companies = {c for s in await ctx.store.all_subscriptions(ctx.channel.ref) for c in s.watched}
        heading = ctx.say("latest-here") if companies else ctx.say("latest-all")
    views = await ctx.store.latest(companies=companies, limit=number) if companies or not named else []
    if not views:
        return ctx.reply(heading, ctx.say("latest-none"))
    more = number < _MOST and len(views) == number
    lines = [heading, *([ctx.say("more", words=typed(ctx, "latest", *named, str(_MOST)))] if more else [])]
    return ctx.reply(*lines, messages=[as_message(ctx, v) for v in views])


async def company(ctx: Context, words: Sequence[str]) -> Reply:
    """A company: who it is, what it did lately, and whether this channel watches it."""
    text = " ".join(words)
    one = ctx.names.company(text)
    if one is None:
        return ctx.refuse(*_unknown(ctx, text))
    known = ctx.rulebook.named[one]
    leads = await ctx.store.leads_since(ctx.now - _RECENT, [one])
    newest = await ctx.store.latest(companies=[one], limit=_MAX_NEWEST)
    lines = [_who(ctx, known), _counted(ctx, leads)]
    lines += _sides(ctx, one, await ctx.store.search("", [one], limit=50), {v.story.id for v in newest})
    watching = [s for s in await ctx.store.all_subscriptions(ctx.channel.ref) if one in s.watched]
    if watching:
        lines.append(ctx.say("company-watched", numbers=ctx.joined([str(s.id) for s in watching])))
    else:
        lines.append(ctx.say("company-unwatched", words=typed(ctx, "subscribe", one)))
    if len(newest) == _MAX_NEWEST:
        lines.append(ctx.say("more", words=typed(ctx, "latest", one, str(_MOST))))
    return ctx.reply(*lines, messages=[as_message(ctx, v) for v in newest])


async def search(ctx: Context, words: Sequence[str]) -> Reply:
    """`search WORDS`: what was read with these words, a page at a time; a company's name finds it in every spelling."""
    page, wanted = _page(words)
    text = " ".join(wanted)
    if not text:
        return ctx.refuse(ctx.say("usage-search"))
    one = ctx.names.company(text)
    found = await ctx.store.search(text, [one] if one else [], limit=_LOOKED_AT + 1)
    if not found:
        lines = [ctx.say("search-none", text=text)]
        near = None if one else ctx.names.nearest(text)
        if near is not None:
            lines.append(ctx.say("search-near", words=typed(ctx, "search", near)))
        return ctx.reply(*lines)
    more, found = len(found) > _LOOKED_AT, found[:_LOOKED_AT]
    stories = list(dict.fromkeys(f.story for f in found if f.story is not None))
    loose = list({f.entry.id: f for f in found if f.story is None}.values())
    told = ctx.say(
        "search-found",
        text=ctx.company(one) if one else text,
        most=_LOOKED_AT if more else 0,
        stories=len(stories),
        reports=sum(f.story is not None for f in found),
        entries=len(loose),
    )
    pages = -(-(len(stories) + len(loose)) // _MOST)
    if page > pages:
        return ctx.refuse(told, ctx.say("search-no-page", pages=pages, words=typed(ctx, "search", text)))
    first, end = (page - 1) * _MOST, page * _MOST
    views = [await ctx.store.story_view(s) for s in stories[first:end]]
    loose = loose[max(first - len(stories), 0) : max(end - len(stories), 0)]
    lines = [told, *(in_short(ctx, v.story, v.reports[0].claim) for v in views[_MAX_MESSAGES:])]
    lines += [cited(ctx, f.entry.entry) for f in loose]
    if page < pages:
        lines.append(ctx.say("more", words=typed(ctx, "search", text, f"#{page + 1}")))
    return ctx.reply(*lines, messages=[as_message(ctx, v) for v in views[:_MAX_MESSAGES]])


def _page(words: Sequence[str]) -> tuple[int, Sequence[str]]:
    """The page asked for by `#2` at the end, and the words before it."""
    number = words[-1].removeprefix("#") if words else ""
    if number and number != words[-1] and number.isascii() and number.isdigit():
        return max(int(number[:3]), 1), words[:-1]
    return 1, words


async def story(ctx: Context, words: Sequence[str]) -> Reply:
    """`story S42`: the story as it is now, how it came to be so, and where it was told."""
    view = await the_story(ctx, words)
    lines = [*_history(ctx, view), await told_here(ctx, view.story)]
    for other in [*([view.story.follows] if view.story.follows else []), *view.story.related][:_MAX_RELATED]:
        lines += await _related(ctx, other)
    lines.append(ctx.say("more", words=typed(ctx, "why", view.story.name)))
    message = as_message(ctx, view)
    return ctx.reply(*lines, messages=[message, *_other_links(ctx, view, message)])


async def told_here(ctx: Context, of: Story) -> str:
    """Whether and how this channel was told a story."""
    post = await ctx.store.post(of.id, ctx.channel.ref)
    if post is not None and post.root is not None:
        return ctx.say("story-told", story=of.name)
    if post is not None and post.in_digest:
        return ctx.say("story-in-digest", story=of.name)
    here = await Here.of(ctx)
    # What only a digest will tell has no post yet.
    if of.id in here.held and not here.silenced(ctx, of):
        return ctx.say("story-waits", story=of.name)
    return ctx.say("story-untold", story=of.name)


# ------------------------------------------------------------------------------------------------------------ a company


def _unknown(ctx: Context, text: str) -> list[str]:
    near = ctx.names.nearest(text)
    hint = ctx.say("name-near", name=near) if near else ctx.say("name-search", words=typed(ctx, "search", text))
    return [ctx.say("name-unknown", name=text), hint]


def _who(ctx: Context, of: Company) -> str:
    """Name, sectors, and the names in other scripts."""
    name = ctx.company(of.id)
    written = [a.phrase.text.strip("*") for a in of.aliases if a.kind is NameKind.ALIAS]
    others = dict.fromkeys(t for t in (of.name, *written) if t != name and (t == of.name or not t.isascii()))
    sectors = ctx.joined([ctx.say("sector", sector=s) for s in of.sector])
    if not others:
        return ctx.say("company-who", name=name, id=of.id, sectors=sectors or "-")
    spellings = listed(ctx, list(others)[:_MAX_ALIASES])
    return ctx.say("company-who-also", name=name, id=of.id, sectors=sectors or "-", others=spellings)


def _counted(ctx: Context, leads: Sequence[Found]) -> str:
    """How many stories, by family."""
    families = {f.story: f.entry.reading.lead.kind.family for f in leads if f.entry.reading.lead}
    counts = Counter(families.values())
    each = [ctx.say("company-family", family=f.value, count=counts[f]) for f in Family if counts[f]]
    return ctx.say("company-count", count=len(families), days=_RECENT.days, each=listed(ctx, each))


def _sides(ctx: Context, id: str, found: Sequence[Found], told: Collection[StoryId]) -> list[str]:
    """The stories in whose reports it stands on the side only, in one line."""
    beside: dict[StoryId, None] = {}
    for f in found:
        claims = entry_of_today(f.entry, ctx.rulebook).reading.claims
        if f.story is None or f.story in told or not claims or not claims[0].lead or id in claims[0].parties:
            continue
        if any(id in c.parties and not c.draft for c in claims):
            beside[f.story] = None
    return [ctx.say("company-sides", stories=ctx.joined([f"S{s}" for s in beside], _MAX_SIDES))] if beside else []


# -------------------------------------------------------------------------------------------------------------- a story


def _history(ctx: Context, view: StoryView) -> list[str]:
    """Each change with date, outlet and certainty; where there are many, first those that changed how sure it is."""
    changes = [r for r in view.reports if r.change in (Change.OPENED, Change.LINE, Change.EDITED)]
    loud = [r for r in changes if r.change is not Change.EDITED]
    kept = changes if len(changes) <= _MAX_CHANGES else loud[:_MAX_CHANGES]
    lines = [_change(ctx, view.story, r) for r in kept]
    if rest := len(view.reports) - len(kept):
        lines.append(ctx.say("story-rest", count=rest))
    return lines


def _change(ctx: Context, of: Story, report: Told) -> str:
    date = ctx.day(report.published) if report.published else ctx.say("cite-undated")
    certainty = (ctx.sure if report.change is Change.LINE else ctx.certainty)(of.kind, report.certainty)
    return ctx.say("story-change", date=date, outlet=label_of(report), certainty=certainty, change=report.change.value)


async def _related(ctx: Context, id: StoryId) -> list[str]:
    try:
        view = await ctx.store.story_view(id)
    except StoreError:  # past its time
        return []
    return [ctx.say("story-related", story=in_short(ctx, view.story, view.reports[0].claim))] if view.reports else []


def _other_links(ctx: Context, view: StoryView, message: Message) -> list[Message]:
    """The sources that the message itself leaves out, newest first, as far as one more message holds them."""
    shown = {source.url for source in message.sources}
    links = {url: r for r in view.reports if r.link and (url := safe_link(r.link))}
    sources = [SourceLink(label_of(r), url, r.published) for url, r in links.items() if url not in shown][::-1]
    if not sources:
        return []
    more = replace(message, first_line=ctx.say("story-sources", count=len(sources)), quote="", notes=(), story=None)
    more = replace(more, sources=tuple(sources), ringing=False, revision=None)
    while size(more) > _MAX_LINKS:
        more = replace(more, sources=more.sources[:-1])
    return [more]
