"""Inserting a row that another process may be inserting at the same moment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.sql.dml import Insert


def insert_if_absent(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same unique key exists; True when it was inserted.

    Under a race exactly one caller gets True: the others wait until its transaction has ended.
    """
    return connection.execute(_insert(connection.dialect.name, table), values).rowcount == 1


@cache
def _insert(dialect: str, table: Table) -> Insert:
    insert = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[dialect]
    return insert(table).on_conflict_do_nothing()
