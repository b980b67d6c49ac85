"""Migrations run up and down, and end where the code's tables are."""

import pytest
from sqlalchemy import inspect, text

from bot.db.engine import Database
from bot.db.migrate import differences, downgrade, upgrade
from tests.conftest import KEYS


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """Give a database without tables, of each kind."""
    if request.param == "postgresql":
        yield request.getfixturevalue("bare_postgres_database")
        return
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}", KEYS)
    yield database
    database.close()


def test_the_head_equals_the_tables_in_the_code(empty):
    upgrade(empty)
    with empty.read() as connection:
        assert differences(connection) == []


def test_migrations_run_down_and_up_again(empty):
    upgrade(empty)
    downgrade(empty)
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    upgrade(empty)
    with empty.read() as connection:
        assert differences(connection) == []


def test_running_them_again_changes_nothing_and_keeps_the_rows(empty):
    upgrade(empty)
    with empty.write() as connection:
        connection.execute(text("INSERT INTO lease (name) VALUES ('kept')"))
    upgrade(empty)
    with empty.read() as connection:
        assert connection.execute(text("SELECT name FROM lease")).scalar_one() == "kept"
