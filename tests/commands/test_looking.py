"""Looking things up: the newest, a company, a search, one story."""

from datetime import timedelta

import pytest

from bot.domain.channels import ChannelRef
from tests.kit.world import DESK, Cadence

GERMAN = "Xiaomi soll vor dem Einstieg in die Produktion von Elektroautos stehen"
CHINESE = "据晚点报道，小米计划造车"
CONFIRMED = "Xiaomi confirms that it is entering the electric car business"
VENTURE_PLANNED = "Geely und Foxconn ein Gemeinschaftsunternehmen für Elektroautos gründen wollen"
VENTURE = "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für Elektroautos"


@pytest.fixture
async def told(world, talk):
    """A desk of Xiaomi and Geely that has heard of two stories, one of them in two languages."""
    await world.subscribe(DESK, "xiaomi", "geely")
    await world.run_for("1m")
    world.feed("strom").publish(GERMAN)
    world.feed("dianche").publish(CHINESE, language="zh")
    await world.run_for("1m")
    world.feed("werkbank").publish(VENTURE)
    await world.run_for("1m")
    return talk


def stories(reply):
    return [m.story for m in reply.messages]


# --------------------------------------------------------------------------------------------------------------- latest


async def test_latest_is_of_what_the_channel_watches(told, world):
    """The newest first, as messages; what nobody here watches is left out."""
    world.feed("strom").publish("Ford plans battery plant in Kentucky")
    await world.run_for("1m")
    reply = await told("latest")
    assert stories(reply) == ["S2", "S1"]
    assert reply.messages[0].first_line.startswith("Geely + Foxconn: joint venture.")
    assert "this channel watches" in reply.lines[0]


async def test_latest_of_a_channel_that_watches_nothing_is_of_everything(told):
    """And it says so."""
    reply = await told("latest", channel=ChannelRef("slack", "C0NEW"))
    assert len(reply.messages) == 2
    assert "watches nothing yet" in reply.lines[0]


@pytest.mark.parametrize(
    ("words", "wanted"), [("latest 小米", ["S1"]), ("latest german-makers", []), ("latest geely 1", ["S2"])]
)
async def test_latest_of_a_company_or_a_list(told, words, wanted):
    """By any name; a number says how many."""
    reply = await told(words)
    assert stories(reply) == wanted
    assert reply.understood


async def test_more_is_offered_by_a_word_to_type(told):
    """Where there may be more than was asked for."""
    assert "latest geely 10" in await told.lines("latest geely 1")
    assert "latest" not in await told.lines("latest geely")


@pytest.mark.parametrize("words", ["latest 0", "latest 11", "latest xiaomi " + "9" * 5000])
async def test_latest_has_its_bounds(told, words):
    """The number that would do is named, with all that was typed."""
    assert words.rsplit(" ", 1)[0] + " 10" in await told.refused(words)


async def test_latest_of_nobody(told):
    """Somebody unknown is said to be so, with the nearest name or the search."""
    assert "xiaomi" in (await told.refused("latest xiaomy")).lower()
    assert "search qqqqqq" in await told.refused("latest qqqqqq")


# -------------------------------------------------------------------------------------------------------------- company


@pytest.mark.parametrize("name", ["xiaomi", "Xiaomi", "小米", "小米集团"])
async def test_a_company_by_any_of_its_names(told, name):
    """Who it is, how much it did, whether it is watched, and its newest story, whatever the script."""
    reply = await told(name)
    text = "\n".join(reply.lines)
    assert "Xiaomi (xiaomi)" in text
    assert "小米" in text
    assert "1 story in 90 days: entry and exit 1" in text
    assert "subscription 1" in text
    assert stories(reply) == ["S1"]


async def test_a_company_that_is_not_watched_comes_with_the_words_to_watch_it(told):
    """In the channel's language; its name too is in the channel's script."""
    await told.speaks("zh", "Asia/Shanghai")
    text = await told.lines("nio")
    assert text.startswith("蔚来（nio）：汽车制造商。")
    assert "订阅 nio" in text
    assert "90 天内没有消息" in text


async def test_where_a_company_stands_on_the_side_is_one_line(told, world):
    """Foxconn is a party of one story, and on the side in another."""
    world.feed("motorwire").publish(GERMAN, f"{GERMAN}. Ebenfalls im Januar wurde bekannt, dass {VENTURE_PLANNED}.")
    await world.run_for("1m")
    assert "On the side in S1." in (await told("foxconn")).lines


async def test_old_stories_of_a_company_are_not_counted_but_shown(told, world):
    """After 90 days."""
    world.clock.advance(timedelta(days=100))
    reply = await told("xiaomi")
    assert "No story in 90 days." in reply.lines
    assert stories(reply) == ["S1"]


# --------------------------------------------------------------------------------------------------------------- search


async def test_a_company_is_found_in_every_language(told):
    """Searching for its Chinese name finds what is written of it in German, each story once."""
    reply = await told("search 小米")
    assert stories(reply) == ["S1"]
    assert reply.lines == ("“Xiaomi”: 1 story (2 reports).",)


async def test_words_find_entries_that_are_no_story(told, world):
    """In one line: date, outlet, title and host."""
    world.feed("strom").publish("Handwerk sucht Lehrlinge", "19.000 Stellen sind frei.", link="https://news.example/1")
    await world.run_for("1m")
    reply = await told("search Lehrlinge")
    assert reply.lines == (
        "“Lehrlinge”: no story, 1 report without a story:",
        "2026-03-02 Strom: Handwerk sucht Lehrlinge (news.example)",
    )
    assert reply.messages == ()


async def test_nothing_found_suggests_the_nearest_company(told):
    """And is no error."""
    assert await told.lines("search Xaiomi") == "Nothing that was read has “Xaiomi”.\nDid you mean: search Xiaomi"
    assert await told.lines("search zzzzzz") == "Nothing that was read has “zzzzzz”."


@pytest.mark.parametrize(
    ("language", "command", "count", "more"),
    [
        ("en", "search", "“Lehrlinge”: no story, 13 reports without a story:", "More: search Lehrlinge #2"),
        ("de", "suche", "„Lehrlinge“: keine Meldung, 13 Berichte ohne Meldung:", "Mehr: suche Lehrlinge #2"),
        ("zh", "搜索", "“Lehrlinge”：没有事件，另有 13 篇报道不属于事件：", "更多：搜索 Lehrlinge #2"),
    ],
)
async def test_what_is_found_comes_in_pages(told, world, *, language, command, count, more):
    """All of it is counted, and the words for the next page stand below."""
    await told.speaks(language)
    for n in range(13):
        world.feed("strom").publish(f"Handwerk sucht {n} Lehrlinge", link=f"https://news.example/{n}")
    await world.run_for("1m")
    lines = (await told(f"{command} Lehrlinge")).lines
    assert (lines[0], len(lines), lines[-1]) == (count, 12, more)
    rest = (await told(f"{command} Lehrlinge #2")).lines
    assert rest[0] == count
    assert len(rest) == 4
    assert f"{command} Lehrlinge" in await told.refused(f"{command} Lehrlinge #3")


async def test_a_search_that_finds_too_much_says_so(told, world):
    """What was looked at is not all there is."""
    for n in range(101):
        world.feed("strom").publish(f"Handwerk sucht {n} Lehrlinge", link=f"https://news.example/{n}")
    await world.run_for("1m")
    lines = (await told("search Lehrlinge")).lines
    assert lines[0] == ("“Lehrlinge”, the 100 of many reports that fit best: no story, 100 reports without a story:")


async def test_a_search_without_words_says_how(told):
    """One line of usage."""
    assert "search" in await told.refused("search")


@pytest.mark.parametrize(
    "words", ['search " OR *', "search <!channel> ](https://evil)", "search \u202egnp", "search 新 NEAR("]
)
async def test_whatever_is_searched_for_is_text(told, words):
    """Nothing in it is syntax, and nothing hidden comes back."""
    reply = await told(words)
    assert reply.understood
    assert "\u202e" not in "".join(reply.lines)


# ---------------------------------------------------------------------------------------------------------------- story


async def test_a_story_with_its_history(told, world):
    """Each change with date, outlet and how sure; then whether it was told here."""
    world.feed("motorwire").publish(CONFIRMED)
    await world.run_for("1m")
    reply = await told("story S1")
    assert reply.lines[:4] == (
        "2026-03-02 Strom: Rumour",
        "2026-03-02 Dianche: reports it too",
        "2026-03-02 Motorwire: now confirmed",
        "S1 was told here in a message of its own.",
    )
    assert reply.messages[0].first_line.startswith("Xiaomi: move into electric cars. Confirmed.")
    assert "why S1" in reply.lines[-1]


async def test_a_bare_number_is_a_story_and_so_is_a_click(told, world):
    """`S1`, or the message it is in."""
    (message,) = [m.id for m in world.slack.messages(DESK) if "Xiaomi" in m.text]
    one, other, clicked = await told("S1"), await told("story s1"), await told("story", message=message)
    assert one.lines == other.lines == clicked.lines
    assert one.messages == other.messages == clicked.messages


async def test_many_changes_are_cut_to_those_that_matter(told, world):
    """A phone has room for what changed how sure it is; the rest is counted, and every source is linked."""
    for n in range(12):
        outlet = f"Blatt {n}"
        world.feed("strom").publish(
            f"{GERMAN}, meldet {outlet}", outlet_name=outlet, outlet_link=f"https://blatt{n}.example"
        )
    await world.run_for("1m")
    reply = await told("story S1")
    assert "and 13 more reports" in reply.lines
    links = [s.url for m in reply.messages for s in m.sources]
    assert len(links) == len(set(links)) == 14


async def test_what_was_not_told_here_says_so(told):
    """Another channel's stories can be looked up."""
    assert "S1 was not told here." in await told.lines("story S1", channel=ChannelRef("slack", "C0NEW"))


async def test_a_story_that_waits_for_a_digest_says_so(told, world):
    """And one that was told in it."""
    await world.subscribe("C0DAILY", "nio", cadence=Cadence.DAILY)
    world.feed("dianche").publish("现代汽车宣布向蔚来投资十亿美元", "现代汽车宣布向蔚来投资十亿美元，用于电动汽车。")
    await world.run_for("1m")
    there = ChannelRef("slack", "C0DAILY")
    assert "waits for the next digest" in await told.lines("story S3", channel=there)
    world.clock.advance("1d")
    await world.run_for("1m")
    assert "was told here in a digest" in await told.lines("story S3", channel=there)


@pytest.mark.parametrize("words", ["story", "story S999", "story xiaomi", "story S0"])
async def test_no_such_story(told, words):
    """It is refused in a sentence."""
    assert await told.refused(words)
