"""Money: told to whom it may be told, confirmed, or complained about (model conversation 2)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from actions.payment_form import AskAmount, AskCause, AskReceipt, ReadPayment, SubmitPayment
from actions.payments import AnswerPayment, AskPayment
from bot.db.tables import alert, complaint, payment
from tests.made_up_caseload import make_due_payment, make_link, make_payment


@pytest.fixture
def boy(stage):
    return stage.person()


@pytest.fixture
def mother(stage):
    """Give a mother who may know the money of Salif and Aminata, not of Yao."""
    mother = stage.person(kind="caregiver", first_name="Mariam", birth_year=1985)
    for name, rights in (("Salif", ["sees_payments"]), ("Aminata", ["sees_payments"]), ("Yao", [])):
        child = stage.person(first_name=name)
        make_link(stage.connection, mother, child, *rights)
        make_payment(stage.connection, child, recipient_id=mother.id)
    return mother


def _state(rows, paid):
    return next(row.state for row in rows(payment) if row.id == paid.id)


def _payload(paid_id, answer, **more):
    entities = "".join(f', "{name}": "{value}"' for name, value in more.items())
    return f'/answer_payment{{"payment_id": "{paid_id}", "answer": "{answer}"{entities}}}'


def test_what_was_sent_is_told_and_asked_about(stage, boy):
    paid = make_payment(stage.connection, boy)
    asked = stage.run(AskPayment, boy, "l'argent est tombé ?", "ask_payment")
    assert (asked.next_action, asked.slots["payment_id"]) == ("payment_form", paid.id)
    told = stage.run(AskReceipt, boy, payment_id=paid.id).reply
    assert told.text.startswith("Pour novembre : 25 000 F CFA envoyés le 4 novembre (…42).")
    assert told.titles == ["Bien reçu", "Pas reçu", "Pas le bon montant"]


def test_why_it_is_less_is_told_where_staff_wrote_it_down(stage, boy):
    paid = make_payment(stage.connection, boy, reason_shown="un jour d'absence")
    assert "un jour d'absence" in stage.run(AskReceipt, boy, payment_id=paid.id).reply.text


def test_what_is_due_is_told_with_its_day(stage, boy):
    make_due_payment(stage.connection, boy, date(2026, 12, 4))
    told = stage.run(AskPayment, boy, "/ask_payment")
    assert told.reply.text == "Pour décembre : 25 000 F CFA, envoi prévu le 4 décembre."
    assert told.next_action is None


def test_what_should_have_been_sent_is_said_honestly(stage, boy):
    make_due_payment(stage.connection, boy, date(2026, 11, 4))
    told = stage.run(AskPayment, boy, "/ask_payment").reply
    assert told.response == "utter_payment_overdue"
    assert told.payloads == ["/talk_to_human"]


def test_without_any_payment_a_person_is_offered(stage, boy):
    told = stage.run(AskPayment, boy, "/ask_payment").reply
    assert told.response == "utter_payment_none"
    assert "/talk_to_human" in told.payloads


def test_a_mother_is_asked_about_one_child_after_the_other(stage, mother, rows):
    first = stage.run(AskPayment, mother, "/ask_payment")
    asked = stage.run(AskReceipt, mother, payment_id=first.slots["payment_id"]).reply
    assert asked.text.startswith("Pour Salif (novembre) :")
    second = stage.run(
        SubmitPayment,
        mother,
        payment_id=first.slots["payment_id"],
        payment_receipt="received",
        payment_amount="skip",
        payment_cause="skip",
    )
    assert second.responses == ["utter_payment_thanks"]
    asked = stage.run(AskReceipt, mother, payment_id=second.slots["payment_id"]).reply
    assert asked.text.startswith("Pour Aminata (novembre) :")
    third = stage.run(
        SubmitPayment, mother, payment_id=second.slots["payment_id"], payment_receipt="skip"
    )
    assert third.next_action is None


def test_the_payment_of_another_child_is_told_to_nobody_else(stage, mother, rows):
    hidden = rows(payment)[-1]
    for someone in (mother, stage.person()):
        for action in (AskReceipt, AskCause, SubmitPayment, AnswerPayment):
            outcome = stage.run(
                action,
                someone,
                _payload(hidden.id, "not_received"),
                payment_id=hidden.id,
                payment_receipt="not_received",
                payment_amount="skip",
            )
            assert outcome.responses == ["utter_not_here"]
    assert _state(rows, hidden) == "sent"
    assert rows(complaint) == []


IN_WORDS = (
    ("oui", "affirm", "received"),
    ("wé wé", "affirm", "received"),
    ("bien reçu merci", "thank", "received"),
    ("25000 bien reçu", "nlu_fallback", "received"),
    ("nn", "deny", "not_received"),
    ("rien reçu", "ask_payment", "not_received"),
    ("pas complet", "report_payment_problem", "wrong_amount"),
    ("on a donné 20000", "report_payment_problem", "wrong_amount"),
)


def test_an_answer_in_words(stage, boy, rows):
    for said, intent, receipt in IN_WORDS:
        paid = make_payment(stage.connection, boy)
        read = _read(stage, boy, paid, "payment_receipt", said, intent)
        assert read["payment_receipt"] == receipt, said
        assert _state(rows, paid) == receipt


OTHER_REQUESTS = (
    ("l'argent est tombé ?", "ask_payment"),
    ("je veux 5000 pour le transport", "ask_aid"),
    ("je veux parler à quelqu'un", "talk_to_human"),
    ('/choose{"question": "week", "answer": "2"}', "choose"),
)


def test_another_request_is_no_answer(stage, boy, rows):
    paid = make_payment(stage.connection, boy)
    for said, intent in OTHER_REQUESTS:
        assert _read(stage, boy, paid, "payment_receipt", said, intent) == {}, said
    assert _state(rows, paid) == "sent"


def _read(stage, someone, paid, asked, said, intent="nlu_fallback"):
    return stage.run(
        ReadPayment,
        someone,
        said,
        intent,
        payment_id=paid.id,
        requested_slot=asked,
        payment_receipt=None,
        payment_amount=None,
        payment_cause=None,
    ).slots


def test_words_behind_the_digit_say_how_much_came(stage, boy):
    paid = make_payment(stage.connection, boy)
    pressed = _payload(paid.id, "wrong_amount", detail="on a donné 20 000")
    read = _read(stage, boy, paid, "payment_receipt", pressed)
    assert read == {"payment_receipt": "wrong_amount", "payment_amount": "20000"}


def test_a_button_of_another_payment_is_no_answer(stage, boy):
    paid = make_payment(stage.connection, boy)
    assert _read(stage, boy, paid, "payment_receipt", _payload(paid.id + 1, "received")) == {}


def test_the_amount_is_said_back_and_the_cause_asked(stage, boy):
    paid = make_payment(stage.connection, boy)
    asked = stage.run(AskCause, boy, payment_id=paid.id, payment_amount="20000").reply
    assert asked.text == "Je note : 20 000 F CFA, pas 25 000 F CFA. Vous savez pourquoi ?"
    assert asked.titles == ["Pris au retrait", "Quelqu'un a pris", "Je ne sais pas"]
    unknown = stage.run(AskCause, boy, payment_id=paid.id, payment_amount="skip").reply
    assert unknown.response == "utter_payment_cause_no_amount"


def test_every_question_can_be_passed(stage, boy, rows):
    paid = make_payment(stage.connection, boy)
    for asked in ("payment_receipt", "payment_amount", "payment_cause"):
        assert _read(stage, boy, paid, asked, "passer", "deny")[asked] == "skip"
    assert _state(rows, paid) == "sent"


def _submit(stage, someone, paid, cause):
    return stage.run(
        SubmitPayment,
        someone,
        payment_id=paid.id,
        payment_receipt="wrong_amount",
        payment_amount="20000",
        payment_cause=cause,
    ).reply


def test_a_complaint_gets_a_number_and_a_date(stage, boy, rows):
    filed = _submit(stage, boy, make_payment(stage.connection, boy), "at_withdrawal")
    (kept,) = rows(complaint)
    assert kept.amount_said == Decimal(20000)
    assert (
        filed.text
        == f"Merci. Numéro {kept.number}. Une personne vous répond aujourd'hui avant 17 h."
    )


def test_where_someone_took_some_it_goes_to_somebody_apart(stage, boy, rows):
    filed = _submit(stage, boy, make_payment(stage.connection, boy), "someone_took")
    assert "qui ne s'occupe pas des paiements" in filed.text
    (task,) = rows(alert)
    assert task.restricted


def test_asked_again_the_complaint_is_told_instead(stage, boy, rows):
    paid = make_payment(stage.connection, boy)
    number = _submit(stage, boy, paid, "unknown").text.split()[2].rstrip(".")
    again = stage.run(AskPayment, boy, "/ask_payment").reply
    assert again.response == "utter_payment_complained"
    assert number in again.text
    stage.now += timedelta(days=1)
    late = stage.run(AnswerPayment, boy, _payload(paid.id, "received")).reply
    assert late.response == "utter_payment_complained_late"
    assert len(rows(complaint)) == 1


def test_a_button_of_an_older_message_opens_the_questions(stage, boy, rows):
    paid = make_payment(stage.connection, boy)
    answered = stage.run(AnswerPayment, boy, _payload(paid.id, "wrong_amount"))
    assert answered.next_action == "payment_form"
    assert answered.slots["payment_receipt"] == "wrong_amount"
    assert answered.slots["payment_amount"] is None
    assert _state(rows, paid) == "wrong_amount"


def test_a_complaint_with_its_amount_skips_what_is_known(stage, boy):
    make_payment(stage.connection, boy)
    said = "reçu 10000 au lieu de 25000"
    asked = stage.run(AskPayment, boy, said, "report_payment_problem")
    assert asked.slots["payment_receipt"] == "wrong_amount"
    assert asked.slots["payment_amount"] == "10000"


def test_a_payment_that_never_came_is_taken_as_a_complaint(stage, boy, rows):
    make_due_payment(stage.connection, boy, date(2026, 11, 4))
    filed = stage.run(AskPayment, boy, "l'argent n'est jamais venu", "report_payment_problem")
    assert filed.responses == ["utter_complaint_filed"]
    assert rows(complaint)[0].subject == "not_received"


def test_what_was_confirmed_can_still_be_complained_about(stage, boy):
    paid = make_payment(stage.connection, boy, state="received")
    assert stage.run(AskPayment, boy, "/ask_payment").responses == ["utter_payment_confirmed"]
    complains = stage.run(AskPayment, boy, "/report_payment_problem")
    assert complains.slots["payment_id"] == paid.id


def test_a_complaint_left_half_way_goes_on_with_the_next_question(stage, boy):
    paid = make_payment(stage.connection, boy)
    stage.connection.execute(update(payment).values(state="wrong_amount"))
    asked = stage.run(AskPayment, boy, "/ask_payment")
    assert (asked.slots["payment_id"], asked.slots["payment_receipt"]) == (paid.id, "wrong_amount")


@pytest.mark.parametrize("asked", ["payment_receipt", "payment_amount"])
def test_a_sum_in_words_that_count_in_fives_is_asked_back_and_not_kept(stage, boy, rows, asked):
    paid = make_payment(stage.connection, boy)
    about = {"payment_id": paid.id, "requested_slot": asked}
    heard = stage.run(ReadPayment, boy, "waga naani", form="payment_form", **about).slots
    assert heard == {"unsure_amount": "20000"}
    assert _state(rows, paid) == "sent"
    ask = {"payment_receipt": AskReceipt, "payment_amount": AskAmount}[asked]
    back = stage.run(ask, boy, **about, **heard).reply
    assert back.text == "Je comprends 20 000 F CFA. C'est ça ?"
    assert back.titles == ["Oui", "Changer"]
    for yes in ("oui", back.payloads[0]):
        taken = stage.run(ReadPayment, boy, yes, form="payment_form", **about, **heard).slots
        assert (taken["payment_amount"], taken["unsure_amount"]) == ("20000", None)
    for no in ("non", back.payloads[1]):
        taken = stage.run(ReadPayment, boy, no, form="payment_form", **about, **heard).slots
        assert taken == {"unsure_amount": None}
    again = stage.run(ask, boy, **about).reply
    assert again.response in ("utter_payment_sent", "utter_ask_payment_amount")


def test_a_sum_in_digits_takes_the_place_of_one_in_words(stage, boy):
    paid = make_payment(stage.connection, boy)
    about = {"payment_id": paid.id, "requested_slot": "payment_amount", "unsure_amount": "20000"}
    taken = stage.run(ReadPayment, boy, "15000", form="payment_form", **about).slots
    assert taken == {"unsure_amount": None, "payment_amount": "15000"}


def test_the_expected_sum_in_words_is_received_once_it_was_confirmed(stage, boy, rows):
    paid = make_payment(stage.connection, boy)
    about = {"payment_id": paid.id, "requested_slot": "payment_receipt", "unsure_amount": "25000"}
    taken = stage.run(ReadPayment, boy, "awɔ", form="payment_form", **about).slots
    assert taken["payment_receipt"] == "received"
    assert _state(rows, paid) == "received"


def test_a_complaint_with_a_sum_in_words_asks_before_anything_is_kept(stage, boy, rows):
    paid = make_payment(stage.connection, boy)
    done = stage.run(AskPayment, boy, "u ye waga naani dɔrɔn di", "report_payment_problem")
    assert done.slots["unsure_amount"] == "20000"
    assert done.slots["payment_receipt"] is None
    assert _state(rows, paid) == "sent"


def test_a_sum_in_words_behind_a_digit_is_asked_back_too(stage, boy):
    paid = make_payment(stage.connection, boy)
    said = _payload(paid.id, "wrong_amount", detail="waga naani")
    about = {"payment_id": paid.id, "requested_slot": "payment_receipt"}
    taken = stage.run(ReadPayment, boy, said, form="payment_form", **about).slots
    assert taken["payment_receipt"] == "wrong_amount"
    assert taken["unsure_amount"] == "20000"
    assert "payment_amount" not in taken
