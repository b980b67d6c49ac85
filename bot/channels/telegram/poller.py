"""Long polling: one process of all asks Telegram for updates, and loses none.

The library's own ``Updater`` moves the offset from a queue in memory, so that a kill loses what
waits there. Here the offset (Telegram's "all before this is dealt with") moves only after the
intake has committed, and lives in the row of the lease, for whoever holds it next. After a kill
between the two the same updates come again, and the intake knows them by their ids.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy.engine import Connection

from bot.channels.base import Event, Intake
from bot.channels.errors import SendError
from bot.channels.tasks import run_until_one_ends
from bot.channels.telegram.client import TelegramClient
from bot.channels.telegram.incoming import read_updates
from bot.channels.telegram.retries import Backoff
from bot.db import leases
from bot.db.engine import Database

T = TypeVar("T")

# So many events that the intake refuses on their own are no accident of one message any more.
_MOST_REFUSED_ALONE = 3

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class PollTiming:
    """How long a poll waits, a holder holds, and a fault pauses."""

    long_poll_seconds: int = 25
    lease: timedelta = timedelta(seconds=10)
    renew_seconds: float = 3
    first_pause_seconds: float = 1
    longest_pause_seconds: float = 15


class Poller:
    """Polls while it holds the lease of its bot, and otherwise waits to hold it."""

    def __init__(
        self,
        client: TelegramClient,
        database: Database,
        intake: Intake,
        clock: Callable[[], datetime],
        timing: PollTiming,
    ) -> None:
        self._client = client
        self._database = database
        self._intake = intake
        self._clock = clock
        self._timing = timing
        self._lease = f"telegram:poll:{hashlib.sha256(client.bot_id.encode()).hexdigest()[:16]}"
        self._holder = uuid.uuid4().hex
        self._backoff = Backoff(timing.first_pause_seconds, timing.longest_pause_seconds)

    async def run(self) -> None:
        """Poll until cancelled. No fault ends it: each is logged, and tried again after a pause.

        A fault gives the lease back, so that a process which can reach Telegram takes over from
        one that cannot.
        """
        while True:
            try:
                offset = await self._acquire()
                if offset is None:
                    await asyncio.sleep(self._timing.renew_seconds)
                else:
                    await self._hold(offset)
            except SendError as error:
                _log.warning("telegram.poll_failed", code=error.code)
                await self._backoff.pause(error)
            except Exception as error:
                _log.exception("telegram.poll_failed", code=type(error).__name__)
                await self._backoff.pause(error)

    async def _hold(self, offset: str) -> None:
        """Poll and renew the lease side by side until one of them notices that it was taken."""
        try:
            await run_until_one_ends(self._poll(offset), self._renew())
            _log.warning("telegram.lease_lost")
        finally:
            await self._in_transaction(
                lambda connection: leases.release(connection, self._lease, self._holder)
            )

    async def _poll(self, stored: str) -> None:
        """Fetch, hand in, move on; return when another process has taken over."""
        # A webhook that was once set would make Telegram refuse every poll.
        await self._client.delete_webhook()
        offset = int(stored) if stored else None
        while True:
            updates = await self._client.get_updates(offset, self._timing.long_poll_seconds)
            if updates:
                await self._hand_in(updates)
                # Not the highest ever: after a week of silence Telegram starts a new series.
                offset = updates[-1]["update_id"] + 1
                if not await self._store(offset):
                    return
            self._backoff.reset()

    async def _hand_in(self, updates: list[dict[str, Any]]) -> None:
        """Give the intake what came, at once, or else one by one.

        One message that cannot be recorded must not keep the others out, least of all a cry for
        help. The offset then stops before it, and Telegram gives it again until it can be.
        """
        events = read_updates(updates, self._client, self._clock())
        if not events:
            return
        try:
            await self._intake("telegram", [event for _, event in events])
        except Exception as error:
            if len(events) == 1:
                raise
            _log.warning("telegram.batch_refused", code=type(error).__name__, size=len(events))
            await self._hand_in_one_by_one(events)

    async def _hand_in_one_by_one(self, events: list[tuple[int, Event]]) -> None:
        refused: list[tuple[int, Exception]] = []
        for update_id, event in events:
            try:
                await self._intake("telegram", [event])
            except Exception as error:
                _log.error("telegram.refused_alone", update_id=update_id, code=type(error).__name__)
                refused.append((update_id, error))
                if len(refused) == _MOST_REFUSED_ALONE:
                    break
        if refused:
            first_id, reason = refused[0]
            await self._store(first_id)
            raise reason

    async def _acquire(self) -> str | None:
        return await self._in_transaction(
            lambda connection: leases.acquire(
                connection, self._lease, self._holder, self._clock(), self._timing.lease
            )
        )

    async def _renew(self) -> None:
        """Hold on to the lease; return when another process has taken over."""
        held = True
        while held:
            await asyncio.sleep(self._timing.renew_seconds)
            held = await self._in_transaction(
                lambda connection: leases.renew(
                    connection, self._lease, self._holder, self._clock(), self._timing.lease
                )
            )

    async def _store(self, offset: int) -> bool:
        return await self._in_transaction(
            lambda connection: leases.store(connection, self._lease, self._holder, str(offset))
        )

    async def _in_transaction(self, change: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._write, change)

    def _write(self, change: Callable[[Connection], T]) -> T:
        with self._database.write() as connection:
            return change(connection)
