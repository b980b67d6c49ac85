"""The weekly news: five faces for the week and for sleep, the workshop, and whether to be called.

Five faces, 5 is best: not WHO-5, and not called so. Each answer is kept as it comes, so that
somebody who stops half-way is not lost, and a low one tells staff at once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import desc, insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.tables import checkin
from bot.followup.caller import Caller
from bot.followup.cases import Severity
from bot.followup.tasks import tell_staff

QUESTIONS = ("week", "sleep", "workshop", "wants_contact", "calm_hour")
_SCORES = ("week", "sleep")
# From here down somebody asks how the person is.
LOW = 2
_LOWEST = 1
# A fall of this many faces since the last time is as grave as the lowest face.
_STEEP = 2


def keep_answer(caller: Caller, checkin_id: int | None, question: str, answer: int | str) -> int:
    """Keep one answer of a check-in and return its id; a low score opens a task.

    Args:
        checkin_id: what the first answer returned; None for the first one.
        question: one of ``QUESTIONS``.
        answer: a score from 1 to 5, or one of the words of the table's comments.

    Raises:
        ValueError: no such question, or a caller who is not known.
        LookupError: not a check-in of the caller.
    """
    if question not in QUESTIONS:
        raise ValueError(f"question must be one of {', '.join(QUESTIONS)}")
    if checkin_id is None:
        checkin_id = _begin(caller)
    kept = caller.connection.execute(
        update(checkin)
        .where(checkin.c.id == checkin_id, checkin.c.person_id == _id_of(caller))
        .values({question: answer})
    )
    if kept.rowcount != 1:
        raise LookupError(f"check-in {checkin_id} is not one of the caller's")
    if question in _SCORES and int(answer) <= LOW:
        severity = _severity(caller, checkin_id, question, int(answer))
        tell_staff(caller, "low_score", severity=severity)
    return checkin_id


def last_score_is_low(caller: Caller) -> bool:
    """Tell whether the last score the caller gave for a week is one to worry about."""
    score = _last_score(caller, "week")
    return score is not None and score <= LOW


def checkins_of(
    connection: Connection, person_id: int, limit: int, *, before: datetime | None = None
) -> list[Row]:
    """Return a person's newest check-ins (before a moment), newest first."""
    query = select(checkin).where(checkin.c.person_id == person_id)
    if before is not None:
        query = query.where(checkin.c.at < before)
    newest = query.order_by(desc(checkin.c.at), desc(checkin.c.id)).limit(limit)
    return connection.execute(newest).all()


def _begin(caller: Caller) -> int:
    if caller.person is None:
        raise ValueError("news are kept of a known person only")
    values = {"person_id": caller.person.id, "at": caller.now}
    return caller.connection.execute(insert(checkin).values(**values)).inserted_primary_key[0]


def _severity(caller: Caller, checkin_id: int, question: str, score: int) -> Severity:
    before = _last_score(caller, question, other_than=checkin_id)
    fell = before is not None and before - score >= _STEEP
    return "high" if score == _LOWEST or fell else "normal"


def _last_score(caller: Caller, question: str, other_than: int | None = None) -> int | None:
    column = checkin.c[question]
    query = select(column).where(checkin.c.person_id == _id_of(caller), column.is_not(None))
    if other_than is not None:
        query = query.where(checkin.c.id != other_than)
    newest = query.order_by(desc(checkin.c.at), desc(checkin.c.id)).limit(1)
    return caller.connection.execute(newest).scalar_one_or_none()


def _id_of(caller: Caller) -> int | None:
    return None if caller.person is None else caller.person.id
