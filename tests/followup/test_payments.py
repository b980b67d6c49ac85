"""Payments are told to whom they may be told, and to nobody else."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import payment
from bot.followup import payments
from bot.followup.caller import identify
from bot.followup.complaints import file_payment_complaint
from bot.followup.payments import record_receipt
from tests.made_up import make_conversation, make_person, make_structure
from tests.made_up_caseload import make_due_payment, make_link, make_payment


class Family:
    """A mother who may know the money of two of her three children, and a boy next door."""

    def __init__(self, connection):
        self.home = make_structure(connection)
        self.mother = make_person(connection, self.home, kind="caregiver", birth_year=1985)
        self.first, self.second, self.hidden, self.neighbour = (
            make_person(connection, self.home) for _ in range(4)
        )
        for child in (self.first, self.second):
            make_link(connection, self.mother, child, "sees_payments")
        make_link(connection, self.mother, self.hidden, "sees_training", "sees_places")
        self.paid = {
            child.id: make_payment(connection, child, recipient_id=self.mother.id)
            for child in (self.first, self.second, self.hidden, self.neighbour)
        }


def payment_news(connection, person):
    return payments.payment_news(connection, person)


def find_payment(connection, person, payment_id):
    return payments.find_payment(connection, person, payment_id)


def next_to_confirm(news, **after):
    return payments.next_to_confirm(news, **after)


@pytest.fixture
def family(connection):
    return Family(connection)


def test_a_mother_knows_of_the_children_where_a_worker_ticked_it(connection, family):
    told = payment_news(connection, family.mother)
    assert [item.latest.beneficiary.id for item in told] == [family.first.id, family.second.id]
    assert not any(item.latest.own for item in told)


def test_a_child_knows_of_its_own(connection, family):
    (own,) = payment_news(connection, family.hidden)
    assert own.latest.row.id == family.paid[family.hidden.id].id
    assert own.latest.own


def test_an_id_from_a_button_opens_no_other_payment(connection, family):
    assert find_payment(connection, family.mother, family.paid[family.first.id].id) is not None
    for child in (family.hidden, family.neighbour):
        assert find_payment(connection, family.mother, family.paid[child.id].id) is None
    assert find_payment(connection, family.first, family.paid[family.second.id].id) is None
    assert find_payment(connection, family.mother, 4711) is None


def test_the_last_payment_sent_and_the_first_one_due(connection, family):
    newer = make_payment(
        connection, family.first, for_month=date(2026, 12, 1), sent_on=date(2026, 12, 4)
    )
    later = make_due_payment(connection, family.first, date(2027, 2, 4))
    sooner = make_due_payment(connection, family.first, date(2027, 1, 4))
    (news,) = payment_news(connection, family.first)
    assert news.latest.row.id == newer.id
    assert news.upcoming.row.id == sooner.id != later.id
    assert not news.upcoming.is_overdue(date(2027, 1, 4))
    assert news.upcoming.is_overdue(date(2027, 1, 5))


def test_children_are_asked_about_one_after_the_other(connection, family):
    news = payment_news(connection, family.mother)
    first = next_to_confirm(news)
    assert first.beneficiary.id == family.first.id
    second = next_to_confirm(news, after_beneficiary=family.first.id)
    assert second.beneficiary.id == family.second.id
    assert next_to_confirm(news, after_beneficiary=family.second.id) is None


def test_what_arrived_is_not_asked_about_again(connection, family):
    record_receipt(connection, family.paid[family.first.id].id, "received")
    news = payment_news(connection, family.mother)
    assert next_to_confirm(news).beneficiary.id == family.second.id


def test_a_complaint_left_half_way_is_asked_about_again_and_a_filed_one_is_not(
    connection, family, now
):
    paid_id = family.paid[family.first.id].id
    record_receipt(connection, paid_id, "wrong_amount")
    half_way = next_to_confirm(payment_news(connection, family.mother))
    assert half_way.row.id == paid_id
    caller = identify(connection, make_conversation(connection, family.mother), now)
    file_payment_complaint(caller, half_way, "wrong_amount")
    assert next_to_confirm(payment_news(connection, family.mother)).row.id != paid_id


def test_an_unknown_answer_is_refused(connection, family):
    paid_id = family.paid[family.first.id].id
    with pytest.raises(ValueError, match="receipt"):
        record_receipt(connection, paid_id, "perhaps")
    query = select(payment.c.state).where(payment.c.id == paid_id)
    assert connection.execute(query).scalar_one() == "sent"
