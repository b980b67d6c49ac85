"""What a person made of a message that was not understood or was corrected (``unclear``).

A decision is a row of its own (who, when, what) that leads back to nobody; its example goes to the
training data by ``bot.review.export``, and is a change there that somebody reads before it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from bot.db.inserts import insert_if_absent
from bot.db.tables import inbox, review, unclear
from bot.followup import audit, cases
from bot.followup.access import NotAllowed
from bot.followup.alerts import Severity
from bot.followup.conversations import get_conversation
from bot.followup.unclear import list_unclear

# intent: what it means; danger: the safety screen missed it; no_danger: an alarm about nothing;
# complaint: about staff, for the focal point alone; nothing: there is nothing to learn.
VerdictKind = Literal["intent", "danger", "no_danger", "complaint", "nothing"]
VERDICTS: tuple[VerdictKind, ...] = get_args(VerdictKind)


@dataclass(frozen=True)
class Verdict:
    """What a person made of a message.

    Attributes:
        example: the words to learn from, in ``language``, personal details taken out. None with a
            complaint or nothing to learn.
        category: of the danger, with its ``severity`` and whom it is ``about``.
    """

    kind: VerdictKind
    language: str | None = None
    example: str | None = field(default=None, repr=False)
    intent: str | None = None
    category: str | None = None
    severity: Severity | None = None
    about: str | None = None


def decide(
    connection: Connection, member: Row, inbox_id: int, verdict: Verdict, now: datetime
) -> None:
    """Record what ``member`` made of a message, and see to what it calls for.

    A danger that was missed opens its alert now, and a complaint about staff is sealed.

    Raises:
        NotAllowed: not a message of this member's to review, or somebody has decided.
    """
    listed = list_unclear(connection, member, now)
    message = next((row for row in listed if row.id == inbox_id), None)
    if message is None or not _take(connection, message, now):
        raise NotAllowed(f"message {inbox_id}")
    connection.execute(
        insert(review).values(
            staff_id=member.id,
            verdict=verdict.kind,
            language=verdict.language,
            example=verdict.example,
            intent=verdict.intent,
            category=verdict.category,
            severity=verdict.severity,
            about=verdict.about,
            at=now,
        )
    )
    audit.record_by(connection, member, f"review.{verdict.kind}", "inbox", inbox_id, now)
    if verdict.kind == "danger" and verdict.severity is not None and message.severity is None:
        cases.open_alert(
            connection,
            kind="red_flag",
            category=verdict.category,
            severity=verdict.severity,
            talk=get_conversation(connection, message.conversation_id),
            inbox_id=inbox_id,
            now=now,
        )
    elif verdict.kind == "complaint":
        _seal(connection, message, now)


def unexported(connection: Connection) -> list[Row]:
    """Return the decisions whose example no export has taken yet, oldest first."""
    query = select(review).where(review.c.example.is_not(None), review.c.exported_at.is_(None))
    return connection.execute(query.order_by(review.c.id)).all()


def mark_exported(
    connection: Connection, review_id: int, now: datetime, *, left_out: str | None
) -> None:
    """Note that a decision's example was taken, or why it was left out."""
    taken = update(review).where(review.c.id == review_id)
    connection.execute(taken.values(exported_at=now, left_out=left_out))


def _take(connection: Connection, message: Row, now: datetime) -> bool:
    """Take a message off the list; False where a colleague did."""
    corrected = {
        "inbox_id": message.id,
        "reason": message.reason,
        "language": message.language,
        "at": now,
    }
    insert_if_absent(connection, unclear, corrected)
    waiting = (unclear.c.inbox_id == message.id, unclear.c.reviewed_at.is_(None))
    taken = connection.execute(update(unclear).where(*waiting).values(reviewed_at=now))
    return taken.rowcount == 1


def _seal(connection: Connection, message: Row, now: datetime) -> None:
    """Make a message the focal point's alone (safeguarding 15)."""
    sealed = update(inbox).where(inbox.c.id == message.id).values(restricted=True)
    connection.execute(sealed)
    cases.open_alert(
        connection,
        kind="staff_complaint",
        severity="high",
        talk=get_conversation(connection, message.conversation_id),
        inbox_id=message.id,
        restricted=True,
        now=now,
    )
