"""What a member of staff has read already: the rest is marked as new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, literal, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.inserts import insert_if_absent
from bot.db.tables import read_mark


def own_mark(member: Row, object_type: str, object_id: ColumnElement) -> ColumnElement:
    """Return the condition on ``read_mark`` for what ``member`` has read, to join it by.

    Args:
        object_type: "alert" or "conversation".
        object_id: the column with its id.
    """
    return and_(
        read_mark.c.staff_id == member.id,
        read_mark.c.object_type == object_type,
        read_mark.c.object_id == object_id,
    )


def mark_read(
    connection: Connection,
    member: Row,
    object_type: str,
    object_id: int,
    now: datetime,
    *,
    changed_at: datetime | None = None,
) -> None:
    """Note that ``member`` has read something.

    Args:
        object_type: "alert" or "conversation".
        changed_at: when something last happened there; nothing is written where that was read.
    """
    mine = own_mark(member, object_type, literal(object_id))
    read_at = connection.execute(select(read_mark.c.read_at).where(mine)).scalar_one_or_none()
    if read_at is None:
        values = {"staff_id": member.id, "object_type": object_type, "object_id": object_id}
        insert_if_absent(connection, read_mark, {**values, "read_at": now})
    elif changed_at is None or changed_at > read_at:
        connection.execute(update(read_mark).where(mine).values(read_at=now))
