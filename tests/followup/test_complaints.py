"""Complaints get a number and a date; some are read by the focal point alone."""

from decimal import Decimal

import pytest
from sqlalchemy import insert, select

from bot.db.tables import alert, alert_event, complaint, inbox, promise
from bot.followup.caller import identify
from bot.followup.complaints import (
    file_payment_complaint,
    file_staff_complaint,
    hide_complaint_from,
)
from bot.followup.payments import payment_news
from tests.made_up import make_conversation, make_person, make_structure
from tests.made_up_caseload import make_payment


@pytest.fixture
def caller(connection, now):
    someone = make_person(connection, make_structure(connection))
    make_payment(connection, someone)
    talk = make_conversation(connection, someone)
    written = connection.execute(
        insert(inbox).values(
            channel="telegram",
            provider_id="1",
            conversation_id=talk.id,
            kind="text",
            text="…",
            answered_at_intake=False,
            restricted=False,
            sent_at=now,
            received_at=now,
            attempts=0,
        )
    )
    return identify(connection, talk, now, written.inserted_primary_key[0])


@pytest.fixture
def paid(connection, caller):
    (news,) = payment_news(connection, caller.person)
    return news.latest


def _only(connection, table):
    return connection.execute(select(table)).one()


def test_a_payment_complaint_has_a_number_a_deadline_and_an_alert(connection, caller, paid):
    filed = file_payment_complaint(
        caller, paid, "wrong_amount", amount_said=Decimal(20000), cause_said="at_withdrawal"
    )
    kept, task = _only(connection, complaint), _only(connection, alert)
    assert kept.number == filed.number == f"P-{kept.id:04d}"
    assert (kept.subject, kept.amount_said, kept.cause_said) == (
        "wrong_amount",
        Decimal(20000),
        "at_withdrawal",
    )
    assert kept.answer_by == task.answer_by == _only(connection, promise).due_at == filed.by
    assert (task.kind, task.restricted, filed.apart) == ("payment", False, False)
    assert not _only(connection, inbox).restricted


def test_numbers_differ(caller, paid):
    first = file_payment_complaint(caller, paid, "not_received")
    assert file_payment_complaint(caller, paid, "not_received").number != first.number


def test_where_someone_took_some_those_who_pay_do_not_see_it_first(connection, caller, paid):
    filed = file_payment_complaint(caller, paid, "wrong_amount", cause_said="someone_took")
    task = _only(connection, alert)
    assert filed.apart
    assert (task.restricted, task.assigned_to, task.severity) == (True, None, "high")
    assert _only(connection, inbox).restricted


def test_a_complaint_about_staff_is_the_focal_points_alone(connection, caller):
    by = file_staff_complaint(caller)
    task = _only(connection, alert)
    assert (task.kind, task.restricted, task.answer_by) == ("staff_complaint", True, by)
    assert _only(connection, promise).due_at == by
    assert _only(connection, inbox).restricted


def test_who_must_not_see_it_is_noted_on_the_same_alert(connection, caller):
    file_staff_complaint(caller)
    hide_complaint_from(caller, "worker")
    _only(connection, alert)
    notes = connection.execute(select(alert_event.c.note)).scalars().all()
    assert "hide_from: worker" in notes


def test_an_unknown_answer_shuts_nobody_in(caller):
    with pytest.raises(ValueError, match="whom"):
        hide_complaint_from(caller, "nobody")
