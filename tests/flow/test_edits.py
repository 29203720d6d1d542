"""An entry that is edited in its feed: told once, where it was not told before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channels import ReasonCode
from tests.kit.world import DESK

TEASERS = {
    "en": ("BYD calls a press conference", "BYD and Uber form EV joint venture"),
    "de": ("Geely lädt zur Pressekonferenz", "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für Elektroautos"),
    "zh": ("吉利今日召开发布会", "吉利与富士康成立合资公司，生产电动汽车"),
}
TEASER, NEWS = TEASERS["en"]


@pytest.fixture(params=TEASERS)
def teaser(request):
    return TEASERS[request.param]


def edit(feed, title=None, text=None, n=0):
    """The feed's document has the entry in other words."""
    old = feed.entries[n]
    feed.entries[n] = replace(old, title=old.title if title is None else title, text=old.text if text is None else text)


async def codes(world):
    return [d.reason.code for _, d in await world.store.decisions()]


async def test_an_edited_title_that_is_news_now_is_told_once(world, teaser):
    """In any language; both decisions are kept, the newest first."""
    before, after = teaser
    feed = world.feed("first")
    feed.publish(before)
    await world.run_for("5m")
    assert world.slack.messages(DESK) == []
    edit(feed, title=after)
    await world.run_for("20m")
    (told,) = world.slack.messages(DESK)
    assert (told.edits, told.lines) == ([], [])
    found = await codes(world)
    assert (len(found), found[0]) == (2, ReasonCode.ROOT)
    assert await world.store.accounts() == {ReasonCode.ROOT: 1}


async def test_an_edited_text_that_is_news_now_is_told_once(world, teaser):
    """Under the headline it had."""
    before, after = teaser
    feed = world.feed("first")
    feed.publish(before, "<p>...</p>")
    await world.run_for("5m")
    edit(feed, text=f"<p>{after}</p>")
    await world.run_for("20m")
    (told,) = world.slack.messages(DESK)
    assert (told.edits, told.lines) == ([], [])


async def test_the_same_edit_in_two_feeds_is_one_message(world):
    """They are two reports of one story, as ever."""
    feeds = [world.feed(name) for name in ("first", "second")]
    for feed in feeds:
        feed.publish(TEASER)
    await world.run_for("5m")
    for feed in feeds:
        edit(feed, title=NEWS)
        await world.run_for("5m")
    (told,) = world.slack.messages(DESK)
    assert {s.label for s in told.shown.sources} == {"First", "Second"}


@pytest.mark.parametrize(
    "title",
    [
        "Updated: BYD and Uber form EV joint venture in Brazil",
        "BYD and Uber end their EV joint venture",
        "Geely and Foxconn set up an electric car joint venture",
        "BYD calls a press conference",
    ],
)
async def test_what_was_told_and_is_edited_tells_nothing(world, title):
    """Whatever it says afterwards."""
    feed = world.feed("first")
    feed.publish(NEWS)
    await world.run_for("5m")
    edit(feed, title=title)
    await world.run_for("10m")
    edit(feed, title=NEWS)
    await world.run_for("10m")
    assert len(world.slack.keys) == 1


async def test_what_was_edited_and_told_tells_nothing_more(world):
    """Two titles that take turns are one message."""
    feed = world.feed("first")
    feed.publish(TEASER)
    for n in range(12):
        await world.run_for("2m")
        edit(feed, title=TEASER if n % 2 else NEWS)
    await world.run_for("5m")
    assert len(world.slack.keys) == 1


async def test_titles_that_take_turns_and_are_no_news_cost_little(world):
    """After a few edits nobody looks, and nobody has been asked to decide again."""
    feed = world.feed("first")
    feed.publish(TEASER)
    await world.run_for("5m")
    titles: list[str] = []
    world.live.swap(world.live.rulebook, Counting(world.live.read, titles))
    for n in range(12):
        edit(feed, title=TEASER + " tomorrow" * (1 - n % 2))
        await world.run_for("2m")
    assert len(titles) == 6
    assert len(await codes(world)) == 1
    edit(feed, title=NEWS)
    await world.run_for("5m")
    assert world.slack.messages(DESK) == []


class Counting:
    """A reader that notes what it reads."""

    def __init__(self, read, titles):
        self._read = read
        self._titles = titles

    def read(self, entry):
        self._titles.append(entry.title)
        return self._read(entry)


async def test_a_counter_is_no_edit_and_an_ad_does_not_hide_the_news(world):
    """Figures do not count; other words under the text at every poll are soon ignored, the headline is not."""
    feed = world.feed("first")
    feed.publish(TEASER, "<p>More soon.</p>")
    await world.run_for("2m")
    titles: list[str] = []
    world.live.swap(world.live.rulebook, Counting(world.live.read, titles))
    for n in range(5):
        edit(feed, text=f"<p>More soon.</p><p>{n} comments</p>".replace("0 comments", " comments"))
        await world.run_for("2m")
    assert len(titles) == 1, "the word itself was new"
    for ad in ("bikes", "boats", "tents", "skis", "shoes"):
        edit(feed, text=f"<p>More soon.</p><p>Buy {ad}</p>")
        await world.run_for("2m")
    assert len(titles) == 3
    edit(feed, title=NEWS)
    await world.run_for("5m")
    assert len(world.slack.messages(DESK)) == 1


async def test_a_restart_between_changes_nothing(world):
    """What it said is in the database; told before or after, it is told once."""
    feed = world.feed("first")
    feed.publish(TEASER)
    await world.run_for("5m")
    await world.restart()
    edit(feed, title=NEWS)
    await world.run_for("5m")
    await world.restart()
    edit(feed, title=TEASER)
    await world.run_for("5m")
    edit(feed, title=NEWS)
    await world.run_for("5m")
    assert len(world.slack.keys) == 1


async def test_a_failed_poll_forgets_the_edit_it_saw(world):
    """Nothing was written: the next poll sees it again."""
    feed = world.feed("first")
    feed.publish(TEASER)
    await world.run_for("5m")
    edit(feed, title=NEWS)
    read = world.poller._read
    crashed: list[bool] = []

    async def crash(*args):
        if not crashed:
            crashed.append(True)
            raise RuntimeError("too odd")
        return await read(*args)

    world.poller._read = crash
    await world.run_for("90m")  # an hour of it is backing off
    assert crashed
    assert len(world.slack.messages(DESK)) == 1


async def test_the_backlog_stays_silent_when_it_is_edited(world):
    """What a first poll brought is read again and found, but tells nobody."""
    feed = world.feed("first", backlog=0)
    feed.publish(TEASER)
    await world.run_for("5m")
    edit(feed, title=NEWS)
    await world.run_for("10m")
    assert world.slack.messages(DESK) == []
    assert (await codes(world))[0] is ReasonCode.BACKLOG
    (found,) = await world.store.search("joint venture")
    assert found.story is not None


async def test_what_is_the_same_as_another_tells_nothing_when_it_is_edited(world):
    """Its title alone held it back; that stays so."""
    feed = world.feed("first")
    feed.publish("The week in electric cars, in twelve pictures")
    await world.run_for("2m")
    feed.entries.clear()
    feed.publish("The week in electric cars, in twelve pictures")
    await world.run_for("2m")
    assert ReasonCode.SAME_AS in await codes(world)
    edit(feed, title=NEWS)
    await world.run_for("10m")
    assert world.slack.messages(DESK) == []


async def test_an_edit_after_the_texts_were_forgotten_is_told_once(world):
    """90 days later the emptied row is no edit; another headline is."""
    feed = world.feed("first", interval=timedelta(days=1))
    feed.publish(TEASER, "<p>More soon.</p>", published=None)
    await world.run_for("95d")
    assert (await world.prune())["entries"] == 1
    await world.run_for("2d")
    assert len(await codes(world)) == 1
    edit(feed, title=NEWS)
    await world.run_for("2d")
    assert len(world.slack.messages(DESK)) == 1


async def test_edits_beside_new_entries_of_one_poll_are_one_story(world):
    """The edited report and the new one of the same happening make one message."""
    feed = world.feed("first")
    feed.publish(TEASER)
    await world.run_for("5m")
    edit(feed, title=NEWS)
    feed.publish("Uber, BYD in EV joint venture")
    await world.run_for("5m")
    assert len(world.slack.messages(DESK)) == 1
