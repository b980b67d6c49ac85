"""What staff record in the console: a voice for a message, in a language.

Append-only: the newest row of a voice counts, the older ones say who said it before, and when.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from bot.db.tables import recording, staff
from bot.followup import audit


def newest_of(
    connection: Connection, language: str, names: Collection[str] | None = None
) -> dict[str, Row]:
    """Return the newest row of each voice of a language, or of those ``names``, by its name.

    A row tells ``says``, ``replaces``, ``staff_id``, ``at`` and ``has_sound``; not the sound.
    """
    query = _newest(language)
    if names is not None:
        query = query.where(recording.c.name.in_(names))
    return {row.name: row for row in connection.execute(query)}


def languages(connection: Connection) -> list[str]:
    """Return the languages in which something was recorded."""
    query = select(recording.c.language).distinct().order_by(recording.c.language)
    return list(connection.execute(query).scalars())


def sound_of(connection: Connection, language: str, name: str) -> bytes:
    """Return the newest sound of a voice that has one."""
    query = (
        select(recording.c.sound)
        .where(recording.c.language == language, recording.c.name == name)
        .order_by(recording.c.id.desc())
        .limit(1)
    )
    return bytes(connection.execute(query).scalar_one())


def who_recorded(connection: Connection, language: str) -> dict[int, str]:
    """Return the shown names of those who recorded in a language, by their ids."""
    query = (
        select(staff.c.id, staff.c.shown_name)
        .join(recording, recording.c.staff_id == staff.c.id)
        .where(recording.c.language == language)
        .distinct()
    )
    return {row.id: row.shown_name for row in connection.execute(query)}


def record(
    connection: Connection,
    member: Row,
    now: datetime,
    *,
    language: str,
    name: str,
    says: str,
    sound: bytes | None,
    replaces: str,
) -> None:
    """Append a recording, or that it was taken away (without ``sound``).

    Args:
        says: the words that were to be said.
        replaces: digest of the file that it overrides; "" without one.
    """
    made = connection.execute(
        insert(recording).values(
            language=language,
            name=name,
            says=says,
            sound=sound,
            replaces=replaces,
            staff_id=member.id,
            at=now,
        )
    ).inserted_primary_key[0]
    action = "recording.make" if sound is not None else "recording.take_away"
    audit.record_by(connection, member, action, "recording", made, now)


def _newest(language: str) -> Select:
    ids = (
        select(func.max(recording.c.id))
        .where(recording.c.language == language)
        .group_by(recording.c.name)
    )
    return select(
        recording.c.name,
        recording.c.says,
        recording.c.replaces,
        recording.c.staff_id,
        recording.c.at,
        recording.c.sound.is_not(None).label("has_sound"),
    ).where(recording.c.id.in_(ids))
