"""Whether a database can be worked with: reached, of this version, and written with our keys.

It is asked before a command or a role begins, and costs three short reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import column, inspect, select, table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.db.engine import Database
from bot.db.sealed import SealBroken
from bot.db.tables import staff
from bot.reasons import Reason, mark

_MIGRATIONS = Path(__file__).parent / "migrations" / "versions"
# Alembic's own: one row says which migration was the last.
_VERSION_TABLE = "alembic_version"


class NotReady(Exception):
    """The database cannot be worked with as it is."""


class Unreachable(Reason, NotReady):
    """There is none at that address, or it lets nobody in. The message says why, in one line."""


class NotMigrated(NotReady):
    """It lacks tables or columns of this version of the code."""


class OtherKey(NotReady):
    """What it holds was sealed with a key that is not among ours."""


def open_database(url: str, secret_keys: tuple[str, ...]) -> Database:
    """Open the database at ``url``.

    Raises:
        Unreachable: it is no address of a database, or there is none.
    """
    try:
        database = Database(url, secret_keys)
    except (ArgumentError, ImportError):
        # Not with the address: it may hold a password.
        raise Unreachable(mark("ce n'est pas l'adresse d'une base SQLite ou PostgreSQL")) from None
    except OSError as error:
        raise Unreachable("{said}", said=error.strerror or type(error).__name__) from error
    try:
        with _reaching(database):
            pass
    except Unreachable:
        database.close()
        raise
    return database


def make_sure(database: Database, *, has_key: bool = True) -> None:
    """Return where the database can be worked with.

    Args:
        has_key: what is sealed must open, too.

    Raises:
        NotReady: one of the classes above.
    """
    with _reaching(database) as connection:
        if not is_migrated(connection):
            raise NotMigrated
        if has_key and not opens(connection):
            raise OtherKey


def is_migrated(connection: Connection) -> bool:
    """Tell whether all migrations of this version have run. Later ones do no harm."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return False
    query = select(column("version_num")).select_from(table(_VERSION_TABLE))
    return (connection.execute(query).scalar() or "") >= newest_migration()


def opens(connection: Connection) -> bool:
    """Tell whether the keys open a sealed value: the first that every installation has."""
    try:
        connection.execute(select(staff.c.name).order_by(staff.c.id.desc()).limit(1)).scalar()
    except SealBroken:
        return False
    return True


def newest_migration() -> str:
    """Return the number of the newest migration, with which its file's name begins."""
    return max(path.name for path in _MIGRATIONS.glob("[0-9]*.py")).partition("_")[0]


@contextmanager
def _reaching(database: Database) -> Iterator[Connection]:
    try:
        with database.read() as connection:
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", error)).strip() or type(error).__name__
        raise Unreachable("{said}", said=reason.splitlines()[0]) from error
