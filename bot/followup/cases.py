"""What needs a human: alerts, from a small task to a cry for help.

An alert changes only through the verbs here; each appends its event in the same transaction.
There is one open alert per conversation and subject: later messages join it, its severity may
rise and never falls. An alert about staff is ``restricted``: the focal point's alone
(safeguarding 15): whoever acts on one has to be allowed to see it (``bot.followup.alerts``).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.engine import wake
from bot.db.tables import alert, alert_event, conversation, person
from bot.followup.alerts import SEVERITIES, Severity, alerts_of_conversation, get_alert

OUTCOMES = ("safe_now", "referred", "visit_planned", "called", "answered", "false_alarm", "nothing")


class AlreadyOpen(Exception):
    """There is an open alert on the same subject: ``alert_id``."""

    def __init__(self, alert_id: int) -> None:
        super().__init__(f"alert {alert_id} on the same subject is open")
        self.alert_id = alert_id


def open_alert(
    connection: Connection,
    *,
    kind: str,
    severity: Severity,
    talk: Row,
    now: datetime,
    category: str | None = None,
    inbox_id: int | None = None,
    note: str | None = None,
    author_unsure: bool = False,
    restricted: bool = False,
    answer_by: datetime | None = None,
) -> int:
    """Open an alert about a conversation, or join the open one on the same subject.

    Args:
        kind: see the table's comment ("red_flag", "human_asked", "stopped", ...).
        talk: the conversation's row.
        restricted: about staff: for the focal point alone.
        answer_by: by when a person was promised an answer.

    Returns:
        The alert's id.
    """
    wake(connection, "console")
    wake(connection, "alerts")
    existing = _open_on_subject(connection, talk.id, kind, category, restricted)
    if existing is not None:
        _join(connection, existing, talk, severity, inbox_id, note, now)
        return existing.id
    someone = None
    if talk.person_id is not None:
        query = select(person.c.structure_id, person.c.worker_id)
        someone = connection.execute(query.where(person.c.id == talk.person_id)).one()
    waiting_since = talk.unanswered_since or now
    inserted = connection.execute(
        insert(alert).values(
            kind=kind,
            category=category,
            severity=severity,
            conversation_id=talk.id,
            person_id=talk.person_id,
            structure_id=someone.structure_id if someone else None,
            assigned_to=None if restricted or not someone else someone.worker_id,
            author_unsure=author_unsure,
            restricted=restricted,
            state="open",
            message_count=1,
            waiting_since=waiting_since,
            answer_by=answer_by,
            opened_at=now,
        )
    )
    alert_id = inserted.inserted_primary_key[0]
    add_event(connection, alert_id, "opened", now, inbox_id=inbox_id, note=note)
    return alert_id


def _open_on_subject(
    connection: Connection,
    conversation_id: int,
    kind: str,
    category: str | None,
    restricted: bool,
) -> Row | None:
    # Two that look at the same moment would both find none: the second waits here for the first.
    connection.execute(
        update(conversation)
        .where(conversation.c.id == conversation_id)
        .values(language=conversation.c.language)
    )
    query = select(alert).where(
        alert.c.conversation_id == conversation_id,
        alert.c.kind == kind,
        alert.c.category == category if category else alert.c.category.is_(None),
        alert.c.restricted.is_(restricted),
        alert.c.state != "resolved",
    )
    return connection.execute(query.order_by(alert.c.id).limit(1)).one_or_none()


def _join(
    connection: Connection,
    existing: Row,
    talk: Row,
    severity: Severity,
    inbox_id: int | None,
    note: str | None,
    now: datetime,
) -> None:
    changes: dict[str, object] = {"message_count": existing.message_count + 1}
    rises = SEVERITIES.index(severity) < SEVERITIES.index(existing.severity)
    if rises:
        changes["severity"] = severity
    if rises or (existing.state == "acknowledged" and severity == "critical"):
        # Somebody has to look again, and to be told again.
        changes.update(state="open", notified_at=None)
        if existing.state == "acknowledged":
            changes["waiting_since"] = talk.unanswered_since or now
    connection.execute(update(alert).where(alert.c.id == existing.id).values(**changes))
    verb = "raised" if rises else "message"
    add_event(connection, existing.id, verb, now, inbox_id=inbox_id, note=note)


def add_event(
    connection: Connection,
    alert_id: int,
    verb: str,
    now: datetime,
    *,
    staff_id: int | None = None,
    inbox_id: int | None = None,
    outcome: str | None = None,
    note: str | None = None,
) -> None:
    """Append one line to an alert's history."""
    connection.execute(
        insert(alert_event).values(
            alert_id=alert_id,
            staff_id=staff_id,
            inbox_id=inbox_id,
            verb=verb,
            outcome=outcome,
            note=note,
            at=now,
        )
    )


def take_back(connection: Connection, conversation_id: int, now: datetime) -> None:
    """Note on the open red flags that the person took it back: may be under pressure.

    Severity and deadline stay until a person has read (safeguarding 4).
    """
    query = select(alert.c.id).where(
        alert.c.conversation_id == conversation_id,
        alert.c.kind == "red_flag",
        alert.c.state != "resolved",
    )
    for (alert_id,) in connection.execute(query).all():
        add_event(connection, alert_id, "taken_back", now)
    wake(connection, "console")


def acknowledge(connection: Connection, member: Row, alert_id: int, now: datetime) -> None:
    """Say that ``member`` has seen an alert and takes care of it.

    The first one to say so has it: where a colleague was faster nothing changes.

    Raises:
        NotAllowed: not an alert of this member's.
    """
    get_alert(connection, member, alert_id)
    seen = {"state": "acknowledged", "acknowledged_at": now, "assigned_to": member.id}
    if _change(connection, alert_id, alert.c.state == "open", seen):
        add_event(connection, alert_id, "acknowledged", now, staff_id=member.id)


def acknowledge_all(
    connection: Connection, member: Row, conversation_id: int, now: datetime
) -> None:
    """Acknowledge the open alerts of a conversation that ``member`` may see: who answers has them.

    Those that others alone may see are left as they are.
    """
    for waiting in alerts_of_conversation(connection, member, conversation_id):
        acknowledge(connection, member, waiting.id, now)


def resolve(
    connection: Connection,
    member: Row,
    alert_id: int,
    outcome: str,
    now: datetime,
    *,
    note: str | None = None,
) -> None:
    """Close an alert with what came of it (one of ``OUTCOMES``).

    Raises:
        NotAllowed: not an alert of this member's.
        ValueError: no such outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}")
    get_alert(connection, member, alert_id)
    closed = {"state": "resolved", "resolved_at": now, "outcome": outcome}
    if _change(connection, alert_id, alert.c.state != "resolved", closed):
        add_event(
            connection, alert_id, "resolved", now, staff_id=member.id, outcome=outcome, note=note
        )


def reopen(connection: Connection, member: Row, alert_id: int, now: datetime) -> None:
    """Open a closed alert again: somebody waits once more, and staff are told once more.

    Raises:
        NotAllowed: not an alert of this member's.
        AlreadyOpen: since it was closed, another one was opened on the same subject.
    """
    closed = get_alert(connection, member, alert_id)
    other = _open_on_subject(
        connection, closed.conversation_id, closed.kind, closed.category, closed.restricted
    )
    if other is not None and other.id != alert_id:
        raise AlreadyOpen(other.id)
    opened = {
        "state": "open",
        "waiting_since": closed.unanswered_since or now,
        "notified_at": None,
        "acknowledged_at": None,
        "resolved_at": None,
        "outcome": None,
    }
    if _change(connection, alert_id, alert.c.state == "resolved", opened):
        add_event(connection, alert_id, "reopened", now, staff_id=member.id)


def _change(
    connection: Connection, alert_id: int, still: ColumnElement, values: dict[str, object]
) -> bool:
    changed = connection.execute(
        update(alert).where(alert.c.id == alert_id, still).values(**values)
    )
    wake(connection, "console")
    return changed.rowcount == 1
