"""One holder at a time, agreed on by rows: which process polls, and where it goes on from.

A lease ends by itself when its holder stops renewing it, so a process that died is replaced. All
functions are conditional on who holds the row now, and so are safe against a holder that was
stopped for a while (a suspended machine) and comes back believing that it still holds.

``now`` comes from the callers' own clocks: machines that share a database keep theirs in step
(NTP) to well under the duration of a lease.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.engine import Connection

from bot.db.inserts import insert_if_absent
from bot.db.tables import lease


def acquire(
    connection: Connection, name: str, holder: str, now: datetime, duration: timedelta
) -> str | None:
    """Take the lease if it is free, has ended, or is ``holder``'s own already.

    Returns the value that was stored last ("" if none ever was), or None while another holds it.
    """
    held = {"holder": holder, "held_until": now + duration}
    free = or_(lease.c.holder.is_(None), lease.c.held_until <= now, lease.c.holder == holder)
    taken = connection.execute(update(lease).where(lease.c.name == name, free).values(held))
    if taken.rowcount == 1:
        return connection.execute(select(lease.c.value).where(lease.c.name == name)).scalar() or ""
    return "" if insert_if_absent(connection, lease, {"name": name, **held}) else None


def renew(
    connection: Connection, name: str, holder: str, now: datetime, duration: timedelta
) -> bool:
    """Hold on for another ``duration``. False: another process has taken over."""
    return _change(connection, name, holder, held_until=now + duration)


def store(connection: Connection, name: str, holder: str, value: str) -> bool:
    """Leave ``value`` for whoever holds next. False, and nothing stored: another holds now."""
    return _change(connection, name, holder, value=value)


def release(connection: Connection, name: str, holder: str) -> None:
    """Let another process take over at once. The value stays."""
    _change(connection, name, holder, holder=None, held_until=None)


def _change(connection: Connection, name: str, current_holder: str, **values: object) -> bool:
    mine = update(lease).where(lease.c.name == name, lease.c.holder == current_holder)
    return connection.execute(mine.values(values)).rowcount == 1
