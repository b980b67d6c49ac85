"""Passing a topic's announcements on to everyone in this process who waits for it.

Open pages are many, and on PostgreSQL the database's listener is a connection of its own: one of
them serves all pages of a process. While none is open nobody listens.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from bot.db.engine import Database
from bot.db.wakeups import hear

# An announcement may be lost: whoever waits looks again this often at the least.
LOOK_AGAIN_SECONDS = 20.0
_LISTENS_WITHIN = 0.5


class Signal(Protocol):
    """An event of asyncio or of anyio."""

    def is_set(self) -> bool:
        """Tell whether it has happened."""

    async def wait(self) -> Any:
        """Return once it has happened."""


class Broadcaster:
    """One listener of ``topic`` for all who wait in this process."""

    def __init__(self, database: Database, topic: str) -> None:
        self._database = database
        self._topic = topic
        self._next = asyncio.Event()
        self._attending = 0
        self._attended = asyncio.Event()
        self._listening = asyncio.Event()

    @contextmanager
    def attending(self) -> Iterator[None]:
        """Be one who waits: the process listens meanwhile."""
        self._attending += 1
        self._attended.set()
        try:
            yield
        finally:
            self._attending -= 1
            if not self._attending:
                self._attended.clear()

    def next_ring(self) -> asyncio.Event:
        """Return what the next ring sets. Take it before you look, and you miss none."""
        return self._next

    async def looks(self, leaving: Signal) -> AsyncIterator[None]:
        """Yield whenever it is time to look: at once, after each ring; end when ``leaving``."""
        with self.attending():
            # Or the first look would be followed by another as soon as the process listens.
            await _first_of(self._listening, leaving, within=_LISTENS_WITHIN)
            while not leaving.is_set():
                ring = self.next_ring()
                yield
                await _first_of(ring, leaving)

    def ring(self) -> None:
        """Wake all who wait: something may have changed. Call it on the event loop."""
        rung, self._next = self._next, asyncio.Event()
        rung.set()

    async def run(self) -> None:
        """Ring at every announcement of any process while someone waits, until cancelled.

        Raises:
            Exception: whatever ends the database's listener. Run again, it starts a new one.
        """
        while True:
            await self._attended.wait()
            listener = await asyncio.to_thread(self._database.listen, self._topic)
            try:
                self._listening.set()
                self.ring()  # for whatever was announced while nobody listened
                while self._attended.is_set():
                    await hear(listener, LOOK_AGAIN_SECONDS)
                    self.ring()
            finally:
                self._listening.clear()
                listener.close()


async def _first_of(*signals: Signal, within: float | None = None) -> None:
    waits = [asyncio.ensure_future(signal.wait()) for signal in signals]
    try:
        await asyncio.wait(waits, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
