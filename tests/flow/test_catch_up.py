"""A database that is behind: one digest a channel instead of messages, then all is as before."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.channels import QuietHours, ReasonCode
from bot.errors import FetchError
from tests.kit.world import DESK

HOURLY = timedelta(hours=1)
TITLES = [
    "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für Elektroautos",
    "蔚来与小鹏成立电动汽车合资公司",
    "Volkswagen and Xpeng agree on electric car partnership",
]
RUMOUR, DENIAL = "Xiaomi to build electric cars, sources say", "Xiaomi denies plans to build electric cars"


def lines(world, room=DESK):
    """What is in the room: keys without their numbers, in order."""
    return [m.key.split(":")[0] for m in world.slack.messages(room)]


async def off(world, days: int) -> None:
    """The machine is switched off for so long."""
    world.clock.advance(timedelta(days=days))
    await world.restart()


async def test_what_was_missed_in_a_week_is_one_digest_a_channel(world):
    """Then every message comes by itself again."""
    await world.subscribe("C0DE", "all", language="de", timezone="Europe/Berlin")
    feed = world.feed("first", interval=HOURLY)
    feed.publish("BYD and Uber form EV joint venture")
    await world.run_for("1d")
    for title in TITLES:
        feed.publish(title)
    await off(world, 7)
    await world.run_for("2h")
    assert lines(world) == ["story", "digest"]
    desk, german = world.slack.messages(DESK)[1], world.slack.messages("C0DE")[1]
    assert desk.text == "Catching up since 2026-03-03: 3 stories"
    assert german.text == "Nachgeholt seit 03.03.2026: 3 Meldungen"
    assert len(german.message.items) == 3
    feed.publish(RUMOUR)
    await world.run_for("2d")
    assert lines(world) == lines(world, "C0DE") == ["story", "digest", "story"]
    assert len(set(world.slack.keys)) == len(world.slack.keys)


async def test_a_machine_that_slept_catches_up_without_a_restart(world):
    """Four days without a poll, the process still there: one digest, whatever wakes first."""
    feed = world.feed("first", interval=HOURLY)
    await world.run_for("2h")
    for title in TITLES:
        feed.publish(title)
    world.clock.advance("4d")
    await world.run_for("2h")
    assert lines(world) == ["digest"]
    feed.publish(RUMOUR)
    await world.run_for("2h")
    assert lines(world) == ["digest", "story"]


async def test_a_network_that_was_gone_is_caught_up(world):
    """Every poll failed for days; the first that is answered is no flood."""
    feed = world.feed("first", interval=HOURLY)
    await world.run_for("2h")
    feed.fail_next(*(FetchError("no route to host") for _ in range(8)))
    for title in TITLES:
        feed.publish(title)
    await world.run_for("5d")
    assert lines(world) == ["digest"]
    assert len(world.slack.messages(DESK)[0].message.items) == 3


@pytest.mark.parametrize("days", [0, 1])
async def test_a_restart_is_no_catching_up(world, days):
    """Not even after a day."""
    feed = world.feed("first", interval=HOURLY)
    await world.run_for("2h")
    feed.publish(RUMOUR)
    await off(world, days)
    await world.run_for("2h")
    assert lines(world) == ["story"]


async def test_a_fresh_database_is_not_behind(world):
    """Nothing was ever polled; the backlog is told as it says."""
    world.feed("first", interval=HOURLY).publish(RUMOUR)
    await world.run_for("2h")
    assert lines(world) == ["story"]


async def test_a_backup_put_back_is_told_in_one_digest(world):
    """What had been told since the backup is found again, and told in one message, not one by one."""
    await world.subscribe("C0OTHER", "all")
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_for("2h")
    await world.back_up()
    for title in TITLES:
        feed.publish(title)
        await world.run_for("3h")
    assert lines(world) == ["story"] * 4
    await world.put_back()
    await world.run_for("2h")
    for room in (DESK, "C0OTHER"):
        assert lines(world, room) == ["story"] * 4 + ["digest"]
        assert len(world.slack.messages(room)[-1].message.items) == 3
    feed.publish(DENIAL)
    feed.publish("BYD and Uber form EV joint venture")
    await world.run_for("2d")
    assert lines(world) == ["story"] * 4 + ["digest", "story"]
    assert len(world.slack.messages(DESK)[0].lines) == 1


async def test_a_backup_of_a_moment_ago_is_not_behind(world):
    """A few minutes are no reason."""
    feed = world.feed("first")
    await world.run_for("5m")
    await world.back_up()
    await world.run_for("5m")
    await world.put_back()
    feed.publish(RUMOUR)
    await world.run_for("5m")
    assert lines(world) == ["story"]


async def test_it_goes_on_over_restarts_and_waits_for_every_feed(world):
    """What the slow feed brings is in the same digest."""
    quick, slow = world.feed("quick", interval=HOURLY), world.feed("slow", interval=HOURLY)
    await world.run_for("1d")
    quick.publish(TITLES[0])
    slow.publish(TITLES[1])
    world.clock.advance("7d")
    await world.restart()
    assert len(await world.store.claim_feeds(world.clock.now(), timedelta(minutes=20), 1)) == 1
    await world.run_for("10m")
    assert lines(world) == []
    await world.restart()
    await world.run_for("20m")
    (digest,) = world.slack.messages(DESK)
    assert len(digest.message.items) == 2


async def test_a_feed_that_fails_is_not_waited_for(world):
    """It was asked; what it brings later is news."""
    good, bad = world.feed("good", interval=HOURLY), world.feed("bad", interval=HOURLY)
    await world.run_for("1d")
    good.publish(TITLES[0])
    bad.publish(TITLES[1])
    bad.fail_next(FetchError("503"))
    await off(world, 7)
    await world.run_for("5m")
    assert lines(world) == ["digest"]
    await world.run_for("3h")
    assert lines(world) == ["digest", "story"]


async def test_a_feed_that_is_not_due_for_long_is_waited_for_an_hour(world):
    """A host that asked for ten days holds nothing back."""
    good, bad = world.feed("good", interval=HOURLY), world.feed("bad", interval=HOURLY)
    await world.run_for("2h")
    bad.fail_next(FetchError("429", retry_after=10 * 86_400))
    await world.run_for("1d")
    good.publish(TITLES[0])
    await off(world, 7)
    await world.run_for("50m")
    assert lines(world) == []
    await world.run_for("20m")
    assert lines(world) == ["digest"]


async def test_catching_up_keeps_quiet_hours_and_mutes(world):
    """The digest waits for their end, and leaves out what nobody wants to hear of."""
    await world.set_channel(DESK, quiet=QuietHours(time(22), time(7)), digest_at=time(12))
    await world.mute("foxconn", "30d")
    await world.mute("geely", "30d")
    feed = world.feed("first", interval=HOURLY)
    await world.run_until(datetime(2026, 3, 3, 23, tzinfo=UTC))
    for title in TITLES:
        feed.publish(title)
    await off(world, 7)
    await world.run_until(datetime(2026, 3, 11, 6, 59, tzinfo=UTC))
    assert lines(world) == []
    await world.run_until(datetime(2026, 3, 11, 7, 30, tzinfo=UTC))
    (digest,) = world.slack.messages(DESK)
    assert len(digest.message.items) == 2


async def test_while_catching_up_edits_go_and_changes_are_held(world):
    """The message says what holds now; the digest says that it changed."""
    feed = world.feed("first", interval=HOURLY)
    feed.publish(RUMOUR)
    await world.run_for("1d")
    feed.publish(DENIAL)
    await off(world, 7)
    await world.run_for("1h")
    told, digest = world.slack.messages(DESK)
    assert (len(told.edits), told.lines) == (1, [])
    assert [i.first_line for i in digest.message.items] == [
        "Xiaomi: move into electric cars. Now: denied. Source: Xiaomi"
    ]


async def test_what_waited_for_the_daily_digest_goes_on_waiting(world):
    """Only what was missed is told in the catch-up."""
    feed = world.feed("first", interval=HOURLY)
    await world.run_for("30m")
    feed.publish("Tesla updates the software of its electric cars")
    await world.run_for("2h")
    world.clock.set(datetime(2026, 3, 2, 12, tzinfo=UTC))
    await world.back_up()
    await world.run_for("2h")
    feed.publish(TITLES[0])
    await world.put_back()
    await world.run_for("1h")
    (caught_up,) = world.slack.messages(DESK)
    assert [("Geely" in i.first_line) for i in caught_up.message.items] == [True]
    await world.run_for("1d")
    assert lines(world) == ["digest", "digest"]
    assert ReasonCode.CATCH_UP in {d.reason.code for _, d in await world.store.decisions()}


async def test_no_number_is_given_out_again_after_a_backup_was_put_back(world):
    """What comes then is told, by keys no platform has seen; S2 is never another story."""
    feed = world.feed("first")
    feed.publish("BYD and Uber form EV joint venture")
    await world.run_for("5m")
    await world.back_up()
    for title in TITLES:
        feed.publish(title)
    await world.run_for("5m")
    assert lines(world) == ["story"] * 4
    feed.entries = feed.entries[-1:]
    await world.put_back()
    feed.publish(RUMOUR)
    feed.publish("长安汽车与宁德时代成立电动汽车合资公司")
    await world.run_for("5m")
    assert lines(world) == ["story"] * 6
    assert [m.key.split(":")[1] for m in world.slack.messages(DESK)] == ["1", "2", "3", "4", "5", "6"]


async def test_numbers_told_in_the_last_moment_are_known_after_a_backup_was_put_back(world):
    """They are written down before the first message goes out, whatever became of the process."""
    feed = world.feed("first")
    await world.run_for("5m")
    await world.back_up()
    feed.publish(TITLES[0])
    await world.poller.tick(world.clock.now() + HOURLY)
    await world.poller.idle()
    await world.deliverer.turn()
    await world.deliverer.idle()
    assert [m.key for m in world.slack.messages(DESK)] == ["story:1:r1:root"]
    await world.put_back()
    await world.run_for("5m")
    assert [m.key for m in world.slack.messages(DESK)] == ["story:1:r1:root", "story:2:r1:root"]


@pytest.mark.parametrize(
    "text", ["", "2026-03-02T09:00:00+00:00", "{", "[]", '{"polled_at": 7, "stories": "蔚来"}', "{}", "Straße"]
)
async def test_a_heartbeat_that_says_little_stops_nothing(world, text):
    """The time alone is how it was written once."""
    feed = world.feed("first")
    await world.run_for("5m")
    world.heartbeat_file.write_text(text, "utf-8")
    await world.restart()
    feed.publish(RUMOUR)
    await world.run_for("5m")
    assert [m.key for m in world.slack.messages(DESK)] == ["story:1:r1:root"]
