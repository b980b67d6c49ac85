"""The next appointment, and another day for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasa_sdk.events import EventType

from actions.base import PersonalAction, Turn
from bot.followup import values
from bot.followup.appointments import ask_another_day, next_appointment

if TYPE_CHECKING:
    from sqlalchemy.engine import Row


class AskAppointment(PersonalAction):
    """Tells when and where, to whom it may be told."""

    called = "action_ask_appointment"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Tell the next one."""
        caller = turn.caller
        coming = next_appointment(caller.connection, person, caller.now)
        if coming is None:
            turn.say("utter_appointment_none")
            return []
        place = {"place": coming.place} if coming.place else {}
        turn.say(
            "utter_appointment_place" if place else "utter_appointment",
            buttons=[
                {"title_response": "utter_label_come", "payload": "/thank"},
                {
                    "title_response": "utter_label_cannot_come",
                    "payload": "/reschedule_appointment",
                },
            ],
            kind=values.say(f"utter_appointment_{coming.kind}"),
            moment=values.moment(coming.starts_at, caller.structure),
            **place,
        )
        return []


class RescheduleAppointment(PersonalAction):
    """Passes on that the person cannot come; staff find another day."""

    called = "action_reschedule_appointment"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Promise an answer."""
        by = ask_another_day(turn.caller)
        turn.say("utter_reschedule_noted", worker=turn.worker(), by=turn.by(by))
        return []
