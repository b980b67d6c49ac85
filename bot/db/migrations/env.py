"""Alembic's environment: runs on the connection it is given, or on the configured database."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy.engine import Connection

from bot.db.migrate import configure_context


def _run(connection: Connection) -> None:
    configure_context(connection)
    with context.begin_transaction():
        context.run_migrations()


def _main() -> None:
    connection: Any = context.config.attributes.get("connection")
    if connection is not None:
        _run(connection)
        return
    from bot.db.engine import Database
    from bot.settings import read_settings

    settings = read_settings(demo=True)
    database = Database(settings.database_url, settings.secret_keys)
    with database.write() as connection:
        _run(connection)


_main()
