"""The database: one engine, its transactions, its keys and its wake-ups.

SQLite (WAL) and PostgreSQL behave alike behind ``Database``. Both have what was written on the disk
when ``write()`` or ``turn()`` returns:

- ``write()``: a transaction that may change rows. On SQLite it takes the write lock at once
  (BEGIN IMMEDIATE), so it never fails half-way for want of it.
- ``read()``: a consistent view for reading.
- ``turn()``: reads first, writes later. On SQLite the write lock is taken by the first statement
  that changes something, so that a slow dialogue never keeps an incoming message waiting.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

from bot.db.log_file import LogFile
from bot.db.sealed import Sealer
from bot.db.wakeups import (
    Listener,
    NotificationListener,
    SocketAnnouncer,
    SocketListener,
    notify_statement,
    socket_folder,
)
from bot.db.write_queue import WriteQueue

_BUSY_TIMEOUT_MS = 15_000
_LAZY = "akoma_lazy_write"
_TOPICS = "akoma_topics"


@dataclass
class _Lazy:
    """A turn on SQLite before its first write: what that one must take, until the commit.

    ``savepoints``: those set meanwhile, oldest first.
    """

    writers: WriteQueue
    until_committed: ExitStack
    savepoints: list[str] = field(default_factory=list)


class Database:
    """One database with its keys. Built once by the composition root, passed to all others."""

    def __init__(self, url: str, secret_keys: tuple[str, ...]) -> None:
        self.url = make_url(url)
        self.sealer = Sealer(secret_keys)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._make_engine()
        # create_engine made this dialect object for this engine alone.
        self.engine.dialect.akoma_sealer = self.sealer
        self._writers = WriteQueue(self.url.database if self.is_sqlite else None)
        self._log = LogFile(str(self.url.database))
        self._sockets = socket_folder(str(self.url.database))
        self._announcer = SocketAnnouncer(self._sockets)

    def _make_engine(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(
                self.url, future=True, pool_size=20, max_overflow=20, pool_pre_ping=True
            )
        if self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            self.url,
            future=True,
            poolclass=QueuePool,
            pool_size=20,
            max_overflow=20,
            connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT_MS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "before_cursor_execute", _begin_before_first_write, retval=True)
        return engine

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """Yield a connection in a transaction that commits on exit, rolls back on an exception.

        Others may see what was committed, and be told of it, shortly before the disk has it: what
        they make of it is never on the disk without it.

        Args:
            durable: on SQLite, whether to wait until the disk has it. Without, a power cut may
                undo it (a crash of the process does not).
        """
        if not self.is_sqlite:
            with self.engine.begin() as connection:
                connection.info.pop(_TOPICS, None)
                yield connection
                self._notify(connection)
            return
        with self._writers, self.engine.connect() as connection:
            connection.info.pop(_TOPICS, None)
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            topics = self._topics(connection)
            connection.commit()
        self._announce(topics)
        if durable:
            self._log.flush()

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """Yield a connection that reads freely and becomes a write transaction when it must."""
        if not self.is_sqlite:
            with self.write() as connection:
                yield connection
            return
        with self.engine.connect() as connection:
            connection.info.pop(_TOPICS, None)
            with ExitStack() as until_committed:
                connection.info[_LAZY] = _Lazy(self._writers, until_committed)
                try:
                    yield connection
                    topics = self._topics(connection)
                    wrote = connection.connection.dbapi_connection.in_transaction
                    connection.commit()
                except BaseException:
                    connection.rollback()
                    raise
                finally:
                    connection.info.pop(_LAZY, None)
        self._announce(topics)
        if wrote:
            self._log.flush()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection with one consistent view; whatever it changes is rolled back."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    def listen(self, topic: str) -> Listener:
        """Start listening for announcements of ``topic`` made by ``wake``."""
        if self.is_sqlite:
            return SocketListener(self._sockets, topic)
        return NotificationListener(self.url, topic)

    def close(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()
        self._announcer.close()
        self._writers.close()

    def _notify(self, connection: Connection) -> None:
        for topic in self._topics(connection):
            connection.exec_driver_sql(notify_statement(topic))

    def _announce(self, topics: list[str]) -> None:
        for topic in topics:
            self._announcer.announce(topic)

    @staticmethod
    def _topics(connection: Connection) -> list[str]:
        return list(connection.info.pop(_TOPICS, ()))


def wake(connection: Connection, topic: str) -> None:
    """Announce ``topic`` when the transaction of ``connection`` has committed."""
    # In this order: the worker need not wait until the open pages were told.
    connection.info.setdefault(_TOPICS, {})[topic] = None


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what is changed within, and nothing else, if an exception leaves it.

    In a turn on SQLite it is set by the first statement that changes something: SQLite would open
    a reading transaction for it, and that one may be refused the write lock later.
    """
    lazy: _Lazy | None = connection.info.get(_LAZY)
    if lazy is None or connection.connection.dbapi_connection.in_transaction:
        with connection.begin_nested():
            yield
        return
    kept_back = lazy.savepoints
    name = f"part_{len(kept_back)}"
    kept_back.append(name)
    try:
        yield
    except BaseException:
        if name not in kept_back:
            connection.exec_driver_sql(f"ROLLBACK TO {name}")
        raise
    finally:
        if name in kept_back:
            kept_back.remove(name)
        else:
            connection.exec_driver_sql(f"RELEASE {name}")


def sealer_of(connection: Connection) -> Sealer:
    """Return the keys of the database that ``connection`` belongs to."""
    return connection.dialect.akoma_sealer


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    # Transactions are begun by us, not guessed by the driver.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        # Who writes waits for the disk once the lock is free (``LogFile``).
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_before_first_write(
    connection: Connection, cursor: Any, statement: str, parameters: Any, *_rest: Any
) -> tuple[str, Any]:
    """Take the write lock of a ``turn()`` with its first statement that changes something."""
    lazy: _Lazy | None = connection.info.get(_LAZY)
    if lazy is not None and not cursor.connection.in_transaction:
        verb = statement.split(maxsplit=1)[0].upper()
        if verb != "SELECT":
            lazy.until_committed.enter_context(lazy.writers)
            cursor.execute("BEGIN IMMEDIATE")
            for name in lazy.savepoints:
                cursor.execute(f"SAVEPOINT {name}")
            lazy.savepoints.clear()
    return statement, parameters
