"""The same question, answered from a database the usual way: an action behind HTTP."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionPayment(Action):
    """Says when the last payment of the sender left."""

    def name(self) -> str:
        """Return the action's name."""
        return "action_payment"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Look the sender's last payment up."""
        with sqlite3.connect(os.environ["STOCK_PAYMENTS_DB"]) as connection:
            amount, sent_on = connection.execute(
                "SELECT amount, sent_on FROM payment WHERE sender = ? LIMIT 1",
                (tracker.sender_id,),
            ).fetchone()
        dispatcher.utter_message(text=f"{amount} F envoyés le {sent_on}.")
        return []
