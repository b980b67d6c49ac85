"""What can be asked: the menu, three choices at a time, by who asks."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import Button, CallerAction, Turn, topic

_PAGES = {
    "beneficiary": (
        ("start_checkin", "ask_training_status"),
        ("ask_payment", "ask_aid"),
        ("ask_appointment", "ask_health_care"),
        ("ask_school", "ask_training", "talk_to_human"),
    ),
    "caregiver": (
        ("ask_payment", "training_of_child"),
        ("ask_aid", "ask_appointment"),
        ("ask_school", "ask_health_care", "talk_to_human"),
    ),
    "stranger": (
        ("ask_training", "ask_school"),
        ("ask_aid", "ask_documents", "talk_to_human"),
    ),
}
# Names of choices that are no intent's.
_PAYLOADS = {"training_of_child": "/ask_training_status"}
_RESPONSES = {
    "greet": "utter_greet",
    "ask_help": "utter_help",
    "more_choices": "utter_more_choices",
    "out_of_scope": "utter_out_of_scope",
}


class Menu(CallerAction):
    """Greets, helps, or says what it cannot do: always with what can be chosen."""

    called = "action_menu"

    def answer(self, turn: Turn) -> list[EventType]:
        """Show the page asked for, the first one by default."""
        say_menu(turn, _RESPONSES.get(turn.intent, "utter_what_next"), turn.number("page") or 0)
        return []


def say_menu(turn: Turn, response: str, page: int = 0) -> None:
    """Say ``response`` with the choices of a page; while a form asks, without any."""
    turn.say(response, buttons=[] if turn.form else menu_buttons(turn, page))


def menu_buttons(turn: Turn, page: int = 0) -> list[Button]:
    """Return the choices of a page; every page but the last leads to the next."""
    person = turn.caller.person
    pages = _PAGES["stranger" if person is None else person.kind]
    page = min(page, len(pages) - 1)
    buttons = [topic(name, _PAYLOADS.get(name)) for name in pages[page]]
    if page < len(pages) - 1:
        buttons.append(topic("more", f'/more_choices{{"page": "{page + 1}"}}'))
    return buttons
