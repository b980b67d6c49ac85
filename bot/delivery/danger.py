"""A message that shows danger: the alert, the crisis reply, and what takes it back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.db.tables import alert
from bot.delivery.arrival import Arrival
from bot.delivery.queue import Priority, withdraw_offer
from bot.followup import cases, conversations, helplines, people, values
from bot.followup.duty import duty_now, promise_by
from bot.followup.safe_word import SAFE_WORD
from bot.followup.tasks import promise_answer
from bot.i18n.speech import joined
from bot.i18n.wording import Said
from bot.safety.crisis import CrisisReply, Situation, choose_crisis_reply
from bot.safety.flags import RedFlag

_TAKE_BACK_WITHIN = timedelta(hours=24)


def answer(arrival: Arrival, flag: RedFlag, *, about_staff: bool = False) -> None:
    """Open the alert and give the crisis reply; an unfinished form is forgotten.

    A danger that names staff is the focal point's alone (safeguarding 15); a bribe is answered as
    a complaint: nobody needs a helpline for it.
    """
    open_alert(arrival, flag, about_staff=about_staff)
    arrival.forget_form()
    if arrival.talk.crisis_muted == flag.category:
        arrival.say("utter_crisis_noted", priority=Priority.CRISIS)
        return
    if about_staff and flag.category == "exploitation" and flag.severity == "high":
        said = _complaint_received(arrival)
    else:
        said = _worded(arrival, _choose(arrival, flag))
    arrival.reply(said, Priority.CRISIS, restricted=about_staff)


def answer_safe_word(arrival: Arrival) -> None:
    """Call for help without a sign of it: the answer is one that ordinary talk has too.

    No helpline, no button, and nothing later that speaks of it (safeguarding 5).
    """
    cases.open_alert(
        arrival.connection,
        kind=SAFE_WORD,
        severity="critical",
        talk=arrival.talk,
        inbox_id=arrival.inbox_id,
        now=arrival.now,
    )
    arrival.forget_form()
    arrival.say("utter_noted")


def open_alert(arrival: Arrival, flag: RedFlag, *, about_staff: bool) -> None:
    """Open the alert of a flag; one that is past and over is a task for the worker."""
    cases.open_alert(
        arrival.connection,
        kind="staff_complaint" if about_staff else "red_flag",
        category=flag.category,
        severity=flag.severity,
        talk=arrival.talk,
        inbox_id=arrival.inbox_id,
        author_unsure=_is_unsure(arrival),
        restricted=about_staff,
        now=arrival.now,
    )


def take_back(arrival: Arrival) -> None:
    """Note that the person took it back, and stop the crisis text from repeating.

    Severity and deadline stay until a person has read (safeguarding 4).
    """
    cases.take_back(arrival.connection, arrival.talk.id, arrival.now)
    query = (
        select(alert.c.category)
        .where(alert.c.conversation_id == arrival.talk.id, alert.c.kind == "red_flag")
        .order_by(alert.c.id.desc())
        .limit(1)
    )
    category = arrival.connection.execute(query).scalar_one_or_none()
    conversations.change(arrival.connection, arrival.talk.id, crisis_muted=category)
    withdraw_offer(arrival.connection, arrival.talk.id)
    arrival.say("utter_crisis_taken_back")


def is_recent(arrival: Arrival) -> bool:
    """Tell whether this conversation had a crisis reply in the last day."""
    query = select(alert.c.id).where(
        alert.c.conversation_id == arrival.talk.id,
        alert.c.kind == "red_flag",
        alert.c.severity != "normal",
        alert.c.state != "resolved",
        alert.c.opened_at > arrival.now - _TAKE_BACK_WITHIN,
    )
    return arrival.connection.execute(query.limit(1)).first() is not None


def _is_unsure(arrival: Arrival) -> bool:
    someone = arrival.caller.person
    return someone is None or someone.phone_shared


def _complaint_received(arrival: Arrival) -> Said:
    by = promise_by(arrival.connection, arrival.structure, arrival.now)
    promise_answer(arrival.caller, "staff_complaint", by)
    return arrival.word(
        "utter_complaint_received",
        by=values.by(by, arrival.structure, arrival.now),
        worker=values.worker(people.worker_name(arrival.connection, arrival.caller.person)),
    )


def _choose(arrival: Arrival, flag: RedFlag) -> CrisisReply:
    someone = arrival.caller.person
    lines = helplines.for_country(arrival.connection, _country(arrival))
    return choose_crisis_reply(
        flag,
        Situation(
            form="vous" if _is_unsure(arrival) else arrival.form,
            child=None if someone is None else people.is_child(someone, arrival.now),
            duty=duty_now(arrival.connection, arrival.structure, arrival.now),
            helplines=tuple(lines),
        ),
    )


def _country(arrival: Arrival) -> str:
    """Return the country of the person's structure, else of the phone, else the one assumed."""
    if arrival.caller.person is not None:
        return str(arrival.structure.country)
    of_number = None
    if arrival.talk.channel == "whatsapp":
        of_number = helplines.country_of_number(arrival.talk.address)
    return of_number or arrival.country


def _worded(arrival: Arrival, reply: CrisisReply) -> Said:
    lines = [
        arrival.wording.say(name, arrival.talk.language, reply.form, **line_values)
        for name, line_values in reply.lines
    ]
    return Said(
        "\n".join(line.text for line in lines),
        lines[-1].choices,
        joined(line.voice for line in lines),
    )
