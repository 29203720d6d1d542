import pytest

from tests.kit.matrix_bot import Bot


@pytest.fixture
async def new_bot(synapse, tmp_path):
    """Call it with settings for evwatch's side of Matrix, not yet started; it is ended with the test."""
    made = []

    def make(*, on=synapse, folder="evwatch", account=None, **settings):
        made.append(Bot(on, tmp_path / folder, account, **settings))
        return made[-1]

    yield make
    for bot in made:
        await bot.close()


@pytest.fixture
async def bot(new_bot):
    """The bot of evwatch, listening."""
    made = new_bot()
    await made.start()
    return made


@pytest.fixture
async def ada(people):
    return await people("ada")


@pytest.fixture
async def ben(people):
    return await people("ben")


@pytest.fixture
def room_of(bot):
    """Call it with a person for a room of theirs that the bot and `others` are in."""

    async def make(person, *others, **more):
        room = await person.create(invite=[bot.user, *(o.user for o in others)], **more)
        for other in others:
            await other.join(room)
        await person.until_joined(room, bot.user)
        return room

    return make
