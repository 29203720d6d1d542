from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.markup import strip_markup

TEXTS = [
    ("BYD baut ein Werk", "BYD baut ein Werk"),
    ("<p>BYD <b>ba</b>ut</p>", "\nBYD baut\n"),
    ("eins<br>zwei<br/>drei", "eins\nzwei\ndrei"),
    ("<ul><li>蔚来<li>小鹏</ul>", "\n\n蔚来\n小鹏\n"),
    ("Tom &amp; Jerry &lt;tag&gt; &uuml;ber &#26032; &#x65B0;", "Tom & Jerry <tag> über 新 新"),
    ("a<script>var byd = '<p>';</script>b<style>p{}</style>c", "abc"),
    ("a<svg/>b<iframe src='x'></iframe>c", "abc"),
    ("a<!-- BYD -->b", "ab"),
    ("a <img src='x.jpg' alt='BYD'> b", "a  b"),
    ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ("R&D and AT&T of Geely&Foxconn", "R&D and AT&T of Geely&Foxconn"),
    ("<p>R&D of Q&A</p>", "\nR&D of Q&A\n"),
    ("half &amp half, &uuml ber", "half & half, ü ber"),
    ("<p>no such &thing; here</p>", "\nno such &thing; here\n"),
    ("</p></script>left", "\nleft"),
    ("<p>one\nline</p>\n<p>two</p>", "\none line\n \ntwo\n"),
    ("one\nline &amp; <b>two</b>", "one\nline & two"),
]


@pytest.mark.parametrize(("source", "text"), TEXTS)
def test_markup_becomes_text(source, text):
    """Tags go, blocks end lines, entities mean what they mean, and a bare ampersand means itself."""
    assert strip_markup(source)[0] == text


def test_plain_text_needs_no_map():
    """Nothing is copied where nothing has to be taken out."""
    assert strip_markup("BYD & Toyota, 3 < 4") == ("BYD & Toyota, 3 < 4", None)


@pytest.mark.parametrize("source", [s for s, _ in TEXTS])
def test_every_character_knows_where_it_stood(source):
    """A letter's offset is that of the same letter, or of the entity that means it."""
    text, offsets = strip_markup(source)
    if offsets is None:
        assert text == source
        return
    assert len(offsets) == len(text)
    assert offsets == sorted(offsets)
    assert all(source[o] in (c, "&", "\n") or c == "\n" for c, o in zip(text, offsets, strict=True))


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b",
                ">",
                "&amp;",
                "&",
                ";",
                "#3",
                "ü",
                "新",
                "\n",
                "a b",
                "<!--",
                "-->",
                "<![",
                "</script>",
                "'",
                '"',
                "=",
            ]
        )
    )
)
def test_broken_markup_is_still_text(pieces):
    """Whatever a feed sends, there is a text, and a map in order and in range."""
    source = "".join(pieces)
    text, offsets = strip_markup(source)
    if offsets is not None:
        assert len(offsets) == len(text)
        assert offsets == sorted(offsets)
        assert all(0 <= o < len(source) for o in offsets)
