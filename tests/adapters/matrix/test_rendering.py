"""Messages as Matrix events: safe whatever a feed wrote, the same in words and in HTML, and small enough."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.chat.matrix.rendering import ITEM, MOST_BYTES, content
from bot.domain.channels import ChannelRef, Outgoing, Part
from bot.domain.messages import Message, SourceLink

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MESSAGE = Message(
    "BYD + Uber: joint venture. Announced.",
    quote="BYD & Uber gründen <b>Gemeinschaftsunternehmen</b>",
    sources=(
        SourceLink("news.example", "https://news.example/1?a=1&b=2", NOW),
        SourceLink("财新", "https://caixin.example/2"),
    ),
    notes=("2 origins, 3 outlets",),
    story="S1",
    revision=1,
)
#: What clients are to let through (client-server API, "m.room.message msgtypes"), of it what a message may need.
ALLOWED = {"strong": set(), "blockquote": set(), "br": set(), "ul": set(), "li": set(), "a": {"href"}}
VOID = {"br"}


class Reader(HTMLParser):
    """Reads as a strict client: everything closed, nothing unknown; a quote is shown with its mark."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.links = "", [], []

    def handle_starttag(self, tag, attrs):
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ALLOWED[tag], attrs
        self.links += [value for _, value in attrs]
        self.text += " > " if tag == "blockquote" else " " if tag in {"br", "ul", "li"} else ""
        if tag not in VOID:
            self.open.append(tag)
        assert len(self.open) < 100

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text += " " if tag in {"blockquote", "ul", "li"} else ""

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def words(text):
    return re.sub(r"\s+", " ", text).strip()


def outgoing(message=MESSAGE, part=Part.ROOT, root=None, key="story:1:r1:root"):
    return Outgoing(key, ChannelRef("matrix", "!room"), part, message, root, NOW, NOW)


def shown(event):
    """What a client shows of it: an edit by its new content."""
    return event.get("m.new_content", event)


NASTY = [
    "A & B <script>alert(1)</script> <!-- @room --> &lt;b&gt;",
    "](https://evil.example) <img src=x onerror=y> **bold** _it_ `code`",
    "@ada:evwatch.test #room:evwatch.test <a href='https://matrix.to/#/@ada:evwatch.test'>Ada</a>",
    '"><strong>, \' onclick="x" </li></ul></blockquote>',
    "]]> <![CDATA[x]]> <?php ?> <!DOCTYPE html>",
    "比亚迪与优步成立合资公司 100% &#x41; &copy",
]
lines = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1).filter(str.strip)
)
links = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "https://news.example/a?b=1&c=2",
            'https://news.example/"><img src=x>',
            "javascript:alert(1)",
            "HTTP://news.example/it's",
            "https:no-host",
            "//news.example",
            "https://[broken",
            "https://比亚迪.example/新闻",
            "data:text/html,x",
        ]
    ),
    st.text().map("https://news.example/".__add__),
)
sources = st.builds(SourceLink, lines, links, st.sampled_from([None, NOW]))
plain = st.builds(
    Message,
    first_line=lines,
    quote=st.one_of(st.just(""), lines),
    sources=st.lists(sources, max_size=3).map(tuple),
    notes=st.lists(lines, max_size=3).map(tuple),
    ringing=st.booleans(),
    language=st.sampled_from(["en", "de", "zh"]),
    story=st.sampled_from([None, "S42"]),
)
messages = st.builds(replace, plain, items=st.lists(plain, max_size=3).map(tuple))


@given(messages, st.sampled_from(Part))
def test_whatever_a_feed_wrote_is_safe_and_the_same_in_words_and_html(message, part):
    """Allowed tags alone, all closed; links to web addresses alone; body and HTML word for word the same."""
    event = content(outgoing(message, part, "$root"))
    for one in (event, shown(event)):
        html = read(one["formatted_body"])
        assert words(html.text) == words(one["body"])
        assert all(urlsplit(link).scheme in {"http", "https"} and urlsplit(link).hostname for link in html.links)
        assert one["m.mentions"] == {}
    assert all(words(text) in words(event["body"]) for text in (message.first_line, message.quote, *message.notes))


@given(messages, st.sampled_from(Part), st.integers(1, 400))
def test_no_event_is_too_large(message, part, times):
    """Items go first, then the ends of lines; what is said first is always there."""
    long = replace(
        message,
        first_line=message.first_line * times,
        quote=message.quote * times,
        sources=tuple(replace(s, url=s.url and s.url * (times % 20 + 1)) for s in message.sources),
        items=message.items * times,
    )
    event = content(outgoing(long, part, "$root"))
    assert len(json.dumps(event, ensure_ascii=False).encode()) <= MOST_BYTES
    assert words(shown(event)["body"]).startswith(words(long.first_line[:200])[:100])
    assert words(read(event["formatted_body"]).text) == words(event["body"])


def test_a_message_reads_so():
    """As a whole, for the eye."""
    event = content(outgoing())
    assert event == {
        "msgtype": "m.notice",
        "body": (
            "BYD + Uber: joint venture. Announced.\n"
            "> BYD & Uber gründen <b>Gemeinschaftsunternehmen</b>\n"
            "news.example (02 Mar 2026) · 财新 · 2 origins, 3 outlets · S1"
        ),
        "format": "org.matrix.custom.html",
        "formatted_body": (
            "<strong>BYD + Uber: joint venture. Announced.</strong>"
            "<blockquote>BYD &amp; Uber gründen &lt;b&gt;Gemeinschaftsunternehmen&lt;/b&gt;</blockquote>"
            '<a href="https://news.example/1?a=1&amp;b=2">news.example (02 Mar 2026)</a>'
            ' · <a href="https://caixin.example/2">财新</a> · 2 origins, 3 outlets · S1'
        ),
        "m.mentions": {},
        "m.url_previews": [],
        "com.beeper.linkpreviews": [],
        ITEM: {
            "key": "story:1:r1:root",
            "part": "root",
            "story": "S1",
            "revision": 1,
            "links": ["https://news.example/1?a=1&b=2", "https://caixin.example/2"],
        },
    }


def test_an_answer_of_several_lines_has_them():
    """What has neither sources nor a story is a text."""
    event = content(outgoing(Message("2 subscriptions", notes=("EV makers", "电池")), Part.REPLY))
    assert event["body"] == "2 subscriptions\nEV makers\n电池"
    assert event["formatted_body"] == "2 subscriptions<br>EV makers<br>电池"


def test_a_digest_is_a_list_of_its_stories():
    """Each with its own words and links; programs get their numbers."""
    event = content(outgoing(Message("2 stories", items=(MESSAGE, replace(MESSAGE, story="S2"))), Part.DIGEST))
    assert event["formatted_body"].count("<li><strong>BYD + Uber") == 2
    assert "\n  BYD + Uber: joint venture. Announced.\n  > BYD" in event["body"]
    assert event[ITEM]["stories"] == ["S1", "S2"]


def test_a_digest_that_is_too_long_says_that_it_goes_on():
    """Half of the items, and a sign."""
    event = content(outgoing(Message("400 stories", items=(MESSAGE,) * 400), Part.DIGEST))
    assert event["body"].startswith("400 stories\n…\n  BYD")


@pytest.mark.parametrize(
    ("ringing", "part", "kind"),
    [
        (False, Part.ROOT, "m.notice"),
        (True, Part.ROOT, "m.text"),
        (True, Part.LINE, "m.text"),
        (True, Part.REPLY, "m.notice"),
        (False, Part.NOTICE, "m.notice"),
    ],
)
def test_severity_chooses_who_hears_it(ringing, part, kind):
    """A notice is silent for most people; an answer to a bot must never look like a question to another."""
    assert content(outgoing(replace(MESSAGE, ringing=ringing), part, "$root"))["msgtype"] == kind


async def sent(people, encrypted):
    """A bot and a reader in a room, and a way to say what was rendered."""
    bot, ada = await people("bot"), await people("ada")
    room = await bot.create(invite=[ada.user], encrypted=encrypted)
    await ada.join(room)
    await bot.sync()

    async def send(*args, **where):
        return await bot.send(room, "m.room.message", content(outgoing(*args), **where))

    return send, lambda seen: ada.until(room, seen)


@pytest.mark.parametrize("encrypted", [False, True])
async def test_a_story_is_one_message_with_a_thread(people, encrypted):
    """A real server takes it, and a second user sees it: the edit in place, the change below, nothing odd."""
    send, until = await sent(people, encrypted)
    root = await send()
    changed = replace(MESSAGE, first_line="BYD + Uber: joint venture. Cancelled.", revision=2)
    await send(changed, Part.EDIT, root, "story:1:r2:edit")
    await send(Message("Cancelled by BYD."), Part.LINE, root, "story:1:r2:line")
    seen = await until(lambda room: room.messages and room.messages[0].lines and room.messages[0].lines[0].html)
    (message,) = seen.messages
    assert message.text.startswith("BYD + Uber: joint venture. Cancelled.\n> BYD & Uber")
    assert (message.edits, message.encrypted, seen.odd) == (1, encrypted, [])
    assert [line.text for line in message.lines] == ["Cancelled by BYD."]
    assert message.content[ITEM]["key"] == "story:1:r2:edit"


async def test_an_answer_stands_in_the_thread_of_the_question(people):
    """Also where the question was asked in a thread."""
    send, until = await sent(people, encrypted=False)
    root = await send()
    question = await send(Message("why?"), Part.LINE, root)
    await send(Message("Because."), Part.REPLY, None, "reply:1", thread=root, last=question)
    seen = await until(lambda room: room.messages and len(room.messages[0].lines) == 2)
    assert seen.messages[0].lines[1].content["m.relates_to"]["m.in_reply_to"] == {"event_id": question}


async def test_the_largest_message_is_taken(people):
    """To the last byte, encrypted and as an edit, which makes it larger still."""
    send, until = await sent(people, encrypted=True)
    root = await send()
    most = Message("x" * 100)
    edit = ("story:1:r2:edit", Part.EDIT)

    def size(notes):
        event = content(outgoing(replace(most, notes=notes), edit[1], root, edit[0]))
        return len(json.dumps(event, ensure_ascii=False).encode())

    length = (MOST_BYTES - size(("",))) // 4
    assert MOST_BYTES - 4 < size(("x" * length,)) <= MOST_BYTES
    await send(replace(most, notes=("x" * length,)), edit[1], root, edit[0])
    seen = await until(lambda room: room.messages and room.messages[0].edits)
    assert len(seen.messages[0].text) == 101 + length
