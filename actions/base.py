"""What all actions share: the turn they answer, and the neutral answer to who may not know."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions.provider import who_writes
from bot.followup import values
from bot.followup.caller import Caller
from bot.followup.people import worker_name

# With its ``title``, a typed value or words as they are, or ``title_response``.
Button = dict[str, Any]
# Rasa's name for a message that no intent is sure enough for.
_FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Turn:
    """One message being answered: who writes, what was said before, where replies go."""

    caller: Caller
    tracker: Tracker
    dispatcher: CollectingDispatcher

    def say(self, response: str, buttons: Sequence[Button] = (), **sent: Any) -> None:
        """Reply with a response of ``domain.yml``, its values typed (``bot.followup.values``)."""
        self.dispatcher.utter_message(response=response, buttons=list(buttons), **sent)

    @property
    def text(self) -> str:
        """What was written; "" for a pressed button."""
        text = self.tracker.latest_message.get("text") or ""
        return "" if text.startswith("/") else text

    @property
    def intent(self) -> str:
        """What the message means."""
        return (self.tracker.latest_message.get("intent") or {}).get("name") or ""

    @property
    def ranking(self) -> list[tuple[str, float]]:
        """The intents that it may mean, and how sure each is, the best first."""
        guesses = self.tracker.latest_message.get("intent_ranking") or []
        return [
            (guess["name"], float(guess.get("confidence", 0)))
            for guess in guesses
            if guess["name"] != _FALLBACK
        ]

    @property
    def form(self) -> str | None:
        """The form that is waiting for an answer, if one is."""
        return self.tracker.active_loop.get("name")

    def entity(self, name: str) -> str | None:
        """Return what an entity of the message says, if it is there."""
        found: Iterator[Any] = self.tracker.get_latest_entity_values(name)
        value = next(found, None)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        """Return an entity that is an id of ours."""
        value = self.entity(name)
        return int(value) if value is not None and value.isdigit() else None

    def by(self, at: datetime) -> values.Value:
        """Return a deadline as one says it."""
        return values.by(at, self.caller.structure, self.caller.now)

    def worker(self) -> str | values.Value:
        """Return the first name that the person's worker shows, or "l'équipe"."""
        return values.worker(worker_name(self.caller.connection, self.caller.person))


class CallerAction(Action, ABC):
    """An action that answers whoever writes. Give it a ``called`` name and ``answer``."""

    called: ClassVar[str]

    def name(self) -> str:
        """Return the action's name in ``domain.yml``."""
        return self.called

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Answer the message in the caller's transaction."""
        with who_writes() as caller:
            return self.answer(Turn(caller, tracker, dispatcher))

    @abstractmethod
    def answer(self, turn: Turn) -> list[EventType]:
        """Reply, and return the events for the tracker."""


class PersonalAction(CallerAction, ABC):
    """An action about the person's own affairs: whoever is not known gets one neutral sentence."""

    def answer(self, turn: Turn) -> list[EventType]:
        """Answer a known person; anyone else learns nothing, not even that there is something."""
        if turn.caller.person is None:
            turn.say("utter_not_here")
            return []
        return self.answer_person(turn, turn.caller.person)

    @abstractmethod
    def answer_person(self, turn: Turn, person: Any) -> list[EventType]:
        """Reply to a person whose name was confirmed."""


def topic(intent: str, payload: str | None = None) -> Button:
    """Return the choice of a topic, by its short name."""
    return {"title_response": f"utter_label_{intent}", "payload": payload or f"/{intent}"}


def start_form(form: str, slots: Mapping[str, Any]) -> list[EventType]:
    """Return the events that open a form, with what is known already; None is still to ask."""
    return [*(SlotSet(slot, value) for slot, value in slots.items()), FollowupAction(form)]


def leave_form() -> list[EventType]:
    """Return the events that end whatever form is open."""
    return [ActiveLoop(None), SlotSet(REQUESTED_SLOT)]
