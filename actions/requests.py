"""What people ask about the messages: who reads, erase, stop, a new number, another language."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions.base import CallerAction, Turn, leave_form, start_form
from actions.checkin import read_calm_hour
from actions.forms import FormReader
from bot.followup import requests
from bot.followup.answers import SKIPPED, all_spoken_of, entries_of, speaks_of
from bot.followup.tasks import tell_staff

CONTACT_FORM = "contact_form"
_CONTACT = "contact"


class AskPrivacy(CallerAction):
    """Tells who reads; whoever is not known gets the neutral words."""

    called = "action_ask_privacy"

    def answer(self, turn: Turn) -> list[EventType]:
        """Tell."""
        known = turn.caller.person is not None
        turn.say("utter_privacy" if known else "utter_privacy_stranger")
        return []


class DeleteMyData(CallerAction):
    """Passes on a wish to have everything erased, and says by when it is answered."""

    called = "action_delete_my_data"

    def answer(self, turn: Turn) -> list[EventType]:
        """Promise an answer, not the erasure."""
        turn.say("utter_erasure_asked", by=turn.by(requests.ask_erasure(turn.caller)))
        return []


class StopMessages(CallerAction):
    """Stops all that we start."""

    called = "action_stop_messages"

    def answer(self, turn: Turn) -> list[EventType]:
        """Stop."""
        requests.stop_writing(turn.caller)
        turn.say("utter_stopped")
        return leave_form()


class WrongPerson(CallerAction):
    """Stops, and forgets whom this address was meant to be."""

    called = "action_wrong_person"

    def answer(self, turn: Turn) -> list[EventType]:
        """Apologise and stop."""
        requests.leave_wrong_person(turn.caller)
        turn.say("utter_wrong_person")
        return leave_form()


class UpdateContact(CallerAction):
    """Passes on a new number or home; a worker checks it with the person."""

    called = "action_update_contact"

    def answer(self, turn: Turn) -> list[EventType]:
        """Thank, and ask when a call is welcome."""
        tell_staff(turn.caller, "task", category=_CONTACT)
        turn.say("utter_contact_changed", worker=turn.worker())
        return start_form(CONTACT_FORM, {"calm_hour": None})


class ReadContact(FormReader):
    """Reads when a call is welcome."""

    called = f"validate_{CONTACT_FORM}"

    def read(self, turn: Turn, asked: str) -> dict[str, Any]:
        """Return the slots that the message fills."""
        hour = read_calm_hour(turn)
        return {} if hour is None else {asked: hour}


class SubmitContact(CallerAction):
    """Notes for the worker when a call is welcome."""

    called = "action_submit_contact"

    def answer(self, turn: Turn) -> list[EventType]:
        """Note it."""
        hour = turn.tracker.get_slot("calm_hour")
        if hour != SKIPPED:
            tell_staff(turn.caller, "task", category=_CONTACT, note=hour)
        turn.say("utter_contact_noted", worker=turn.worker())
        return []


class ChangeLanguage(CallerAction):
    """Goes on in another language, or asks in which, a few at a time."""

    called = "action_change_language"

    def answer(self, turn: Turn) -> list[EventType]:
        """Change, or show the languages."""
        language = _language(turn)
        if language is None:
            others = turn.number("page") is not None
            turn.say("utter_languages_other" if others else "utter_languages")
            return []
        requests.choose_language(turn.caller, language)
        turn.say("utter_language_changed", language=language)
        return []


def _language(turn: Turn) -> str | None:
    """Return the one language asked for; None where it is none of ours, or not clear which."""
    if not turn.text:
        return turn.entity("language")  # a button carries the code
    # The model also reads names with a letter wrong.
    found = turn.tracker.get_latest_entity_values("language")
    codes = [code for code in found if code in entries_of("language")]
    named = list(dict.fromkeys([*codes, *all_spoken_of("language", turn.text)]))
    others = [language for language in named if language != turn.caller.language]
    if len(named) == 1 and speaks_of("negation", turn.text):
        return None  # "je ne comprends pas le français"
    if others:
        return others[0] if len(others) == 1 else None
    return named[0] if named else None
