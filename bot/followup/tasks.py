"""What a message leaves behind for staff: a task or an alert, and the date that was promised.

Outside a conversation of ours (``rasa shell``) there is nobody to answer to: nothing is recorded.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.followup.alerts import Kind
from bot.followup.caller import Caller
from bot.followup.cases import Severity, open_alert
from bot.followup.duty import promise_by
from bot.followup.promises import make_promise

# What the team needs to decide, before the next working hour is promised.
_TIME_TO_DECIDE = timedelta(days=2)


def tell_staff(
    caller: Caller,
    kind: Kind,
    *,
    severity: Severity = "normal",
    category: str | None = None,
    note: str | None = None,
    restricted: bool = False,
    answer_by: datetime | None = None,
) -> int | None:
    """Open an alert about the caller's message, or join the open one on the same subject.

    Args:
        kind: of the alert ("task", "human_asked", "payment", ...).
        category: what a task is about ("absence", "training", ...), or a red flag's category.

    Returns:
        The alert's id; None outside a conversation.
    """
    if caller.talk is None:
        return None
    return open_alert(
        caller.connection,
        kind=kind,
        severity=severity,
        talk=caller.talk,
        now=caller.now,
        category=category,
        inbox_id=caller.inbox_id,
        note=note,
        restricted=restricted,
        answer_by=answer_by,
    )


def decision_by(caller: Caller) -> datetime:
    """Return by when the team has decided on something that the caller asks for."""
    return promise_by(caller.connection, caller.structure, caller.now + _TIME_TO_DECIDE)


def promise_answer(caller: Caller, subject: str, due_at: datetime, **details: int) -> None:
    """Record that an answer on ``subject`` was promised by ``due_at`` (``details``: ids only)."""
    if caller.talk is None:
        return
    make_promise(
        caller.connection,
        conversation_id=caller.talk.id,
        person_id=caller.talk.person_id,
        subject=subject,
        due_at=due_at,
        now=caller.now,
        details=details,
    )
