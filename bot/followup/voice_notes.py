"""Voice notes that people sent: who of the staff may hear them, and which nobody has heard yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import alert, inbox, staff, voice_note
from bot.followup import audit
from bot.followup.access import NotAllowed, may_read_restricted, readable_conversation

# What is announced when one is to be fetched.
TOPIC = "voice_notes"
_NEW = insert(voice_note)


@dataclass(frozen=True)
class Heard:
    """All voice notes of an alert were heard, the last one by ``name``."""

    name: str
    at: datetime


def expect(connection: Connection, inbox_id: int, now: datetime) -> None:
    """Have the sound of a message fetched as soon as it is acknowledged."""
    connection.execute(_NEW, {"inbox_id": inbox_id, "due_at": now, "attempts": 0})
    wake(connection, TOPIC)


def hear(connection: Connection, member: Row, note_id: int, now: datetime) -> bytes:
    """Return the sound of a voice note; from now on it is no longer one that nobody has heard.

    Raises:
        NotAllowed: there is none, it has not come yet, or it is not for ``member``.
    """
    query = (
        select(voice_note, inbox.c.conversation_id, inbox.c.restricted)
        .join(inbox, inbox.c.id == voice_note.c.inbox_id)
        .where(voice_note.c.id == note_id)
    )
    note = connection.execute(query).one_or_none()
    if note is None or note.sound is None:
        raise NotAllowed(f"voice note {note_id}")
    readable_conversation(connection, member, note.conversation_id)
    if note.restricted and not may_read_restricted(connection, member, note.conversation_id):
        raise NotAllowed(f"voice note {note_id}")
    # A browser asks for one sound several times, part by part.
    audit.record_reading(connection, member, "voice_note", note_id, now)
    if note.heard_at is None:
        connection.execute(
            update(voice_note)
            .where(voice_note.c.id == note_id)
            .values(heard_at=now, heard_by=member.id)
        )
        wake(connection, "console")
    sound: bytes = note.sound
    return sound


def heard_of(connection: Connection, alert_ids: Sequence[int]) -> dict[int, Heard]:
    """Return those of the alerts whose voice notes were all heard, and by whom last."""
    query = (
        select(alert.c.id, voice_note.c.heard_at, staff.c.shown_name)
        .join(inbox, inbox.c.conversation_id == alert.c.conversation_id)
        .join(voice_note, voice_note.c.inbox_id == inbox.c.id)
        .outerjoin(staff, staff.c.id == voice_note.c.heard_by)
        .where(alert.c.id.in_(alert_ids), inbox.c.received_at >= alert.c.opened_at)
    )
    notes: dict[int, list[Row]] = {}
    for row in connection.execute(query):
        notes.setdefault(row.id, []).append(row)
    last = {
        alert_id: max(rows, key=lambda row: row.heard_at)
        for alert_id, rows in notes.items()
        if all(row.heard_at for row in rows)
    }
    return {alert_id: Heard(row.shown_name, row.heard_at) for alert_id, row in last.items()}
