"""The tables of what people say, and of what there is to remember; with them `metadata` has every table."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Text

import bot.adapters.store.tables  # noqa: F401 - the others
from bot.adapters.store.columns import counted, metadata, one_of, table, to
from bot.adapters.store.types import Clean, Moment
from bot.domain.mutes import Mutable

mutes = table(
    "mutes",
    counted(),
    to("channel_id", "channels.id", null=True, gone="RESTRICT"),  #: NULL: everywhere
    Column("what", Text, nullable=False),
    Column("name", Clean, nullable=False),
    Column("until", Moment),  #: NULL: until it is ended
    Column("made_by", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("companies", Text, nullable=False),  #: what it silences now
    one_of("what", Mutable),
    Index(None, "channel_id"),
)

feedback = table(
    "feedback",
    to("story_id", "stories.id", key=True),
    Column("person", Clean, primary_key=True),
    to("channel_id", "channels.id", gone="RESTRICT"),
    Column("useful", Boolean, nullable=False),
    Column("said_at", Moment, nullable=False),
)

# Those made in chat; the rules' own are in the rules.
watchlists = table(
    "watchlists",
    Column("name", Clean, primary_key=True),
    Column("title", Clean, nullable=False),
    Column("companies", Text, nullable=False),
    Column("made_by", Clean, nullable=False),
    Column("made_at", Moment, nullable=False),
)

# Every company that ever stood in the rules: stories outlive them.
companies = table(
    "companies",
    Column("company", Clean, primary_key=True),
    Column("name", Clean, nullable=False),
)

notes = table(
    "notes",
    Column("name", Clean, primary_key=True),
    Column("value", Clean, nullable=False),
)

__all__ = ["companies", "feedback", "metadata", "mutes", "notes", "watchlists"]
