"""What staff write about a case for each other: never sent, never read to the person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import desc, insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.engine import wake
from bot.db.tables import case_note, staff
from bot.followup import audit
from bot.followup.access import readable_person

LONGEST_NOTE = 2000


def add_note(connection: Connection, member: Row, person_id: int, text: str, now: datetime) -> int:
    """Write a note into a file and return its id.

    Raises:
        NotAllowed: no file of this member's.
        ValueError: nothing is written.
    """
    if not text.strip():
        raise ValueError("a note says something")
    readable_person(connection, member, person_id)
    values = {"person_id": person_id, "staff_id": member.id, "text": text.strip(), "at": now}
    made = connection.execute(insert(case_note).values(**values))
    audit.record_by(connection, member, "person.note", "person", person_id, now)
    wake(connection, "console")
    return made.inserted_primary_key[0]


def notes_of(
    connection: Connection, person_id: int, limit: int, *, before: datetime | None = None
) -> list[Row]:
    """Return a person's newest notes (before a moment), newest first, with ``staff_name``."""
    query = (
        select(case_note, staff.c.shown_name.label("staff_name"))
        .join(staff, staff.c.id == case_note.c.staff_id)
        .where(case_note.c.person_id == person_id)
        .order_by(desc(case_note.c.at), desc(case_note.c.id))
        .limit(limit)
    )
    if before is not None:
        query = query.where(case_note.c.at < before)
    return connection.execute(query).all()
