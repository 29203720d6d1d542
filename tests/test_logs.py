"""Logs: readable, for machines too, and without a secret whichever way it comes."""

import io
import json
import logging
from urllib.parse import quote

import pytest
import structlog

from bot import logs

SECRET = 'xoxb "very"/secret ü'


@pytest.fixture
def lines():
    """What is logged; called with a format, gives the lines since."""
    stream = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level

    def configured(format="text"):
        logs.configure([SECRET], format=format, stream=stream)
        return stream

    yield configured
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def test_a_line_is_words_and_values(lines):
    """Time, level, what happened, with what."""
    stream = lines()
    structlog.get_logger("x").info("feed polled", feed="news", new=3, title="two words")
    assert stream.getvalue().partition("Z ")[2] == 'info feed polled feed=news new=3 title="two words"\n'


def test_json_is_one_object_a_line(lines):
    """For machines."""
    stream = lines("json")
    structlog.get_logger("x").info("feed polled", feed="news")
    logging.getLogger("other.library").warning("careful")
    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["feed"], first["level"]) == ("feed polled", "news", "info")
    assert (second["event"], second["level"]) == ("careful", "warning")


@pytest.mark.parametrize("format", ["text", "json"])
def test_no_secret_reaches_a_log(lines, format):
    """In an event, a value, an address, an exception or another library's line."""
    stream = lines(format)
    log = structlog.get_logger("x")
    log.info(SECRET, value=SECRET, nested={"deep": [SECRET]}, url=f"https://x/?t={quote(SECRET, safe='')}")
    try:
        raise ValueError(SECRET)
    except ValueError:
        log.exception("failed")
    logging.getLogger("other.library").warning("with %s", SECRET)
    text = stream.getvalue()
    assert len(text.splitlines()) >= 3
    for form in ("xoxb", "very", quote(SECRET, safe="")):
        assert form not in text


def test_foreign_text_makes_no_line_of_its_own(lines):
    """A newline in a title is quoted: nobody writes our log for us."""
    stream = lines()
    structlog.get_logger("x").info("read", title="a\n2026-01-01 error forged \x1b[31m")
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()
