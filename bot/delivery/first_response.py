"""What is answered at once, in the intake's transaction, whatever else is going on.

A red flag, a 9, STOP, X, "c'est rien" after a crisis reply, a voice note: none of these waits for
the dialogue, a form or a person. Everything else is left to a turn.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.channels.base import Inbound
from bot.db.tables import choice
from bot.delivery import danger, offers, voices
from bot.delivery.arrival import Arrival
from bot.delivery.presence import knows_who_answers
from bot.delivery.queue import Priority, cancel_waiting, enqueue_erasure, last_question
from bot.followup import conversations, values
from bot.followup.requests import ask_for_person, stop_writing
from bot.i18n.wording import Said
from bot.safety.flags import RedFlag

# The digit 9 is a cry for help without words.
_DANGER_DIGIT = RedFlag("fear", "critical", "self")
# What a person is to hear or see, and is told so: it is kept without a consent, words and all.
FOR_A_PERSON = ("voice", "photo", "location", "contact")
# Where the provider lets us erase; elsewhere only the person can.
_ERASE_HELP = {
    "telegram": "utter_crisis_erase_help_telegram",
    "webchat": "utter_crisis_erase_help_webchat",
}


def respond(
    arrival: Arrival,
    event: Inbound,
    flag: RedFlag | None,
    payload: str | None,
    *,
    about_staff: bool,
) -> bool:
    """Answer a message of a kind that cannot wait; tell whether it is answered.

    Args:
        flag: what the safety screen saw; ``about_staff`` if it names somebody of the staff.
        payload: of the button pressed or the choice typed.
    """
    if flag is not None and flag.alarms:
        danger.answer(arrival, flag, about_staff=about_staff)
        return True
    if flag is not None:
        danger.open_alert(arrival, flag, about_staff=about_staff)
    if event.kind == "edited":
        return True
    if event.kind in FOR_A_PERSON:
        _receive_media(arrival, event.kind)
        return True
    if payload is not None:
        return _follow_choice(arrival, payload)
    if event.kind == "choice":
        # A button pressed twice, or of a template: its answer is there, or released just now.
        return True
    if event.code:
        return False
    if arrival.talk.owner_id is None and offers.is_listen(event.text):
        return voices.listen(arrival)
    return _follow_reserved_words(arrival, event.text)


def _receive_media(arrival: Arrival, kind: str) -> None:
    """Acknowledge what the bot cannot hear or see; a person does (safeguarding 22)."""
    to_open = kind in ("voice", "photo")
    told = arrival.talk.owner_id is not None and knows_who_answers(
        arrival.connection, arrival.talk, arrival.now
    )
    asked = ask_for_person(
        arrival.caller,
        "voice" if to_open else "task",
        severity="high" if to_open else "normal",
    )
    if not told:
        name = "utter_voice_received" if kind == "voice" else "utter_photo_received"
        arrival.say(name, by=values.by(asked.by, arrival.structure, arrival.now))


def _follow_choice(arrival: Arrival, payload: str) -> bool:
    """Answer the buttons that belong to a crisis reply or to the check of a 9."""
    if payload == "/crisis_misunderstood":
        danger.take_back(arrival)
    elif payload == "/crisis_erase":
        enqueue_erasure(arrival.connection, arrival.talk, arrival.now)
        help_here = _ERASE_HELP.get(arrival.talk.channel, "utter_crisis_erase_help")
        arrival.say(help_here, priority=Priority.CRISIS)
    elif payload == "/nine_yes":
        danger.answer(arrival, _DANGER_DIGIT)
    elif payload == "/nine_no":
        _repeat_last_question(arrival)
    elif payload == "/listen_yes":
        if not voices.listen(arrival):
            arrival.say("utter_ok")
    else:
        return False
    return True


def _follow_reserved_words(arrival: Arrival, text: str) -> bool:
    """Answer X, STOP, 9, a wish for writing alone, and a cry for help taken back."""
    if offers.is_quick_exit(text):
        _leave(arrival)
    elif offers.is_stop(text):
        _stop(arrival)
    elif offers.is_danger_digit(text):
        _check_or_answer_nine(arrival)
    elif offers.is_without_voice(text):
        voices.stop_listening(arrival)
    elif offers.is_taken_back(text) and danger.is_recent(arrival):
        danger.take_back(arrival)
    else:
        return False
    return True


def _leave(arrival: Arrival) -> None:
    """Quick exit: one sign, the form forgotten, erased what can be (safeguarding 11)."""
    cancel_waiting(arrival.connection, arrival.talk.id)
    arrival.forget_form()
    conversations.change(
        arrival.connection, arrival.talk.id, left_at=arrival.now, last_left_at=arrival.now
    )
    enqueue_erasure(arrival.connection, arrival.talk, arrival.now)
    arrival.say("utter_quick_exit", priority=Priority.CRISIS)


def _stop(arrival: Arrival) -> None:
    cancel_waiting(arrival.connection, arrival.talk.id)
    arrival.forget_form()
    stop_writing(arrival.caller)
    arrival.say("utter_stopped")


def _check_or_answer_nine(arrival: Arrival) -> None:
    if arrival.talk.expects_number and not arrival.talk.asked_about_nine:
        conversations.change(arrival.connection, arrival.talk.id, asked_about_nine=True)
        arrival.say("utter_nine_check")
        return
    danger.answer(arrival, _DANGER_DIGIT)


def _repeat_last_question(arrival: Arrival) -> None:
    question = last_question(arrival.connection, arrival.talk.id)
    if question is None:
        arrival.say("utter_noted")
        return
    payloads = _payloads_of(arrival.connection, question.id)
    choices = tuple(
        (item["key"], item["title"], payloads[item["token"]])
        for item in question.choices
        if item["token"] in payloads
    )
    arrival.reply(Said(question.text, choices), Priority.REPLY)


def _payloads_of(connection: Connection, outbox_id: int) -> dict[str, str]:
    query = select(choice.c.token, choice.c.payload).where(choice.c.outbox_id == outbox_id)
    return {token: payload for token, payload in connection.execute(query)}
