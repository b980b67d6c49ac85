"""Where those who want to write to one SQLite file queue.

SQLite lets one write at a time. Who comes second would sleep and try again, in steps that soon are
longer than any transaction of ours (its busy handler). Here the system wakes the next one when the
one before is done, within a process and between processes. What else writes to the file (the
sqlite3 command, say) is not in the queue: SQLite itself keeps the two apart.
"""

from __future__ import annotations

import fcntl
import os
import threading
from types import TracebackType


class WriteQueue:
    """A lock among all threads of all processes that hold a queue of the same file.

    The system frees it when a process dies. Not reentrant.
    """

    def __init__(self, database_path: str | None) -> None:
        """Queue for a file; without one (in memory, another database) in this process alone."""
        self._threads = threading.Lock()
        self._path = f"{database_path}-writers" if database_path else None
        self._file: int | None = None

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._path is not None:
                if self._file is None:
                    self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def close(self) -> None:
        """Close the file, which stays."""
        with self._threads:
            if self._file is not None:
                os.close(self._file)
                self._file = None
