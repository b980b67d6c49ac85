"""What the tests of the follow-up start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Connection

from bot.db.engine import Database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """Give one writing transaction on an empty database."""
    with database.write() as connection:
        yield connection
