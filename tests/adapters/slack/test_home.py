"""The Home tab."""

import pytest
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack.forms import About
from bot.adapters.chat.slack.home import channels_of, home
from tests.adapters.slack.golden import golden
from tests.adapters.slack.overviews import NASTY, TEAM, overview
from tests.kit.slack_blocks import view_problems
from tests.kit.slack_fake import BOT_TOKEN, visible


def page(*own, language="en"):
    return home(overview(language=language), set(own), TEAM, About("D0ME"))


def test_home_is_its_golden_file():
    """Slack takes it, and Slack's own models read and write it without a change."""
    view = page("C0EVDESK")
    assert view_problems(view) == []
    assert View(**view).to_dict() == view
    assert view == golden("home", view)


@pytest.mark.parametrize("language", ["de", "en", "zh"])
def test_home_shows_only_the_own_channels(language):
    """What another channel is told of stands nowhere on it."""
    view = page("C0EVDESK", language=language)
    assert view_problems(view) == []
    assert visible(view).mentions == ["C0EVDESK", "C0EVDESK"]
    assert "NIO" not in visible(view).text
    assert "S42" in visible(view).text


def test_foreign_words_are_shown_as_written():
    """No mention, no broadcast, no formatting; one link."""
    seen = visible(page("C0SECRET"))
    assert NASTY in seen.text
    assert (seen.mentions, seen.broadcasts) == (["C0SECRET"], [])
    assert [address for address, _ in seen.links] == ["https://www.latepost.example/1?a=1&b=2"]


def test_another_workspace_is_not_ours():
    """Channels are known by both."""
    view = home(overview(), {"C0EVDESK"}, "T0OTHER", About("D0ME"))
    assert visible(view).mentions == []


async def test_the_channels_of_somebody_are_asked_for_page_by_page(slack, ann, monkeypatch):
    """Public ones, and private ones the bot is in too."""
    monkeypatch.setattr("bot.adapters.chat.slack.home._PAGE", 2)
    web = AsyncWebClient(BOT_TOKEN, base_url=slack.api, retry_handlers=[])
    own = {slack.channel(f"c{n}", members=[ann], private=n > 3) for n in range(5)}
    slack.channel("hidden", members=[ann], private=True, bot=False)
    slack.channel("others")
    assert await channels_of(web, ann) == own
    slack.fail("users.conversations", "missing_scope")
    assert await channels_of(web, ann) == frozenset()
