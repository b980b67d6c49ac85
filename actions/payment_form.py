"""The questions about one payment: did it arrive, how much, and why less."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rasa_sdk.events import EventType

from actions.base import Button, PersonalAction, Turn, start_form
from actions.forms import MAY_CONTAIN_AN_ANSWER, FormReader, heard_choice
from bot.followup import payments, values
from bot.followup.amounts import read_amount_said
from bot.followup.answers import SKIPPED, read_choice, wants_to_skip
from bot.followup.complaints import CAUSES, Filed, file_payment_complaint
from bot.followup.counted_money import read_counted
from bot.followup.payments import NOT_RECEIVED, RECEIPTS, RECEIVED, WRONG_AMOUNT, Payment

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

FORM = "payment_form"
# A sum in a message of another topic says nothing about the payment.
_ABOUT_MONEY = MAY_CONTAIN_AN_ANSWER | {"ask_payment", "report_payment_problem"}
# Answers to "is it this sum?", about one that was said in words that count in fives.
_RIGHT, _WRONG = "heard_right", "heard_wrong"
_SUM_TITLES = {_RIGHT: "utter_label_yes", _WRONG: "utter_label_change"}


class ReadPayment(FormReader):
    """Reads answers about a payment."""

    called = f"validate_{FORM}"

    def read(self, turn: Turn, asked: str) -> dict[str, Any]:
        """Return the slots that the message fills."""
        paid = _payment_asked_about(turn)
        if paid is None:
            return {}
        if asked in ("payment_receipt", "payment_amount"):
            counted = _read_counted(turn, paid, asked)
            if counted is not None:
                return counted
            read = _read_receipt if asked == "payment_receipt" else _read_amount
            filled = read(turn, paid)
            # Another answer than to the sum that was asked back takes its place.
            waits = turn.tracker.get_slot("unsure_amount") is not None
            return {"unsure_amount": None, **filled} if filled and waits else filled
        cause = _pressed(turn, paid, CAUSES) or heard_choice(turn, "cause")
        return {} if cause is None else {"payment_cause": cause}


class AskReceipt(PersonalAction):
    """Tells what was sent and asks whether it arrived."""

    called = f"action_ask_{FORM}_payment_receipt"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Ask."""
        paid = _payment_asked_about(turn)
        if paid is None:
            turn.say("utter_not_here")
            return []
        if _ask_back(turn, paid):
            return []
        told: dict[str, Any] = {
            "whom": whom(paid),
            "amount": values.money(paid.row.amount, paid.row.currency),
            "day": values.day(paid.row.sent_on),
            "ending": paid.row.account_ending,
        }
        if paid.row.reason_shown:
            reason = paid.row.reason_shown
            turn.say("utter_payment_sent_reason", _buttons(paid, RECEIPTS), reason=reason, **told)
        else:
            turn.say("utter_payment_sent", _buttons(paid, RECEIPTS), **told)
        return []


class AskAmount(PersonalAction):
    """Asks how much arrived, or whether it is the sum that was understood."""

    called = f"action_ask_{FORM}_payment_amount"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Ask."""
        paid = _payment_asked_about(turn)
        if paid is None:
            turn.say("utter_not_here")
        elif not _ask_back(turn, paid):
            turn.say("utter_ask_payment_amount")
        return []


class AskCause(PersonalAction):
    """Says back the amount, and asks whether the person knows why."""

    called = f"action_ask_{FORM}_payment_cause"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Ask."""
        paid, said = _payment_asked_about(turn), _amount_said(turn)
        if paid is None:
            turn.say("utter_not_here")
        elif said is None:
            turn.say("utter_payment_cause_no_amount", _buttons(paid, CAUSES))
        else:
            turn.say(
                "utter_payment_cause",
                _buttons(paid, CAUSES),
                said=values.money(said, paid.row.currency),
                expected=values.money(paid.row.amount, paid.row.currency),
            )
        return []


class SubmitPayment(PersonalAction):
    """Thanks, takes in a complaint, and goes on to the next child's payment."""

    called = "action_submit_payment"

    def answer_person(self, turn: Turn, person: Row) -> list[EventType]:
        """Conclude one payment."""
        paid = _payment_asked_about(turn)
        if paid is None:
            turn.say("utter_not_here")
            return []
        receipt = turn.tracker.get_slot("payment_receipt")
        if receipt in (NOT_RECEIVED, WRONG_AMOUNT):
            cause = turn.tracker.get_slot("payment_cause")
            filed = file_payment_complaint(
                turn.caller,
                paid,
                receipt,
                amount_said=_amount_said(turn),
                cause_said=cause if cause in CAUSES else None,
            )
            say_filed(turn, filed)
        else:
            turn.say("utter_payment_thanks")
        news = payments.payment_news(turn.caller.connection, person)
        following = payments.next_to_confirm(news, after_beneficiary=paid.beneficiary.id)
        return [] if following is None else ask_about(following)


def ask_about(paid: Payment) -> list[EventType]:
    """Return the events that ask whether a payment arrived, or go on where that was left."""
    left_there = paid.row.state == WRONG_AMOUNT
    return open_form(paid, {"payment_receipt": WRONG_AMOUNT} if left_there else {})


def open_form(paid: Payment, answers: dict[str, Any]) -> list[EventType]:
    """Return the events that open the form about a payment, with what is known already."""
    slots = {
        "payment_id": paid.row.id,
        "payment_receipt": None,
        "payment_amount": None,
        "payment_cause": None,
        "unsure_amount": None,
        **answers,
    }
    return start_form(FORM, slots)


def take_receipt(
    turn: Turn, paid: Payment, receipt: str, amount: Decimal | None = None
) -> dict[str, Any]:
    """Keep at once whether a payment arrived; return the slots this fills."""
    payments.record_receipt(turn.caller.connection, paid.row.id, receipt)
    if receipt != WRONG_AMOUNT:
        return _nothing_more_to_ask(receipt)
    if amount is None:
        detail = turn.entity("detail") or ""
        amount, counted = read_amount_said(detail, paid.row.amount), read_counted(detail)
        if counted is not None:
            return {"payment_receipt": receipt, "unsure_amount": str(counted)}
    known = {} if amount is None else {"payment_amount": str(amount)}
    return {"payment_receipt": receipt, **known}


def say_filed(turn: Turn, filed: Filed) -> None:
    """Give the number of a complaint, and say who answers by when."""
    response = "utter_complaint_filed_apart" if filed.apart else "utter_complaint_filed"
    turn.say(response, number=filed.number, by=turn.by(filed.by))


def whom(paid: Payment) -> values.Value:
    """Return whose payment it is, and of which month."""
    month = values.month(paid.row.for_month)
    if paid.own:
        return values.say("utter_payment_for_own", month=month)
    return values.say("utter_payment_for_child", name=paid.beneficiary.first_name, month=month)


def _payment_asked_about(turn: Turn) -> Payment | None:
    payment_id, person = turn.tracker.get_slot("payment_id"), turn.caller.person
    if payment_id is None or person is None:
        return None
    return payments.find_payment(turn.caller.connection, person, payment_id)


def _read_counted(turn: Turn, paid: Payment, asked: str) -> dict[str, Any] | None:
    """Return the slots where a sum said in words is read or answered for; None elsewhere."""
    counted = read_counted(turn.text)
    if counted is not None and turn.intent in _ABOUT_MONEY:
        return {"unsure_amount": str(counted)}
    unsure = turn.tracker.get_slot("unsure_amount")
    answer = None if unsure is None else _answer_to_sum(turn, paid)
    if answer is None:
        return None
    if answer == _WRONG:
        return {"unsure_amount": None}
    return {"unsure_amount": None, **_take_amount(turn, paid, asked, Decimal(unsure))}


def _answer_to_sum(turn: Turn, paid: Payment) -> str | None:
    pressed = _pressed(turn, paid, (_RIGHT, _WRONG))
    heard = read_choice("yes_no", turn.text)
    if pressed is not None or heard is None or not heard.whole:
        return pressed
    return _RIGHT if heard.value == "yes" else _WRONG


def _take_amount(turn: Turn, paid: Payment, asked: str, amount: Decimal) -> dict[str, Any]:
    if asked == "payment_amount":
        return {"payment_amount": str(amount)}
    receipt = RECEIVED if amount == paid.row.amount else WRONG_AMOUNT
    return take_receipt(turn, paid, receipt, amount)


def _ask_back(turn: Turn, paid: Payment) -> bool:
    """Ask about a sum that was said in words, in digits and francs; False where none waits."""
    unsure = turn.tracker.get_slot("unsure_amount")
    if unsure is None:
        return False
    amount = values.money(Decimal(unsure), paid.row.currency)
    turn.say("utter_payment_sum_heard", _buttons(paid, _SUM_TITLES, _SUM_TITLES), amount=amount)
    return True


def _read_receipt(turn: Turn, paid: Payment) -> dict[str, Any]:
    pressed = _pressed(turn, paid, RECEIPTS)
    if pressed is not None:
        return take_receipt(turn, paid, pressed)
    amount = read_amount_said(turn.text, paid.row.amount)
    if amount is not None and turn.intent in _ABOUT_MONEY:
        return _take_amount(turn, paid, "payment_receipt", amount)
    heard = heard_choice(turn, "receipt")
    if heard == SKIPPED:
        return _nothing_more_to_ask(SKIPPED)
    return {} if heard is None else take_receipt(turn, paid, heard)


def _read_amount(turn: Turn, paid: Payment) -> dict[str, Any]:
    amount = read_amount_said(turn.text, paid.row.amount)
    if amount is not None:
        return {"payment_amount": str(amount)}
    return {"payment_amount": SKIPPED} if wants_to_skip(turn.text) else {}


def _nothing_more_to_ask(receipt: str) -> dict[str, Any]:
    return {"payment_receipt": receipt, "payment_amount": SKIPPED, "payment_cause": SKIPPED}


def _amount_said(turn: Turn) -> Decimal | None:
    said = turn.tracker.get_slot("payment_amount")
    return None if said in (None, SKIPPED) else Decimal(said)


def _pressed(turn: Turn, paid: Payment, answers: Collection[str]) -> str | None:
    if turn.intent != "answer_payment" or turn.number("payment_id") != paid.row.id:
        return None
    answer = turn.entity("answer")
    return answer if answer in answers else None


def _buttons(
    paid: Payment, answers: Collection[str], titles: Mapping[str, str] | None = None
) -> list[Button]:
    titles = titles or {answer: f"utter_label_{answer}" for answer in answers}
    return [
        {
            "title_response": titles[answer],
            "payload": f'/answer_payment{{"payment_id": "{paid.row.id}", "answer": "{answer}"}}',
        }
        for answer in answers
    ]
