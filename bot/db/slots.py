"""Rate limits that all senders of all processes keep together: one row a limit.

The row says when the next message under its key may leave; reserving moves it on (the generic cell
rate algorithm). Whoever reserves keeps the row until its transaction ends: keep that transaction
short, and reserve several keys always in the same order.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from bot.db.inserts import insert_if_absent
from bot.db.tables import send_slot

# A limit that nothing was sent under for so long is forgotten: it holds nobody back any more.
FORGOTTEN_AFTER = timedelta(hours=1)


def reserve(
    connection: Connection, key: str, now: datetime, interval: timedelta, burst: int = 1
) -> datetime:
    """Take the next place under ``key`` and return when its message may leave (``now`` or later).

    Places are ``interval`` apart. After a silence, ``burst`` of them may be used at once; the
    average stays the same.
    """
    row = send_slot.c.key == key
    stored: datetime | None = None
    # Twice where a row of long ago was forgotten in between.
    while stored is None:
        # The insert comes first since it locks: on SQLite a read alone would not.
        insert_if_absent(connection, send_slot, {"key": key, "free_at": now})
        query = select(send_slot.c.free_at).where(row).with_for_update()
        stored = connection.execute(query).scalar()
    free_at = max(stored, now)
    connection.execute(update(send_slot).where(row).values(free_at=free_at + interval))
    return max(now, free_at - interval * (burst - 1))


def forget_unused(connection: Connection, now: datetime) -> int:
    """Delete the rows of limits that are long past; return how many."""
    unused = send_slot.c.free_at < now - FORGOTTEN_AFTER
    return connection.execute(delete(send_slot).where(unused)).rowcount
