"""Inserting a row that another process may be inserting at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

_INSERTS = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_if_absent(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same unique key exists; True when it was inserted.

    Under a race exactly one caller gets True: the others wait until its transaction has ended.
    """
    insert = _INSERTS[connection.dialect.name]
    statement = insert(table).values(**values).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1
