"""What needs a human: alerts, from a small task to a cry for help.

An alert changes only through the verbs here; each appends its event in the same transaction.
There is one open alert per person and subject: later messages join it, its severity may rise and
never falls. What is past and over, and what was not understood, makes one alert per person and
day. An alert about staff is ``restricted``: the focal point's alone (safeguarding 15): whoever
acts on one has to be allowed to see it (``bot.followup.alerts``). How an alert ends is in
``bot.followup.closing``, who is told of it while nobody takes it in ``bot.followup.ladder``.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, or_, select, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import ColumnElement

from bot.db.engine import wake
from bot.db.tables import alert, alert_event, conversation, person
from bot.followup.access import NotAllowed
from bot.followup.alerts import (
    SEVERITIES,
    Kind,
    Severity,
    alerts_of_conversation,
    get_alert,
    who_may_take,
)
from bot.followup.people import structure_of

# Who takes an alert has this long to answer or to note something; then the others are told again.
CLAIM_LASTS = timedelta(minutes=10)
# On the ladder: the others wait in the console.
URGENT: tuple[Severity, ...] = ("critical", "high")

# What authorities may have to be told of, which somebody decides before such an alert ends.
REPORTABLE = ("violence", "sexual_abuse", "exploitation", "missing_child")

_NOT_UNDERSTOOD, _RED_FLAG = "not_understood", "red_flag"
# What a person reading the list need not be told of: it marks nothing as new.
_QUIET = ("notified", "unavailable")


def open_alert(
    connection: Connection,
    *,
    kind: Kind,
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
        talk: the conversation's row.
        restricted: about staff: for the focal point alone.
        answer_by: by when a person was promised an answer.

    Returns:
        The alert's id.
    """
    wake(connection, "console")
    wake(connection, "alerts")
    someone = None
    if talk.person_id is not None:
        query = select(person.c.id, person.c.structure_id, person.c.worker_id)
        someone = connection.execute(query.where(person.c.id == talk.person_id)).one()
    _wait_for_others(connection, talk)
    existing = open_on_subject(
        connection,
        conversation_id=talk.id,
        person_id=talk.person_id,
        kind=kind,
        category=category,
        restricted=restricted,
        since=_beginning_of_day(connection, someone, now) if kind == _NOT_UNDERSTOOD else None,
    )
    if existing is None and kind == _RED_FLAG and severity == "normal" and not restricted:
        existing = _light_flag_of_today(connection, talk, someone, now)
    if existing is not None:
        _join(connection, existing, talk, category, severity, inbox_id, note, author_unsure, now)
        return existing.id
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
            changed_at=now,
            climbs_at=now if severity in URGENT else None,
        )
    )
    alert_id = inserted.inserted_primary_key[0]
    add_event(connection, alert_id, "opened", now, inbox_id=inbox_id, note=note)
    return alert_id


def open_on_subject(
    connection: Connection,
    *,
    conversation_id: int,
    person_id: int | None,
    kind: str,
    category: str | None,
    restricted: bool,
    since: datetime | None = None,
) -> Row | None:
    """Return the alert on a subject that is not resolved, if there is one.

    A person's alerts are one, whichever phone they came from; a complaint about staff stays with
    its conversation, where what follows it is sealed.
    """
    query = select(alert).where(
        _of_somebody(conversation_id, None if restricted else person_id),
        alert.c.kind == kind,
        alert.c.category == category if category else alert.c.category.is_(None),
        alert.c.restricted.is_(restricted),
        alert.c.state != "resolved",
    )
    if since is not None:
        query = query.where(alert.c.opened_at >= since)
    return connection.execute(query.order_by(alert.c.id.desc()).limit(1)).one_or_none()


def _light_flag_of_today(
    connection: Connection, talk: Row, someone: Row | None, now: datetime
) -> Row | None:
    query = select(alert).where(
        _of_somebody(talk.id, talk.person_id),
        alert.c.kind == _RED_FLAG,
        alert.c.severity == "normal",
        alert.c.restricted.is_(False),
        alert.c.state != "resolved",
        alert.c.opened_at >= _beginning_of_day(connection, someone, now),
    )
    return connection.execute(query.order_by(alert.c.id).limit(1)).one_or_none()


def _of_somebody(conversation_id: int, person_id: int | None) -> ColumnElement:
    here = alert.c.conversation_id == conversation_id
    return here if person_id is None else or_(here, alert.c.person_id == person_id)


def _wait_for_others(connection: Connection, talk: Row) -> None:
    # Two that look at the same moment would both find none: the second waits here for the first.
    connection.execute(
        update(conversation)
        .where(conversation.c.id == talk.id)
        .values(language=conversation.c.language)
    )
    if talk.person_id is not None:
        connection.execute(
            update(person).where(person.c.id == talk.person_id).values(kind=person.c.kind)
        )


def _beginning_of_day(connection: Connection, someone: Row | None, now: datetime) -> datetime:
    zone = ZoneInfo(structure_of(connection, someone).timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), zone)


def _join(
    connection: Connection,
    existing: Row,
    talk: Row,
    category: str | None,
    severity: Severity,
    inbox_id: int | None,
    note: str | None,
    author_unsure: bool,
    now: datetime,
) -> None:
    # Answered is where the person wrote last.
    changes: dict[str, Any] = {
        "message_count": existing.message_count + 1,
        "conversation_id": talk.id,
        "author_unsure": existing.author_unsure or author_unsure,
    }
    if category in REPORTABLE and existing.category not in REPORTABLE:
        # The row of the day may have begun with something of which nobody has to be told.
        changes["category"] = category
    rises = SEVERITIES.index(severity) < SEVERITIES.index(existing.severity)
    if rises:
        changes["severity"] = severity
    if rises or (existing.state == "acknowledged" and severity == "critical"):
        # Somebody has to look again, and to be told again.
        changes.update(state="open", **at_the_foot(now))
        if existing.state == "acknowledged":
            changes["waiting_since"] = talk.unanswered_since or now
    connection.execute(update(alert).where(alert.c.id == existing.id).values(**changes))
    verb = "raised" if rises else "message"
    add_event(connection, existing.id, verb, now, inbox_id=inbox_id, note=note)


def at_the_foot(now: datetime) -> dict[str, Any]:
    """Return the values of an alert with which the ladder begins anew."""
    return {"level": None, "climbs_at": now, "acknowledged_at": None}


def add_event(
    connection: Connection,
    alert_id: int,
    verb: str,
    now: datetime,
    *,
    staff_id: int | None = None,
    to_staff_id: int | None = None,
    inbox_id: int | None = None,
    outcome: str | None = None,
    note: str | None = None,
) -> int:
    """Append one line to an alert's history and return its id."""
    added = connection.execute(
        insert(alert_event).values(
            alert_id=alert_id,
            staff_id=staff_id,
            to_staff_id=to_staff_id,
            inbox_id=inbox_id,
            verb=verb,
            outcome=outcome,
            note=note,
            at=now,
        )
    )
    if verb not in _QUIET:
        connection.execute(update(alert).where(alert.c.id == alert_id).values(changed_at=now))
    return added.inserted_primary_key[0]


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


def acknowledge(connection: Connection, member: Row, alert_id: int, now: datetime) -> bool:
    """Say that ``member`` has seen an alert and takes care of it; True if it is ``member``'s now.

    The first one to say so has it: where a colleague was faster nothing changes. Nobody else is
    told meanwhile; unless an answer, a note or an end comes of it, the others are told again after
    ``CLAIM_LASTS``.

    Raises:
        NotAllowed: not an alert of this member's.
    """
    found = get_alert(connection, member, alert_id)
    seen = {
        "state": "acknowledged",
        "acknowledged_at": now,
        "assigned_to": member.id,
        "climbs_at": now + CLAIM_LASTS if found.severity in URGENT else None,
    }
    if change(connection, alert_id, alert.c.state == "open", seen):
        add_event(connection, alert_id, "acknowledged", now, staff_id=member.id)
        return True
    return False


def acknowledge_all(
    connection: Connection, member: Row, conversation_id: int, now: datetime
) -> list[int]:
    """Acknowledge the open alerts of a conversation that ``member`` may see: who answers has them.

    Those that others alone may see are left as they are. Returns the ids of those that were taken.
    """
    waiting = alerts_of_conversation(connection, member, conversation_id)
    return [row.id for row in waiting if acknowledge(connection, member, row.id, now)]


def assign(
    connection: Connection, member: Row, alert_id: int, colleague_id: int, now: datetime
) -> None:
    """Give an alert to a colleague, who is told at once, may read it, and has to take it.

    Raises:
        NotAllowed: not an alert of this member's, or not one that the colleague may have.
    """
    found = get_alert(connection, member, alert_id)
    able = {each.id: each for each in who_may_take(connection, found)}
    if colleague_id not in able:
        raise NotAllowed(f"alert {alert_id} is nothing for staff {colleague_id}")
    colleague = able[colleague_id]
    given: dict[str, Any] = {"state": "open", "assigned_to": colleague.id, "acknowledged_at": None}
    if found.severity in URGENT:
        given.update(at_the_foot(now))
    if found.state == "acknowledged":
        given["waiting_since"] = found.unanswered_since or now
    if change(connection, alert_id, alert.c.state != "resolved", given):
        add_event(
            connection, alert_id, "assigned", now, staff_id=member.id, to_staff_id=colleague.id
        )


def note(connection: Connection, member: Row, alert_id: int, text: str, now: datetime) -> None:
    """Write a line for the team into an alert's history.

    Raises:
        NotAllowed: not an alert of this member's.
        ValueError: nothing is written.
    """
    if not text.strip():
        raise ValueError("a note says something")
    get_alert(connection, member, alert_id)
    add_event(connection, alert_id, "note", now, staff_id=member.id, note=text.strip())
    wake(connection, "console")


def escalate(
    connection: Connection, member: Row, alert_id: int, now: datetime, *, note: str | None = None
) -> None:
    """Have the next level of the ladder told of an alert at once, whoever has it.

    One that was normal becomes high: it is no longer for the console alone.

    Raises:
        NotAllowed: not an alert of this member's.
    """
    found = get_alert(connection, member, alert_id)
    raised = {
        "state": "open",
        "acknowledged_at": None,
        "severity": "high" if found.severity == "normal" else found.severity,
        "climbs_at": now,
        # Whoever escalates has been told: it goes on from there.
        "level": found.level or ("focal_point" if found.restricted else "worker"),
    }
    if change(connection, alert_id, alert.c.state != "resolved", raised):
        add_event(connection, alert_id, "escalated", now, staff_id=member.id, note=note)


def change(
    connection: Connection, alert_id: int, still: ColumnElement, values: dict[str, Any]
) -> bool:
    """Set columns of an alert while a condition holds; tell whether it did."""
    changed = connection.execute(
        update(alert).where(alert.c.id == alert_id, still).values(**values)
    )
    wake(connection, "console")
    wake(connection, "alerts")
    return changed.rowcount == 1
