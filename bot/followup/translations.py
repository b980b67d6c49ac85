"""What reviewers make of the translations: rows that lie over the catalogs, and who may write them.

A signature says that somebody who speaks the language has read the sentence. It is a row like an
edit, so that who signed what, and when, stays known. Overseers may review any language; anybody
else on the staff one that they were named for, and needs no other right for it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from bot.db.engine import wake
from bot.db.inserts import insert_if_absent
from bot.db.tables import staff, translation, translation_reviewer
from bot.followup import audit
from bot.followup.access import rights_of

# What is announced when a sentence was edited or signed.
TOPIC = "words"


def corrections(connection: Connection) -> list[Row]:
    """Return all edits and signatures, the oldest first."""
    return connection.execute(select(translation).order_by(translation.c.id)).all()


def newest(connection: Connection) -> int:
    """Return the number of the newest one: it changes when there is something new."""
    return connection.execute(select(func.coalesce(func.max(translation.c.id), 0))).scalar_one()


def last_hands(connection: Connection, language: str) -> dict[tuple[str, str], Row]:
    """Return the newest edit or signature of each sentence of a language, with ``shown_name``.

    The keys are the message context and the French.
    """
    query = (
        select(translation, staff.c.shown_name)
        .join(staff, staff.c.id == translation.c.staff_id)
        .where(translation.c.language == language)
        .order_by(translation.c.id)
    )
    return {(row.context, row.source): row for row in connection.execute(query)}


def record(
    connection: Connection,
    member: Row,
    now: datetime,
    *,
    language: str,
    context: str,
    source: str,
    text: str,
    replaces: str,
    signed: bool,
) -> None:
    """Append an edit or a signature of a sentence.

    Args:
        text: what the sentence says from now on; "" takes a translation away.
        replaces: what the catalog's file says.
    """
    made = connection.execute(
        insert(translation).values(
            language=language,
            context=context,
            source=source,
            text=text,
            replaces=replaces,
            signed=signed,
            staff_id=member.id,
            at=now,
        )
    ).inserted_primary_key[0]
    action = "translation.sign" if signed else "translation.edit"
    audit.record_by(connection, member, action, "translation", made, now)
    wake(connection, TOPIC)


def languages_of(connection: Connection, member: Row, languages: Collection[str]) -> list[str]:
    """Return those of ``languages`` whose words a member of staff may edit and sign."""
    if rights_of(member).words:
        return list(languages)
    named = set(connection.execute(_named(member)).scalars())
    return [language for language in languages if language in named]


def _named(member: Row) -> Select:
    return select(translation_reviewer.c.language).where(
        translation_reviewer.c.staff_id == member.id
    )


def reviewers(connection: Connection) -> list[Row]:
    """Return who was named for which language, with ``shown_name`` and ``role``."""
    query = (
        select(translation_reviewer, staff.c.shown_name, staff.c.role)
        .join(staff, staff.c.id == translation_reviewer.c.staff_id)
        .where(staff.c.active.is_(True))
        .order_by(translation_reviewer.c.language, staff.c.id)
    )
    return connection.execute(query).all()


def name_reviewer(
    connection: Connection, staff_id: int, language: str, now: datetime, by: Row | None = None
) -> bool:
    """Let a member of staff review a language; False if that is so already.

    ``by`` is None on the command line.
    """
    values = {
        "staff_id": staff_id,
        "language": language,
        "named_by": by.id if by else None,
        "at": now,
    }
    return insert_if_absent(connection, translation_reviewer, values)


def dismiss_reviewer(connection: Connection, staff_id: int, language: str) -> bool:
    """Let them no longer; False if they were not named. What they signed stays signed."""
    dismissed = connection.execute(
        delete(translation_reviewer).where(
            translation_reviewer.c.staff_id == staff_id,
            translation_reviewer.c.language == language,
        )
    )
    return dismissed.rowcount == 1
