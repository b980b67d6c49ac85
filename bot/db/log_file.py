"""Waiting until the disk has what was committed to a SQLite file, outside of its transactions.

With ``synchronous=FULL`` SQLite waits within COMMIT, holding the lock that all other writers wait
for. With NORMAL it waits at checkpoints only, and its write-ahead log is flushed here once the
lock is free. Flushing the log secures all that was committed before, by whomever: the log is
written in order, and a checkpoint flushes it before it lets it begin anew
(https://www.sqlite.org/wal.html, https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import os
from pathlib import Path

# As SQLite does: the moment of the last change need not be on the disk.
sync = getattr(os, "fdatasync", os.fsync)


class LogFile:
    """The write-ahead log of one SQLite file. For use by any thread."""

    def __init__(self, database_path: str) -> None:
        self._path = Path(f"{database_path}-wal")
        # The log whose entry in its folder is on the disk too.
        self._listed: int | None = None

    def flush(self) -> None:
        """Wait until the disk has all that was committed.

        Raises:
            OSError: the disk failed; what was committed may or may not be on it.
        """
        try:
            # Opened each time: SQLite removes the log with its last connection and makes a new one.
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            # SQLite has moved all of it to the database, and waited for the disk.
            return
        try:
            sync(file)
            number = os.fstat(file).st_ino
        finally:
            os.close(file)
        if number != self._listed:
            _sync_folder(self._path.parent)
            self._listed = number


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
