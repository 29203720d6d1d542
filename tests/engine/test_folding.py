from __future__ import annotations

import pytest

from bot.domain.claims import Certainty, Origin, OriginType
from bot.domain.stories import Change
from bot.engine.folding import fold, opening
from tests.engine.makers import claim, outlet, party

RUMOUR, ANNOUNCED, CONFIRMED = Certainty.RUMOUR, Certainty.ANNOUNCED, Certainty.CONFIRMED
DONE, DENIED, CANCELLED = Certainty.DONE, Certainty.DENIED, Certainty.CANCELLED

EDIT, LINE = Change.EDITED, Change.LINE
SOURCES = Origin("Insider", OriginType.SOURCES)
FOLDS = [
    (RUMOUR, RUMOUR, None, RUMOUR, EDIT),
    (RUMOUR, ANNOUNCED, None, CONFIRMED, LINE),
    (RUMOUR, CONFIRMED, party("xiaomi"), CONFIRMED, LINE),
    (RUMOUR, DONE, party("xiaomi"), DONE, LINE),
    (RUMOUR, DENIED, party("xiaomi"), DENIED, LINE),
    (RUMOUR, DENIED, outlet("Late Post"), RUMOUR, EDIT),
    (RUMOUR, DENIED, SOURCES, RUMOUR, EDIT),
    (RUMOUR, DENIED, party("apple"), RUMOUR, EDIT),
    (RUMOUR, CONFIRMED, SOURCES, RUMOUR, EDIT),
    (RUMOUR, DONE, outlet("Late Post"), RUMOUR, EDIT),
    (DENIED, RUMOUR, outlet("Late Post"), DENIED, EDIT),
    (DENIED, ANNOUNCED, party("xiaomi"), CONFIRMED, LINE),
    (DENIED, DONE, None, DONE, LINE),
    (DENIED, DENIED, None, DENIED, EDIT),
    (ANNOUNCED, DONE, None, DONE, LINE),
    (ANNOUNCED, DONE, outlet("Late Post"), DONE, LINE),
    (ANNOUNCED, DONE, SOURCES, ANNOUNCED, EDIT),
    (ANNOUNCED, RUMOUR, SOURCES, ANNOUNCED, EDIT),
    (ANNOUNCED, CONFIRMED, None, ANNOUNCED, EDIT),
    (ANNOUNCED, DENIED, party("xpeng"), DENIED, LINE),
    (CONFIRMED, RUMOUR, None, CONFIRMED, EDIT),
    (CONFIRMED, ANNOUNCED, None, CONFIRMED, EDIT),
    (CONFIRMED, DONE, None, DONE, LINE),
    (DONE, RUMOUR, None, DONE, EDIT),
    (DONE, ANNOUNCED, None, DONE, EDIT),
    (DONE, DENIED, SOURCES, DONE, EDIT),
    *((was, CANCELLED, party("xiaomi"), CANCELLED, LINE) for was in Certainty if was is not CANCELLED),
    *((was, CANCELLED, SOURCES, was, EDIT) for was in Certainty),
    *((CANCELLED, said, None, CANCELLED, EDIT) for said in Certainty),
]


@pytest.mark.parametrize(("was", "said", "origin", "now", "change"), FOLDS)
def test_certainty_folds_as_the_table_says(was, said, origin, now, change):
    """Only parties confirm, deny and cancel; nobody makes a story less sure by repeating hearsay."""
    assert fold(was, claim("xiaomi", certainty=said, origin=origin), {"xiaomi", "xpeng"}) == (now, change)


@pytest.mark.parametrize(
    ("said", "origin", "certainty"),
    [
        (RUMOUR, None, RUMOUR),
        (ANNOUNCED, None, ANNOUNCED),
        (DONE, outlet("Late Post"), DONE),
        (DENIED, party("xiaomi"), DENIED),
        (DENIED, SOURCES, RUMOUR),
        (CONFIRMED, SOURCES, RUMOUR),
        (CANCELLED, outlet("Late Post"), RUMOUR),
    ],
)
def test_a_story_opens_no_surer_than_its_first_word(said, origin, certainty):
    """What only a party can say is a rumour from anybody else."""
    assert opening(claim("xiaomi", certainty=said, origin=origin)) is certainty
