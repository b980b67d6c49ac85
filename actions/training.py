"""Training: what is open, asking for a place, one's own enrolment, an absence."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rasa_sdk.events import EventType

from actions.base import Button, CallerAction, PersonalAction, Turn, topic
from bot.followup import training, values
from bot.followup.family import wards_of
from bot.followup.tasks import tell_staff

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

_CHOICES = 3


class AskTraining(CallerAction):
    """Shows the programmes of one town; whoever may ask for a place finds a button for each."""

    called = "action_ask_training"

    def answer(self, turn: Turn) -> list[EventType]:
        """Show what fits."""
        words = f"{turn.text} {turn.entity('detail') or ''}"
        offers = training.find_offers(turn.caller, words, not_in_town=turn.entity("not_in_town"))
        if offers.too_young_for is not None:
            turn.say("utter_training_too_young", age=offers.too_young_for)
        elif not offers.fitting:
            turn.say("utter_training_none")
        else:
            _show(turn, offers, words)
        return []


class PickProgramme(PersonalAction):
    """Asks staff for a place. It is never a yes before they have decided."""

    called = "action_pick_programme"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Ask for the place of a button, checked once more."""
        programme_id = turn.number("programme_id")
        if person.kind != "beneficiary" or programme_id is None:
            turn.say("utter_not_here")
            return []
        asked = training.request_place(turn.caller, programme_id)
        if asked is None:
            turn.say("utter_training_full")
        elif asked.already:
            title = values.own(asked.programme, "title")
            turn.say("utter_training_already", title=title, by=turn.by(asked.by))
        else:
            turn.say("utter_training_requested", worker=turn.worker(), by=turn.by(asked.by))
        return []


class AskTrainingStatus(PersonalAction):
    """Tells about one's own enrolment, or that of a child whose training one may know about."""

    called = "action_ask_training_status"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Tell the newest enrolment of each."""
        connection = turn.caller.connection
        told_places = {ward.id for ward in wards_of(connection, person.id, "sees_places")}
        found = False
        for trainee in training.trainees_of(connection, person):
            own = trainee.id == person.id
            for enrolment in training.enrolments(connection, trainee.id)[:1]:
                status = _status(turn, enrolment, tells_place=own or trainee.id in told_places)
                _say_status(turn, status, None if own else trainee.first_name)
                found = True
        if not found:
            turn.say("utter_training_status_none")
        return []


class ReportAbsence(CallerAction):
    """Passes on that somebody cannot come, or that it goes wrong there."""

    called = "action_report_absence"

    def answer(self, turn: Turn) -> list[EventType]:
        """Thank for the word."""
        tell_staff(turn.caller, "task", category="absence")
        turn.say("utter_absence_noted", worker=turn.worker())
        return []


def _show(turn: Turn, offers: training.Offers, words: str) -> None:
    person = turn.caller.person
    last = [_other_town(offers.fitting[0].town, words)] if offers.elsewhere else []
    shown = offers.fitting[: _CHOICES - len(last)]
    town, lines = shown[0].town, [_line(offer) for offer in shown]
    if person is None or person.kind != "beneficiary":
        buttons = [*last, topic("talk_to_human")]
        turn.say("utter_training_info", buttons, town=town, list=values.bulleted(lines))
        return
    response = "utter_training_offer" if len(shown) == 1 else "utter_training_offers"
    buttons = [*(_pick(offer) for offer in shown), *last]
    turn.say(response, buttons, town=town, list=values.numbered(lines))


def _line(offer: Row) -> values.Value:
    start = values.say("utter_training_any_time")
    if offer.starts_on is not None:
        start = values.say("utter_training_starts", day=values.day(offer.starts_on))
    places = values.say("utter_training_places", count=offer.places_left)
    if offer.places_left == 1:
        places = values.say("utter_training_one_place")
    title = values.own(offer, "title")
    return values.say(
        "utter_training_line", title=title, place=offer.place, start=start, places=places
    )


def _pick(offer: Row) -> Button:
    payload = f'/pick_programme{{"programme_id": "{offer.id}"}}'
    return {"title": values.own(offer, "title"), "payload": payload}


def _other_town(town: str, words: str) -> Button:
    entities = json.dumps({"not_in_town": town, "detail": words.strip()}, ensure_ascii=False)
    return topic("other_town", f"/ask_training{entities}")


def _status(turn: Turn, enrolment: Row, *, tells_place: bool) -> values.Value:
    title = values.own(enrolment, "title")
    if enrolment.state == "accepted" and enrolment.first_day is not None:
        if not tells_place:
            return values.say("utter_training_status_first_day_only", title=title)
        first_day = values.moment(enrolment.first_day, turn.caller.structure)
        return values.say(
            "utter_training_status_first_day", title=title, place=enrolment.place, moment=first_day
        )
    return values.say(f"utter_training_status_{enrolment.state}", title=title)


def _say_status(turn: Turn, status: values.Value, child: str | None) -> None:
    if child is None:
        inner = {key: value for key, value in status.items() if key != "say"}
        turn.say(status["say"], **inner)
    else:
        turn.say("utter_training_for_child", name=child, status=status)
