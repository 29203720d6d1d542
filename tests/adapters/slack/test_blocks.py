"""Messages as Slack gets them, and as people see them there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.adapters.chat import plain_lines, safe_link
from bot.adapters.chat.slack import blocks
from bot.adapters.chat.slack.blocks import EVENT, FORM, MOST
from bot.domain.channels import ChannelRef, Outgoing, Part
from bot.domain.messages import Action, Message, SourceLink
from tests.adapters.slack.golden import golden
from tests.kit import slack_methods
from tests.kit.slack_fake import notification, visible

WHEN = datetime(2021, 2, 19, 9, 30, tzinfo=UTC)
CHINESE = "据晚点报道，小米即将进入电动汽车制造领域，雷军将亲自带队"

ACTIONS = tuple(
    Action(name, label, f"{command} S42{more}")
    for name, label, command, more in (
        ("mute", "Stumm", "mute", " 7d"),
        ("why", "Warum?", "why", ""),
        ("story", "Verlauf", "story", ""),
        ("useful", "Nützlich", "useful", ""),
        ("useless", "Nicht nützlich", "useless", ""),
    )
)
ROOT = Message(
    "Xiaomi: Einstieg in die Autobranche. Gerücht, zuerst 晚点 LatePost.",
    quote=CHINESE,
    sources=(
        SourceLink("晚点 LatePost", "https://www.latepost.example/news/1?a=1&b=2", WHEN),
        SourceLink("globe.example", "https://globe.example/xiaomi", WHEN.replace(day=20)),
        SourceLink("Wire", None),
    ),
    notes=("2 Ursprünge, 3 Medien",),
    ringing=True,
    timezone="Europe/Berlin",
    language="de",
    story="S42",
    revision=1,
    actions=ACTIONS,
)
EDIT = replace(ROOT, first_line="Xiaomi: Einstieg in die Autobranche. Bestätigt von Xiaomi.", revision=2)
LINE = replace(
    EDIT, first_line="Jetzt: bestätigt von Xiaomi.", quote="", notes=(), actions=(), sources=ROOT.sources[1:2]
)
DIGEST = Message(
    "Digest for 20 Feb 2021: 2 stories",
    items=(
        replace(LINE, first_line="小米: 进入汽车业。传闻。", language="zh", timezone="Asia/Shanghai"),
        Message(
            "BYD + Uber: joint venture. Announced.", sources=ROOT.sources[:1], story="S43", notes=("since 2 March",)
        ),
    ),
)
GOLDENS = {
    Part.ROOT: ROOT,
    Part.EDIT: EDIT,
    Part.LINE: LINE,
    Part.DIGEST: DIGEST,
    Part.OVERFLOW: Message("und 17 weitere aus Globe Auto", language="de"),
    Part.NOTICE: Message("Globe & Mail <auto> has not answered for 2 days: 403"),
    Part.REPLY: Message(
        "2 subscriptions:", notes=("1: all, at once", "2: 中国, daily"), items=(replace(ROOT, actions=()),)
    ),
}


def outgoing(message=ROOT, part=Part.ROOT):
    key = f"story:42:r{message.revision or 1}:{part}"
    return Outgoing(key, ChannelRef("slack", "T0/C0"), part, message, None, WHEN, WHEN)


def taken(content):
    """What Slack makes of it; raises Refused."""
    return slack_methods.content(content, 4000)


# ------------------------------------------------------------------------------------------------------- golden files


@pytest.mark.parametrize("part", GOLDENS)
def test_each_type_of_message_is_as_written_down(part):
    """The whole JSON; Slack takes it, and Slack's own models read and write it without a change."""
    made = blocks.content(outgoing(GOLDENS[part], part))
    assert made == golden(part, made)
    taken(made)
    for block in made["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        assert parsed.to_dict() == block


def test_a_story_reads_so():
    """Bold head, the source's words as a quote, links with host and date, notes, buttons."""
    sight = visible(blocks.content(outgoing()))
    assert sight.text.splitlines()[:4] == [
        ROOT.first_line,
        CHINESE,
        "晚点 LatePost (latepost.example, 19.02.2021) · globe.example (20.02.2021) · Wire",
        "",
    ]
    assert "2 Ursprünge, 3 Medien · S42" in sight.text
    assert sight.formatted == [("bold", ROOT.first_line), ("quote", CHINESE)]
    assert [stamp for stamp, _ in sight.dates] == [int(s.published.timestamp()) for s in ROOT.sources if s.published]
    assert sight.buttons == ["Stumm", "Warum?", "Stumm …", "Verlauf", "Nützlich", "Nicht nützlich"]


def test_a_button_carries_its_command():
    """As it would be typed; of what is chosen in the menu, too, and muting has a form."""
    *_, actions, feedback = blocks.story_blocks(ROOT)
    mute, why, more = actions["elements"]
    assert [mute["value"], why["value"]] == ["mute S42 7d", "why S42"]
    assert [option["value"] for option in more["options"]] == [f"{FORM}mute S42 7d", "story S42"]
    (pair,) = feedback["elements"]
    assert [pair[b]["value"] for b in ("positive_button", "negative_button")] == ["useful S42", "useless S42"]


def test_the_text_says_the_whole_thing():
    """For notifications and screen readers, which never see the blocks."""
    assert notification(blocks.content(outgoing())).text.splitlines() == plain_lines(ROOT)


def test_the_metadata_names_delivery_and_story():
    """The key is what an uncertain message is found by."""
    metadata = blocks.content(outgoing())["metadata"]
    payload = {"key": "story:42:r1:root", "part": "root", "story": "S42", "revision": 1}
    assert metadata == {"event_type": EVENT, "event_payload": payload}


def test_without_blocks_the_addresses_are_in_the_text():
    """What goes through where Slack refuses the blocks."""
    made = blocks.plain(outgoing(), metadata=True)
    assert made["blocks"] == []
    assert [address for address, _ in notification(made).links] == [s.url for s in ROOT.sources if s.url]


def test_a_date_slack_cannot_show_is_text():
    """A feed may claim any year."""
    early = replace(ROOT, sources=(SourceLink("globe.example", "https://globe.example/1", WHEN.replace(year=1900)),))
    sight = visible(blocks.content(outgoing(early)))
    assert "globe.example (19.02.1900)" in sight.text
    assert sight.dates == []


# -------------------------------------------------------------------------------------------------------- foreign text

NASTY = [
    "A & B <script> <!channel>",
    "A &amp; B &lt;!here&gt; &#60;!channel&#62;",
    "](https://evil) <img src=x>",
    "<https://evil.example|news.example> <@U1> <#C1|desk> <!subteam^S1> <!date^1^{date}|today>",
    "*bold* _italic_ ~strike~ `code` ```block```",
    "> quoted\n>>> all of it",
    ":smile: :+1::skin-tone-2: @here @channel #general",
    "https://evil.example/x evil.example www.evil.example",
    "%s {0} {field} {date_short_pretty}",
    f"{CHINESE} <!everyone>",
    "Käufer & Söhne <!channel|x>",
    "\x00\x1b[31m\u202edlrow\u200b",
]
foreign = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=30)), min_size=1, max_size=3).map(" ".join)


def assert_nothing_escapes(message, made):
    """What people see has the words as written, and nothing that Slack made of them."""
    taken(made)
    sight, told = visible(made), notification(made)
    assert [sight.mentions, sight.broadcasts, sight.emoji, sight.odd] == [[], [], [], []]
    assert [told.mentions, told.broadcasts, told.odd] == [[], [], []]
    assert {address for address, _ in sight.links} <= {safe_link(s.url) for s in message.sources}
    assert all(address == words for address, words in told.links)  # at most itself, never under another name
    assert {style for style, _ in sight.formatted} <= {"bold", "quote"}
    for words in (message.first_line, message.quote, *message.notes, *(s.label for s in message.sources)):
        assert words.strip() in sight.text
    assert told.text == "\n".join(plain_lines(message))


@pytest.mark.parametrize("title", NASTY)
def test_a_nasty_title_shows_as_written(title):
    """In every place of a message where feeds have a say."""
    sources = (SourceLink(title, "https://globe.example/1", WHEN), SourceLink(title, "javascript:alert(1)"))
    message = replace(ROOT, first_line=title, quote=title, notes=(title,), sources=sources)
    assert_nothing_escapes(message, blocks.content(outgoing(message)))


@settings(max_examples=500, deadline=None)
@given(title=foreign, quote=foreign, note=foreign, label=foreign, part=st.sampled_from(list(Part)))
def test_whatever_a_feed_wrote_shows_as_written(title, quote, note, label, part):
    """Five hundred of them, in every type of message."""
    sources = (SourceLink(label, "https://globe.example/1?a=1&b=<2>", WHEN),)
    message = replace(ROOT, first_line=title, quote=quote, notes=(note,), sources=sources)
    if part is Part.DIGEST:
        message = Message("1 story", items=(replace(message, actions=()),))
        made = blocks.content(outgoing(message, part))
        taken(made)
        sight = visible(made)
        assert [sight.mentions, sight.broadcasts, sight.emoji, sight.odd] == [[], [], [], []]
        assert all(words.strip() in sight.text for words in (title, quote, note, label))
        return
    assert_nothing_escapes(message, blocks.content(outgoing(message, part)))


# --------------------------------------------------------------------------------------------------------------- size


@pytest.mark.parametrize(("length", "times"), [(1, 1), (10, 10), (1, 200), (1000, 1), (1000, 20)])
@pytest.mark.parametrize("part", list(Part))
def test_limits_are_kept_whatever_comes(part, length, times):
    """The engine keeps to them; nobody else has to."""
    long = "<&> 小米" * length
    sources = tuple(SourceLink(long, f"https://globe.example/{'&' * length}/{n}", WHEN) for n in range(times))
    actions = [Action(f"more-{n}", long, f"{n} {'x' * length * (n % 2)}") for n in range(times)]
    message = Message(long, long, sources, (long,) * times, story="S1", actions=(*actions, *ACTIONS))
    message = replace(message, items=(replace(message, actions=()),) * times)
    for made in (blocks.content(outgoing(message, part)), blocks.plain(outgoing(message, part), metadata=True)):
        taken(made)
        assert len(made["text"]) <= MOST


def test_what_was_left_out_is_shown():
    """A digest that was too long says that it goes on."""
    made = blocks.content(outgoing(replace(DIGEST, items=DIGEST.items * 100), Part.DIGEST))
    assert "…" in visible(made).text


def test_a_message_without_a_word_is_taken():
    """Empty strings are left out: Slack refuses an element without text."""
    taken(blocks.content(outgoing(Message("x", quote="", sources=(SourceLink("", "https://globe.example/"),)))))
