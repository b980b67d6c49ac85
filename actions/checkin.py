"""My news: the week, sleep, the workshop, and whether somebody shall get in touch."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions.base import CallerAction, PersonalAction, Turn, start_form
from actions.forms import FormReader, accepted, chosen, heard_choice
from actions.human import say_person_asked
from bot.followup import checkins, training
from bot.followup.answers import (
    FACES,
    SKIPPED,
    read_choice,
    read_score,
    speaks_of,
    wants_to_skip,
)
from bot.followup.requests import ask_for_person
from bot.followup.tasks import tell_staff

FORM = "checkin_form"
_SCORES = ("week", "sleep")
_CHANGE = "change"
_CHOICES = {"workshop": "workshop", "wants_contact": "contact"}


class StartCheckin(PersonalAction):
    """Opens a check-in. Caregivers are not asked how a child is."""

    called = "action_start_checkin"

    def answer_person(self, turn: Turn, person: Any) -> list[EventType]:
        """Ask the first question."""
        if person.kind != "beneficiary":
            turn.say("utter_news_of_caregiver")
            return []
        attends = training.is_attending(turn.caller.connection, person.id)
        slots = {
            **dict.fromkeys(checkins.QUESTIONS),
            "workshop": None if attends else SKIPPED,
            "unsure_score": None,
            "checkin_id": None,
        }
        return start_form(FORM, slots)


class ReadCheckin(FormReader):
    """Reads the answers of a check-in and keeps each at once."""

    called = f"validate_{FORM}"

    def read(self, turn: Turn, asked: str) -> dict[str, Any]:
        """Return the slots that the message fills."""
        if turn.caller.person is None:
            return {}
        filled = _read(turn, asked)
        answer = filled.get(asked)
        if answer is not None and answer != SKIPPED:
            kept = int(answer) if asked in _SCORES else answer
            checkin_id = turn.tracker.get_slot("checkin_id")
            filled["checkin_id"] = checkins.keep_answer(turn.caller, checkin_id, asked, kept)
        if asked == "wants_contact" and answer not in (None, "call"):
            filled["calm_hour"] = SKIPPED
        return filled


class AskWeek(CallerAction):
    """Asks how the week was, or reads back an answer said loosely."""

    called = f"action_ask_{FORM}_week"

    def answer(self, turn: Turn) -> list[EventType]:
        """Ask."""
        return _ask_score(turn, "week")


class AskSleep(CallerAction):
    """Asks about sleep, or reads back an answer said loosely."""

    called = f"action_ask_{FORM}_sleep"

    def answer(self, turn: Turn) -> list[EventType]:
        """Ask."""
        return _ask_score(turn, "sleep")


class SubmitCheckin(CallerAction):
    """Thanks, and passes on the wish to be written to or called."""

    called = "action_submit_checkin"

    def answer(self, turn: Turn) -> list[EventType]:
        """Say what happens next."""
        wanted = turn.tracker.get_slot("wants_contact")
        if wanted == "writing":
            say_person_asked(turn, ask_for_person(turn.caller))
        elif wanted == "call":
            # No hour is promised: whether the calm one is possible is for staff to see.
            tell_staff(turn.caller, "human_asked")
            turn.say("utter_checkin_call_noted")
        else:
            turn.say("utter_checkin_thanks")
        return []


def read_calm_hour(turn: Turn) -> str | None:
    """Return when a call is welcome, in the person's own words; a skip; None for another topic."""
    if wants_to_skip(turn.text):
        return SKIPPED
    says_when = speaks_of("time_of_day", turn.text) or any(sign.isdigit() for sign in turn.text)
    return turn.text.strip() if says_when else None


def _ask_score(turn: Turn, question: str) -> list[EventType]:
    unsure = turn.tracker.get_slot("unsure_score")
    if unsure is None:
        turn.say(f"utter_checkin_{question}")
        return []
    score = unsure["score"]
    turn.say(
        "utter_checkin_heard",
        buttons=[
            _button(question, score, "utter_label_yes"),
            _button(question, _CHANGE, "utter_label_change"),
        ],
        words=unsure["words"],
        face=FACES[int(score)],
        score=score,
    )
    return []


def _button(question: str, answer: str, title: str) -> dict[str, str]:
    payload = f'/choose{{"question": "{question}", "answer": "{answer}"}}'
    return {"title_response": title, "payload": payload}


def _read(turn: Turn, asked: str) -> dict[str, Any]:
    if asked in _SCORES:
        return _read_score(turn, asked)
    if asked in _CHOICES:
        answer = chosen(turn, asked) or heard_choice(turn, _CHOICES[asked])
    else:
        answer = read_calm_hour(turn)
    return {} if answer is None else {asked: answer}


def _read_score(turn: Turn, asked: str) -> dict[str, Any]:
    if wants_to_skip(turn.text):
        return {asked: SKIPPED, "unsure_score": None}
    unsure = turn.tracker.get_slot("unsure_score")
    pressed = chosen(turn, asked)
    confirmed = _read_confirmation(turn) if unsure and pressed is None else None
    if pressed == _CHANGE or confirmed == "no":
        return {"unsure_score": None}
    if confirmed == "yes":
        pressed = unsure["score"]
    if pressed is not None:
        return {asked: pressed, "unsure_score": None}
    heard = read_score(turn.text)
    if heard is None or not accepted(turn, heard):
        return {}
    if heard.sure:
        return {asked: heard.value, "unsure_score": None}
    return {"unsure_score": {"score": heard.value, "words": turn.text.strip()}}


def _read_confirmation(turn: Turn) -> str | None:
    heard = read_choice("yes_no", turn.text)
    if heard is not None and heard.whole:
        return heard.value
    if read_score(turn.text) is not None:
        return None  # another answer instead of a yes or a no
    return {"affirm": "yes", "deny": "no"}.get(turn.intent)
