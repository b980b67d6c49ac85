"""What needs a human: alerts, from a small task to a cry for help.

An alert changes only through the verbs here; each appends its event in the same transaction.
There is one open alert per conversation and subject: later messages join it, its severity may
rise and never falls. An alert about staff is ``restricted``: the focal point's alone
(safeguarding 15), and every function here that lists or opens alerts asks ``may_see``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import and_, case, insert, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.engine import wake
from bot.db.tables import alert, alert_event, conversation, person

Severity = Literal["critical", "high", "normal"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "normal")
OUTCOMES = ("safe_now", "referred", "visit_planned", "called", "answered", "false_alarm", "nothing")

# Roles that read alerts and conversations of their structure.
_CASE_ROLES = ("social_worker", "on_call", "supervisor")


class NotAllowed(PermissionError):
    """This member of staff may not see or change this."""


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
    subject = and_(
        alert.c.conversation_id == talk.id,
        alert.c.kind == kind,
        alert.c.category == category if category else alert.c.category.is_(None),
        alert.c.restricted.is_(restricted),
        alert.c.state != "resolved",
    )
    existing = connection.execute(select(alert).where(subject).limit(1)).one_or_none()
    if existing is not None:
        _join(connection, existing, severity, inbox_id, note, now)
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


def _join(
    connection: Connection,
    existing: Row,
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
    note: str | None = None,
) -> None:
    """Append one line to an alert's history."""
    connection.execute(
        insert(alert_event).values(
            alert_id=alert_id, staff_id=staff_id, inbox_id=inbox_id, verb=verb, note=note, at=now
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


def may_see(member: Row) -> ColumnElement:
    """Return the condition on ``alert`` for what a member of staff may see.

    A focal point sees restricted alerts of the structure; alerts of strangers (no structure yet)
    are seen by every structure's case staff.
    """
    own_structure = or_(alert.c.structure_id == member.structure_id, alert.c.structure_id.is_(None))
    if member.role == "focal_point":
        return own_structure
    if member.role in _CASE_ROLES:
        return and_(own_structure, alert.c.restricted.is_(False))
    return alert.c.id.is_(None)


def list_alerts(connection: Connection, member: Row, *, state: str = "unresolved") -> list[Row]:
    """Return the alerts that ``member`` may see: most severe first, then longest waiting.

    Args:
        state: "unresolved" or "resolved".
    """
    wanted = alert.c.state == "resolved" if state == "resolved" else alert.c.state != "resolved"
    order = case(
        {name: position for position, name in enumerate(SEVERITIES)}, value=alert.c.severity
    )
    query = (
        select(
            alert,
            person.c.case_number,
            conversation.c.channel,
            conversation.c.owner_id,
            conversation.c.unanswered_since,
        )
        .join(conversation, conversation.c.id == alert.c.conversation_id)
        .outerjoin(person, person.c.id == alert.c.person_id)
        .where(may_see(member), wanted)
        .order_by(order, alert.c.waiting_since, alert.c.id)
    )
    return connection.execute(query).all()


def get_alert(connection: Connection, member: Row, alert_id: int) -> Row:
    """Return one alert.

    Raises:
        NotAllowed: there is none, or not for ``member``: the two are not told apart.
    """
    query = select(alert).where(alert.c.id == alert_id, may_see(member))
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotAllowed(f"alert {alert_id}")
    return row


def history(connection: Connection, alert_id: int) -> list[Row]:
    """Return the events of an alert, oldest first."""
    query = select(alert_event).where(alert_event.c.alert_id == alert_id)
    return connection.execute(query.order_by(alert_event.c.id)).all()


def acknowledge(connection: Connection, member: Row, alert_id: int, now: datetime) -> None:
    """Say that ``member`` has seen an alert and takes care of it.

    Raises:
        NotAllowed: not an alert of this member's.
    """
    seen = get_alert(connection, member, alert_id)
    if seen.state != "open":
        return
    connection.execute(
        update(alert)
        .where(alert.c.id == alert_id, alert.c.state == "open")
        .values(state="acknowledged", acknowledged_at=now, assigned_to=member.id)
    )
    add_event(connection, alert_id, "acknowledged", now, staff_id=member.id)
    wake(connection, "console")


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
    if get_alert(connection, member, alert_id).state == "resolved":
        return
    connection.execute(
        update(alert)
        .where(alert.c.id == alert_id)
        .values(state="resolved", resolved_at=now, outcome=outcome)
    )
    add_event(connection, alert_id, "resolved", now, staff_id=member.id, note=note)
    wake(connection, "console")


def reopen(connection: Connection, member: Row, alert_id: int, now: datetime) -> None:
    """Open a closed alert again.

    Raises:
        NotAllowed: not an alert of this member's.
    """
    get_alert(connection, member, alert_id)
    connection.execute(
        update(alert)
        .where(alert.c.id == alert_id, alert.c.state == "resolved")
        .values(state="open", resolved_at=None, outcome=None)
    )
    add_event(connection, alert_id, "reopened", now, staff_id=member.id)
    wake(connection, "console")
