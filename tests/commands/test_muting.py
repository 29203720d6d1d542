import pytest

from bot.domain.channels import ChannelRef
from bot.domain.mutes import Mutable
from tests.commands.conftest import BOSS


async def muted(talk, room=None):
    return await talk.world.store.mutes(room or talk.room, talk.world.clock.now())


@pytest.fixture
async def told(talk):
    """A story that was told here; its message's id."""
    await talk.lines("subscribe byd")
    talk.world.feed("first").publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    (message,) = talk.world.slack.messages("C0EVDESK")
    return message.id


@pytest.mark.parametrize("text", ["mute byd", "stumm BYD", "静音 比亚迪", "静音比亚迪"])
async def test_a_company_is_muted_for_a_week(talk, text):
    """Unless one says; the answer says until when and how to undo it."""
    assert await talk.lines(text) == "Muted. M1: BYD until 2026-03-09 10:00.\nTo undo it: unmute M1"
    (mute,) = await muted(talk)
    assert (mute.what, mute.name, mute.companies, mute.by) == (Mutable.COMPANY, "byd", {"byd"}, "slack:UANNA")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mute byd 2w", "BYD until 2026-03-16 10:00"),
        ("mute byd for 12h", "BYD until 2026-03-02 22:00"),
        ("stumm byd bis 1.12.", "BYD until 2026-12-01 00:00"),
        ("静音 比亚迪 7天", "BYD until 2026-03-09 10:00"),
        ("mute 3 days byd", "BYD until 2026-03-05 10:00"),
        ("mute byd for ever", "BYD for ever"),
        ("mute german-makers until 2026-12-01", "German carmakers until 2026-12-01 00:00"),
    ],
)
async def test_how_long_is_said_in_any_way(talk, text, says):
    """Spans, dates of the channel's zone, for ever."""
    assert says in await talk.lines(text)


async def test_several_are_muted_at_once(talk):
    """Companies and lists in one line."""
    await talk.lines("mute byd, nio and german-makers 3d")
    assert {(m.what, m.name) for m in await muted(talk)} == {
        (Mutable.COMPANY, "byd"),
        (Mutable.COMPANY, "nio"),
        (Mutable.WATCHLIST, "german-makers"),
    }


async def test_a_story_is_muted_by_number_or_by_its_message(talk, told):
    """`this` is the message that was clicked."""
    for text, message in (("mute S1", None), ("mute", told), ("mute this 2d", told), ("stumm", told)):
        await talk.lines(text, message=message)
        (mute,) = await muted(talk)
        assert (mute.what, mute.name) == (Mutable.STORY, "1")


async def test_a_muted_company_tells_nothing(talk, told):
    """Here; elsewhere it does."""
    other = ChannelRef("slack", "COTHER")
    await talk.lines("subscribe byd", channel=other)
    await talk.lines("mute byd")
    talk.world.feed("first").publish("BYD baut ein Werk für Elektroautos in Ungarn")
    await talk.world.run_for("5m")
    assert len(talk.world.slack.messages("C0EVDESK")) == 1
    assert len(talk.world.slack.messages("COTHER")) == 1


async def test_a_mute_holds_for_its_channel_or_everywhere(talk):
    """Everywhere is the operators'."""
    other = ChannelRef("slack", "COTHER")
    await talk.lines("mute byd")
    assert await muted(talk, other) == []
    assert "everywhere" in await talk.lines("stumm nio überall", person=BOSS)
    assert [m.name for m in await muted(talk, other)] == ["nio"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("mute", "mute byd 2w"),
        ("mute 7d", "mute byd 2w"),
        ("mute volkswagn", "Did you mean Volkswagen?"),
        ("mute byd until 2020-01-01", "2020-01-01 is over already"),
        ("mute S99", "There is no story S99"),
        ("mute byd 7x", "7x"),
    ],
)
async def test_a_mistake_mutes_nothing(talk, text, says):
    """And says what to type."""
    assert says in await talk.refused(text)
    assert await muted(talk) == []


async def test_a_message_that_is_no_story_is_no_story(talk):
    """`mute` as an answer to something else."""
    assert "Which story?" in await talk.refused("mute", message="1234")


@pytest.mark.parametrize(
    "text", ["unmute byd", "unmute M1", "laut byd", "取消静音 比亚迪", "取消 静音 比亚迪", "unmute all"]
)
async def test_a_mute_is_ended(talk, text):
    """By what it mutes, its number, or all of them."""
    await talk.lines("mute byd")
    assert "No longer muted. M1: BYD" in await talk.lines(text)
    assert await muted(talk) == []


async def test_a_story_is_heard_of_again(talk, told):
    """By its message too."""
    await talk.lines("mute S1")
    await talk.lines("unmute", message=told)
    assert await muted(talk) == []


async def test_what_is_not_muted_cannot_be_unmuted(talk):
    """The answer shows what is."""
    assert await talk.lines("unmute byd") == "Nothing is muted here."
    await talk.lines("mute nio")
    assert "M1: NIO until 2026-03-09 10:00 (end: unmute M1)" in await talk.refused("unmute byd")
    assert "M1: NIO" in await talk.refused("unmute")


async def test_unmute_all_leaves_what_is_muted_everywhere(talk):
    """A channel ends its own; an operator may end the rest when nothing else is left."""
    await talk.lines("mute nio everywhere", person=BOSS)
    await talk.lines("mute byd")
    await talk.lines("unmute all")
    assert [m.name for m in await muted(talk)] == ["nio"]
    assert "operators" in await talk.refused("unmute all")
    await talk.lines("unmute all", person=BOSS)
    assert await muted(talk) == []


async def test_mutes_shows_each_with_its_end(talk):
    """In the channel's zone and language; what is over is gone."""
    await talk.lines("mute byd 1d")
    await talk.lines("mute nio 3d")
    talk.world.clock.advance("2d")
    await talk.speaks("de")
    assert await talk.lines("stumme") == "M2: NIO bis 05.03.2026 10:00 (beenden: laut M2)"


async def test_feedback_is_kept_once_a_person(talk, told):
    """The last word counts; the same again says so."""
    assert await talk.lines("useful S1") == "Noted: S1 was useful."
    assert await talk.lines("useful", message=told) == "You have said so of S1 already."
    assert await talk.lines("nutzlos S1") == "Noted: S1 was not useful."
    assert await talk.lines("有用 S1", person=ChannelRef("slack", "UBERT")) == "Noted: S1 was useful."
    (score,) = [s for s in await talk.world.store.scores(talk.world.clock.now().replace(day=1)) if s.told]
    assert (score.useful, score.useless) == (1, 1)


async def test_feedback_is_taken_back(talk, told):
    """One's own alone, once."""
    await talk.lines("useful S1", person=ChannelRef("slack", "UBERT"))
    await talk.lines("useless S1")
    assert await talk.lines("zurücknehmen", message=told) == "Taken back: what you said of S1."
    assert await talk.lines("unrate S1") == "You have not said anything of S1."
    (score,) = [s for s in await talk.world.store.scores(talk.world.clock.now().replace(day=1)) if s.told]
    assert (score.useful, score.useless) == (1, 0)


@pytest.mark.parametrize("text", ["useful", "useless S99", "useful byd", "unrate"])
async def test_feedback_needs_a_story(talk, text):
    """Said with how to name one."""
    assert await talk.refused(text)


@pytest.mark.parametrize(
    "words", ["mute byd tomorrow", "mute byd until tomorrow", "stumm byd bis morgen", "静音 比亚迪 明天"]
)
async def test_tomorrow_is_a_day(talk, words):
    """Its first minute, in the channel's zone."""
    assert "until 2026-03-03 00:00" in await talk.lines(words)


async def test_a_mute_that_is_said_again_keeps_its_number(talk):
    """Only its time is another."""
    assert "M1: BYD until 2026-03-09" in await talk.lines("mute byd")
    assert "M1: BYD until 2026-03-04" in await talk.lines("mute byd 2d")


async def test_all_means_all_when_it_is_muted_and_when_it_is_not(talk):
    """Everybody is muted by one word, and heard again by it."""
    await talk.lines("mute byd")
    await talk.lines("mute all")
    await talk.lines("unmute all")
    assert await talk.world.store.mutes(talk.room, talk.world.clock.now()) == []


@pytest.mark.parametrize(
    ("language", "line", "first"),
    [("en", "useful S9 S10", "useful S9"), ("de", "nützlich S9, S10", "nützlich S9"), ("zh", "有用 S9 S10", "有用 S9")],
)
async def test_one_story_is_rated_at_a_time(talk, language, line, first):
    """Nothing is rated where there are two."""
    await talk.speaks(language)
    assert (await talk.refused(line)).endswith(first)
