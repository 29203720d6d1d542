"""How the feeds are, and how well what was told was received."""

from datetime import timedelta

import pytest

from bot.domain.channels import ChannelRef
from bot.domain.feeds import FeedStatus
from bot.errors import FetchError
from tests.kit.world import DESK

GERMAN = "Xiaomi soll vor dem Einstieg in die Produktion von Elektroautos stehen"
VENTURE = "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für Elektroautos"


@pytest.fixture
async def feeds(world, talk):
    """Three feeds: one well, one that has failed of late, one that never answered."""
    await world.subscribe(DESK, "xiaomi")
    world.feed("strom", title="Strom und Straße").publish(GERMAN)
    world.feed("dianche", title="电车观察").publish("小米发布新手机")
    never = world.feed("silent")
    never.fail_next(*[FetchError("the host answered 503")] * 3)
    await world.run_for("1m")
    world.feed("dianche").fail_next(FetchError("no connection within 10 seconds"))
    await world.run_for("2m")
    return talk


# ---------------------------------------------------------------------------------------------------------------- feeds


async def test_feeds_in_short(feeds):
    """How many, which fail and since when with the reason and the next try, which never answered."""
    lines = (await feeds("feeds")).lines
    assert lines[0] == "3 feeds: 2 fail, 1 has never answered."
    assert lines[1] == "2 entries, 1 told at once, 0 for digests."
    assert lines[2].startswith("dianche fails since 2026-03-02 09:0")
    assert "(once): no connection within 10 seconds. Next try 2026-03-02 10:" in lines[2]
    assert lines[3].startswith("silent has never answered (1 try): the host answered 503. Next try ")
    assert lines[-1] == "Each in short: feeds all · one in detail: feeds dianche"


@pytest.mark.parametrize(
    ("language", "word", "count"),
    [
        ("de", "quellen", "3 Feeds: 2 sind gestört, 1 hat nie geantwortet."),
        ("zh", "来源", "3 个信息源：2 个出错，1 个从未应答。"),
    ],
)
async def test_feeds_in_the_channels_language_and_zone(feeds, language, word, count):
    """Times too."""
    await feeds.speaks(language, "Asia/Shanghai")
    lines = (await feeds(word)).lines
    assert lines[0] == count
    assert "17:0" in lines[2]


async def test_each_feed_with_what_it_brought(feeds, world):
    """A page of them at a time."""
    assert (await feeds("feeds all")).lines == (
        "dianche (fails): 1 entry, 0 told at once, 0 for digests.",
        "silent (fails): 0 entries, 0 told at once, 0 for digests.",
        "strom: 1 entry, 1 told at once, 0 for digests.",
    )
    for n in range(14):
        world.feed(f"more-{n}")
    await world.run_for("1m")
    lines = (await feeds("feeds all")).lines
    assert len(lines) == 16
    assert "feeds all 2" in lines[-1]
    assert len((await feeds("feeds all 2")).lines) == 2
    assert "2 pages" in await feeds.refused("feeds all 3")


@pytest.mark.parametrize("name", ["strom", "STROM", "Strom und Straße", "straße"])
async def test_one_feed_in_detail(feeds, name):
    """By its id, its title, or a part of either."""
    text = await feeds.lines(f"feeds {name}")
    assert "strom: Strom und Straße (feeds.example)" in text
    assert "strom is well" in text
    assert "1 entry, 1 told at once, 0 for digests." in text


async def test_what_became_of_a_feeds_entries(feeds):
    """The silent ones by reason."""
    assert "1 silent: no claim 1" in await feeds.lines("feeds 电车")


async def test_several_or_no_feeds_of_a_name(feeds):
    """All are named; the nearest is suggested."""
    assert await feeds.lines("feeds feeds.example") == "Which one? dianche, silent and strom"
    assert "feeds strom" in await feeds.refused("feeds strum")


async def test_no_feeds_at_all(talk):
    """It is said, and is no error."""
    assert await talk.lines("feeds") == "There is no feed."


async def test_a_feed_that_is_gone(feeds, world):
    """It is asked no more."""
    world.feed("strom").fail_next(FetchError("gone", gone=True))
    await world.run_for("2m")
    (feed,) = [f for f in await world.store.feeds() if f.spec.id == "strom"]
    assert feed.status is FeedStatus.GONE
    assert "strom is gone for good" in await feeds.lines("feeds strom")


# -------------------------------------------------------------------------------------------------------------- quality


async def test_quality_is_of_thirty_days(feeds, world):
    """Entries, told and silent by reason; what is older does not count."""
    text = await feeds.lines("quality")
    assert text.splitlines()[0] == "30 days: 2 entries, 1 told at once, 0 for digests."
    assert "1 silent: no claim 1" in text
    world.clock.advance(timedelta(days=31))
    assert (await feeds.lines("quality")).splitlines()[0] == "30 days: 0 entries, 0 told at once, 0 for digests."


@pytest.mark.parametrize(
    ("language", "word", "line"),
    [
        ("de", "qualität", "Gemeldet ohne Rückmeldung: Einstieg in Elektroautos 1, Gemeinschaftsunternehmen 1"),
        ("zh", "质量", "已发送、暂无反馈：进军电动汽车 1、组建合资企业 1"),
    ],
)
async def test_rules_are_named_by_what_they_find(feeds, world, *, language, word, line):
    """In the channel's language, not by their ids."""
    await world.subscribe(DESK, "geely", language=language)
    world.feed("strom").publish(VENTURE)
    await world.run_for("1m")
    found = await feeds.lines(word)
    assert "joint-venture" not in found
    assert line in found


async def test_feedback_by_rule_the_worst_first(feeds, world):
    """How much was told by each rule, and what people thought of it."""
    await world.subscribe(DESK, "geely")
    world.feed("strom").publish(VENTURE)
    await world.run_for("1m")
    await feeds("useful S1")
    await feeds("useless S2")
    await feeds("useless S2", person=ChannelRef("slack", "UBEN"))
    lines = (await feeds("quality")).lines
    assert "Feedback: 1 useful, 2 useless." in lines
    assert lines[-2:] == (
        "joint venture: 1 told, 0 useful, 2 useless",
        "move into electric cars: 1 told, 1 useful, 0 useless",
    )


@pytest.mark.parametrize(("language", "word", "how"), [("de", "qualität", "nützlich S42"), ("zh", "质量", "有用 S42")])
async def test_without_feedback_the_words_for_it_are_offered(feeds, language, word, how):
    """In the channel's language."""
    await feeds.speaks(language)
    assert how in await feeds.lines(word)


async def test_what_could_not_be_read_is_counted(feeds, world):
    """It is not lost among the silent ones."""
    read = world.live.reader.read

    class Crashing:
        def read(self, entry):
            if "bad" in entry.title:
                raise RuntimeError("too odd")
            return read(entry)

        def misses(self, entry, limit=3):
            return ()

    world.live.swap(world.live.rulebook, Crashing())
    link = world.feed("strom").publish("bad").link
    await world.run_for("1m")
    assert "1 could not be read." in await feeds.lines("quality")
    assert "It could not be read, by a mistake of ours: RuntimeError" in await feeds.lines(f"why-not {link}")
