"""What tables are made of: names for every constraint, and the few kinds of columns they share."""

from __future__ import annotations

from enum import Enum
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, MetaData, Table
from sqlalchemy.schema import SchemaItem

from bot.adapters.store.types import Key

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


def table(name: str, *parts: SchemaItem) -> Table:
    """A table of these columns and constraints."""
    # AUTOINCREMENT: a number people have seen (S42, D17) never means something else later.
    numbered = any(isinstance(p, Column) and p.name == "id" for p in parts)
    options: dict[str, Any] = {"sqlite_autoincrement": True} if numbered else {"sqlite_with_rowid": False}
    return Table(name, metadata, *parts, **options)


def counted() -> Column[int]:
    """The key of a table that counts its rows."""
    return Column("id", Key, primary_key=True)


def to(column: str, target: str, *, key: bool = False, null: bool = False, gone: str = "CASCADE") -> Column[int]:
    """A reference; `gone`: what becomes of the row when its target goes."""
    return Column(column, Key, ForeignKey(target, ondelete=gone), primary_key=key, nullable=null, autoincrement=False)


def one_of(column: str, words: type[Enum]) -> CheckConstraint:
    """Only these words may stand in the column."""
    listed = ", ".join(f"'{w.value}'" for w in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
