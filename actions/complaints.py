"""Complaints about staff: for the focal point alone (safeguarding 15)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CallerAction, Turn
from bot.followup.answers import speaks_of
from bot.followup.complaints import HIDE_FROM, file_staff_complaint, hide_complaint_from


class ComplainStaff(CallerAction):
    """Takes in a complaint, says who reads it and by when, and asks who must not see it."""

    called = "action_complain_staff"

    def answer(self, turn: Turn) -> list[EventType]:
        """Thank, promise, ask."""
        by = file_staff_complaint(turn.caller)
        about_money = speaks_of("money", turn.text) is not None
        response = "utter_complaint_received" if about_money else "utter_complaint_received_other"
        turn.say(response, by=turn.by(by), worker=turn.worker())
        return []


class ComplaintHide(CallerAction):
    """Notes who shall not see the complaint. Everybody but the focal point is shut out anyway."""

    called = "action_complaint_hide"

    def answer(self, turn: Turn) -> list[EventType]:
        """Note it."""
        whom = turn.entity("from")
        hide_complaint_from(turn.caller, whom if whom in HIDE_FROM else "unknown")
        turn.say("utter_complaint_hidden")
        return []
