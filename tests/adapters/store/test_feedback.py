from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channels import Routed
from bot.domain.claims import Kind
from bot.domain.mutes import Feedback, Score
from bot.errors import StoreError
from tests.kit.builders import CHINESE, DESK, GERMAN, LOBBY, add, claim, parsed, post, save_story, side, spec, story
from tests.kit.clock import START

DAY = timedelta(days=1)
ANNA, BERT = "slack:T024BE/UANNA", "matrix:@bert:example.org"


def said(saved, person, useful, ref=DESK):
    return Feedback(saved.id, person, ref, useful, START)


@pytest.fixture
async def stories(store):
    """Two told of one rule, in one channel and in two; one of another rule that nobody was told."""
    await store.sync_feeds({"first": spec()}, START)
    (feed,) = await store.feeds()
    one, two = await add(store, feed.id, [parsed(GERMAN), parsed(CHINESE)], START, claim(), side("nio", "byd"))
    (three,) = await add(store, feed.id, [parsed("Ein Werk")], START, claim(kind=Kind.PLANT))
    saved = [await save_story(store, story(), entry) for entry in (one, two, three)]
    told = (post(saved[0], root="a"), post(saved[1], in_digest=True), post(saved[1], LOBBY, root="b"), post(saved[2]))
    async with store.begin() as tx:
        await tx.enqueue(Routed(posts=told))
    return saved


async def test_the_last_word_of_a_person_counts(store, stories):
    """The same word again is no news."""
    one, two, _ = stories
    assert await store.add_feedback(said(one, ANNA, True))
    assert not await store.add_feedback(said(one, ANNA, True, LOBBY))
    assert await store.add_feedback(said(one, ANNA, False))
    assert await store.add_feedback(said(one, BERT, True))
    assert await store.add_feedback(said(two, ANNA, True))
    assert await store.scores(START) == [Score("ev-entry-rule", told=2, useful=2, useless=1)]
    assert await store.opinions(START) == (2, 1)


async def test_rules_are_scored_by_what_was_told(store, stories, clock):
    """Without a word about it too; not by what waits for a digest, nor by what was told before."""
    assert await store.scores(START) == [Score("ev-entry-rule", 2, 0, 0)]
    clock.set(START + DAY)
    async with store.begin() as tx:
        await tx.enqueue(Routed(posts=(post(stories[2], root="c"),)))
    assert await store.scores(START + DAY) == [Score("plant-rule", 1, 0, 0)]
    assert await store.scores(START + 2 * DAY) == []


async def test_one_word_counts_once_whatever_rules_made_the_story(store):
    """Each of its rules is scored by it; of all that was said it is one."""
    await store.sync_feeds({"first": spec()}, START)
    (feed,) = await store.feeds()
    lead = claim()
    (one,) = await add(store, feed.id, [parsed(GERMAN)], START, lead, replace(lead, rule="other-rule"))
    saved = await save_story(store, story(), one)
    async with store.begin() as tx:
        await tx.enqueue(Routed(posts=(post(saved, root="a"),)))
    await store.add_feedback(said(saved, ANNA, True))
    assert [s.useful for s in await store.scores(START)] == [1, 1]
    assert await store.opinions(START) == (1, 0)


async def test_nobody_has_a_word_on_a_story_that_is_none(store):
    """Its number was made up."""
    with pytest.raises(StoreError):
        await store.add_feedback(said(story(99), ANNA, True))
