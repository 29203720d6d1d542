"""The tables of news and of telling it; those of what people say are in said.py.

What changes here changes in migrations/ too; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    false,
)

from bot.adapters.store.columns import counted, one_of, table, to
from bot.adapters.store.types import Clean, Clock24, Key, Moment, Span
from bot.domain.channels import Appetite, Cadence, DeliveryStatus, Part, ReasonCode
from bot.domain.claims import Certainty, Family, Kind
from bot.domain.feeds import FeedStatus
from bot.domain.stories import Change

feeds = table(
    "feeds",
    counted(),
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
    one_of("status", FeedStatus),
    Index(None, "status", "next_poll_at"),
)

entries = table(
    "entries",
    counted(),
    to("feed_id", "feeds.id", gone="RESTRICT"),
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
    to("same_as", "entries.id", null=True, gone="SET NULL"),
    Column("unread", Clean),
    Column("reading", Text, nullable=False),  #: JSON of a Reading, claims with their evidence and all
    Column("rulebook", Clean, nullable=False, server_default=""),  #: hash of the rules it was read by
    Column("fingerprint", Text),  #: of what was read; NULL: not taken yet, in rows of older versions
    Column("edits", Integer, nullable=False, server_default="0"),  #: how often it was read anew
    UniqueConstraint("feed_id", "key"),
    Index(None, "link_key"),
    Index(None, "seen_at"),
    Index(None, "same_as"),
)

seen = table(
    "seen",
    to("feed_id", "feeds.id", key=True),
    Column("key", Clean, primary_key=True),
    to("entry_id", "entries.id"),
    Column("first_seen_at", Moment, nullable=False),
    Column("last_seen_at", Moment, nullable=False),
    Index(None, "last_seen_at"),
    Index(None, "entry_id"),
)

# claims and claim_parties are an index over the readings, for look-ups by company, kind and certainty.
claims = table(
    "claims",
    to("entry_id", "entries.id", key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("retold", Boolean, nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("draft", Boolean, nullable=False),
    Column("rule", Clean, nullable=False),
    one_of("kind", Kind),
    one_of("family", Family),
    one_of("certainty", Certainty),
)

claim_parties = table(
    "claim_parties",
    Column("company", Clean, primary_key=True),
    Column("entry_id", Key, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    ForeignKeyConstraint(["entry_id", "position"], ["claims.entry_id", "claims.position"], ondelete="CASCADE"),
    CheckConstraint("role IN ('who', 'whom')", name="role"),
    Index(None, "entry_id", "position"),
)

stories = table(
    "stories",
    counted(),
    Column("kind", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("last_claim_at", Moment),
    Column("touched_at", Moment, nullable=False),  #: its last claim or change, whichever is later
    Column("closed", Boolean, nullable=False),
    Column("body", Text, nullable=False),  #: JSON of the Story
    one_of("kind", Kind),
    one_of("family", Family),
    one_of("certainty", Certainty),
    Index(None, "touched_at"),
)

# What a story was at each revision: a line about revision 3 says what was so then.
story_revisions = table(
    "story_revisions",
    to("story_id", "stories.id", key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)

story_parties = table(
    "story_parties",
    Column("company", Clean, primary_key=True),
    to("story_id", "stories.id", key=True),
    Index(None, "story_id"),
)

story_entries = table(
    "story_entries",
    counted(),
    to("story_id", "stories.id"),
    to("entry_id", "entries.id"),
    Column("revision", Integer, nullable=False),
    Column("change", Text, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("claim", Text, nullable=False),
    one_of("change", Change),
    one_of("certainty", Certainty),
    Index(None, "story_id"),
    Index(None, "entry_id"),
)

channels = table(
    "channels",
    counted(),
    Column("ref", Clean, nullable=False, unique=True),
    Column("language", Clean, nullable=False),
    Column("timezone", Clean, nullable=False),
    Column("digest_at", Clock24, nullable=False),
    Column("paused", Clean),
    Column("served", Key, nullable=False, server_default="0"),  #: counts up: whose turn was longest ago
    Column("quiet_from", Clock24),
    Column("quiet_to", Clock24),
    Column("budget", Integer),
    Column("known", Boolean, nullable=False, server_default=false()),  #: set up by somebody, not only told something
    CheckConstraint(r"ref LIKE '_%\:_%'", name="ref"),
)

subscriptions = table(
    "subscriptions",
    counted(),
    to("channel_id", "channels.id", gone="RESTRICT"),
    Column("watchlists", Text, nullable=False),
    Column("companies", Text, nullable=False),
    Column("watched", Text, nullable=False),  #: the resolved set, once more in subscription_companies
    Column("appetite", Text, nullable=False),
    Column("cadence", Text, nullable=False),
    Column("filter", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),  #: hash of all that makes it different from others
    Column("created_at", Moment, nullable=False),
    Column("next_digest_at", Moment),  #: NULL: due as soon as something is held
    Column("digest_at", Clock24),  #: NULL: the channel's
    Column("weekday", Integer, nullable=False, server_default="0"),
    Column("paused", Clean),
    Column("made_by", Clean, nullable=False, server_default=""),
    one_of("appetite", Appetite),
    one_of("cadence", Cadence),
    UniqueConstraint("channel_id", "fingerprint"),
)

subscription_companies = table(
    "subscription_companies",
    Column("company", Clean, primary_key=True),
    to("subscription_id", "subscriptions.id", key=True),
    Index(None, "subscription_id"),
)

posts = table(
    "posts",
    to("story_id", "stories.id", key=True),
    to("channel_id", "channels.id", key=True, gone="RESTRICT"),
    Column("root", Clean),  #: key of the root delivery
    Column("receipt", Clean),  #: the platform's id of the root, which outlives the outbox row
    Column("revision", Integer, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("in_digest", Boolean, nullable=False),
    Column("told_at", Moment),  #: when it was last told or enqueued, or began to wait for a digest
    one_of("certainty", Certainty),
    Index(None, "channel_id", "receipt"),
)

# Rows outlive their story's retention only while they are under way: story_id is a number, not a reference.
outbox = table(
    "outbox",
    counted(),
    to("channel_id", "channels.id", gone="RESTRICT"),
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
    Column("aside", Boolean, nullable=False, server_default=false()),  #: till then it holds up only what needs it
    Column("created_at", Moment, nullable=False),
    Column("first_attempt_at", Moment),
    Column("attempted_at", Moment),
    Column("ended_at", Moment),  #: sent, dead or superseded since
    Column("receipt", Clean),
    Column("error", Clean),
    one_of("part", Part),
    one_of("status", DeliveryStatus),
    UniqueConstraint("channel_id", "key"),
    Index(None, "channel_id", "status", "id"),
    Index(None, "status", "ended_at"),
    Index(None, "channel_id", "part", "ended_at"),
)

held = table(
    "held",
    counted(),
    to("subscription_id", "subscriptions.id"),
    to("channel_id", "channels.id", gone="RESTRICT"),
    to("story_id", "stories.id"),
    Column("reason", Text, nullable=False),
    Column("certainty", Text, nullable=False),  #: of the story when it was held
    Column("root", Clean),  #: key of the message it has there already
    one_of("certainty", Certainty),
    UniqueConstraint("subscription_id", "story_id"),
    Index(None, "story_id"),
    Index(None, "channel_id"),
)

decisions = table(
    "decisions",
    counted(),
    to("entry_id", "entries.id"),
    to("channel_id", "channels.id", null=True, gone="RESTRICT"),
    Column("story_id", Key),
    Column("code", Text, nullable=False),
    Column("subscription_id", Key),
    Column("companies", Text, nullable=False),
    Column("rule", Clean),
    Column("detail", Clean, nullable=False),
    one_of("code", ReasonCode),
    Index(None, "entry_id"),
    Index(None, "story_id"),
)
