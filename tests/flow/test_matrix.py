"""Matrix from one end to the other: people, a real homeserver, the desk, the store and back."""

import asyncio
from datetime import timedelta

import pytest

from bot.commands.desk import CommandDesk
from bot.domain.channels import ChannelRef
from bot.domain.mutes import Mutable
from tests.kit.matrix_bot import Bot
from tests.kit.world import World


class Desk(CommandDesk):
    """The real one; one can wait for it to be asked."""

    def __init__(self, *args, **words):
        super().__init__(*args, **words)
        self.asked = asyncio.Event()

    async def answer(self, request):
        reply = await super().answer(request)
        self.asked.set()
        return reply

    async def moved(self, old, new):
        await super().moved(old, new)
        self.asked.set()


class Chat:
    """evwatch with its store, connected to a homeserver; S1 is BYD's joint venture with Uber."""

    def __init__(self, world, synapse, folder):
        self.world = world
        self.bot = Bot(synapse, folder)

    async def start(self):
        self.world.feed("first").publish("BYD and Uber form EV joint venture", "BYD and Uber set up a joint venture.")
        await self.world.run_for("1m")
        await self.connect()

    async def connect(self):
        """A process: with a desk of its own."""
        world = self.world
        zone = "Europe/Berlin"
        self.desk = Desk(
            world.store, world.clock, world.live, operators=[], language="en", timezone=zone, wake=lambda: None
        )
        await self.bot.start(self.desk)
        world.platforms["matrix"] = self.bot.platform

    async def restart(self):
        await self.bot.close()
        await self.connect()

    async def room(self, person, *others, **more):
        """A room of this person's that the bot is in."""
        room = await person.create(invite=[self.bot.user, *(o.user for o in others)], **more)
        for other in others:
            await other.join(room)
        await person.until_joined(room, self.bot.user)
        return room

    async def say(self, person, room, text, **more):
        """Type `!ev <text>`; the one answer."""
        event = await person.say(room, f"!ev {text}", **more)
        return await self.answer(person, room, event)

    async def answer(self, person, room, event):
        """The last line in the thread of an event, when there is one more than now."""
        async with asyncio.timeout(20):
            while not await self.world.store.enqueued(ref(room), f"reply:{event} {event}"):
                self.desk.asked.clear()
                await self.world.settle()
                await asyncio.wait([asyncio.ensure_future(self.desk.asked.wait())], timeout=0.05)
        await self.world.run_for("5s")
        seen = await person.until(room, lambda r: r.find(event).lines)
        (line,) = seen.find(event).lines
        return line

    async def until(self, condition):
        """Let the process work until it is so."""
        async with asyncio.timeout(20):
            while not await condition():
                self.desk.asked.clear()
                await asyncio.wait([asyncio.ensure_future(self.desk.asked.wait())], timeout=0.05)
        await self.world.run_for("5s")


def ref(room):
    return ChannelRef("matrix", room)


@pytest.fixture
async def world(tmp_path):
    made = World(tmp_path, desk=False)
    yield made
    await made.close()


@pytest.fixture
async def talk(world, synapse, tmp_path):
    made = Chat(world, synapse, tmp_path / "evwatch")
    await made.start()
    yield made
    await made.bot.close()


@pytest.fixture
async def ada(people):
    return await people("ada")


@pytest.fixture
async def ben(people):
    return await people("ben")


# ------------------------------------------------------------------------------------------------------------- commands


async def test_every_command_is_answered_in_its_thread(talk, ada):
    """As a notice that calls nobody; what is typed in any language is understood."""
    room = await talk.room(ada)
    texts = [
        *("help", "latest", "search joint venture", "story S1", "why S1", "why-not https://first.example/1", "feeds"),
        *("quality", "list", "mutes", "subscribe byd", "mute S1 7d", "unmute S1", "useful S1", "unrate S1", "digest"),
        *("quiet", "budget", "zone", "language", "最新 比亚迪", "suche Gemeinschaftsunternehmen", "nonsense foo"),
    ]
    for text in texts:
        line = await talk.say(ada, room, text)
        assert line.kind == "m.notice"
        assert line.content["m.mentions"] == {}
        assert line.text
    assert (await ada.read(room)).odd == []


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_creator_subscribes_and_is_told(talk, ada, ben, encrypted):
    """The creator of a version 12 room; edits, lines and a digest in it; a demoted user is refused at once."""
    room = await talk.room(ada, ben, encrypted=encrypted)
    assert "Subscribed" in (await talk.say(ada, room, "subscribe xiaomi, geely, foxconn")).text
    await ada.set_level(room, ben.user, 50)
    assert "Subscribed" in (await talk.say(ben, room, "subscribe nio")).text
    await ada.set_level(room, ben.user, 0)
    refused = await talk.say(ben, room, "subscribe byd")
    assert "Subscribed" not in refused.text
    assert len(await talk.world.store.all_subscriptions(ref(room))) == 2
    feed = talk.world.feed("first")
    feed.publish("Geely and Foxconn reportedly plan EV joint venture", "Geely and Foxconn are said to plan a venture.")
    await talk.world.run_for("2m")
    feed.publish("Geely and Foxconn confirm EV joint venture", "Geely and Foxconn confirmed their EV joint venture.")
    await talk.world.run_for("2m")
    for person in (ada, ben):
        seen = await person.until(room, lambda r: any(m.lines and "Geely" in m.text for m in r.messages))
        (story,) = [m for m in seen.messages if m.sender == talk.bot.user]
        assert (story.encrypted, story.edits, len(story.lines)) == (encrypted, 1, 1)
        assert "onfirmed" in story.text
        assert seen.odd == []


async def test_an_encrypted_room_goes_on_after_a_restart(talk, ada):
    """With the same store: what was said meanwhile is read, what is told is decrypted, nothing comes twice."""
    room = await talk.room(ada, encrypted=True)
    await talk.say(ada, room, "subscribe geely")
    await talk.bot.close()
    asked = await ada.say(room, "!ev geely")
    await talk.connect()
    assert "Geely" in (await talk.answer(ada, room, asked)).text
    talk.world.feed("first").publish("Geely and Foxconn form EV joint venture", "They set up a joint venture.")
    await talk.world.run_for("2m")
    await talk.restart()
    await talk.world.run_for("2m")
    seen = await ada.until(room, lambda r: any("Geely" in m.text for m in r.messages if m.sender == talk.bot.user))
    assert len([m for m in seen.messages if m.sender == talk.bot.user]) == 1


# ------------------------------------------------------------------------------------------------------------ reactions


async def test_reactions_mute_and_rate(talk, ada, ben):
    """Whoever may change the room mutes; everybody may say what they think; both can be taken back."""
    room = await talk.room(ada, ben)
    await talk.say(ada, room, "subscribe geely")
    feed, store = talk.world.feed("first"), talk.world.store
    feed.publish("Geely and Foxconn reportedly plan EV joint venture", "Geely and Foxconn are said to plan a venture.")
    await talk.world.run_for("2m")
    seen = await ada.until(room, lambda r: len(r.messages) == 2)
    root = seen.messages[-1].id
    now = talk.world.clock.now

    async def muted():
        return await store.mutes(ref(room), now())

    async def useful():
        return sum(s.useful for s in await store.scores(now() - timedelta(days=1)))

    async def rated():
        return await useful() == 1

    async def unrated():
        return await useful() == 0

    thumb = await ben.react(room, root, "👍")
    await talk.until(rated)
    bell = await ada.react(room, root, "🔕")
    await talk.until(muted)
    (mute,) = await muted()
    assert (mute.what, mute.until - now() > timedelta(days=6), mute.by) == (Mutable.STORY, True, f"matrix:{ada.user}")
    feed.publish("Geely and Foxconn confirm EV joint venture", "Geely and Foxconn confirmed their EV joint venture.")
    await talk.world.run_for("2m")
    told = (await ada.read(room)).find(root)
    assert told.edits == 0
    assert len(told.lines) == 1, "only the answer to the mute"
    await ada.redact(room, bell)
    await ben.redact(room, thumb)
    await talk.until(unrated)
    assert not await muted()


# ---------------------------------------------------------------------------------------------------------------- rooms


async def test_subscriptions_follow_an_upgrade(talk, ada, ben):
    """What changes about a story told in the old room is a message of its own in the new one."""
    old = await talk.room(ada, ben, version="10")
    await talk.say(ada, old, "subscribe geely")
    feed = talk.world.feed("first")
    feed.publish("Geely and Foxconn reportedly plan EV joint venture", "Geely and Foxconn are said to plan a venture.")
    await talk.world.run_for("2m")
    new = await ada.upgrade(old, "12")
    await ada.invite(new, talk.bot.user)

    async def moved():
        return await talk.world.store.all_subscriptions(ref(new))

    await talk.until(moved)
    feed.publish("Geely and Foxconn confirm EV joint venture", "Geely and Foxconn confirmed their EV joint venture.")
    await talk.world.run_for("2m")
    seen = await ada.until(new, lambda r: r.messages)
    assert "onfirmed" in seen.texts()[0]
    assert "Geely" in (await talk.say(ada, new, "geely")).text
    assert (await talk.world.counts()).keys() <= {"sent", "superseded"}


async def test_a_lost_room_is_paused_and_somebody_told(talk, ada):
    """Put out by somebody: their name is in the line."""
    room = await talk.room(ada)
    await talk.say(ada, room, "subscribe geely")
    await ada.kick(room, talk.bot.user)

    async def paused():
        return (await talk.world.store.channel(ref(room))).paused

    await talk.until(paused)
    assert ada.user in (await talk.world.store.channel(ref(room))).paused
