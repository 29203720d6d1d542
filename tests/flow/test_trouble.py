"""What goes wrong on the way to a channel: nothing is lost, nothing is told twice."""

from datetime import timedelta

import pytest

from bot.errors import FetchError, ParseError, Rejected, Scope, StoreError, Throttled, Unavailable, Uncertain
from tests.kit.chat import Fault
from tests.kit.world import DESK, OPERATORS

HOURLY = timedelta(hours=1)
TITLES = [
    "BYD and Uber form EV joint venture",
    "Geely and Foxconn set up an electric car joint venture",
    "Volkswagen and Xpeng agree on electric car partnership",
]


async def test_a_failed_send_is_sent_later_in_order(world):
    """What comes after a failure waits behind it."""
    world.slack.fail_next(Unavailable("502"), Unavailable("502"))
    feed = world.feed("first")
    for title in TITLES:
        feed.publish(title)
        await world.run_for("1s")
    await world.run_for("10m")
    orderly = ["Uber", "Foxconn", "Volkswagen"]
    assert [name for text in world.slack.texts(DESK) for name in orderly if name in text] == orderly
    assert len(world.slack.keys) == 3


async def test_a_throttled_message_comes_when_it_may(world):
    """Retry-After is kept to, and 429 means later, not never."""
    world.slack.fail_next(Throttled("slow down", retry_after=300))
    world.feed("first").publish(TITLES[0])
    await world.run_for("4m")
    assert world.slack.messages(DESK) == []
    await world.run_for("2m")
    assert len(world.slack.messages(DESK)) == 1


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_MESSAGE])
async def test_an_uncertain_message_is_settled_first(world, fault):
    """It is looked for before it is sent again; it arrives once either way."""
    world.slack.fail_next(fault)
    world.feed("first").publish(TITLES[0])
    await world.run_for("10m")
    assert len(world.slack.settled) == 1
    assert len(world.slack.keys) == 1
    assert await world.counts() == {"sent": 1}


async def test_a_doubt_that_cannot_be_settled_stays_a_doubt(world):
    """An unreachable platform does not turn 'it may have been sent' into 'it was not sent'."""
    world.slack.fail_next(Fault.LOST_ANSWER)
    world.slack.fail_next_settle(Unavailable("502"), Throttled("429", retry_after=60), Uncertain("?"))
    world.feed("first").publish(TITLES[0])
    await world.run_for("30m")
    assert len(world.slack.settled) == 4
    assert len(world.slack.keys) == 1
    assert await world.counts() == {"sent": 1}


@pytest.mark.parametrize("fault", [Fault.KILLED_BEFORE, Fault.KILLED_AFTER])
async def test_a_crash_between_store_and_send_loses_nothing(world, fault):
    """The next process settles what the dead one was about to send."""
    world.slack.fail_next(fault)
    world.feed("first").publish(TITLES[0])
    await world.run_for("1s")
    await world.restart()
    world.feed("first").publish(TITLES[1])
    await world.run_for("5m")
    assert len(world.slack.messages(DESK)) == 2
    assert len(set(world.slack.keys)) == len(world.slack.keys)


async def test_fifty_restarts_repeat_nothing(world):
    """Validators, due times and marks are in the database: a restart is not a poll."""
    feed = world.feed("first")
    feed.publish(TITLES[0])
    await world.run_for("1s")
    polls = len(feed.polls)
    for _ in range(50):
        await world.restart()
        await world.settle()
    assert len(feed.polls) == polls
    assert len(world.slack.keys) == 1


async def test_what_changed_before_anybody_saw_it_is_told_in_one_message(world):
    """A root that was never sent is rendered at the newest revision; the edit has nothing left to say."""
    await world.subscribe("C0OTHER", "nio")
    world.hold_deliveries()
    world.feed("first").publish(TITLES[0])
    await world.run_for("2m")
    world.feed("second").publish("Uber, BYD in EV joint venture")
    await world.run_for("2m")
    world.release_deliveries()
    await world.run_for("2m")
    (told,) = world.slack.messages(DESK)
    assert told.edits == []
    assert {s.label for s in told.message.sources} == {"First", "Second"}
    assert await world.counts() == {"sent": 1, "superseded": 1}


async def test_a_message_the_platform_refuses_dies_alone(world):
    """A rejected message is dead and told to the operators; the next one goes."""
    world.slack.fail_next(Rejected("msg_too_long"))
    feed = world.feed("first")
    feed.publish(TITLES[0])
    await world.run_for("1s")
    feed.publish(TITLES[1])
    await world.run_for("2m")
    assert len(world.slack.messages(DESK)) == 1
    assert (await world.counts())["dead"] == 1
    (notice,) = world.slack.texts(OPERATORS)
    assert "msg_too_long" in notice


async def test_a_dead_channel_is_paused(world):
    """Nothing more is sent to a room that is gone; the operators hear of it once."""
    world.slack.fail_next(Rejected("channel_not_found", scope=Scope.CHANNEL))
    feed = world.feed("first", interval=HOURLY)
    for title in TITLES:
        feed.publish(title)
    await world.run_for("1h")
    assert world.slack.messages(DESK) == []
    assert len([k for r, k in world.slack.attempts if r == DESK]) == 1
    assert [t for t in world.slack.texts(OPERATORS) if "paused" in t] != []


async def test_a_platform_that_is_down_keeps_its_messages(world):
    """A revoked token kills no message: it waits, and the app is told."""
    world.slack.fail_next(Rejected("token_revoked", scope=Scope.PLATFORM))
    world.feed("first").publish(TITLES[0])
    await world.run_for("30m")
    assert world.down == [("slack", "token_revoked")]
    assert len(world.slack.messages(DESK)) == 1


async def test_after_a_day_of_trying_it_is_dead(world):
    """The dead letter says why, and the operators hear of it."""
    world.slack.fail_next(*[Unavailable("503")] * 230)
    world.feed("first", interval=HOURLY).publish(TITLES[0])
    await world.run_for("26h")
    assert (await world.counts())["dead"] >= 1
    assert world.slack.messages(DESK) == []


async def test_a_bug_of_a_platform_is_no_second_message(world):
    """An exception nobody expected leaves it open whether the message was sent."""
    world.slack.fail_next(ZeroDivisionError("oops"))
    world.feed("first").publish(TITLES[0])
    await world.run_for("10m")
    assert len(world.slack.settled) == 1
    assert len(world.slack.messages(DESK)) == 1


async def test_one_broken_feed_stops_no_other(world):
    """It backs off for an hour; the other goes on."""
    bad, good = world.feed("bad"), world.feed("good")
    bad.fail_next(ParseError("no feed"), ParseError("no feed"), ValueError("a bug"))
    good.publish(TITLES[0])
    await world.run_for("30m")
    assert len(bad.polls) == 1
    assert len(good.polls) > 20
    assert len(world.slack.messages(DESK)) == 1


async def test_trouble_with_a_feed_is_told_at_its_start_and_its_end(world):
    """One notice for many failures, one when it is back."""
    bad = world.feed("bad", interval=HOURLY)
    bad.fail_next(*[FetchError("503")] * 4)
    await world.run_for("2d")
    assert world.slack.texts(OPERATORS) == [
        "Feed bad cannot be read since its last 2 polls: 503",
        "Feed bad is back",
    ]


async def test_a_feed_that_is_gone_is_asked_no_more(world):
    """410 stops it for good, with one notice."""
    feed = world.feed("old", interval=HOURLY)
    feed.fail_next(FetchError("410", gone=True))
    await world.run_for("3d")
    assert len(feed.polls) == 1
    (notice,) = world.slack.texts(OPERATORS)
    assert "gone" in notice


async def test_retry_after_is_kept_to(world):
    """No poll falls inside it."""
    feed = world.feed("busy")
    feed.fail_next(FetchError("429", retry_after=7200))
    await world.run_for("3h")
    assert (feed.polls[1] - feed.polls[0]).total_seconds() >= 7200


async def test_a_late_worker_is_refused(world):
    """A poll that lost its claim writes nothing, however late it ends."""
    feed = world.feed("first")
    feed.publish(TITLES[0])
    await world._start()
    await world._sync()
    (late,) = await world.store.claim_feeds(world.clock.now(), HOURLY, 10)
    await world.restart()
    await world.settle()
    world.feed("first").publish(TITLES[1])
    await world.poller.attempt(late)
    assert await world.store.accounts() == {"root": 1}
    await world.run_for("2m")
    assert len(world.slack.messages(DESK)) == 2


async def test_a_broken_store_is_the_end(world):
    """Nothing is retried behind the back of a database that is gone."""
    world.feed("first").publish(TITLES[0])
    await world.run_for("1s")
    (feed,) = await world.store.claim_feeds(world.clock.now() + HOURLY, HOURLY, 10)
    await world.store.close()
    with pytest.raises(StoreError):
        await world.poller.attempt(feed)


async def test_what_is_past_its_time_is_dropped(world):
    """Sent rows go after a month; the story stays, and is not told again."""
    world.feed("first", interval=HOURLY).publish(TITLES[0])
    await world.run_for("1m")
    world.clock.advance("40d")
    assert (await world.prune())["outbox"] == 1
    assert await world.counts() == {}
    await world.run_for("2h")
    assert len(world.slack.keys) == 1


async def test_what_may_still_be_on_its_way_is_not_looked_for_yet(world):
    """Killed while it was sent: the next process waits until the message must have come in, then looks, once."""
    world.slack.grace = timedelta(seconds=10)
    world.slack.fail_next(Fault.LOST_ANSWER)
    world.feed("first").publish("BYD and Uber form EV joint venture")
    await world.run_for("5s")
    await world.restart()
    await world.run_for("3s")
    assert world.slack.settled == []
    await world.run_for("10s")
    assert len(world.slack.settled) == 1
    assert len(world.slack.messages(DESK)) == 1


async def test_a_story_that_is_gone_holds_up_nothing(world):
    """Its rows are dead at the first look, the next message goes, and nobody is told of it."""
    feed = world.feed("first")
    world.hold_deliveries()
    feed.publish("比亚迪与优步成立电动汽车合资公司")
    await world.run_for("5m")
    world.clock.advance(timedelta(days=3 * 365))
    await world.prune()
    world.feed("second").publish("Xiaomi will Elektroautos bauen, sagen Insider")
    await world.run_for("5m")
    world.release_deliveries()
    await world.run_for("5m")
    assert (await world.counts())["dead"] == 1
    assert [m.story for m in (told.message for told in world.slack.messages(DESK)) if m.story] == ["S2"]
    assert world.slack.texts(OPERATORS) == []
