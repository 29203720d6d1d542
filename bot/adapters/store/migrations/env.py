"""Alembic runs this; schema.py hands it a connection within a transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy.types import TypeDecorator

from bot.adapters.store.said import metadata


def _render(kind: str, item: Any, _: object) -> str | Literal[False]:
    """A migration says what the database has: it must not change when our own column types do."""
    return f"sa.{item.impl!r}" if kind == "type" and isinstance(item, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
    render_item=_render,
    # Full text is a table SQLAlchemy has no words for, with tables of its own.
    include_name=lambda name, kind, _: kind != "table" or not (name or "").startswith("archive"),
)
with context.begin_transaction():
    context.run_migrations()
