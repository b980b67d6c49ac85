"""How an alert ends: with an outcome, and where the law may ask for it a decision on reporting.

Whether authorities are told is never the programme's choice: it is the worker's, recorded with
its reason (safeguarding 10).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from bot.db.tables import alert, alert_event, report_decision, staff
from bot.followup import conversations
from bot.followup.alerts import get_alert, has_open_alert
from bot.followup.cases import (
    CLAIM_LASTS,
    REPORTABLE,
    URGENT,
    add_event,
    at_the_foot,
    change,
    open_on_subject,
)
from bot.followup.consent import CODE_FAILURES
from bot.followup.conversations import HUMAN_ANSWER
from bot.followup.promises import keep_promises, take_back_kept
from bot.followup.safe_word import SAFE_WORD

OUTCOMES = ("safe_now", "referred", "visit_planned", "called", "answered", "false_alarm", "nothing")
# What closes an alert from the list, in one tap.
QUICK_OUTCOMES = ("nothing", "false_alarm", "called")
# The person heard from a human: what was promised is kept.
_HEARD = ("safe_now", "referred", "visit_planned", "called", "answered")
_FALSE_ALARM = "false_alarm"

DECISIONS = ("reported", "to_report", "not_reported")
UNDO_WITHIN = timedelta(minutes=15)


class AlreadyOpen(Exception):
    """There is an open alert on the same subject: ``alert_id``."""

    def __init__(self, alert_id: int) -> None:
        super().__init__(f"alert {alert_id} on the same subject is open")
        self.alert_id = alert_id


class DecisionMissing(Exception):
    """Before it ends somebody has to decide whether authorities are told, and say why."""


@dataclass(frozen=True)
class Decision:
    """Whether authorities are told (one of ``DECISIONS``), and why."""

    decision: str
    reason: str = field(repr=False)


def wants_decision(found: Row) -> bool:
    """Tell whether an alert may not end, but as a false alarm, without a decision on reporting.

    However grave it is: what is past and over may have to be reported all the same.
    """
    return found.category in REPORTABLE


def may_close_quickly(found: Row, outcome: str) -> bool:
    """Tell whether one tap may end an alert so: a decision with its reason takes more.

    A safe word was agreed on for danger: nobody waves it aside.
    """
    if found.kind == SAFE_WORD:
        return False
    return outcome in QUICK_OUTCOMES and (outcome == _FALSE_ALARM or not wants_decision(found))


def decide(
    connection: Connection, member: Row, alert_id: int, decision: Decision, now: datetime
) -> None:
    """Record whether authorities are told of what an alert is about.

    Raises:
        NotAllowed: not an alert of this member's.
        ValueError: no such decision, or no reason.
    """
    if decision.decision not in DECISIONS or not decision.reason.strip():
        raise ValueError(f"a reason, and one of {', '.join(DECISIONS)}")
    get_alert(connection, member, alert_id)
    connection.execute(
        insert(report_decision).values(
            alert_id=alert_id,
            staff_id=member.id,
            decision=decision.decision,
            reason=decision.reason.strip(),
            at=now,
        )
    )
    add_event(connection, alert_id, "decided", now, staff_id=member.id, outcome=decision.decision)


def decision_of(connection: Connection, alert_id: int) -> Row | None:
    """Return the decision in force on reporting, with ``shown_name`` of who took it."""
    query = (
        select(report_decision, staff.c.shown_name)
        .join(staff, staff.c.id == report_decision.c.staff_id)
        .where(report_decision.c.alert_id == alert_id)
    )
    newest = query.order_by(report_decision.c.id.desc()).limit(1)
    return connection.execute(newest).one_or_none()


def resolve(
    connection: Connection,
    member: Row,
    alert_id: int,
    outcome: str,
    now: datetime,
    *,
    note: str | None = None,
    decision: Decision | None = None,
) -> None:
    """Close an alert with what came of it (one of ``OUTCOMES``) and what was done (``note``).

    Where nothing else is open about the conversation, nobody waits there any more. Where too many
    wrong codes were tried, codes are looked at again.

    Raises:
        NotAllowed: not an alert of this member's.
        DecisionMissing: it is about something to report, no false alarm, and nobody decided yet.
        ValueError: no such outcome or decision.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"outcome must be one of {', '.join(OUTCOMES)}")
    found = get_alert(connection, member, alert_id)
    if decision is not None:
        decide(connection, member, alert_id, decision, now)
    elif (
        wants_decision(found)
        and outcome != _FALSE_ALARM
        and decision_of(connection, alert_id) is None
    ):
        raise DecisionMissing(f"alert {alert_id}")
    closed = {"state": "resolved", "resolved_at": now, "outcome": outcome, "climbs_at": None}
    if not change(connection, alert_id, alert.c.state != "resolved", closed):
        return
    add_event(connection, alert_id, "resolved", now, staff_id=member.id, outcome=outcome, note=note)
    if not has_open_alert(connection, found.conversation_id):
        conversations.change(connection, found.conversation_id, unanswered_since=None)
    if found.kind == CODE_FAILURES:
        conversations.change(connection, found.conversation_id, code_failures=0)
    if outcome in _HEARD:
        keep_promises(connection, found.conversation_id, HUMAN_ANSWER, now)
    conversations.note_who_reads(connection, found.conversation_id)


def undo(connection: Connection, member: Row, alert_id: int, now: datetime) -> bool:
    """Take back an end that ``member`` gave an alert a moment ago: it is as it was before.

    Returns:
        False where it is too late, or somebody else closed it: nothing has changed.

    Raises:
        NotAllowed: not an alert of this member's.
        AlreadyOpen: since it was closed, another one was opened on the same subject.
    """
    closed = get_alert(connection, member, alert_id)
    query = select(alert_event.c.staff_id, alert_event.c.verb).where(
        alert_event.c.alert_id == alert_id
    )
    last = connection.execute(query.order_by(alert_event.c.id.desc()).limit(1)).one()
    too_late = closed.resolved_at is None or now - closed.resolved_at > UNDO_WITHIN
    if too_late or last.verb != "resolved" or last.staff_id != member.id:
        return False
    _refuse_twice(connection, closed)
    back: dict[str, Any] = {
        "state": "open" if closed.acknowledged_at is None else "acknowledged",
        "resolved_at": None,
        "outcome": None,
    }
    if closed.severity in URGENT:
        back["climbs_at"] = now if closed.acknowledged_at is None else now + CLAIM_LASTS
    if not change(connection, alert_id, alert.c.state == "resolved", back):
        return False
    add_event(connection, alert_id, "undone", now, staff_id=member.id)
    take_back_kept(connection, closed.conversation_id, HUMAN_ANSWER, closed.resolved_at)
    conversations.note_who_reads(connection, closed.conversation_id)
    if closed.unanswered_since is None and not conversations.staff_wrote_since(
        connection, closed.conversation_id, closed.waiting_since
    ):
        conversations.change(
            connection, closed.conversation_id, unanswered_since=closed.waiting_since
        )
    return True


def reopen(connection: Connection, member: Row, alert_id: int, now: datetime) -> None:
    """Open a closed alert again: somebody waits once more, and staff are told once more.

    Raises:
        NotAllowed: not an alert of this member's.
        AlreadyOpen: since it was closed, another one was opened on the same subject.
    """
    closed = get_alert(connection, member, alert_id)
    _refuse_twice(connection, closed)
    opened: dict[str, Any] = {
        **at_the_foot(now),
        "state": "open",
        "waiting_since": closed.unanswered_since or now,
        "resolved_at": None,
        "outcome": None,
    }
    if closed.severity not in URGENT:
        opened["climbs_at"] = None
    if change(connection, alert_id, alert.c.state == "resolved", opened):
        add_event(connection, alert_id, "reopened", now, staff_id=member.id)
        conversations.note_who_reads(connection, closed.conversation_id)


def _refuse_twice(connection: Connection, closed: Row) -> None:
    other = open_on_subject(
        connection,
        conversation_id=closed.conversation_id,
        person_id=closed.person_id,
        kind=closed.kind,
        category=closed.category,
        restricted=closed.restricted,
    )
    if other is not None and other.id != closed.id:
        raise AlreadyOpen(other.id)
