"""What people ask of staff or of us: a person, silence, another language, to be forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.db.tables import alert
from bot.followup import conversations, languages
from bot.followup.alerts import Kind
from bot.followup.caller import Caller
from bot.followup.cases import Severity
from bot.followup.checkins import last_score_is_low
from bot.followup.consent import withdraw_enrolment
from bot.followup.conversations import HUMAN_ANSWER
from bot.followup.duty import duty_now, promise_by
from bot.followup.promises import open_promise
from bot.followup.tasks import promise_answer, tell_staff


@dataclass(frozen=True)
class PersonAsked:
    """A person will answer before ``by``; ``already`` when that was promised before."""

    by: datetime
    already: bool
    staff_are_there: bool


def ask_for_person(
    caller: Caller,
    kind: Kind = "human_asked",
    *,
    severity: Severity = "normal",
    category: str | None = None,
) -> PersonAsked:
    """Ask staff to answer the caller; a promise that is still running is not made twice.

    From here on, what a person writes without having consented is kept: it is meant for staff.
    It ends with the answer (``conversations.note_who_reads``).

    Args:
        kind: of the alert: "human_asked", "not_understood", or "red_flag" with its ``category``.
    """
    there = duty_now(caller.connection, caller.structure, caller.now)
    staff_are_there = there.duty == "duty"
    running = _running_promise(caller)
    by = running or promise_by(caller.connection, caller.structure, caller.now)
    tell_staff(caller, kind, severity=severity, category=category, answer_by=by)
    if running is None:
        promise_answer(caller, HUMAN_ANSWER, by)
    if caller.talk is not None and caller.talk.human_asked_at is None:
        conversations.change(caller.connection, caller.talk.id, human_asked_at=caller.now)
    return PersonAsked(by, running is not None, staff_are_there)


def ask_erasure(caller: Caller) -> datetime:
    """Pass on a wish to have one's data erased; return by when it is answered.

    Nothing is erased here: what the law makes us keep is for staff to say (safeguarding 20).
    """
    by = promise_by(caller.connection, caller.structure, caller.now)
    tell_staff(caller, "task", category="erasure", answer_by=by)
    promise_answer(caller, "erasure", by)
    return by


def stop_writing(caller: Caller) -> None:
    """Stop all that we start, and tell staff: whoever holds the phone may have asked for it.

    The task is high where an alert is open or the last score was low (safeguarding 3).
    """
    if caller.talk is None:
        return
    in_danger = has_open_red_flag(caller.connection, caller.talk.id)
    worrying = in_danger or last_score_is_low(caller)
    conversations.opt_out(caller.connection, caller.talk.id, caller.now)
    tell_staff(caller, "stopped", severity="high" if worrying else "normal")


def leave_wrong_person(caller: Caller) -> None:
    """Stop writing to somebody who is not the person we meant, and forget who it was.

    From here on nothing personal is answered on this address, until a worker enrols it again.
    """
    if caller.talk is None:
        return
    tell_staff(caller, "wrong_person")
    conversations.opt_out(caller.connection, caller.talk.id, caller.now)
    withdraw_enrolment(caller.connection, caller.talk.id)


def choose_language(caller: Caller, language: str) -> None:
    """Answer the caller in another language from now on, here and on every channel."""
    if caller.talk is not None:
        languages.choose_language(caller.connection, caller.talk, language)
        caller.language = language


def has_open_red_flag(connection: Connection, conversation_id: int) -> bool:
    """Tell whether a danger that somebody wrote of is still to be looked after."""
    query = select(alert.c.id).where(
        alert.c.conversation_id == conversation_id,
        alert.c.kind == "red_flag",
        alert.c.state != "resolved",
    )
    return connection.execute(query.limit(1)).first() is not None


def _running_promise(caller: Caller) -> datetime | None:
    if caller.talk is None:
        return None
    promise = open_promise(caller.connection, caller.talk.id, HUMAN_ANSWER)
    return promise.due_at if promise is not None and promise.due_at > caller.now else None
