"""The real rules, read once."""

import pytest

import bot.rulebook
from bot.engine.reader import Reader


@pytest.fixture(scope="session")
def book():
    """The rulebook that comes with evwatch."""
    return bot.rulebook.load([bot.rulebook.bundled()])


@pytest.fixture(scope="session")
def reader(book):
    """Reads by the real rules."""
    return Reader(book)
