"""What people say: quiet hours, budgets, mutes, feedback, lists made in chat; the archive.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CERTAINTIES = "'rumour', 'announced', 'confirmed', 'done', 'denied', 'cancelled'"
_CODES = (
    "code IN ('root', 'edit', 'line', 'digest', 'overflow', 'quiet', 'budget', 'catch-up', 'same-as', 'unread', "
    "'no-company', 'no-claim', 'only-retold', 'draft', 'backlog', 'not-watched', 'side-only', 'filtered', 'old-story', "
    "'nothing-new', 'muted', 'paused')"
)


def upgrade() -> None:
    # Plain ADD COLUMN where it will do: a batch copies the table, and the entries are most of the database.
    op.add_column("entries", sa.Column("rulebook", sa.Text(), server_default="", nullable=False))
    _channels()
    _subscriptions()
    _outbox()
    _posts()
    _held()
    _decisions()
    _said()
    _archive()


def downgrade() -> None:
    raise NotImplementedError("put the copy back that was made before the upgrade")


def _channels() -> None:
    op.add_column("channels", sa.Column("quiet_from", sa.Text(), nullable=True))
    op.add_column("channels", sa.Column("quiet_to", sa.Text(), nullable=True))
    op.add_column("channels", sa.Column("budget", sa.Integer(), nullable=True))
    op.add_column("channels", sa.Column("known", sa.Boolean(), server_default=sa.false(), nullable=False))
    # Those that were only ever sent something have the settings of a fresh one.
    op.execute(
        "UPDATE channels SET known = true WHERE id IN (SELECT channel_id FROM subscriptions)"
        " OR language <> 'en' OR timezone <> 'UTC' OR digest_at <> '08:00'"
    )


def _subscriptions() -> None:
    op.add_column("subscriptions", sa.Column("digest_at", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("weekday", sa.Integer(), server_default="0", nullable=False))
    op.add_column("subscriptions", sa.Column("paused", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("made_by", sa.Text(), server_default="", nullable=False))


def _outbox() -> None:
    op.add_column("outbox", sa.Column("aside", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE outbox SET aside = true WHERE part IN ('notice', 'digest') AND attempts = 0")
    op.create_index("ix_outbox_channel_id_part_ended_at", "outbox", ["channel_id", "part", "ended_at"])


def _posts() -> None:
    op.add_column("posts", sa.Column("told_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE posts SET told_at = (SELECT touched_at FROM stories WHERE stories.id = posts.story_id)")
    op.create_index("ix_posts_channel_id_receipt", "posts", ["channel_id", "receipt"])


def _held() -> None:
    op.add_column("held", sa.Column("certainty", sa.Text(), nullable=True))
    op.add_column("held", sa.Column("root", sa.Text(), nullable=True))
    op.execute("UPDATE held SET certainty = (SELECT certainty FROM stories WHERE stories.id = held.story_id)")
    with op.batch_alter_table("held", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("certainty", existing_type=sa.Text(), nullable=False)
        batch_op.create_check_constraint(op.f("ck_held_certainty"), f"certainty IN ({_CERTAINTIES})")
    op.create_index("ix_held_channel_id", "held", ["channel_id"])


def _decisions() -> None:
    # SQLite's copy of the table leaves its CHECK behind by itself: they are not read back.
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_decisions_code"), "decisions", type_="check")
    with op.batch_alter_table("decisions", table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.create_check_constraint(op.f("ck_decisions_code"), _CODES)
    op.create_index("ix_decisions_story_id", "decisions", ["story_id"])


def _said() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("channel_id", _KEY, autoincrement=False, nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("companies", sa.Text(), nullable=False),
        sa.CheckConstraint("what IN ('company', 'story', 'watchlist')", name=op.f("ck_mutes_what")),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_mutes_channel_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_mutes_channel_id", "mutes", ["channel_id"])
    op.create_table(
        "feedback",
        sa.Column("story_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("channel_id", _KEY, autoincrement=False, nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_feedback_channel_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], name=op.f("fk_feedback_story_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story_id", "person", name=op.f("pk_feedback")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "watchlists",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("companies", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watchlists")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "companies",
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company", name=op.f("pk_companies")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "notes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_notes")),
        sqlite_with_rowid=False,
    )


def _archive() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # Tokens are made of letters and digits before they come here: `ascii` parts them at the spaces only.
        op.execute("CREATE VIRTUAL TABLE archive USING fts5(title, body, names, tokenize = 'ascii')")
    else:
        op.execute(
            "CREATE TABLE archive (entry_id BIGINT NOT NULL CONSTRAINT pk_archive PRIMARY KEY"
            " CONSTRAINT fk_archive_entry_id REFERENCES entries (id) ON DELETE CASCADE,"
            " title TSVECTOR NOT NULL, body TSVECTOR NOT NULL, names TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX ix_archive_words ON archive USING gin ((setweight(title, 'A') || body))")
        op.execute("CREATE INDEX ix_archive_names ON archive USING gin (names)")
    # Filled at the next start, page by page: the entries before this one are not in it yet.
    op.execute("INSERT INTO notes (name, value) SELECT 'archive-behind', max(id) + 1 FROM entries HAVING max(id) > 0")
