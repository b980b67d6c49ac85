"""Somebody is ill, or in danger in words that only the dialogue recognised.

Danger is first the safety screen's, which answers before any of this. What it lets through and the
classifier still takes for danger is answered too, and brings a person: better once too often.
"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CallerAction, Turn, leave_form
from bot.followup.requests import ask_for_person
from bot.followup.tasks import tell_staff


class ReportSick(CallerAction):
    """Points to care, and makes a task."""

    called = "action_report_sick"

    def answer(self, turn: Turn) -> list[EventType]:
        """Say where care is."""
        tell_staff(turn.caller, "task", category="sick")
        turn.say("utter_report_sick")
        return []


class ReportDanger(CallerAction):
    """Alerts staff the same day, and says so; the form under way is left."""

    called = "action_report_danger"

    def answer(self, turn: Turn) -> list[EventType]:
        """Alert."""
        about_other = turn.intent == "report_other_child"
        category = "exploitation" if about_other else "fear"
        asked = ask_for_person(turn.caller, "red_flag", severity="high", category=category)
        response = "utter_danger_other_child" if about_other else "utter_danger"
        turn.say(response, by=turn.by(asked.by))
        return leave_form()
