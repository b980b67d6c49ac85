"""Reading answers to the questions of a form, and leaving everything else to the rules.

Rasa's own mappings would take any text for an answer. Here a message answers the question asked
now, by a button, a digit, a face or a few words, or it says "passer"; where it does neither, the
form steps back, a rule answers what was asked instead, and the form asks again.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions.base import CallerAction, Turn
from bot.followup.answers import SKIPPED, Heard, read_choice, wants_to_skip

# What a message may mean to the classifier and still be, in passing, an answer.
MAY_CONTAIN_AN_ANSWER = frozenset(
    ("affirm", "deny", "nlu_fallback", "out_of_scope", "report_bad", "report_good", "thank")
)
_IN_OTHER_WORDS = {"affirm": "oui", "deny": "non"}


class FormReader(CallerAction):
    """The ``validate_<form>`` action of a form: Rasa calls it before each question."""

    def answer(self, turn: Turn) -> list[EventType]:
        """Return what the message fills in; nothing when it is no answer."""
        asked = turn.tracker.get_slot(REQUESTED_SLOT)
        # After an interruption Rasa asks once more about the message that interrupted.
        if asked is None or turn.tracker.get_slot(asked) is not None:
            return []
        return [SlotSet(slot, value) for slot, value in self.read(turn, asked).items()]

    @abstractmethod
    def read(self, turn: Turn, asked: str) -> dict[str, Any]:
        """Return the slots that the message fills, given the slot asked for."""


def chosen(turn: Turn, question: str) -> str | None:
    """Return the answer of a pressed button, if it belongs to the question asked now."""
    if turn.intent != "choose" or turn.entity("question") != question:
        return None
    return turn.entity("answer")


def heard_choice(turn: Turn, question: str) -> str | None:
    """Return which answer to ``question`` (of ``answers.yml``) was written, or a skip."""
    heard = read_choice(question, turn.text)
    if heard is not None and accepted(turn, heard):
        return heard.value
    if wants_to_skip(turn.text):
        return SKIPPED
    otherwise = read_choice(question, _IN_OTHER_WORDS.get(turn.intent, ""))
    return None if otherwise is None else otherwise.value


def accepted(turn: Turn, heard: Heard) -> bool:
    """Tell whether what was heard is an answer, and not a passing word of another request."""
    return heard.whole or turn.intent in MAY_CONTAIN_AN_ANSWER
