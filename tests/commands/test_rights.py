import pytest

from bot.domain.channels import ChannelRef
from bot.domain.requests import Role
from tests.commands.conftest import BOSS


@pytest.mark.parametrize("text", ["help", "latest", "list", "比亚迪", "mutes", "search byd", "feeds"])
async def test_look_ups_are_open_to_guests(talk, text):
    """Who may read along may ask."""
    assert (await talk(text, role=Role.GUEST)).understood


@pytest.mark.parametrize(
    "text",
    [
        "subscribe byd",
        "unsubscribe",
        "mute byd",
        "digest 8:00",
        "quiet off",
        "language de",
        "useful S1",
        "订阅 比亚迪",
    ],
)
async def test_a_guest_changes_nothing(talk, text):
    """Refused in a sentence that says what is open."""
    assert "members" in await talk.refused(text, role=Role.GUEST)
    assert await talk.world.store.all_subscriptions() == []
    assert await talk.world.store.channel(talk.room) is None


@pytest.mark.parametrize("text", ["list new mine byd", "list add mine byd", "list drop mine byd", "list end mine"])
async def test_lists_are_changed_by_admins(talk, text):
    """Every channel shares them."""
    assert "admin" in await talk.refused(text, role=Role.MEMBER)
    assert await talk.world.store.watchlists() == []


async def test_a_member_has_the_own_channel(talk):
    """Subscriptions, mutes, settings."""
    for text in ("subscribe byd", "mute byd", "quiet 22-7", "unsubscribe all"):
        assert (await talk(text, role=Role.MEMBER)).understood


async def test_only_operators_mute_everywhere(talk):
    """An admin of one channel does not speak for the others; nor does he end such a mute."""
    assert "operators" in await talk.refused("mute byd everywhere")
    assert "everywhere" in await talk.lines("mute byd everywhere", person=BOSS)
    assert "operators" in await talk.refused("unmute byd")
    assert "No longer" in await talk.lines("unmute byd", person=BOSS)


async def test_operators_are_persons_not_channels(talk):
    """Whoever stands in an operators' channel is none by that."""
    assert "operators" in await talk.refused("mute byd everywhere", channel=BOSS)


async def test_the_role_is_asked_at_every_command(talk):
    """Somebody who was demoted is refused at once."""
    await talk.lines("subscribe byd", role=Role.MEMBER)
    await talk.refused("unsubscribe all", role=Role.GUEST)


async def test_whoever_sits_at_the_console_may_everything(talk):
    """It is the machine itself."""
    local = {"person": ChannelRef("console", "local"), "channel": ChannelRef("console", "main")}
    assert "everywhere" in await talk.lines("mute byd everywhere", role=Role.GUEST, **local)


async def test_help_shows_what_one_may(talk):
    """A guest is not shown what would be refused."""
    assert "unsubscribe" in await talk.lines("help", role=Role.MEMBER)
    assert "unsubscribe" not in await talk.lines("help", role=Role.GUEST)
