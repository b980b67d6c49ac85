"""Bringing a database to the form that this version of the code expects, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import TypeDecorator

from bot.db.engine import Database
from bot.db.tables import metadata

_FOLDER = Path(__file__).parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the migrations up to ``revision``, in one transaction."""
    with _rebuilding(database) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(database: Database, revision: str = "base") -> None:
    """Undo the migrations down to ``revision``, in one transaction."""
    with _rebuilding(database) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def _rebuilding(database: Database) -> Iterator[Connection]:
    """Yield a connection in a transaction in which tables may be rebuilt.

    SQLite changes a table by making it anew, and meanwhile rows refer to one that is not there:
    it checks references again at the end instead, and for that the switch has to be turned before
    the transaction begins.

    Raises:
        IntegrityError: a row was left referring to nothing.
    """
    if not database.is_sqlite:
        with database.write() as connection:
            yield connection
        return
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise IntegrityError("PRAGMA foreign_key_check", None, ValueError(broken[0]))
            connection.commit()
        finally:
            if connection.in_transaction():
                connection.rollback()
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def differences(connection: Connection) -> list[Any]:
    """Return what tells the database's tables from those in the code: none when it is current."""
    found = MigrationContext.configure(connection, opts={"compare_type": _same_type})
    return list(compare_metadata(found, metadata))


def configure_context(connection: Connection) -> None:
    """Prepare Alembic's context: used by ``migrations/env.py``."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=_render_item,
        compare_type=_same_type,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
    )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def _render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column types as what they are stored as: a migration outlives our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def _same_type(
    _context: Any, _inspected: Any, _column: Any, stored: Any, wanted: Any
) -> bool | None:
    """Tell Alembic that a column of ours differs only if what it is stored as differs."""
    if isinstance(wanted, TypeDecorator):
        return not isinstance(stored, type(wanted.impl))
    return None
