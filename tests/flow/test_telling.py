"""From a feed to a channel: one story, one message."""

from datetime import time, timedelta
from types import SimpleNamespace

from bot.domain.channels import ReasonCode
from tests.kit.world import DESK, Appetite

HOURLY = timedelta(hours=1)


async def test_two_reports_of_one_story_are_one_message(world):
    """The second outlet joins the first message; the channel sees one."""
    world.feed("first").publish("BYD and Uber form EV joint venture")
    world.feed("second").publish("Uber, BYD in EV joint venture")
    await world.run_for("5m")
    assert len(world.slack.messages(DESK)) == 1


async def test_an_outlet_that_joins_later_edits_the_message(world):
    """The root stays where it is and shows both outlets."""
    world.feed("first").publish("BYD and Uber form EV joint venture")
    await world.run_for("5m")
    world.feed("second").publish("Uber, BYD in EV joint venture")
    await world.run_for("5m")
    (told,) = world.slack.messages(DESK)
    assert len(told.edits) == 1
    assert {s.label for s in told.shown.sources} == {"First", "Second"}
    assert told.lines == []


async def test_a_confirmed_rumour_is_a_line_in_the_thread(world):
    """A change of certainty edits the message and adds a line; it is no new message."""
    world.feed("first").publish("Xiaomi to build electric cars, sources say")
    await world.run_for("5m")
    world.feed("second").publish("Xiaomi confirms it will build electric cars")
    await world.run_for("5m")
    (told,) = world.slack.messages(DESK)
    assert len(told.lines) == 1
    assert told.shown.first_line != told.message.first_line


async def test_every_channel_has_its_own_message(world):
    """Two channels that watch different parties each get the story once."""
    await world.subscribe("C0BYD", "byd")
    await world.subscribe("C0UBER", "uber")
    world.feed("first").publish("BYD and Uber form EV joint venture")
    await world.run_for("2m")
    assert [len(world.slack.messages(room)) for room in (DESK, "C0BYD", "C0UBER")] == [1, 1, 1]


async def test_who_does_not_watch_a_party_hears_nothing(world):
    """A side claim about a watched company is no reason to tell."""
    await world.subscribe("C0TESLA", "tesla")
    world.feed("first").publish("BYD and Uber form EV joint venture")
    await world.run_for("2m")
    assert world.slack.messages("C0TESLA") == []


async def test_the_first_poll_is_silent_but_read(world):
    """A new feed's backlog tells nobody; what comes after does."""
    feed = world.feed("first", backlog=0)
    feed.publish("BYD and Uber form EV joint venture")
    await world.run_for("2m")
    assert world.slack.messages(DESK) == []
    assert await world.store.accounts() == {ReasonCode.BACKLOG: 1}
    feed.publish("Geely and Foxconn set up an electric car joint venture")
    await world.run_for("2m")
    assert len(world.slack.messages(DESK)) == 1


async def test_of_a_backlog_the_newest_are_told(world):
    """`backlog: 1` tells one entry of the first poll."""
    feed = world.feed("first", backlog=1)
    feed.publish("BYD and Uber form EV joint venture")
    world.clock.advance("1h")
    feed.publish("Geely and Foxconn set up an electric car joint venture")
    await world.run_for("2m")
    (told,) = world.slack.messages(DESK)
    assert "Geely" in told.text


async def test_an_entry_that_stays_in_its_feed_is_told_once(world):
    """Polling the same document for a day changes nothing."""
    world.feed("first").publish("BYD and Uber form EV joint venture")
    await world.run_for("3h")
    (told,) = world.slack.messages(DESK)
    assert told.edits == []
    assert len(world.slack.keys) == 1


async def test_more_than_a_burst_is_one_overflow_line(world):
    """A feed that floods gets its burst of messages and one line for the rest; the rest is in the digest."""
    feed = world.feed("first", burst=2, interval=HOURLY)
    makers = ["BYD", "Geely", "Nio", "Xpeng", "Tesla"]
    for maker in makers:
        feed.publish(f"{maker} and Uber form EV joint venture")
    await world.run_for("2m")
    told = world.slack.messages(DESK)
    roots = [m for m in told if m.key.startswith("story:")]
    assert len(roots) == 2
    assert [m.key for m in told if m.key.startswith("overflow:")] == ["overflow:first:1"]
    assert "3" in next(m.text for m in told if m.key.startswith("overflow:"))
    await world.run_for("1d")
    (digest,) = [m for m in world.slack.messages(DESK) if m.key.startswith("digest:")]
    assert len(digest.message.items) == 3


async def test_an_entry_that_cannot_be_read_holds_back_no_other(world):
    """A crash of the reader is stored with its reason; the next entry is told."""
    await world.run_for("1s")
    read = world.live.read

    def crash(entry):
        if "bad" in entry.title:
            raise RuntimeError("too odd")
        return read(entry)

    world.live.swap(world.live.rulebook, SimpleNamespace(read=crash, misses=lambda entry, limit=3: ()))
    world.feed("first").publish("BYD and Uber form EV joint venture")
    world.feed("first").publish("bad")
    await world.run_for("2m")
    assert len(world.slack.messages(DESK)) == 1
    unread = [d.reason for _, d in await world.store.decisions() if d.reason.code is ReasonCode.UNREAD]
    assert [r.detail for r in unread] == ["RuntimeError while reading"]


async def test_plain_news_waits_for_the_digest(world):
    """ev-news of a watched company is quiet: told in the daily digest, at its hour."""
    await world.subscribe("C0ALL", "tesla", appetite=Appetite.ALL)
    world.feed("first", interval=HOURLY).publish("Tesla updates the software of its electric cars")
    await world.run_for("2h")
    assert len(world.slack.messages("C0ALL")) == 1
    assert world.slack.messages(DESK) == []
    await world.run_for("20h")
    assert world.slack.messages(DESK) == []
    await world.run_for("2h")
    (digest,) = world.slack.messages(DESK)
    assert digest.key.startswith("digest:")
    assert digest.key.endswith(":2026-03-03T0800")
    assert len(digest.message.items) == 1


async def test_a_digest_is_told_once(world):
    """Nothing is held any more the day after."""
    world.feed("first", interval=HOURLY).publish("Tesla updates the software of its electric cars")
    await world.run_for("3d")
    assert len(world.slack.messages(DESK)) == 1


async def test_the_first_thing_held_waits_for_the_next_hour_too(world):
    """A subscription that had nothing for days does not send its digest the moment something is held."""
    world.feed("first", interval=HOURLY)
    await world.run_for("3d")
    world.feed("first", interval=HOURLY).publish("Tesla updates the software of its electric cars")
    await world.run_for("2h")
    assert world.slack.messages(DESK) == []
    await world.run_for("1d")
    assert len(world.slack.messages(DESK)) == 1


async def test_a_second_digest_on_one_day_comes_at_its_hour(world):
    """Somebody moves the hour after the digest went out: what is held then is told when it was promised."""
    feed = world.feed("first", interval=HOURLY)
    feed.publish("特斯拉更新电动汽车软件")
    await world.run_for("1d")
    assert len(world.slack.messages(DESK)) == 1
    await world.set_channel(DESK, digest_at=time(18))
    feed.publish("Nio eröffnet in Oslo einen zweiten Laden für Elektroautos")
    await world.run_for("8h")
    assert len(world.slack.messages(DESK)) == 1
    await world.run_for("2h")
    digests = world.slack.messages(DESK)
    assert [m.key.rpartition(":")[2] for m in digests] == ["2026-03-03T0800", "2026-03-03T1800"]
    assert [len(m.message.items) for m in digests] == [1, 1]


async def test_a_clock_set_back_tells_no_digest_a_second_time(world):
    """What is held when its hour comes again goes into the next."""
    feed = world.feed("first", interval=HOURLY)
    feed.publish("Tesla aktualisiert die Software seiner Elektroautos")
    await world.run_for("1d")
    world.clock.advance(timedelta(hours=-2))
    feed.publish("蔚来在奥斯陆开设第二家电动汽车展厅")
    await world.poll_now()
    await world.run_for("12h")
    assert [m.key for m in world.slack.messages(DESK)] == ["digest:1:2026-03-03T0800"]
    await world.run_for("1d")
    assert [m.key for m in world.slack.messages(DESK)] == ["digest:1:2026-03-03T0800", "digest:1:2026-03-04T0800"]


async def test_a_digest_says_nothing_a_message_has_said(world):
    """What was held and then told at once is left out of the digest."""
    feed = world.feed("first", burst=0, interval=HOURLY)
    feed.publish("Xiaomi to build electric cars, sources say")
    await world.run_for("1m")
    world.feed("second", interval=HOURLY).publish("Xiaomi confirms it will build electric cars")
    await world.run_for("1d")
    told = [m for m in world.slack.messages(DESK) if m.key.startswith(("story:", "digest:"))]
    assert [m.key.partition(":")[0] for m in told] == ["story"]
