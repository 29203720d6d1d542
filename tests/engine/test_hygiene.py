from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.messages import safe_link, shown


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("A & B <script> <!channel>", "A & B <script> <!channel>"),
        ("zwei\r\n\tZeilen  und\u2028noch eine", "zwei Zeilen und noch eine"),
        ("Xiao\u200bmi\ufeff \u202eoab\u202c", "Xiaomi oab"),
        ("小米\u3000造车", "小米 造车"),
        ("a\x00b\x1b[31mc\ue000\U000e0041", "ab[31mc"),
        ("U\u0308ber", "Über"),
        ("Z\u0300\u0301\u0302\u0303\u0304\u0305algo", "Z\u0300\u0301\u0302algo"),
        ("\u0301\u0302 los", "los"),
        ("leer\u3164\u2800er", "leerer"),
        ("\ud800kaputt", "kaputt"),
        ("", ""),
    ],
)
def test_text_is_shown_as_one_plain_line(text, plain):
    """No control, format, private or unassigned characters, marks capped; markup stays as written."""
    assert shown(text) == plain


def test_long_text_is_cut_at_a_word():
    """Three dots say so; Chinese is cut at the limit."""
    assert shown("Geely und Foxconn gründen ein Gemeinschaftsunternehmen", 30) == "Geely und Foxconn gründen..."
    assert shown("小" * 400) == "小" * 297 + "..."


@given(st.text(max_size=400), st.integers(0, 320))
def test_shown_text_is_always_safe(text, limit):
    """Whatever comes in; and showing it twice changes nothing."""
    plain = shown(text, limit)
    assert len(plain) <= limit
    assert plain == plain.strip()
    assert not {unicodedata.category(c) for c in plain} & {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
    assert shown(plain, limit) == plain


LINKS = [
    ("https://news.example/a?id=1&utm_source=rss&fbclid=x&b=2#top", "https://news.example/a?id=1&b=2#top"),
    ("https://news.example/?utm_medium=x&GCLID=y", "https://news.example/"),
    ("HTTP://News.Example:80/a", "http://news.example/a"),
    ("https://news.example:8443/a", "https://news.example:8443/a"),
    ('https://news.example/a|b<c>"d e', "https://news.example/a%7Cb%3Cc%3E%22d%20e"),
    ("https://news.example/小米?q=车", "https://news.example/%E5%B0%8F%E7%B1%B3?q=%E8%BD%A6"),
    ("https://müller.example/a%20b", "https://xn--mller-kva.example/a%20b"),
    ("https://straße.example/", "https://xn--strae-oqa.example/"),
    ("https://例子。测试/", "https://xn--fsqu00a.xn--0zwm56d/"),
    ("https://аpple.com/", "https://xn--pple-43d.com/"),
    ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
    ("  https://news.example/a\n", "https://news.example/a"),
    ("javascript:alert(1)", None),
    ("ftp://news.example/a", None),
    ("//news.example/a", None),
    ("https://news.example@evil.example/", None),
    ("https://user:secret@news.example/", None),
    ("https://", None),
    ("https://news.example:port/", None),
    ("https://[::1/", None),
    ("https://a b.example/", None),
    ("https://news.example/" + "a" * 4000, None),
    ("", None),
]


@pytest.mark.parametrize(("url", "safe"), LINKS)
def test_links_are_plain_or_none(url, safe):
    """http(s) only, no userinfo, host in punycode, trackers out, what ends a link encoded."""
    assert safe_link(url) == safe


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(max_size=60).map(lambda t: f"https://{t}"),
        st.text(max_size=60).map(lambda t: f"https://news.example/{t}"),
    )
)
def test_a_safe_link_is_safe(url):
    """Nothing that a platform could read as the end of a link; and safe stays safe."""
    link = safe_link(url)
    if link is not None:
        assert link.isascii()
        assert not set(link) & set('|<> "\\`\n\t')
        assert urlsplit(link).scheme in {"http", "https"}
        assert "@" not in urlsplit(link).netloc
        assert safe_link(link) == link
