"""Fetching the voice notes, pictures and files that people send, once a message is acknowledged.

A provider keeps them for some days only (Meta for seven), so they are fetched at once, until it
works, sealed, and kept as they came. Any number of processes may fetch: each is one's for a while.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.engine import Connection, Row
from starlette.concurrency import run_in_threadpool

from bot.channels.base import Channel
from bot.channels.errors import SendError, TooLarge
from bot.channels.media import kind_of
from bot.db.engine import Database, wake
from bot.db.tables import attachment, inbox
from bot.db.types import UtcDateTime

_log = structlog.get_logger(__name__)

# Wake-ups can be lost; what is due is looked at this often in any case (seconds).
LOOK_EVERY = 5.0
_AT_ONCE = 4
_LONGEST_PAUSE = timedelta(hours=1)
_GIVE_UP_AFTER = timedelta(days=7)
# So many of one conversation are fetched within a day: a small server's disk must not be filled by
# one phone. What is more waits for its turn, at the provider.
_MOST_OF_ONE = 40
_DAY = timedelta(days=1)

_fetched, _theirs = attachment.alias("fetched"), inbox.alias("theirs")
_FETCHED_TODAY = (
    select(func.count())
    .select_from(_fetched.join(_theirs, _theirs.c.id == _fetched.c.inbox_id))
    .where(
        _theirs.c.conversation_id == inbox.c.conversation_id,
        _fetched.c.fetched_at > bindparam("yesterday", type_=UtcDateTime()),
    )
    .scalar_subquery()
)
_IS_DUE = and_(
    attachment.c.due_at <= bindparam("now", type_=UtcDateTime()), _FETCHED_TODAY < _MOST_OF_ONE
)
_SOMETHING = (
    select(attachment.c.id).join(inbox, inbox.c.id == attachment.c.inbox_id).where(_IS_DUE).limit(1)
)
_DUE = (
    select(attachment.c.id, attachment.c.attempts, inbox.c.channel, inbox.c.kind)
    .add_columns(inbox.c.payload, inbox.c.received_at)
    .join(inbox, inbox.c.id == attachment.c.inbox_id)
    .where(_IS_DUE)
    .order_by(attachment.c.due_at, attachment.c.id)
    .limit(_AT_ONCE)
    .with_for_update(of=attachment, skip_locked=True)
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
        while rows := await run_in_threadpool(self._claim):
            came += sum(await asyncio.gather(*(self._fetch(row) for row in rows)))
        return came

    def _claim(self) -> list[Row]:
        """Return what is due, as ours until the next attempt would be."""
        now = self._clock()
        if not self._something_is_due(now):
            return []
        with self._database.write() as connection:
            rows = connection.execute(_DUE, _as_of(now)).all()
            for row in rows:
                pause = min(timedelta(minutes=2 ** min(row.attempts, 10)), _LONGEST_PAUSE)
                _change(connection, row, due_at=now + pause, attempts=row.attempts + 1)
        return rows

    def _something_is_due(self, now: datetime) -> bool:
        """Look without a lock: mostly nothing is, and others want to write."""
        with self._database.read() as connection:
            return connection.execute(_SOMETHING, _as_of(now)).first() is not None

    async def _fetch(self, row: Row) -> bool:
        try:
            content = await self._content(row)
        except SendError as error:
            await run_in_threadpool(self._record_failure, row, error)
            return False
        await run_in_threadpool(self._keep, row, content)
        return True

    async def _content(self, row: Row) -> bytes:
        channel = self._channels.get(row.channel)
        if channel is None:
            raise SendError("channel_off")
        try:
            return await channel.fetch_media(row.payload["media"])
        except SendError:
            raise
        except Exception as error:
            # A channel that breaks its promise must not stop the others.
            _log.error("channel failed", attachment_id=row.id, error=type(error).__name__)
            raise SendError(type(error).__name__) from None

    def _keep(self, row: Row, content: bytes) -> None:
        now = self._clock()
        with self._database.write() as connection:
            _change(
                connection,
                row,
                content=content,
                # A voice is played as what it is when it is asked for.
                media_type=None if row.kind == "voice" else kind_of(content),
                fetched_at=now,
                due_at=None,
                error=None,
            )
            wake(connection, "console")

    def _record_failure(self, row: Row, error: SendError) -> None:
        _log.warning("attachment not fetched", attachment_id=row.id, error=error.code)
        too_late = self._clock() - row.received_at > _GIVE_UP_AFTER
        gone = too_late or isinstance(error, TooLarge)
        with self._database.write() as connection:
            _change(connection, row, error=error.code[:60], **({"due_at": None} if gone else {}))
            wake(connection, "console")


def _as_of(now: datetime) -> dict[str, datetime]:
    return {"now": now, "yesterday": now - _DAY}


def _change(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(update(attachment).where(attachment.c.id == row.id).values(**values))
