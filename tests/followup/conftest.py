"""What the tests of the follow-up start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Connection, Row

from bot.db.engine import Database
from tests.made_up import make_member, make_structure


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """Give one writing transaction on an empty database."""
    with database.write() as connection:
        yield connection


@pytest.fixture
def home(connection: Connection) -> Row:
    """Give a structure."""
    return make_structure(connection)


@pytest.fixture
def awa(connection: Connection, home: Row) -> Row:
    """Give a social worker of it."""
    return make_member(connection, home)
