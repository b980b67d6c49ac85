"""What all tables share."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def primary_key() -> Column:
    """Return the ``id`` column of a table."""
    return Column("id", Integer, primary_key=True)


def reference(name: str, table: str, *, nullable: bool = False, index: bool = True) -> Column:
    """Return a column that refers to the ``id`` of another table."""
    return Column(name, ForeignKey(f"{table}.id"), nullable=nullable, index=index)
