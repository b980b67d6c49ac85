"""Who did what, append-only and hash-chained per structure (safeguarding 18). Ids, never words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import false, func, insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.tables import audit

# Pages that refresh themselves would fill the book: within this time one reading is one line.
ONE_READING = timedelta(minutes=15)

_FIRST = "0" * 64
# The advisory lock of the chain of what belongs to no structure is 0, of a structure its id.
_LOCKS = 0x616B6F6D


def record(
    connection: Connection,
    *,
    action: str,
    object_type: str,
    object_id: int | str,
    now: datetime,
    staff_id: int | None = None,
    structure_id: int | None = None,
) -> None:
    """Append one line, chained to the last one of the same structure."""
    _lock_chain(connection, structure_id)
    previous = connection.execute(
        select(audit.c.hash).where(_same_chain(structure_id)).order_by(audit.c.id.desc()).limit(1)
    ).scalar_one_or_none()
    values = {
        "structure_id": structure_id,
        "staff_id": staff_id,
        "action": action,
        "object_type": object_type,
        "object_id": str(object_id),
        "at": now,
        "previous_hash": previous or _FIRST,
    }
    connection.execute(insert(audit).values(**values, hash=_digest(values)))


def record_reading(
    connection: Connection, member: Row, object_type: str, object_id: int, now: datetime
) -> None:
    """Append that ``member`` read something, once for each ``ONE_READING``."""
    read = f"{object_type}.read"
    recently = select(audit.c.id).where(
        audit.c.staff_id == member.id,
        audit.c.action == read,
        audit.c.object_id == str(object_id),
        audit.c.at > now - ONE_READING,
    )
    if connection.execute(recently.limit(1)).first() is None:
        record_by(connection, member, read, object_type, object_id, now)


def record_by(
    connection: Connection,
    member: Row,
    action: str,
    object_type: str,
    object_id: int,
    now: datetime,
) -> None:
    """Append what a member of staff did, to the chain of the member's structure."""
    record(
        connection,
        action=action,
        object_type=object_type,
        object_id=object_id,
        now=now,
        staff_id=member.id,
        structure_id=member.structure_id,
    )


def first_broken_line(connection: Connection, structure_id: int | None) -> int | None:
    """Return the id of the first line that was changed or follows a removed one, or None.

    That the newest lines were cut off does not show here.
    """
    previous = _FIRST
    query = select(audit).where(_same_chain(structure_id)).order_by(audit.c.id)
    for line in connection.execute(query):
        values = {
            name: value for name, value in line._mapping.items() if name not in ("id", "hash")
        }
        if line.previous_hash != previous or line.hash != _digest(values):
            return line.id
        previous = line.hash
    return None


def _lock_chain(connection: Connection, structure_id: int | None) -> None:
    """Keep other writers out until the transaction ends: two must not chain to the same line."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCKS, structure_id or 0)))
    else:
        # Any statement that could write takes the lock of a SQLite file, this one changes nothing.
        connection.execute(update(audit).where(false()).values(hash=""))


def _same_chain(structure_id: int | None) -> ColumnElement:
    if structure_id is None:
        return audit.c.structure_id.is_(None)
    return audit.c.structure_id == structure_id


def _digest(values: Mapping[str, Any]) -> str:
    plain = {**values, "at": values["at"].astimezone(timezone.utc).isoformat()}
    line = "\x1f".join(str(plain[name]) for name in sorted(plain))
    return hashlib.sha256(line.encode()).hexdigest()
