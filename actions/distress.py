"""Somebody is ill, or in danger in words that only the dialogue recognised.

Danger is first the safety screen's, which answers before any of this. What it lets through and the
classifier still takes for danger is answered too, and brings a person: better once too often.
"""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CallerAction, Turn, leave_form
from bot.followup.answers import speaks_of
from bot.followup.cases import Severity
from bot.followup.people import is_child
from bot.followup.requests import ask_for_person
from bot.followup.tasks import tell_staff


class ReportSick(CallerAction):
    """Points to care, and makes a task: for the same day where a child is pregnant."""

    called = "action_report_sick"

    def answer(self, turn: Turn) -> list[EventType]:
        """Say where care is."""
        person, now = turn.caller.person, turn.caller.now
        is_pregnant = speaks_of("pregnancy", turn.text) is not None
        same_day = is_pregnant and person is not None and is_child(person, now)
        severity: Severity = "high" if same_day else "normal"
        tell_staff(turn.caller, "task", severity=severity, category="sick")
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
