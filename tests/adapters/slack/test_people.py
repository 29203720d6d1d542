"""Who may do what, as Slack tells it."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.chat.slack.people import People
from bot.domain.requests import Role
from tests.kit.slack_fake import BOT_TOKEN, TEAM


@pytest.fixture
def people(slack):
    return People(AsyncWebClient(BOT_TOKEN, base_url=slack.api, retry_handlers=[]), TEAM)


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ({}, Role.MEMBER),
        ({"admin": True}, Role.ADMIN),
        ({"owner": True}, Role.ADMIN),
        ({"guest": True}, Role.GUEST),
        ({"single_channel_guest": True}, Role.GUEST),
        ({"guest": True, "admin": True}, Role.GUEST),
        ({"connect": True}, Role.GUEST),
        ({"connect": True, "admin": True}, Role.GUEST),
        ({"stranger": True}, Role.GUEST),
        ({"deleted": True, "admin": True}, Role.GUEST),
        ({"bot": True}, Role.GUEST),
    ],
)
async def test_a_role_is_what_slack_says(slack, people, who, role):
    """Whoever is not of the workspace may look things up, whatever they are at home."""
    found = await people.person(slack.user("bob", **who))
    assert (found.role, found.name) == (role, "bob")


async def test_a_stranger_is_nobody_of_ours(slack, people):
    """The same id in another workspace is another person: operators are named by both."""
    bob = slack.user("bob", connect=True)
    assert (await people.person(bob)).ref.room == f"{slack.users[bob].team}/{bob}"
    ann = slack.user("ann")
    assert (await people.person(ann)).ref.room == f"{TEAM}/{ann}"


async def test_slack_is_asked_once_until_something_changes(slack, people):
    """Not at every click."""
    ann = slack.user("ann", admin=True)
    for _ in range(3):
        assert (await people.person(ann)).role is Role.ADMIN
    assert len(slack.called("users.info")) == 1
    slack.users[ann].admin = False
    people.changed(ann)
    assert (await people.person(ann)).role is Role.MEMBER


async def test_an_answer_overtaken_by_a_change_is_not_kept(slack, people):
    """It was asked before, and came after."""
    ann = slack.user("ann", admin=True)
    slack.fail("users.info", "slow", taken=True, seconds=0.1)
    slack.later(people.person(ann))
    await slack.until(lambda: slack.called("users.info"))
    slack.users[ann].admin = False
    people.changed(ann)
    await slack.stop()
    assert (await people.person(ann)).role is Role.MEMBER


@pytest.mark.parametrize("fault", ["text500", "html500", "missing_scope", "throttled"])
async def test_whom_slack_does_not_know_may_look_things_up(slack, people, fault):
    """Until Slack answers again."""
    ann = slack.user("ann", admin=True)
    slack.fail("users.info", fault)
    assert (await people.person(ann)).role is Role.GUEST
    assert (await people.person(ann)).role is Role.ADMIN
