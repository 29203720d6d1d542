"""Which story somebody means: `S42`, or the one whose message was clicked on or answered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands.citing import typed
from bot.commands.context import Context, Refused
from bot.domain.stories import StoryId, StoryView
from bot.errors import StoreError


async def the_story(ctx: Context, words: Sequence[str]) -> StoryView:
    """The story these words mean; none of them, or `this`: that of the request's message. Raises Refused."""
    number = await story_meant(ctx, words)
    if any(ctx.names.story(w.strip(",")) for w in words[1:]):
        command = ctx.request.text.split()[0]
        raise Refused(ctx.say("one-story", command=typed(ctx, command, words[0].strip(","))))
    if number is None:
        raise Refused(ctx.say("which-story"))
    try:
        return await ctx.store.story_view(number)
    except StoreError:
        raise Refused(ctx.say("no-story", story=f"S{number}")) from None


async def story_meant(ctx: Context, words: Sequence[str]) -> StoryId | None:
    """The number these words mean, whether or not there is such a story; None where they mean something else."""
    if words and ctx.vocabulary.find("word", words[0]) != "this":
        return ctx.names.story(words[0].strip(","))
    if ctx.request.message is None:
        return None
    return await ctx.store.story_under(ctx.request.channel, ctx.request.message)
