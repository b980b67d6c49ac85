"""Keeping a running process in step with what reviewers edit and sign in the console."""

from __future__ import annotations

import threading

import structlog

from bot.db.engine import Database
from bot.db.wakeups import wait_for
from bot.followup import translations
from bot.i18n.catalogs import Catalogs

_log = structlog.get_logger(__name__)

# A wake-up can be lost; what is new is looked for this often in any case (seconds).
LOOK_EVERY = 5.0


class Corrections:
    """What reviewers wrote, laid over the catalogs of this process."""

    def __init__(self, database: Database, catalogs: Catalogs) -> None:
        self._database, self._catalogs = database, catalogs
        self._newest = 0

    def refresh(self) -> None:
        """Read what is new, if there is anything."""
        with self._database.read() as connection:
            newest = translations.newest(connection)
            if newest != self._newest:
                self._catalogs.correct(translations.corrections(connection))
                self._newest = newest


def follow(database: Database, catalogs: Catalogs, stopping: threading.Event) -> None:
    """Refresh whenever something is new until ``stopping`` is set; for a thread of its own."""
    corrections = Corrections(database, catalogs)
    listener = database.listen(translations.TOPIC)
    try:
        while not stopping.is_set():
            try:
                corrections.refresh()
            except Exception as error:
                # The database is away: the words stay as they are.
                _log.warning("cannot read corrections", error=type(error).__name__)
            wait_for(listener, LOOK_EVERY)
    finally:
        listener.close()
