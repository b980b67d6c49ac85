"""Every date that was promised to somebody is a row (safeguarding 24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import promise


def open_promise(connection: Connection, conversation_id: int, subject: str) -> Row | None:
    """Return the promise on ``subject`` that was made and not yet kept, if there is one."""
    query = select(promise).where(
        promise.c.conversation_id == conversation_id,
        promise.c.subject == subject,
        promise.c.kept_at.is_(None),
    )
    return connection.execute(query.order_by(promise.c.id.desc()).limit(1)).one_or_none()


def make_promise(
    connection: Connection,
    *,
    conversation_id: int,
    person_id: int | None,
    subject: str,
    due_at: datetime,
    now: datetime,
    details: Mapping[str, int] | None = None,
) -> int:
    """Record that ``subject`` was promised by ``due_at``; ``details`` holds ids, never words."""
    inserted = connection.execute(
        insert(promise).values(
            conversation_id=conversation_id,
            person_id=person_id,
            subject=subject,
            details=dict(details or {}),
            due_at=due_at,
            made_at=now,
        )
    )
    return inserted.inserted_primary_key[0]


def keep_promises(
    connection: Connection, conversation_id: int, subject: str, now: datetime
) -> None:
    """Mark the open promises on ``subject`` as kept."""
    _change_kept(connection, conversation_id, subject, None, now)


def take_back_kept(
    connection: Connection, conversation_id: int, subject: str, kept_at: datetime
) -> None:
    """Open the promises on ``subject`` again that were marked as kept at this very moment."""
    _change_kept(connection, conversation_id, subject, kept_at, None)


def _change_kept(
    connection: Connection,
    conversation_id: int,
    subject: str,
    before: datetime | None,
    after: datetime | None,
) -> None:
    """Change when the promises on ``subject`` were kept; None: they are open."""
    connection.execute(
        update(promise)
        .where(
            promise.c.conversation_id == conversation_id,
            promise.c.subject == subject,
            promise.c.kept_at == before,
        )
        .values(kept_at=after)
    )
