import pytest

from bot.domain.edits import TEXT_EDITS, TITLE_EDITS, edited, fingerprint
from bot.domain.entries import MAX_TEXT
from tests.kit.builders import CHINESE, GERMAN, parsed

TEXT = "<p>Der Konzern baut ein Werk in Ungarn.</p>"


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(TEXT, id="nothing"),
        pytest.param("Der Konzern  baut\nein <b>Werk</b> in Ungarn.", id="markup and white space"),
        pytest.param(f"{TEXT}<img src='https://count.example/pixel.gif?x=8f3a'>", id="a pixel"),
        pytest.param(f"{TEXT}<script>show('Xiaomi')</script>", id="a script"),
        pytest.param("Der Konzern baut ein Werk in Ungarn. 17", id="a counter"),
        pytest.param("Der Konzern baut ein Werk in Ungarn!", id="a stop"),
        pytest.param("Der Konzern baut ein&nbsp;Werk in Ungarn.", id="an entity"),
    ],
)
def test_what_nobody_reads_otherwise_is_no_edit(now):
    """Only words count, and only those that people see."""
    before = fingerprint(parsed(GERMAN, text=TEXT))
    assert not edited(parsed(GERMAN, text=now), before, 0)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        pytest.param("Korrigiert: " + GERMAN, TEXT, id="a word more in the title"),
        pytest.param(CHINESE, TEXT, id="another language"),
        pytest.param(GERMAN, TEXT + "<p>Partner ist Geely.</p>", id="a sentence more"),
        pytest.param(GERMAN, TEXT.replace("Konzern", "KONZERN"), id="case, which tells names from words"),
        pytest.param(GERMAN, "", id="no text any more"),
    ],
)
def test_other_words_are_an_edit(title, text):
    """In the title or in the text."""
    assert edited(parsed(title, text=text), fingerprint(parsed(GERMAN, text=TEXT)), 0)


def test_a_text_that_never_stands_still_is_left_alone_before_its_title():
    """Related articles change at every poll; the headline may still become news."""
    before = fingerprint(parsed(GERMAN, text=TEXT))
    other_text, other_title = parsed(GERMAN, text=CHINESE), parsed(CHINESE, text=TEXT)
    assert [edited(other_text, before, n) for n in (TEXT_EDITS - 1, TEXT_EDITS)] == [True, False]
    assert [edited(other_title, before, n) for n in (TITLE_EDITS - 1, TITLE_EDITS)] == [True, False]


def test_what_is_not_read_is_no_edit():
    """Beyond the 20,000th character nothing is looked at."""
    long = "电" * MAX_TEXT
    assert not edited(parsed(text=long + "动"), fingerprint(parsed(text=long)), 0)


def test_any_text_has_a_fingerprint():
    """Nothing at all, NUL and half a character among it."""
    for text in ("", "\0\ud800", "<", "&#", "3,5 %"):
        entry = parsed(text, text=text)
        assert not edited(entry, fingerprint(entry), 0)
