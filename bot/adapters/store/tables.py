"""Every table. What changes here changes in migrations/ too; a test compares the two."""

from __future__ import annotations

from enum import Enum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.schema import SchemaItem

from bot.adapters.store.types import Clean, Clock24, Key, Moment, Span
from bot.domain.channels import Appetite, Cadence, DeliveryStatus, Part, ReasonCode
from bot.domain.claims import Certainty, Family, Kind
from bot.domain.feeds import FeedStatus
from bot.domain.stories import Change

# Names for everything, because batch migrations on SQLite can only drop what has a name.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *parts: SchemaItem) -> Table:
    # AUTOINCREMENT: a number people have seen (S42, D17) never means something else later.
    counted = any(isinstance(p, Column) and p.name == "id" for p in parts)
    options: dict[str, Any] = {"sqlite_autoincrement": True} if counted else {"sqlite_with_rowid": False}
    return Table(name, metadata, *parts, **options)


def _id() -> Column[int]:
    return Column("id", Key, primary_key=True)


def _to(column: str, target: str, *, key: bool = False, null: bool = False, gone: str = "CASCADE") -> Column[int]:
    return Column(column, Key, ForeignKey(target, ondelete=gone), primary_key=key, nullable=null, autoincrement=False)


def _one_of(column: str, words: type[Enum]) -> CheckConstraint:
    listed = ", ".join(f"'{w.value}'" for w in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


feeds = _table(
    "feeds",
    _id(),
    Column("spec_id", Clean, nullable=False, unique=True),
    Column("owner", Clean, nullable=False),
    Column("status", Text, nullable=False),
    Column("url", Clean, nullable=False),
    Column("title", Clean, nullable=False),
    Column("language", Clean),
    Column("kind", Clean, nullable=False),
    Column("outlet", Clean),
    Column("interval", Span),
    Column("backlog", Integer),  #: NULL: all
    Column("burst", Integer, nullable=False),
    # state between polls
    Column("moved_to", Clean),  #: FeedState.url
    Column("etag", Clean),
    Column("last_modified", Clean),
    Column("body_hash", Clean),
    Column("next_poll_at", Moment),
    Column("polled_at", Moment),
    Column("parsed_at", Moment),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("error", Clean),
    Column("rhythm", Span),
    Column("ttl", Span),
    # the claim
    Column("fence", Key, nullable=False, server_default="0"),
    Column("lease_until", Moment),
    Column("created_at", Moment, nullable=False),
    _one_of("status", FeedStatus),
    Index(None, "status", "next_poll_at"),
)

entries = _table(
    "entries",
    _id(),
    _to("feed_id", "feeds.id", gone="RESTRICT"),
    Column("key", Clean, nullable=False),  #: its identity in the feed, see bot.domain.identity
    Column("title", Clean, nullable=False),
    Column("text", Clean, nullable=False),  #: emptied by retention
    Column("link", Clean),
    Column("link_key", Clean),  #: normalised, for `why-not LINK`
    Column("outlet", Clean),
    Column("language", Clean),
    Column("published", Moment),
    Column("seen_at", Moment, nullable=False),
    Column("silent", Boolean, nullable=False),
    _to("same_as", "entries.id", null=True, gone="SET NULL"),
    Column("unread", Clean),
    Column("reading", Text, nullable=False),  #: JSON of a Reading, claims with their evidence and all
    UniqueConstraint("feed_id", "key"),
    Index(None, "link_key"),
    Index(None, "seen_at"),
    Index(None, "same_as"),
)

seen = _table(
    "seen",
    _to("feed_id", "feeds.id", key=True),
    Column("key", Clean, primary_key=True),
    _to("entry_id", "entries.id"),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Index(None, "last_seen_at"),
    Index(None, "entry_id"),
)

# claims and claim_parties are an index over the readings, for look-ups by company, kind and certainty.
claims = _table(
    "claims",
    _to("entry_id", "entries.id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("retold", Boolean, nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("rule", Clean, nullable=False),
    _one_of("kind", Kind),
    _one_of("family", Family),
    _one_of("certainty", Certainty),
)

claim_parties = _table(
    "claim_parties",
    Column("company", Clean, primary_key=True),
    Column("entry_id", Key, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    ForeignKeyConstraint(["entry_id", "position"], ["claims.entry_id", "claims.position"], ondelete="CASCADE"),
    CheckConstraint("role IN ('who', 'whom')", name="role"),
    Index(None, "entry_id", "position"),
)

stories = _table(
    "stories",
    _id(),
    Column("kind", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("last_claim_at", Moment),
    Column("touched_at", Moment, nullable=False),  #: its last claim or change, whichever is later
    Column("closed", Boolean, nullable=False),
    Column("body", Text, nullable=False),  #: JSON of the Story
    _one_of("kind", Kind),
    _one_of("family", Family),
    _one_of("certainty", Certainty),
    Index(None, "touched_at"),
)

# What a story was at each revision: a line about revision 3 says what was so then.
story_revisions = _table(
    "story_revisions",
    _to("story_id", "stories.id", key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

story_parties = _table(
    "story_parties",
    Column("company", Clean, primary_key=True),
    _to("story_id", "stories.id", key=True),
    Index(None, "story_id"),
)

story_entries = _table(
    "story_entries",
    _id(),
    _to("story_id", "stories.id"),
    _to("entry_id", "entries.id"),
    Column("revision", Integer, nullable=False),
    Column("change", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("claim", Text, nullable=False),
    _one_of("change", Change),
    _one_of("certainty", Certainty),
    Index(None, "story_id"),
    Index(None, "entry_id"),
)

channels = _table(
    "channels",
    _id(),
    Column("ref", Clean, nullable=False, unique=True),
    Column("language", Clean, nullable=False),
    Column("timezone", Clean, nullable=False),
    Column("digest_at", Clock24, nullable=False),
    Column("paused", Clean),
    Column("served", Key, nullable=False, server_default="0"),  #: counts up: whose turn was longest ago
    CheckConstraint(r"ref LIKE '_%\:_%'", name="ref"),
)

subscriptions = _table(
    "subscriptions",
    _id(),
    _to("channel_id", "channels.id", gone="RESTRICT"),
    Column("watchlists", Text, nullable=False),
    Column("companies", Text, nullable=False),
    Column("watched", Text, nullable=False),  #: the resolved set, once more in subscription_companies
    Column("appetite", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("filter", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),  #: hash of all that makes it different from others
    Column("created_at", Moment, nullable=False),
    Column("next_digest_at", Moment),  #: NULL: due as soon as something is held
    _one_of("appetite", Appetite),
    _one_of("cadence", Cadence),
    UniqueConstraint("channel_id", "fingerprint"),
)

subscription_companies = _table(
    "subscription_companies",
    Column("company", Clean, primary_key=True),
    _to("subscription_id", "subscriptions.id", key=True),
    Index(None, "subscription_id"),
)

posts = _table(
    "posts",
    _to("story_id", "stories.id", key=True),
    _to("channel_id", "channels.id", key=True, gone="RESTRICT"),
    Column("root", Clean),  #: key of the root delivery
    Column("receipt", Clean),  #: the platform's id of the root, which outlives the outbox row
    Column("revision", Integer, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("in_digest", Boolean, nullable=False),
    _one_of("certainty", Certainty),
)

# Rows outlive their story's retention only while they are under way: story_id is a number, not a reference.
outbox = _table(
    "outbox",
    _id(),
    _to("channel_id", "channels.id", gone="RESTRICT"),
    Column("key", Clean, nullable=False),
    Column("part", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("needs", Clean),
    Column("story_id", Key),
    Column("revision", Integer),
    Column("reason", Text),
    Column("message", Text),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fence", Key, nullable=False, server_default="0"),
    Column("lease_until", Moment),
    Column("next_at", Moment),  #: NULL: now
    Column("created_at", Moment, nullable=False),
    Column("first_attempt_at", Moment),
    Column("attempted_at", Moment),
    Column("ended_at", Moment),  #: sent, dead or superseded since
    Column("receipt", Clean),
    Column("error", Clean),
    _one_of("part", Part),
    _one_of("status", DeliveryStatus),
    UniqueConstraint("channel_id", "key"),
    Index(None, "channel_id", "status", "id"),
    Index(None, "status", "ended_at"),
)

held = _table(
    "held",
    _id(),
    _to("subscription_id", "subscriptions.id"),
    _to("channel_id", "channels.id", gone="RESTRICT"),
    _to("story_id", "stories.id"),
    Column("reason", Text, nullable=False),
    UniqueConstraint("subscription_id", "story_id"),
    Index(None, "story_id"),
)

decisions = _table(
    "decisions",
    _id(),
    _to("entry_id", "entries.id"),
    _to("channel_id", "channels.id", null=True, gone="RESTRICT"),
    Column("story_id", Key),
    Column("code", Text, nullable=False),
    Column("subscription_id", Key),
    Column("companies", Text, nullable=False),
    Column("rule", Clean),
    Column("detail", Clean, nullable=False),
    _one_of("code", ReasonCode),
    Index(None, "entry_id"),
)
