"""Role ``all``: the web process keeps one worker running as its child.

A worker that dies is started again; one that hangs in a turn is killed first: its claim is older
than any turn takes, and on SQLite it might hold the write lock.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from bot.db.engine import Database
from bot.db.tables import conversation
from bot.delivery.turns import CLAIM_LASTS

_log = structlog.get_logger(__name__)

HUNG_AFTER = timedelta(seconds=30)
_LOOK_EVERY = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0


class WorkerSupervisor:
    """Runs ``command`` and restarts it, with growing pauses if it keeps dying young."""

    def __init__(
        self, command: Sequence[str], database: Database, clock: Callable[[], datetime]
    ) -> None:
        self._command = command
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Keep a worker running until cancelled; then stop it gently."""
        pause = _FIRST_PAUSE
        while True:
            started = self._clock()
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE
            )
            try:
                await self._watch(process)
            except asyncio.CancelledError:
                await _stop(process)
                raise
            lived = self._clock() - started
            pause = _FIRST_PAUSE if lived > timedelta(minutes=1) else min(2 * pause, _LONGEST_PAUSE)
            _log.warning("worker died; starting another", code=process.returncode, pause=pause)
            await asyncio.sleep(pause)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        while process.returncode is None:
            try:
                await asyncio.wait_for(process.wait(), _LOOK_EVERY)
            except asyncio.TimeoutError:
                if await asyncio.to_thread(self._hangs, process.pid):
                    _log.error("worker hangs; killing it")
                    process.kill()

    def _hangs(self, pid: int) -> bool:
        oldest_start = self._clock() + CLAIM_LASTS - HUNG_AFTER
        query = select(conversation.c.id).where(
            conversation.c.claimed_by.like(f"%-{pid}"),
            conversation.c.claimed_until < oldest_start,
            conversation.c.claimed_until > self._clock(),
        )
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.send_signal(signal.SIGTERM)
    try:
        await asyncio.wait_for(process.wait(), 10)
    except asyncio.TimeoutError:
        process.kill()


def worker_command(demo: bool) -> list[str]:
    """Return the command line of a worker that shares this process's settings."""
    command = [sys.executable, "-m", "bot", "run", "--role", "worker", "--as-child"]
    return [*command, "--demo"] if demo else command


def stop_with_parent(stop: Callable[[], None]) -> None:
    """Call ``stop`` when the parent is gone, however it died: our standard input closes then."""

    def wait() -> None:
        sys.stdin.buffer.read()
        stop()

    threading.Thread(target=wait, daemon=True).start()
