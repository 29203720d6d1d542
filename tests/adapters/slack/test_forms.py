"""The modals: what they show, and the commands that what was filled in means."""

import pytest
from slack_sdk.models.views import View

from bot.adapters.chat.slack import forms
from bot.adapters.chat.slack.forms import About
from bot.domain.requests import Choice
from tests.adapters.slack.golden import golden
from tests.adapters.slack.overviews import FIRST, SECOND, overview
from tests.kit import slack_forms, slack_things
from tests.kit.slack_blocks import view_problems

ABOUT = About("C0EVDESK", "https://hooks.slack.example/commands/1", "1.5", "mute S42 7d")


def filled(view, **values):
    """The view as it comes back, filled in."""
    made = slack_things.View("V1", "U1", view, "h", "V1")
    slack_forms.fill(made, {forms.FIELD + name.replace("_", "-"): value for name, value in values.items()})
    return made.json()


def meant(found, number="new", **values):
    about = About("C0EVDESK", number=number)
    return forms.subscribe_commands(found, filled(forms.subscribe_form(found, about), **values))


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("modal-subscribe", forms.subscribe_form(overview(), About("C0EVDESK", number="3"))),
        ("modal-mute", forms.mute_form(overview(), ABOUT)),
    ],
)
def test_a_form_is_its_golden_file(name, view):
    """Slack takes it, and Slack's own models read and write it without a change."""
    assert view_problems(view) == []
    assert View(**view).to_dict() == view
    assert view == golden(name, view)


@pytest.mark.parametrize("language", ["de", "en", "zh"])
def test_forms_fit_in_every_language(language):
    """Titles, labels and options within Slack's limits."""
    found = overview(language=language)
    assert view_problems(forms.subscribe_form(found, ABOUT)) == []
    assert view_problems(forms.mute_form(found, ABOUT)) == []


def test_nothing_changed_is_the_same_subscription_again():
    """A form that is opened and saved does no more than that."""
    commands, wrong = meant(overview(), number="3")
    assert wrong == {}
    assert commands == [
        (
            "subscribe #3 chinese-ev-makers xiaomi -byd kind:joint-venture lang:zh severity:high outlet:Reuters moves"
            " weekly friday 07:30"
        )
    ]


def test_a_new_subscription_is_a_line_one_could_have_typed():
    """What is left as it is, is not said."""
    commands, _ = meant(overview(), company=[forms.option(Choice("byd", "BYD"))])
    assert commands == ["subscribe byd"]


@pytest.mark.parametrize(
    ("values", "more"),
    [
        ({"digest_hour": "06:00"}, ["digest 06:00"]),
        ({"quiet_from": None, "quiet_until": None}, ["quiet off"]),
        ({"quiet_from": "23:00"}, ["quiet 23:00-07:00"]),
        ({"budget": "5"}, ["budget 5"]),
        ({"budget": None}, ["budget off"]),
        ({"quiet_from": "23:00", "budget": "0"}, ["quiet 23:00-07:00", "budget 0"]),
    ],
)
def test_the_channels_settings_are_commands_of_their_own(values, more):
    """Only those that are to change."""
    commands, _ = meant(overview(), list=["suppliers"], **values)
    assert commands == ["subscribe suppliers", *more]


def test_the_hour_of_a_digest_is_the_subscriptions():
    """Where it is not the channel's."""
    assert meant(overview(), list=["suppliers"], cadence="daily")[0] == ["subscribe suppliers daily"]
    commands, _ = meant(overview(), list=["suppliers"], cadence="daily", digest_hour="06:00")
    assert commands == ["subscribe suppliers daily 06:00"]


def test_mistakes_are_told_by_field():
    """Under the block of the subscription that is shown."""
    _, wrong = meant(overview(), quiet_until=None)
    assert set(wrong) == {"list-new", "quiet-until-new"}
    assert wrong["list-new"] == "Choose at least one list or company."


def test_the_only_subscription_is_there_at_once():
    """One of several is chosen first; another channel's is no choice."""
    assert forms.with_current(overview(FIRST), ABOUT).number == "3"
    assert forms.with_current(overview(FIRST, SECOND), ABOUT).number == "new"
    values = [o["value"] for o in forms.subscribe_form(overview(), ABOUT)["blocks"][0]["element"]["options"]]
    assert values == ["new", "3", "4"]


def test_a_mute_is_a_line_one_could_have_typed():
    """The story of the message, unless more is chosen."""
    view = forms.mute_form(overview(), ABOUT)
    assert forms.mute_command(filled(view)) == "mute S42 7d"
    both = [forms.option(c) for c in overview().mutable]
    assert forms.mute_command(filled(view, mute_what=both, muted_for="ever")) == "mute S42 xiaomi ever"


def test_options_are_cut_to_what_slack_shows():
    """A hundred, each value once, labels of 75 characters."""
    found = forms.options([Choice(f"c{n % 200}", "比" * 90) for n in range(400)])
    assert len(found) == 100
    assert all(len(o["text"]["text"]) <= 75 for o in found)
