"""Custom actions of the small assistant: what goes right, and all that can go wrong."""

from rasa_sdk import Action
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection
from sqlalchemy import insert

from bot.db.tables import lease
from bot.dialogue.turn import current_turn
from bot.followup import conversations

SECRET = "un secret que personne ne doit lire dans un journal"


def note(name: str) -> None:
    """Write a row."""
    current_turn().caller.connection.execute(insert(lease).values(name=name))


class Payment(Action):
    def name(self):
        return "action_payment"

    def run(self, dispatcher, tracker, domain):
        caller = current_turn().caller
        note(f"payment asked by {caller.talk and caller.talk.id} at {caller.now.isoformat()}")
        dispatcher.utter_message(
            response="utter_payment",
            name=caller.person.first_name if caller.person else "?",
            amount={"money": "25000", "currency": "XOF"},
            day={"date": "2026-11-04"},
        )
        return []


class Training(Action):
    def name(self):
        return "action_training"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(
            response="utter_trades",
            trade=tracker.get_slot("trade"),
            buttons=[
                {"title_response": "utter_button_yes", "payload": "/ask_payment"},
                {"title": "Centre A", "payload": "/greet", "key": "7"},
            ],
        )
        return []


class Raises(Action):
    def name(self):
        return "action_raises"

    def run(self, dispatcher, tracker, domain):
        note("half of what it does")
        raise ValueError(SECRET + tracker.latest_message["text"])


class BreaksSql(Action):
    def name(self):
        return "action_breaks_sql"

    def run(self, dispatcher, tracker, domain):
        note("twice")
        note("twice")


class Rejects(Action):
    def name(self):
        return "action_rejects"

    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection("action_rejects", "not now")


class Unworded(Action):
    def name(self):
        return "action_unworded"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_payment", name=SECRET)


class WithoutEnd(Action):
    def name(self):
        return "action_without_end"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_more")
        return [FollowupAction("action_without_end")]


class News(Action):
    def name(self):
        return "validate_news_form"

    def run(self, dispatcher, tracker, domain):
        text = tracker.latest_message["text"]
        asked = tracker.get_slot("requested_slot")
        return [SlotSet(asked, text)] if asked and text.isdigit() else []


class NewsDone(Action):
    def name(self):
        return "action_news_done"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_no")
        return [SlotSet("mood"), SlotSet("sleep")]


class English(Action):
    def name(self):
        return "action_english"

    def run(self, dispatcher, tracker, domain):
        caller = current_turn().caller
        assert caller.talk is not None
        conversations.change(caller.connection, caller.talk.id, language="en")
        dispatcher.utter_message(response="utter_no", language="en")
        return []
