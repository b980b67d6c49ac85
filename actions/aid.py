"""Help of other kinds: what can be asked for, asking for it, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rasa_sdk.events import EventType

from actions.base import Button, CallerAction, PersonalAction, Turn, topic
from bot.followup import aid, values

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

_SHOWN = 3


class AskAid(CallerAction):
    """Shows what can be asked for."""

    called = "action_ask_aid"

    def answer(self, turn: Turn) -> list[EventType]:
        """Show the kinds that are open."""
        kinds = aid.open_kinds(turn.caller.connection)[:_SHOWN]
        lines = [
            values.say(
                "utter_aid_line",
                name=values.own(kind, "name"),
                for_whom=values.own(kind, "for_whom"),
            )
            for kind in kinds
        ]
        if not kinds:
            turn.say("utter_aid_none")
        elif turn.caller.person is None:
            buttons = [topic("talk_to_human")]
            turn.say("utter_aid_info", buttons, list=values.bulleted(lines))
        else:
            buttons = [_pick(kind) for kind in kinds]
            turn.say("utter_aid_offers", buttons, list=values.numbered(lines))
        return []


class PickAid(PersonalAction):
    """Asks staff for a kind of help. It is never a yes before they have decided."""

    called = "action_pick_aid"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Ask for the kind of a button, checked once more."""
        kind_id = turn.number("aid_kind_id")
        asked = None if kind_id is None else aid.request_aid(turn.caller, kind_id)
        if asked is None:
            turn.say("utter_aid_none")
        elif asked.by is None:
            turn.say("utter_aid_already", name=values.own(asked.kind, "name"))
        else:
            turn.say(
                "utter_aid_requested",
                worker=turn.worker(),
                name=values.own(asked.kind, "name"),
                by=turn.by(asked.by),
            )
        return []


class AskAidStatus(PersonalAction):
    """Tells what became of what one asked for."""

    called = "action_ask_aid_status"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Tell the newest requests."""
        requests = aid.requests_of(turn.caller.connection, person.id)[:_SHOWN]
        if not requests:
            turn.say("utter_aid_status_none")
        for request in requests:
            name = values.own(request, "name")
            if request.state == "approved" and request.expected_on is not None:
                expected = values.day(request.expected_on)
                turn.say("utter_aid_status_expected", name=name, day=expected)
            else:
                turn.say(f"utter_aid_status_{request.state}", name=name)
        return []


def _pick(kind: Row) -> Button:
    return {
        "title": values.own(kind, "name"),
        "payload": f'/pick_aid{{"aid_kind_id": "{kind.id}"}}',
    }
