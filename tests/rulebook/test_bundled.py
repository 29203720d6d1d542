from pathlib import Path

import pytest

from bot import rulebook
from bot.engine.reader import Reader
from bot.engine.stories import assign
from bot.rulebook import Level
from bot.rulebook.cases import run_cases, run_examples


@pytest.fixture(scope="module")
def bundled():
    return rulebook.examine([rulebook.bundled()])


def test_the_bundled_folder_is_that_of_the_project():
    """In a checkout; in a wheel it is inside the package."""
    assert rulebook.bundled() == Path(__file__).parents[2] / "rules"


def test_the_bundled_rules_are_whole(bundled):
    """Something of every kind is there."""
    book = bundled.rulebook
    kinds = (book.companies, book.watchlists, book.terms, book.languages, book.outlets, book.places, book.rules)
    assert all((*kinds, book.feeds))


def test_lint_finds_no_error_in_the_bundled_rules(bundled):
    """Warnings are for people to judge."""
    assert [str(note) for note in bundled.notes if note.level is Level.ERROR] == []


def test_every_example_and_case_of_the_bundled_rules_holds(bundled):
    """As `evwatch check` runs them."""
    read = Reader(bundled.rulebook).read
    problems = run_examples(bundled.rulebook, read) + run_cases(bundled.rulebook, read, assign)
    assert "\n".join(map(str, problems)) == ""
