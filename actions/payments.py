"""Money: what was sent, what is due, and whether it arrived (the questions: ``payment_form``)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from rasa_sdk.events import EventType

from actions.base import PersonalAction, Turn
from actions.payment_form import ask_about, open_form, say_filed, take_receipt, whom
from bot.followup import payments, values
from bot.followup.amounts import read_amount_said
from bot.followup.complaints import file_payment_complaint
from bot.followup.counted_money import read_counted
from bot.followup.payments import NOT_RECEIVED, RECEIPTS, WRONG_AMOUNT, Payment, PaymentNews

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

_PROBLEM = "report_payment_problem"


class AskPayment(PersonalAction):
    """Tells what was sent, and asks about what was not confirmed yet."""

    called = "action_ask_payment"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Tell about each child, then ask about the first payment that is open."""
        news = payments.payment_news(turn.caller.connection, person)
        complains = turn.intent == _PROBLEM
        asked = payments.next_to_confirm(news)
        if asked is None and complains:
            asked = _complainable(news, turn.caller.now.date())
        told = [_tell(turn, item, complains) for item in news if _needs_no_answer(item, asked)]
        if not any(told) and asked is None:
            turn.say("utter_payment_none")
        if asked is None:
            return []
        counted = read_counted(turn.text) if complains else None
        if counted is not None:
            return open_form(asked, {"unsure_amount": str(counted)})
        amount = read_amount_said(turn.text, asked.row.amount) if complains else None
        if amount is not None and amount != asked.row.amount:
            return open_form(asked, take_receipt(turn, asked, WRONG_AMOUNT, amount))
        return ask_about(asked)


class AnswerPayment(PersonalAction):
    """Takes an answer about a payment from a button, also of an older message."""

    called = "action_answer_payment"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Check that the payment is one the person may know about, and go on with the form."""
        payment_id, answer = turn.number("payment_id"), turn.entity("answer")
        paid = None
        if payment_id is not None:
            paid = payments.find_payment(turn.caller.connection, person, payment_id)
        if paid is None:
            turn.say("utter_not_here")
        elif paid.complaint is not None:
            _tell_complaint(turn, paid, paid.complaint)
        elif answer not in RECEIPTS:
            turn.say("utter_choice_expired")
        else:
            return open_form(paid, take_receipt(turn, paid, answer))
        return []


def _needs_no_answer(item: PaymentNews, asked: Payment | None) -> bool:
    """Tell whether a child's money is told now, and not asked about now or after."""
    latest = item.latest
    return latest is None or not (latest.to_confirm or latest is asked)


def _complainable(news: Iterable[PaymentNews], today: date) -> Payment | None:
    """Return a payment that was said to have arrived: it can still be complained about."""
    for item in news:
        late = item.upcoming is not None and item.upcoming.is_overdue(today)
        if item.latest is not None and item.complained is None and not late:
            return item.latest
    return None


def _tell(turn: Turn, item: PaymentNews, complains: bool) -> bool:
    """Say what there is to say about a child's money; False if there is nothing."""
    complained = item.complained
    if complained is not None:
        _tell_complaint(turn, complained, complained.complaint)
    elif item.upcoming is not None and item.upcoming.is_overdue(turn.caller.now.date()):
        _tell_overdue(turn, item.upcoming, complains)
    elif item.upcoming is not None:
        _tell_amount(turn, "utter_payment_due", item.upcoming, item.upcoming.row.due_on)
    elif item.latest is not None:
        _tell_amount(turn, "utter_payment_confirmed", item.latest, item.latest.row.sent_on)
    else:
        return False
    return True


def _tell_complaint(turn: Turn, paid: Payment, complaint: Row) -> None:
    number, by = complaint.number, complaint.answer_by
    if by > turn.caller.now:
        turn.say("utter_payment_complained", whom=whom(paid), number=number, by=turn.by(by))
    else:
        turn.say("utter_payment_complained_late", whom=whom(paid), number=number)


def _tell_overdue(turn: Turn, paid: Payment, complains: bool) -> None:
    if complains:
        say_filed(turn, file_payment_complaint(turn.caller, paid, NOT_RECEIVED))
    else:
        turn.say("utter_payment_overdue", whom=whom(paid), day=values.day(paid.row.due_on))


def _tell_amount(turn: Turn, response: str, paid: Payment, on: date) -> None:
    amount = values.money(paid.row.amount, paid.row.currency)
    turn.say(response, whom=whom(paid), amount=amount, day=values.day(on))
