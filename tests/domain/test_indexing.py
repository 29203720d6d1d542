import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import MAX_TEXT
from bot.domain.indexing import MAX_PHRASES, MAX_WORD, Phrase, name_tokens, phrases, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xiaomi soll 2024 den SU7 bauen.", ["xiaomi", "soll", "2024", "den", "su7", "bauen"]),
        ("E-Autos, BYD's & Škoda: gründen", ["e", "autos", "byd", "s", "skoda", "grunden"]),
        ("STRAẞE straße", ["strasse", "strasse"]),
        ("ＢＹＤ ﾄﾖﾀ", ["byd", "トヨ", "ヨタ", "タ"]),
        ("小米造车", ["小米", "米造", "造车", "车"]),
        ("比亚迪BYD与", ["比亚", "亚迪", "迪", "byd", "与"]),
        ("ガス がす", ["ガス", "ス", "がす", "す"]),
        ("현대자동차", ["현대", "대자", "자동", "동차", "차"]),
        ("蔚\u200b来 Xi\u00adao\u202emi", ["蔚来", "来", "xiaomi"]),
        ("トヨタ・日産", ["トヨ", "ヨタ", "タ", "日産", "産"]),
        ("Ё ёлка ΆΛΦΑ", ["е", "елка", "αλφα"]),
        ("🚗 \0 _ \ud800 !", []),
        ("", []),
    ],
)
def test_a_text_is_its_words(text, expected):
    """In any script, case and width."""
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Xiaomi</p><p>baut</p>", ["xiaomi", "baut"]),
        ('<a href="https://x.example/?q=secret">小<b>米</b></a>', ["小米", "米"]),
        ("a<script>var hidden = 1 < 2;</script>b<style>p{}</style>c", ["a", "b", "c"]),
        ("B&uuml;ro &lt;b&gt; R&amp;D", ["buro", "b", "r", "d"]),
        ("1 < 2 and <3", ["1", "2", "and", "3"]),
        ("<!-- nothing -->seen", ["seen"]),
    ],
)
def test_markup_is_not_text(text, expected):
    """Nobody looks for tags, addresses and scripts."""
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Ford", [Phrase(("ford",))]),
        ("Toyota", [Phrase(("toyota",), beginning=True)]),
        ("E-Auto Joint-Ventures", [Phrase(("e", "auto")), Phrase(("joint", "ventures"), beginning=True)]),
        ("车", [Phrase(("车",), beginning=True)]),
        ("比亚迪", [Phrase(("比亚", "亚迪"))]),
        ("BYD 比亚迪 byd", [Phrase(("byd",)), Phrase(("比亚", "亚迪"))]),
        ("AI眼镜", [Phrase(("ai",)), Phrase(("眼镜",))]),
        ('"nio" OR * NEAR(', [Phrase(("nio",)), Phrase(("or",)), Phrase(("near",))]),
        ("<b>", [Phrase(("b",))]),
        ("- * \0 🚗", []),
    ],
)
def test_a_search_is_words_too(words, expected):
    """Joined ones stay together; long ones may go on."""
    assert phrases(words) == expected


def test_a_search_has_an_end():
    """Pasted articles and addresses."""
    assert len(phrases(" ".join(f"wort{n}" for n in range(500)))) == MAX_PHRASES
    (phrase,) = phrases("x" * 5_000)
    assert phrase.tokens == ("x" * MAX_WORD,)


def test_a_company_is_one_token():
    """Whatever its id; two ids never share one."""
    assert len(set(name_tokens(["great-wall", "great wall", "greatwall", "长城", "长城"]))) == 4
    assert all(token.isalnum() for token in name_tokens(["great-wall", '"; --']))


@given(st.text())
def test_every_token_is_one_word(text):
    """Nothing in it parts it again, and nothing can be syntax, of any database."""
    for token in [*tokens(text), *(t for p in phrases(text) for t in p.tokens)]:
        assert token.split() == [token]
        assert all(c.isalnum() for c in token if c.isascii())
        assert len(token) <= MAX_WORD


@given(st.text(alphabet="ab 小米車ガ가-é<>&;/", max_size=40))
def test_what_is_looked_for_as_it_was_written_is_found(text):
    """Every phrase of a plain text stands in its tokens."""
    words = text.translate(dict.fromkeys(map(ord, "<>&"), " "))
    found = tokens(words)
    for phrase in phrases(words):
        *whole, last = phrase.tokens
        places = range(len(found) - len(whole))
        assert any(
            found[n : n + len(whole)] == whole
            and (found[n + len(whole)].startswith(last) if phrase.beginning else found[n + len(whole)] == last)
            for n in places
        )


@pytest.mark.parametrize("piece", ["<a", "<script>", "&", "<!--", "\u0301", "<x/", "小", "<p <"])
def test_no_text_takes_long(piece):
    """Whoever writes the feed."""
    begun = time.process_time()
    tokens((piece * MAX_TEXT)[:MAX_TEXT])
    assert time.process_time() - begun < 0.5
