"""The fake Slack's checks of blocks, and what it lets people see."""

import html

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextActionsBlock,
    ContextBlock,
    DividerBlock,
    FeedbackButtonsElement,
    HeaderBlock,
    InputBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextInputElement,
    PlainTextObject,
    RichTextBlock,
    RichTextQuoteElement,
    RichTextSectionElement,
    SectionBlock,
    StaticMultiSelectElement,
)
from slack_sdk.models.blocks.basic_components import FeedbackButtonObject
from slack_sdk.models.blocks.block_elements import RichTextElementParts

from tests.kit.slack_blocks import message_problems, too_long_together, view_problems
from tests.kit.slack_fake import Sight, notification, visible
from tests.kit.slack_sight import mrkdwn as read

P = RichTextElementParts


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def section(text="x", **more):
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text="Mute", **more):
    return {"type": "button", "text": plain(text), "action_id": "mute", **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def option(number=1, text="one"):
    return {"text": plain(text), "value": f"v{number}"}


def rich(*parts, kind="rich_text_section"):
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(parts)}]}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("Subscribe"), "submit": plain("Save"), "blocks": list(blocks), **more}


def text_input(**more):
    element = {"type": "plain_text_input", "action_id": "name", **more}
    return {"type": "input", "block_id": "name", "label": plain("Name"), "element": element}


def test_every_kind_of_block_the_sdk_builds_is_taken():
    """What slack_sdk.models writes has nothing wrong with it."""
    blocks = [
        HeaderBlock(text="EV news"),
        SectionBlock(text=MarkdownTextObject(text="*bold*"), accessory=ButtonElement(text="Why", action_id="why")),
        RichTextBlock(
            elements=[
                RichTextSectionElement(elements=[P.Text(text="比亚迪"), P.Link(url="https://news.example/1")]),
                RichTextQuoteElement(elements=[P.Text(text="quoted", style=P.TextStyle(italic=True))]),
            ]
        ),
        ContextBlock(elements=[PlainTextObject(text="2 origins"), MarkdownTextObject(text="<!date^1^{date}|1970>")]),
        DividerBlock(),
        ActionsBlock(
            elements=[
                ButtonElement(text="Mute", action_id="mute", value="S1", style="danger"),
                OverflowMenuElement(action_id="more", options=[Option(text="Share", value="share")]),
            ]
        ),
        ContextActionsBlock(
            elements=[
                FeedbackButtonsElement(
                    action_id="useful",
                    positive_button=FeedbackButtonObject(text="Useful", value="good"),
                    negative_button=FeedbackButtonObject(text="Not useful", value="bad"),
                )
            ]
        ),
    ]
    assert message_problems([block.to_dict() for block in blocks]) == []


def test_a_modal_the_sdk_builds_is_taken():
    """Inputs and menus, too."""
    lists = StaticMultiSelectElement(action_id="lists", options=[Option(text="Cars", value="cars")])
    blocks = [
        InputBlock(label="Lists", element=lists, block_id="lists", optional=True).to_dict(),
        InputBlock(label="Companies", element=PlainTextInputElement(action_id="companies", max_length=200)).to_dict(),
    ]
    assert view_problems(modal(*blocks, private_metadata="x" * 3000, callback_id="subscribe")) == []
    assert view_problems({"type": "home", "blocks": [section()]}) == []


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
        (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        (section(block_id="b" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
        (
            {"type": "section", "fields": [plain()] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
        ({"type": "header", "text": mrkdwn()}, "must be one of: plain_text [json-pointer:/blocks/0/text/type]"),
        ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
        ({"type": "context", "elements": [plain()] * 11}, "no more than 10 items allowed"),
        ({"type": "context", "elements": [button()]}, "must be one of: plain_text, mrkdwn"),
        (actions(*[button(action_id=f"a{n}") for n in range(26)]), "no more than 25 items allowed"),
        (actions(), "no less than 1 items allowed"),
        (actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        (actions(button(value="x" * 2001)), "must be less than 2001 characters"),
        (actions(button(action_id="x" * 256)), "must be less than 256 characters"),
        (actions(button(style="loud")), "must be a valid enum value"),
        (actions(button(url="javascript:alert(1)")), "must be a valid url"),
        (actions(button(), button()), '`action_id` "mute" already exists'),
        (actions({"type": "overflow", "options": [option(n) for n in range(6)]}), "no more than 5 items allowed"),
        (actions({"type": "overflow", "options": [option(), option()]}), "option values must be unique"),
        (actions({"type": "static_select", "options": [option(n) for n in range(101)]}), "no more than 100 items"),
        (actions({"type": "static_select", "options": [option(1, "x" * 76)]}), "must be less than 76 characters"),
        (
            actions({"type": "static_select", "options": [option()], "initial_option": option(2)}),
            "must match one of the options",
        ),
        (actions({"type": "static_select"}), "must define either `options` or `option_groups`"),
        (actions(button(confirm={"title": plain()})), "missing required field: confirm"),
        ({"type": "context_actions", "elements": [button()]}, "unsupported type: button"),
        (
            {"type": "context_actions", "elements": [{"type": "feedback_buttons", "positive_button": {}}]},
            "missing required field: negative_button",
        ),
        (rich({"type": "text", "text": ""}), "must be more than 0 characters"),
        (rich({"type": "text", "text": "x", "style": {"red": True}}), "invalid additional property: red"),
        (rich({"type": "link", "url": "evil"}), "must be a valid url"),
        (rich({"type": "blink", "text": "x"}), "unsupported type: blink"),
        (rich({"type": "date", "timestamp": "1", "format": "{date}"}), "must be an integer"),
        (rich({"type": "user", "user_id": "U1"}, kind="rich_text_preformatted"), "unsupported type: user"),
        ({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "unsupported type: text"),
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ],
)
def test_what_slack_refuses_is_refused(block, wrong):
    """With Slack's words and the place."""
    assert any(wrong in problem for problem in message_problems([block])), message_problems([block])


def test_fifty_blocks_are_taken_and_no_more():
    """A view takes a hundred."""
    assert message_problems([section()] * 50) == []
    assert message_problems([section()] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert view_problems(modal(*[section()] * 100)) == []
    assert view_problems(modal(*[section()] * 101)) == ["no more than 100 items allowed [json-pointer:/view/blocks]"]


def test_a_block_id_stands_once():
    """Twice is refused."""
    assert '`block_id` "b" already exists' in message_problems([section(block_id="b")] * 2)[0]


def test_all_texts_together_have_a_limit():
    """Five full sections are too long, though each is right."""
    assert too_long_together([section("x" * 3000)] * 5)
    assert not too_long_together([section("x" * 3000)] * 4)


@pytest.mark.parametrize(
    ("view", "wrong"),
    [
        (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
        (modal(close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
        (modal(private_metadata="x" * 3001), "must be less than 3001 characters"),
        (modal(callback_id="x" * 256), "must be less than 256 characters"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
        ({"type": "modal", "title": plain(), "blocks": [text_input()]}, "`submit` is required"),
        (modal(text_input(max_length=3001)), "must be between 0 and 3000"),
        (modal(text_input(placeholder=plain("x" * 151))), "must be less than 151 characters"),
        (modal({"type": "input", "label": plain(), "element": button()}), "unsupported type: button"),
        (modal({"type": "context_actions", "elements": []}), "unsupported type: context_actions"),
        ({"type": "home", "title": plain(), "blocks": []}, "invalid additional property: title"),
        ({"type": "tab", "blocks": []}, "must be a valid enum value"),
    ],
)
def test_a_view_slack_refuses_is_refused(view, wrong):
    """Titles, texts, inputs where they may not be."""
    assert any(wrong in problem for problem in view_problems(view)), view_problems(view)


def test_mrkdwn_is_read_as_slack_reads_it():
    """Links, mentions, broadcasts, dates and formatting are found; entities are decoded once."""
    seen = visible(
        {
            "blocks": [
                section(
                    "*BYD* &amp;lt; <https://news.example/1?a=1&amp;b=2|the news> <!channel> <@U1> <#C1|cars> "
                    "<!subteam^S1> <!date^1700000000^{date}|14 Nov> :tada: http://bare.example `x`"
                )
            ]
        }
    )
    assert seen.text == "*BYD* &lt; the news @channel @U1 cars !subteam^S1 14 Nov :tada: http://bare.example `x`"
    assert ("https://news.example/1?a=1&b=2", "the news") in seen.links
    assert ("http://bare.example", "http://bare.example") in seen.links
    assert seen.broadcasts == ["channel"]
    assert seen.mentions == ["U1", "C1", "S1"]
    assert seen.dates == [(1700000000, "14 Nov")]
    assert seen.emoji == [":tada:"]
    assert set(seen.formatted) == {("bold", "BYD"), ("code", "x")}
    assert seen.odd == []


@given(st.text(alphabet=st.sampled_from("&<>|!@#*_~`:;ab \n/ampltg比")))
@example("&amp;lt; <!channel> <@U1> <https://evil.example|x>")
def test_escaped_text_is_read_as_it_was_written(text):
    """Whatever stands in it: nothing is a mention, a date or odd, and no link but a bare address."""
    seen = Sight()
    read(html.escape(text, quote=False), seen, verbatim=True)
    assert seen.text == text
    assert (seen.links, seen.mentions, seen.broadcasts, seen.dates, seen.odd) == ([],) * 5


@pytest.mark.parametrize(
    "nasty", ["A & B <script>alert(1)</script>", "<https://a b|c>", "a > b", "<!date^x^y|z>", "<>"]
)
def test_stray_brackets_are_odd(nasty):
    """What is none of Slack's forms was not escaped."""
    assert visible({"text": nasty}).odd


NASTY = "A & B <script> <!channel> <@U1> <https://evil.example|x> *b* :smile: https://evil.example 比亚迪"


def test_foreign_text_is_literal_in_rich_text_and_plain_text():
    """Every character is itself; only plain_text makes emoji, unless told not to."""
    for block in (rich({"type": "text", "text": NASTY}), {"type": "header", "text": plain(NASTY) | {"emoji": False}}):
        seen = visible({"blocks": [block]})
        assert seen.text == NASTY
        assert (seen.links, seen.mentions, seen.broadcasts, seen.emoji, seen.formatted, seen.odd) == ([],) * 6
    assert visible({"blocks": [{"type": "header", "text": plain(NASTY)}]}).emoji == [":smile:"]


def test_rich_text_elements_are_what_they_say():
    """A broadcast element is a broadcast, a link is a link."""
    seen = visible(
        {
            "blocks": [
                rich(
                    {"type": "broadcast", "range": "here"},
                    {"type": "user", "user_id": "U1"},
                    {"type": "link", "url": "https://news.example", "text": "news"},
                    {"type": "text", "text": "loud", "style": {"bold": True}},
                    {"type": "date", "timestamp": 5, "format": "{date}", "fallback": "then"},
                )
            ]
        }
    )
    assert seen.text == "@here@U1newsloudthen"
    assert (seen.broadcasts, seen.mentions, seen.dates) == (["here"], ["U1"], [(5, "then")])
    assert seen.links == [("https://news.example", "news")]
    assert seen.formatted == [("bold", "loud")]


def test_an_escaped_arrow_at_the_start_is_a_quote_all_the_same():
    """&gt; keeps its meaning at the start of a line."""
    assert ("quote", "profit") in notification({"text": "first\n&gt; profit"}).formatted


def test_buttons_are_seen():
    """Their words can be clicked; an address on one is a link."""
    seen = visible({"blocks": [actions(button(), button("Open", action_id="open", url="https://news.example/1"))]})
    assert seen.buttons == ["Mute", "Open"]
    assert seen.links == [("https://news.example/1", "Open")]
