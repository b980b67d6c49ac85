"""Fetching the voice notes that people send: after the message is acknowledged, and until it works.

A provider keeps them for some days only (Meta for seven), so they are fetched at once, sealed, and
kept as they came. Any number of processes may fetch: a note is one's for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Channel
from bot.channels.errors import SendError
from bot.db.engine import Database, wake
from bot.db.tables import inbox, voice_note

_log = structlog.get_logger(__name__)

# Wake-ups can be lost; what is due is looked at this often in any case (seconds).
LOOK_EVERY = 5.0
_AT_ONCE = 4
_LONGEST_PAUSE = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=7)

_DUE = (
    select(voice_note.c.id, voice_note.c.attempts, inbox.c.channel, inbox.c.payload)
    .add_columns(inbox.c.received_at)
    .join(inbox, inbox.c.id == voice_note.c.inbox_id)
    .order_by(voice_note.c.due_at, voice_note.c.id)
    .limit(_AT_ONCE)
    .with_for_update(of=voice_note, skip_locked=True)
)


class Fetcher:
    """Fetches what is due, from whichever channel it came by."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock

    async def fetch_due(self) -> int:
        """Fetch all that is due now; return how many came."""
        came = 0
        while notes := await run_in_threadpool(self._claim):
            came += sum(await asyncio.gather(*(self._fetch(note) for note in notes)))
        return came

    def _claim(self) -> list[Row]:
        """Return what is due, as ours until the next attempt would be."""
        now = self._clock()
        if not self._something_is_due(now):
            return []
        with self._database.write() as connection:
            notes = connection.execute(_DUE.where(voice_note.c.due_at <= now)).all()
            for note in notes:
                pause = min(timedelta(minutes=2 ** min(note.attempts, 10)), _LONGEST_PAUSE)
                _change(connection, note, due_at=now + pause, attempts=note.attempts + 1)
        return notes

    def _something_is_due(self, now: datetime) -> bool:
        """Look without a lock: mostly nothing is, and others want to write."""
        query = select(voice_note.c.id).where(voice_note.c.due_at <= now).limit(1)
        with self._database.read() as connection:
            return connection.execute(query).first() is not None

    async def _fetch(self, note: Row) -> bool:
        try:
            sound = await self._sound(note)
        except SendError as error:
            await run_in_threadpool(self._record_failure, note, error.code)
            return False
        await run_in_threadpool(self._keep, note, sound)
        return True

    async def _sound(self, note: Row) -> bytes:
        channel = self._channels.get(note.channel)
        if channel is None:
            raise SendError("channel_off")
        try:
            return await channel.fetch_media(note.payload["media"])
        except SendError:
            raise
        except Exception as error:
            # A channel that breaks its promise must not stop the others.
            _log.error("channel failed", voice_note_id=note.id, error=type(error).__name__)
            raise SendError(type(error).__name__) from None

    def _keep(self, note: Row, sound: bytes) -> None:
        now = self._clock()
        with self._database.write() as connection:
            _change(connection, note, sound=sound, fetched_at=now, due_at=None, error=None)
            wake(connection, "console")

    def _record_failure(self, note: Row, code: str) -> None:
        _log.warning("voice note not fetched", voice_note_id=note.id, error=code)
        gone = self._clock() - note.received_at > _GIVE_UP_AFTER
        with self._database.write() as connection:
            _change(connection, note, error=code[:60], **({"due_at": None} if gone else {}))
            wake(connection, "console")


def _change(connection: Connection, note: Row, **values: object) -> None:
    connection.execute(update(voice_note).where(voice_note.c.id == note.id).values(**values))
