import re
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.channels import LIST_LEFT, Appetite, Cadence, Channel, ChannelRef, Filter
from bot.domain.claims import Certainty, Kind
from bot.domain.rulebook import Severity
from bot.domain.stories import StoryId


async def the_one(talk):
    (subscription,) = await talk.world.store.all_subscriptions()
    return subscription


async def test_a_subscription_says_what_it_would_have_told_and_how_to_undo_it(talk):
    """The newest stories of the last thirty days, as messages."""
    world = talk.world
    world.feed("first", interval=timedelta(days=1)).publish("BYD and Uber form EV joint venture")
    await world.run_for("5m")
    world.feed("second", interval=timedelta(days=1)).publish("Volkswagen baut ein Werk für Elektroautos in Spanien")
    await world.run_for("1h")
    reply = await talk("subscribe byd volkswagen")
    assert reply.lines == (
        "Subscribed. 1: BYD and Volkswagen; at once (2 companies).",
        "In the last 30 days it would have told 2 stories, 2 of them at once. The newest:",
        "To undo it: unsubscribe 1",
    )
    assert [m.story for m in reply.messages] == ["S2", "S1"]
    assert "Volkswagen" in reply.messages[0].first_line


async def test_what_it_would_have_told_is_what_routing_wants(talk):
    """Filters and mutes count; what was only seen longer ago does not."""
    world = talk.world
    world.feed("first").publish("BYD and Uber form EV joint venture")
    await world.run_for("5m")
    assert "told nothing" in await talk.lines("subscribe byd kind:plant")
    assert "1 story, at once" in await talk.lines("subscribe byd kind:joint-venture")
    assert "1 story, in a digest" in await talk.lines("subscribe byd daily")
    await talk("mute byd")
    assert "told nothing" in await talk.lines("subscribe byd")
    await talk("unmute byd")
    await talk("mute S1")
    assert "told nothing" in await talk.lines("subscribe byd all")
    await talk("unmute all")
    world.clock.advance("31d")
    assert "told nothing" in await talk.lines("subscribe byd weekly")


async def test_the_backlog_of_a_first_poll_counts(talk):
    """Told nobody, but it shows what to expect."""
    talk.world.feed("first", backlog=0).publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    assert "1 story" in await talk.lines("subscribe byd")


async def test_what_was_subscribed_is_told(talk):
    """From the next poll on."""
    await talk.lines("subscribe 比亚迪")
    talk.world.feed("first").publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    assert len(talk.world.slack.messages("C0EVDESK")) == 1


async def test_the_same_again_says_so(talk):
    """Nothing is added; another filter is another subscription."""
    await talk.lines("subscribe byd nio")
    assert (await talk.lines("subscribe 蔚来, BYD")).startswith("That is subscribed already. 1:")
    await talk.lines("subscribe byd nio daily")
    assert len(await talk.world.store.all_subscriptions()) == 2


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("-nio", Filter(without=frozenset({"nio"}))),
        ("–nio", Filter(without=frozenset({"nio"}))),
        ("without nio, great wall", Filter(without=frozenset({"nio", "great-wall"}))),
        ("ohne nio und Great Wall", Filter(without=frozenset({"nio", "great-wall"}))),
        ("除了 蔚来", Filter(without=frozenset({"nio"}))),
        ("-great wall", Filter(without=frozenset({"great-wall"}))),
        ("kind:joint-venture,plant", Filter(kinds=frozenset({Kind.JOINT_VENTURE, Kind.PLANT}))),
        ("kind: joint venture, plant", Filter(kinds=frozenset({Kind.JOINT_VENTURE, Kind.PLANT}))),
        ("art:Gemeinschaftsunternehmen,Werk", Filter(kinds=frozenset({Kind.JOINT_VENTURE, Kind.PLANT}))),
        ("类型：合资，建厂", Filter(kinds=frozenset({Kind.JOINT_VENTURE, Kind.PLANT}))),
        ("kind:plant kind:talks", Filter(kinds=frozenset({Kind.PLANT, Kind.TALKS}))),
        ("certainty:confirmed,denied", Filter(certainties=frozenset({Certainty.CONFIRMED, Certainty.DENIED}))),
        ("确定性：已证实", Filter(certainties=frozenset({Certainty.CONFIRMED}))),
        ("severity:high", Filter(severity=Severity.HIGH)),
        ("gewicht:hoch", Filter(severity=Severity.HIGH)),
        ("lang:de,中文", Filter(languages=frozenset({"de", "zh"}))),
    ],
)
async def test_filters(talk, typed, expected):
    """In any language, with any spaces; what is chosen by its own words or by part of them."""
    await talk.lines(f"subscribe chinese-ev-makers {typed}")
    subscription = await the_one(talk)
    assert subscription.watchlists == ("chinese-ev-makers",)
    assert (subscription.filter, subscription.companies) == (expected, frozenset())


@pytest.mark.parametrize("typed", ["reuters", "Reuters", "路透社", "reuters.com"])
async def test_an_outlet_is_meant_in_every_spelling(talk, typed):
    """The entry may bear its name, an alias or its host."""
    await talk.lines(f"subscribe byd outlet:{typed}")
    assert {"Reuters", "路透社", "reuters.com"} <= (await the_one(talk)).filter.outlets
    assert "from Reuters;" in await talk.lines("unsubscribe")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", (Appetite.DEFAULT, Cadence.AT_ONCE, None, 0)),
        ("moves", (Appetite.MOVES, Cadence.AT_ONCE, None, 0)),
        ("all", (Appetite.ALL, Cadence.AT_ONCE, None, 0)),
        ("alles sofort", (Appetite.ALL, Cadence.AT_ONCE, None, 0)),
        ("at once", (Appetite.DEFAULT, Cadence.AT_ONCE, None, 0)),
        ("daily", (Appetite.DEFAULT, Cadence.DAILY, None, 0)),
        ("daily 8:30", (Appetite.DEFAULT, Cadence.DAILY, time(8, 30), 0)),
        ("täglich um 8 Uhr alles", (Appetite.ALL, Cadence.DAILY, time(8), 0)),
        ("每日 8点", (Appetite.DEFAULT, Cadence.DAILY, time(8), 0)),
        ("weekly friday 17:00", (Appetite.DEFAULT, Cadence.WEEKLY, time(17), 4)),
        ("weekly at 17:00 on friday moves", (Appetite.MOVES, Cadence.WEEKLY, time(17), 4)),
        ("wöchentlich freitags", (Appetite.DEFAULT, Cadence.WEEKLY, None, 4)),
        ("每周 周五 9点 动作", (Appetite.MOVES, Cadence.WEEKLY, time(9), 4)),
    ],
)
async def test_how_much_and_when(talk, typed, expected):
    """Appetite, cadence, hour and day."""
    await talk.lines(f"subscribe byd {typed}")
    made = await the_one(talk)
    assert (made.appetite, made.cadence, made.digest_at, made.weekday) == expected
    assert made.companies == {"byd"}


async def test_all_is_the_list_of_everybody_where_nobody_is_named(talk):
    """`subscribe all` and `subscribe byd all` mean different things."""
    await talk.lines("subscribe all -byd all")
    made = await the_one(talk)
    assert (made.watchlists, made.appetite) == (("all",), Appetite.ALL)


async def test_every_mistake_of_a_line_is_told_at_once(talk):
    """With the nearest word of each; nothing is subscribed."""
    text = "subscribe volkswagn byd kind:plont severity:extreme lang:deutsh outlet: moves"
    assert (await talk.refused(text)).splitlines() == [
        "kind: I do not know “plont”. Did you mean plant?",
        "severity: I do not know “extreme”. There are: low, normal and high",
        "lang: I do not know “deutsh”. Did you mean Deutsch?",
        "outlet: I do not know “moves”. There are: " + (await _outlets(talk)),
        "I know no company and no list “volkswagn”. Did you mean Volkswagen?",
    ]
    assert await talk.world.store.all_subscriptions() == []


async def _outlets(talk):
    names = [o.name for o in talk.world.live.rulebook.outlets.values()]
    return f"{', '.join(names[:20])} and {len(names) - 20} more"


@pytest.mark.parametrize("text", ["subscribe", "subscribe daily", "subscribe -byd", "subscribe byd -byd", "abonnieren"])
async def test_nobody_is_no_subscription(talk, text):
    """Said with an example, or why nobody is left."""
    assert await talk.refused(text)
    assert await talk.world.store.all_subscriptions() == []


async def test_subscribing_ends_the_pause_of_a_channel(talk):
    """Somebody is there again."""
    await talk.world.store.save_channel(Channel(talk.room, paused="archived"))
    await talk.lines("subscribe byd")
    assert (await talk.world.store.channel(talk.room)).paused is None


async def test_a_new_channel_has_the_settings_defaults(talk):
    """Language and zone; and who subscribed is written down."""
    await talk.lines("subscribe byd")
    made = await the_one(talk)
    assert (made.channel.timezone, made.channel.language, made.by) == ("Europe/Berlin", "en", "slack:UANNA")


async def test_unsubscribe_alone_shows_what_to_type(talk):
    """Each with its number; nothing ends."""
    assert "subscribe LISTS-AND-COMPANIES" in await talk.lines("unsubscribe")
    await talk.lines("subscribe byd")
    assert "1: BYD; at once (end: unsubscribe 1)" in await talk.lines("unsubscribe")
    assert await the_one(talk)


@pytest.mark.parametrize(
    "text", ["unsubscribe 1", "unsubscribe #1", "unsubscribe byd nio", "取消订阅 蔚来 比亚迪", "abbestellen alles"]
)
async def test_a_subscription_ends_by_number_or_by_what_it_names(talk, text):
    """And the answer says how to have it again."""
    await talk.lines(
        "subscribe byd nio -xpeng kind:plant severity:high lang:de outlet:reuters moves weekly friday 9:00"
    )
    before = await the_one(talk)
    ended = (await talk.lines(text)).splitlines()
    assert await talk.world.store.all_subscriptions() == []
    again = ended[-1].partition(": ")[2]
    await talk.lines(again)
    after = await the_one(talk)
    assert after == type(before)(**{f: getattr(before, f) for f in before.__slots__ if f != "id"}, id=after.id)


async def test_part_of_a_subscription_is_not_ended(talk):
    """The rest would go with it: said with the number, and that muting is possible."""
    await talk.lines("subscribe german-makers nio")
    answer = await talk.refused("unsubscribe volkswagen")
    assert "only part of" in answer
    assert "unsubscribe 1" in answer
    assert await the_one(talk)


async def test_another_channels_subscription_is_not_ended(talk):
    """Numbers of other channels are unknown here."""
    await talk.lines("subscribe byd", channel=ChannelRef("slack", "COTHER"))
    await talk.lines("subscribe nio")
    assert "no subscription 1" in await talk.refused("unsubscribe 1")
    await talk.lines("unsubscribe all")
    assert (await the_one(talk)).channel.ref.room == "COTHER"


async def test_what_waited_for_an_ended_subscription_is_told_no_more(talk):
    """It was only for its digest."""
    await talk.lines("subscribe byd daily")
    talk.world.feed("first", interval=timedelta(days=1)).publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    await talk.lines("unsubscribe all")
    await talk.world.run_for("2d")
    assert talk.world.slack.messages("C0EVDESK") == []
    assert await talk.world.store.post(StoryId(1), talk.room) is None


@pytest.mark.parametrize(
    ("language", "text", "shown", "again"),
    [
        (
            "de",
            "abonnieren geely -byd art:werk,jv sicherheit:bestätigt sprache:zh wöchentlich montags 8:00",
            "nur bestätigt; auf Chinesisch",
            'art:gemeinschaftsunternehmen,werk sicherheit:bestätigt sprache:zh wöchentlich montag 08:00"',
        ),
        (
            "zh",
            "订阅 吉利 除了比亚迪 类型:建厂 重要性:高 语言:de 每日 8:00",
            "语言为德语",
            "类型:建厂 重要性:高 语言:de 每日 08:00",
        ),
        (
            "en",
            "subscribe geely kind:jv certainty:confirmed lang:de daily 8:00",
            "only confirmed; in German",
            "daily 08:00",
        ),
    ],
)
async def test_what_to_type_again_is_in_the_channels_words(talk, *, language, text, shown, again):
    """And typing it gives the same."""
    await talk.speaks(language)
    assert shown in await talk.lines(text)
    (before,) = await talk.world.store.all_subscriptions()
    answer = (await talk.lines(f"unsubscribe {before.id}")).splitlines()[-1]
    assert again.strip('"').casefold() in answer.casefold()
    await talk.lines(re.split("[:：]", answer, maxsplit=1)[1].strip())
    (after,) = await talk.world.store.all_subscriptions()
    assert replace(after, id=before.id) == before


@pytest.mark.parametrize(
    ("language", "word"), [("de", "gemeinschaftsunternehmen"), ("zh", "合资"), ("en", "joint-venture")]
)
async def test_choices_of_a_filter_are_words_of_the_language(talk, language, word):
    """No ids."""
    await talk.speaks(language)
    answer = await talk.refused("subscribe geely kind:qqqqqq")
    assert word in answer.casefold()
    assert language == "en" or not re.search("joint-venture|ev-entry|supply", answer)


async def test_stories_that_all_come_in_digests_are_said_to(talk):
    """Not that none of them comes at once."""
    for n in range(2):
        talk.world.feed("strom").publish(
            f"Opel stellt {n + 2}00 Ladesäulen in Ort {n} auf", "Opel hat Ladesäulen für Elektroautos aufgestellt."
        )
    await talk.world.run_for("1m")
    await talk.speaks("de")
    answer = await talk.lines("abonnieren opel")
    assert "2 Meldungen gegeben, alle im Überblick. Die neuesten:" in answer


async def test_a_list_that_left_is_said_in_the_channels_language(talk):
    """Why a subscription is paused."""
    await talk.speaks("de")
    await talk.lines("abonnieren byd")
    await talk.world.store.pause_subscription(1, LIST_LEFT + "small, tiny")
    assert "ruht: nicht mehr in den Regeln: small, tiny" in await talk.lines("abbestellen")
