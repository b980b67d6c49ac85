"""Messages that were not understood or were corrected: a person says what they mean.

Three ways lead here: the programme asked back; the person took a cry for help back; staff closed
an alert as a false alarm. Listed are only messages of people who agreed to this use
(``consent.covers_improving``) and have not gone back on anything since; never a complaint about
staff, never a safe word, never a danger that is still open: care comes first. What a person makes
of them is in ``bot.followup.reviews``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql import Select

from bot.db.inserts import insert_if_absent
from bot.db.tables import alert, alert_event, conversation, inbox, person, promise, unclear
from bot.followup.access import NotAllowed, follows, rights_of
from bot.followup.alerts import HAS_OPEN_ALERT
from bot.followup.caller import Caller
from bot.followup.consent import covers_improving
from bot.followup.people import find_person

COMPLAINT = "complain_staff"
# What stands so high among the guesses may well be meant.
_LIKELY = 3
# A choice that comes later is about something else.
_CHOSEN_WITHIN = timedelta(minutes=30)
# The choice under a question asked back that says "neither".
_NEITHER = "ask_help"


def note_not_understood(caller: Caller, guesses: Sequence[tuple[str, float]]) -> None:
    """Note that the caller's message was not understood.

    One that may be a complaint about staff is not noted, nor is one of somebody without consent.

    Args:
        guesses: intents and how sure each was, the best first.
    """
    talk = caller.talk
    if talk is None or caller.inbox_id is None or talk.consent != "yes":
        return
    if COMPLAINT in [name for name, _ in guesses[:_LIKELY]]:
        return
    guess, confidence = guesses[0] if guesses else (None, None)
    insert_if_absent(
        caller.connection,
        unclear,
        {
            "inbox_id": caller.inbox_id,
            "reason": "not_understood",
            "language": talk.language,
            "guess": guess,
            "confidence": confidence,
            "at": caller.now,
        },
    )


def list_unclear(connection: Connection, member: Row, now: datetime) -> list[Row]:
    """Return the messages that ``member`` may review, oldest first.

    A row has the message's ``id``, ``conversation_id``, ``text`` (as written), ``severity`` and
    ``received_at``; its ``reason`` (not_understood, taken_back, false_alarm), ``guess`` and
    ``confidence``; the ``language`` of the conversation.

    Raises:
        NotAllowed: not for this member.
    """
    if not rights_of(member).teaches:
        raise NotAllowed("messages are reviewed by others")
    return [row for row in connection.execute(_waiting(member)) if _may_serve(connection, row, now)]


def chosen_instead(connection: Connection, message: Row) -> str | None:
    """Return the intent that was chosen from buttons right after a message, if one was."""
    query = (
        select(inbox.c.payload)
        .where(
            inbox.c.conversation_id == message.conversation_id,
            inbox.c.id > message.id,
            inbox.c.received_at <= message.received_at + _CHOSEN_WITHIN,
        )
        .order_by(inbox.c.id)
        .limit(1)
    )
    payload = connection.execute(query).scalar_one_or_none() or {}
    slash, intent = (payload.get("choice") or " ")[:1], (payload.get("choice") or " ")[1:]
    # One that carries more ("/pick_aid{...}") answers another question.
    if slash != "/" or "{" in intent or intent == _NEITHER:
        return None
    return intent


def _waiting(member: Row) -> Select:
    """Return the query of all that waits in the member's structure, consent aside."""
    closed = _messages_of_closed_flags()
    false_alarm = inbox.c.id.in_(closed.where(alert.c.outcome == "false_alarm"))
    taken_back = inbox.c.id.in_(
        closed.where(
            alert.c.id.in_(select(alert_event.c.alert_id).where(alert_event.c.verb == "taken_back"))
        )
    )
    erasure_asked = select(promise.c.id).where(
        promise.c.conversation_id == conversation.c.id,
        promise.c.subject == "erasure",
        promise.c.kept_at.is_(None),
    )
    return (
        select(
            inbox.c.id,
            inbox.c.conversation_id,
            inbox.c.text,
            inbox.c.severity,
            inbox.c.received_at,
            func.coalesce(unclear.c.language, conversation.c.language).label("language"),
            case(
                (false_alarm, "false_alarm"), (taken_back, "taken_back"), else_=unclear.c.reason
            ).label("reason"),
            unclear.c.guess,
            unclear.c.confidence,
            conversation.c.person_id,
            person.c.safe_word,
        )
        .join(conversation, conversation.c.id == inbox.c.conversation_id)
        .join(person, person.c.id == conversation.c.person_id)
        .outerjoin(unclear, unclear.c.inbox_id == inbox.c.id)
        .where(
            or_(unclear.c.id.is_not(None), false_alarm, taken_back),
            unclear.c.reviewed_at.is_(None),
            follows(member),
            inbox.c.kind == "text",
            inbox.c.text.is_not(None),
            inbox.c.restricted.is_(False),
            or_(inbox.c.severity.is_(None), ~HAS_OPEN_ALERT),
            # It is known who agreed, and nothing was taken back since.
            conversation.c.enrolment == "confirmed",
            conversation.c.consent == "yes",
            conversation.c.opted_out_at.is_(None),
            ~erasure_asked.exists(),
        )
        .order_by(inbox.c.id)
    )


def _messages_of_closed_flags() -> Select:
    return (
        select(alert_event.c.inbox_id)
        .join(alert, alert.c.id == alert_event.c.alert_id)
        .where(
            alert.c.kind == "red_flag",
            alert.c.restricted.is_(False),
            alert.c.state == "resolved",
            alert_event.c.inbox_id.is_not(None),
        )
    )


def _may_serve(connection: Connection, message: Row, now: datetime) -> bool:
    if message.safe_word and message.safe_word.casefold() in message.text.casefold():
        return False
    return covers_improving(connection, find_person(connection, message.person_id), now)
