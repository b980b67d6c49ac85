"""A person: asked for, or needed because the programme did not understand."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CallerAction, Turn, leave_form, topic
from actions.menu import say_menu
from bot.followup import values
from bot.followup.requests import PersonAsked, ask_for_person
from bot.followup.unclear import note_not_understood

_NOT_UNDERSTOOD = "action_not_understood"
_GUESSES = 2
# Less is chance: there are some forty intents.
_LEAST_LIKELY = 0.1
# Named on a button these would betray, or take somebody at a word never said: a person is offered.
_DELICATE = frozenset(("complain_staff", "report_danger", "report_other_child", "wrong_person"))
_NO_GUESS = frozenset(("affirm", "deny", "goodbye", "greet", "out_of_scope", "thank"))


class TalkToHuman(CallerAction):
    """Asks staff to answer, and says honestly by when."""

    called = "action_talk_to_human"

    def answer(self, turn: Turn) -> list[EventType]:
        """Promise an answer once; whatever form was open is left."""
        say_person_asked(turn, ask_for_person(turn.caller))
        return leave_form()


class NotUnderstood(CallerAction):
    """Offers the two best guesses, never one forced; the second time in a row, a person."""

    called = _NOT_UNDERSTOOD

    def answer(self, turn: Turn) -> list[EventType]:
        """Offer guesses or ask for a person; a colleague may say later what was meant."""
        if turn.text:
            note_not_understood(turn.caller, turn.ranking)
        if was_not_understood_before(turn):
            return give_up(turn)
        guesses = _best_guesses(turn)
        if turn.form is not None:
            turn.say("utter_not_understood_in_form")
        elif guesses:
            buttons = [topic(guess) for guess in guesses]
            turn.say("utter_not_understood", buttons=[*buttons, topic("more", "/ask_help")])
        else:
            say_menu(turn, "utter_not_understood")
        return []


def say_person_asked(turn: Turn, asked: PersonAsked) -> None:
    """Say by when a person answers."""
    by = turn.by(asked.by)
    if asked.already:
        turn.say("utter_person_already", by=by)
    elif asked.staff_are_there:
        turn.say("utter_person_asked", by=by)
    else:
        clock = values.hour(turn.caller.now, turn.caller.structure)
        turn.say("utter_person_asked_closed", clock=clock, by=by)


def give_up(turn: Turn) -> list[EventType]:
    """Hand somebody whom the programme does not understand to a person."""
    say_person_asked(turn, ask_for_person(turn.caller, "not_understood"))
    return leave_form()


def was_not_understood_before(turn: Turn) -> bool:
    """Tell whether the message before this one was not understood either."""
    users = [i for i, event in enumerate(turn.tracker.events) if event.get("event") == "user"]
    if len(users) < 2:
        return False
    between = turn.tracker.events[users[-2] : users[-1]]
    return any(
        event.get("event") == "action" and event.get("name") == _NOT_UNDERSTOOD for event in between
    )


def _best_guesses(turn: Turn) -> list[str]:
    if not any(letter.isalpha() for letter in turn.text):
        return []  # a number that answers nothing: whatever was guessed from it is chance
    guesses = [(name, likely) for name, likely in turn.ranking if name not in _NO_GUESS]
    if not guesses or guesses[0][1] < _LEAST_LIKELY:
        return []
    names = (name for name, _ in guesses)
    offered = ("talk_to_human" if name in _DELICATE else name for name in names)
    return list(dict.fromkeys(offered))[:_GUESSES]
