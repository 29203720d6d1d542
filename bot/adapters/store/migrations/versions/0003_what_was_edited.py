"""Entries that are edited: what they said when they were read, and how often they were read anew.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ADD COLUMN: a batch copies the table, and the entries are most of the database.
    op.add_column("entries", sa.Column("fingerprint", sa.Text(), nullable=True))
    op.add_column("entries", sa.Column("edits", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("put the copy back that was made before the upgrade")
