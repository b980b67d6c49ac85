"""A yes, a no, or an old button where no question is open."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CallerAction, Turn
from actions.human import give_up, was_not_understood_before
from actions.menu import menu_buttons


class Affirm(CallerAction):
    """A yes that answers nothing: the menu, or the question once more."""

    called = "action_affirm"

    def answer(self, turn: Turn) -> list[EventType]:
        """Show what can be chosen."""
        if turn.form is not None:
            turn.say("utter_pick_one")
        else:
            turn.say("utter_what_next", buttons=menu_buttons(turn))
        return []


class Deny(CallerAction):
    """A no: to the guesses offered it brings a person."""

    called = "action_deny"

    def answer(self, turn: Turn) -> list[EventType]:
        """Let the person be, or bring somebody."""
        if turn.form is not None:
            turn.say("utter_pick_one")
            return []
        if was_not_understood_before(turn):
            return give_up(turn)
        turn.say("utter_here")
        return []


class ChoiceExpired(CallerAction):
    """A button of a question that is over."""

    called = "action_choice_expired"

    def answer(self, turn: Turn) -> list[EventType]:
        """Say so."""
        if turn.form is not None:
            turn.say("utter_choice_expired_in_form")
        else:
            turn.say("utter_choice_expired", buttons=menu_buttons(turn))
        return []
