"""Telling another process that rows are waiting for it, without polling.

A topic ("turns", "outbox", "console") is announced in a transaction and delivered when that has
committed. On PostgreSQL this is NOTIFY and LISTEN. On SQLite, where all processes share one
machine, it is a datagram to every socket that listens in a folder named after the database file.
A wake-up may be lost (a listener that is just starting); every listener therefore also looks at
its rows when its wait times out.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import select
import socket
import tempfile
import time
from pathlib import Path
from typing import Protocol

import psycopg2
import psycopg2.extensions
from sqlalchemy.engine import URL

_CHANNEL = "akoma_{topic}"
# Longer than any file system's clock stands still.
_TICK_NS = 100_000_000


class Listener(Protocol):
    """Hears announcements of one topic. Used by one thread at a time."""

    def fileno(self) -> int:
        """Return what becomes readable when there is something to hear."""

    def take(self) -> bool:
        """Take all announcements that have come, without waiting; True when there were any."""

    def close(self) -> None:
        """Stop listening."""


def wait_for(listener: Listener, seconds: float) -> bool:
    """Block until an announcement comes or the time is over; True when one came."""
    if listener.take():
        return True
    select.select([listener], [], [], seconds)
    return listener.take()


async def hear(listener: Listener, seconds: float) -> bool:
    """Do the same on the event loop, which is not blocked and needs no thread for it."""
    if listener.take():
        return True
    loop = asyncio.get_running_loop()
    over: asyncio.Future[None] = loop.create_future()
    timer = loop.call_later(seconds, _resolve, over)
    loop.add_reader(listener.fileno(), _resolve, over)
    try:
        await over
    finally:
        timer.cancel()
        loop.remove_reader(listener.fileno())
    return listener.take()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def socket_folder(database_path: str) -> Path:
    """Return the folder of the listening sockets of a SQLite file.

    It lies in the temporary folder since a socket's path may have about 100 bytes only.
    """
    digest = hashlib.sha256(str(Path(database_path).resolve()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"akoma-{os.getuid()}-{digest}"


class SocketListener:
    """Listens on a Unix datagram socket of its own beside those of other processes."""

    def __init__(self, folder: Path, topic: str) -> None:
        self._path = folder / f"{topic}.{os.getpid()}.{os.urandom(3).hex()}"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            self._socket.bind(str(self._path))
        except FileNotFoundError:
            # Another process removed the empty folder in between.
            folder.mkdir(mode=0o700, exist_ok=True)
            self._socket.bind(str(self._path))

    def fileno(self) -> int:
        """Return the socket's descriptor."""
        return self._socket.fileno()

    def take(self) -> bool:
        """Take all that has come (see ``Listener``)."""
        heard = False
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(16):
                heard = True
        return heard

    def close(self) -> None:
        """Stop listening; remove the socket's file, and the folder with its last one."""
        self._socket.close()
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._path.parent.rmdir()


class SocketAnnouncer:
    """Sends announcements to the sockets that listen in a folder. For use by any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        # What was listed last, and when the folder had changed by then (None: do not trust it).
        self._listed: tuple[int | None, list[str]] = (None, [])

    def announce(self, topic: str) -> None:
        """Send one datagram to every listener of ``topic``; forget those whose process is gone."""
        for name in self._listening():
            if not name.startswith(f"{topic}."):
                continue
            path = self._folder / name
            try:
                self._socket.sendto(b"x", str(path))
            except BlockingIOError:
                continue  # its queue is full: it will wake up anyway
            except (ConnectionRefusedError, FileNotFoundError):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the socket it sends by."""
        self._socket.close()

    def _listening(self) -> list[str]:
        """List the sockets; the folder is read again only where it has changed."""
        try:
            changed_at = os.stat(self._folder).st_mtime_ns
            seen_at, names = self._listed
            if changed_at != seen_at:
                names = os.listdir(self._folder)
                # Two changes within one tick of the file system's clock look like one.
                settled = time.time_ns() - changed_at > _TICK_NS
                self._listed = (changed_at if settled else None, names)
        except FileNotFoundError:
            return []  # the last one that listened removed it
        return names


class NotificationListener:
    """Listens on PostgreSQL, on a connection of its own outside the pool."""

    def __init__(self, url: URL, topic: str) -> None:
        self._connection = psycopg2.connect(
            url.set(drivername="postgresql").render_as_string(hide_password=False)
        )
        self._connection.set_isolation_level(psycopg2.extensions.ISOLATION_LEVEL_AUTOCOMMIT)
        with self._connection.cursor() as cursor:
            cursor.execute(f"LISTEN {_CHANNEL.format(topic=topic)}")

    def fileno(self) -> int:
        """Return the connection's descriptor."""
        return self._connection.fileno()

    def take(self) -> bool:
        """Take all that has come (see ``Listener``).

        Raises:
            psycopg2.Error: the connection is lost.
        """
        self._connection.poll()
        heard = bool(self._connection.notifies)
        self._connection.notifies.clear()
        return heard

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def notify_statement(topic: str) -> str:
    """Return the SQL that announces ``topic`` when the surrounding transaction commits."""
    return f"NOTIFY {_CHANNEL.format(topic=topic)}"
