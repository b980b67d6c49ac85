"""Voice notes, pictures and files that people sent: who may open them, and what nobody opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import alert, attachment, inbox, staff
from bot.followup import audit
from bot.followup.access import NotAllowed, may_read_restricted, readable_conversation

# What is announced when one is to be fetched.
TOPIC = "attachments"
_NEW = insert(attachment)


@dataclass(frozen=True)
class Attachment:
    """What came, and of which kind its first bytes are; nothing for sounds (``channels.sound``)."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True)
class Opened:
    """All that came with an alert was opened, the last of it by ``name``."""

    name: str
    at: datetime


def expect(connection: Connection, inbox_id: int, now: datetime) -> None:
    """Have what came with a message fetched as soon as it is acknowledged."""
    connection.execute(_NEW, {"inbox_id": inbox_id, "due_at": now, "attempts": 0})
    wake(connection, TOPIC)


def open_attachment(
    connection: Connection, member: Row, attachment_id: int, now: datetime
) -> Attachment:
    """Return what came; from now on it is no longer one that nobody has opened.

    Raises:
        NotAllowed: there is none, it has not come yet, or it is not for ``member``.
    """
    query = (
        select(attachment, inbox.c.conversation_id, inbox.c.restricted)
        .join(inbox, inbox.c.id == attachment.c.inbox_id)
        .where(attachment.c.id == attachment_id)
    )
    came = connection.execute(query).one_or_none()
    if came is None or came.content is None:
        raise NotAllowed(f"attachment {attachment_id}")
    readable_conversation(connection, member, came.conversation_id)
    if came.restricted and not may_read_restricted(connection, member, came.conversation_id):
        raise NotAllowed(f"attachment {attachment_id}")
    # A browser asks for one sound several times, part by part.
    audit.record_reading(connection, member, "attachment", attachment_id, now)
    if came.opened_at is None:
        connection.execute(
            update(attachment)
            .where(attachment.c.id == attachment_id)
            .values(opened_at=now, opened_by=member.id)
        )
        wake(connection, "console")
    return Attachment(came.content, came.media_type or "")


def opened_of(connection: Connection, alert_ids: Sequence[int]) -> dict[int, Opened]:
    """Return those of the alerts with which all that came was opened, and by whom last."""
    query = (
        select(alert.c.id, attachment.c.opened_at, staff.c.shown_name)
        .join(inbox, inbox.c.conversation_id == alert.c.conversation_id)
        .join(attachment, attachment.c.inbox_id == inbox.c.id)
        .outerjoin(staff, staff.c.id == attachment.c.opened_by)
        .where(alert.c.id.in_(alert_ids), inbox.c.received_at >= alert.c.opened_at)
    )
    came: dict[int, list[Row]] = {}
    for row in connection.execute(query):
        came.setdefault(row.id, []).append(row)
    last = {
        alert_id: max(rows, key=lambda row: row.opened_at)
        for alert_id, rows in came.items()
        if all(row.opened_at for row in rows)
    }
    return {alert_id: Opened(row.shown_name, row.opened_at) for alert_id, row in last.items()}
