"""Whoever is not known gets one sentence for every personal fact, and nothing is recorded."""

import pytest

from actions.aid import AskAidStatus, PickAid
from actions.appointments import AskAppointment, RescheduleAppointment
from actions.checkin import StartCheckin
from actions.payment_form import AskCause, AskReceipt, SubmitPayment
from actions.payments import AnswerPayment, AskPayment
from actions.training import AskTrainingStatus, PickProgramme
from bot.db.tables import aid_request, alert, complaint, promise, training_enrolment
from tests.made_up import make_conversation
from tests.made_up_caseload import make_payment, make_programme

NEUTRAL = "Je ne peux pas répondre à ça ici. Pour les infos : 1. Pour une personne : 8."
PERSONAL = [
    (AskPayment, "/ask_payment"),
    (AskPayment, "/report_payment_problem"),
    (AnswerPayment, '/answer_payment{"payment_id": "1", "answer": "received"}'),
    (AskReceipt, "/ask_payment"),
    (AskCause, "/ask_payment"),
    (SubmitPayment, "/ask_payment"),
    (AskTrainingStatus, "/ask_training_status"),
    (PickProgramme, '/pick_programme{"programme_id": "1"}'),
    (AskAidStatus, "/ask_aid_status"),
    (PickAid, '/pick_aid{"aid_kind_id": "1"}'),
    (AskAppointment, "/ask_appointment"),
    (RescheduleAppointment, "/reschedule_appointment"),
    (StartCheckin, "/start_checkin"),
]


def _unconfirmed(stage):
    """Somebody who has a code and has not said the right name."""
    someone = stage.person()
    return make_conversation(stage.connection, someone, enrolment="to_confirm").id


@pytest.mark.parametrize("unknown", [lambda stage: None, _unconfirmed])
def test_the_same_words_for_a_stranger_and_an_unconfirmed_name(stage, rows, unknown):
    paid = make_payment(stage.connection, stage.person())
    make_programme(stage.connection, stage.home)
    for action, said in PERSONAL:
        outcome = stage.run(action, unknown(stage), said, payment_id=paid.id)
        assert outcome.reply.text == NEUTRAL, said
        assert outcome.reply.choices == (("Les infos", "/ask_help"),)
        assert outcome.next_action is None
    for table in (alert, promise, complaint, training_enrolment, aid_request):
        assert rows(table) == []
