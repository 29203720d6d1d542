"""A clock that jumps: a laptop that slept, a machine whose time was set."""

import asyncio

from bot.errors import Unavailable
from tests.kit.world import DESK

JOINT_VENTURE = "BYD and Uber form EV joint venture"


async def test_what_is_under_way_is_not_sent_beside_itself(world):
    """Its lease is over by the clock, but it is this very process that has it in hand."""
    on_its_way, arrives = asyncio.Event(), asyncio.Event()
    send = world.slack.send

    async def slowly(outgoing):
        on_its_way.set()
        await arrives.wait()
        return await send(outgoing)

    world.slack.send = slowly
    world.hold_deliveries()
    world.feed("first").publish(JOINT_VENTURE)
    await world.run_for("1m")
    await world.deliverer.turn()
    await on_its_way.wait()
    world.clock.advance("1h")
    await world.deliverer.turn()
    await asyncio.sleep(0)
    arrives.set()
    await world.deliverer.idle()
    world.release_deliveries()
    await world.run_for("5m")
    assert [key for _, key in world.slack.keys] == ["story:1:r1:root"]
    assert await world.counts() == {"sent": 1}


async def test_a_day_asleep_is_no_day_of_trying(world):
    """Given up is what was tried for a day, not what failed yesterday and fails once more today."""
    world.slack.fail_next(Unavailable("no network"), Unavailable("still none"))
    world.hold_deliveries()
    world.feed("first").publish(JOINT_VENTURE)
    await world.run_for("1m")
    await world.deliverer.turn()
    await world.deliverer.idle()
    world.clock.advance("26h")
    world.release_deliveries()
    await world.run_for("5m")
    assert len(world.slack.messages(DESK)) == 1
