"""The made-up data: added once, always about today, and leading nowhere outside."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select

from bot.db.tables import (
    alert,
    appointment,
    consent,
    conversation,
    inbox,
    metadata,
    outbox,
    payment,
    person,
    programme,
    staff,
    structure,
)
from bot.demo import people
from bot.demo.threads import MOTHER_ADDRESS, YOUTH_ADDRESS
from bot.followup.alerts import list_alerts
from bot.followup.appointments import next_appointment
from bot.followup.consent import make_enrolment_code
from bot.followup.conversations import find, known_person
from bot.followup.family import wards_of
from bot.followup.hours import duty_state
from bot.followup.payments import payment_news
from bot.followup.people import find_by_case
from bot.followup.staff import authenticate


@pytest.fixture
def filled(database, now):
    with database.write() as connection:
        people.fill(connection, now)
    return database


def _rows(database) -> dict[str, int]:
    with database.read() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
        }


def test_starting_the_demo_again_adds_nothing(filled, now):
    before = _rows(filled)
    with filled.write() as connection:
        people.fill(connection, now + timedelta(minutes=5))
    assert _rows(filled) == before


def test_what_a_visitor_changed_stays(filled, now):
    with filled.write() as connection:
        awa = people.member_row(connection, people.AWA)
        connection.execute(conversation.update().values(owner_id=awa.id))
        people.fill(connection, now)
        owners = connection.execute(select(conversation.c.owner_id)).scalars()
        assert set(owners) == {awa.id}


def test_a_month_later_there_are_new_payments_and_nothing_planned_is_past(filled, now):
    later = now + timedelta(days=40)
    with filled.write() as connection:
        people.fill(connection, later)
        salif = find_by_case(connection, people.SALIF.case)
        months = connection.execute(
            select(payment.c.for_month).where(payment.c.beneficiary_id == salif.id)
        ).scalars()
        assert sorted(months) == [
            date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1),
        ]  # fmt: skip
        koffi = find_by_case(connection, people.KOFFI.case)
        visits = select(appointment.c.starts_at).where(appointment.c.person_id == koffi.id)
        assert max(connection.execute(visits).scalars()) > later
        starts = select(programme.c.starts_on).where(programme.c.starts_on.is_not(None))
        assert min(connection.execute(starts).scalars()) > later.date()


@pytest.mark.parametrize("day", [1, 2, 5, 28])
def test_the_mother_is_told_of_money_that_was_sent_this_month(database, day):
    now = datetime(2026, 2, day, 7, tzinfo=timezone.utc)
    with database.write() as connection:
        people.fill(connection, now)
        mother = find_by_case(connection, people.MARIAM.case)
        news = payment_news(connection, mother)
    latest = [item.latest for item in news if item.latest is not None]
    assert [money.beneficiary.first_name for money in latest] == ["Salif", "Aminata"]
    for money in latest:
        assert (money.row.amount, money.row.currency) == (25000, "XOF")
        assert date(2026, 2, 1) <= money.row.sent_on <= now.date()
        assert money.row.for_month == date(2026, 2, 1)
        assert money.to_confirm


def test_the_youth_learns_that_the_money_is_still_to_come(filled, now):
    with filled.read() as connection:
        (news,) = payment_news(connection, find_by_case(connection, people.KOFFI.case))
    assert news.latest is None
    assert news.upcoming is not None
    assert not news.upcoming.is_overdue(now.date())


def test_both_have_an_appointment_ahead(filled, now):
    with filled.read() as connection:
        for someone in (people.KOFFI, people.MARIAM):
            ahead = next_appointment(connection, find_by_case(connection, someone.case), now)
            assert ahead is not None
            assert ahead.starts_at.weekday() < 5


def test_one_childs_places_are_not_for_the_mother(filled):
    with filled.read() as connection:
        mother = find_by_case(connection, people.MARIAM.case)
        told = [child.first_name for child in wards_of(connection, mother.id, "sees_places")]
    assert told == ["Salif"]


@pytest.mark.parametrize(
    ("who", "address", "form"),
    [(people.KOFFI, YOUTH_ADDRESS, "tu"), (people.MARIAM, MOTHER_ADDRESS, "vous")],
)
def test_who_is_offered_on_the_front_page_is_known_by_the_chat(filled, who, address, form):
    with filled.read() as connection:
        talk = find(connection, "webchat", address)
        assert talk is not None
        someone = known_person(connection, talk)
    assert someone is not None
    assert (someone.first_name, someone.address_form) == (who.first_name, form)
    assert (talk.consent, talk.unanswered_since, talk.owner_id) == ("yes", None, None)


def test_the_newcomer_can_be_given_a_code_but_has_no_chat(filled, now):
    with filled.write() as connection:
        newcomer = people.newcomer_row(connection)
        assert make_enrolment_code(connection, newcomer, now)
        chats = select(conversation.c.id).where(conversation.c.person_id == newcomer.id)
        assert connection.execute(chats).first() is None


def test_each_colleague_sees_only_what_the_role_and_the_centre_allow(filled):
    def seen(connection, member: people.Member, state: str = "unresolved") -> list[str]:
        row = people.member_row(connection, member)
        return [each.case_number for each in list_alerts(connection, row, state=state)]

    with filled.read() as connection:
        assert seen(connection, people.AWA) == ["0288", "0301", "0309"]
        assert seen(connection, people.AWA, "resolved") == ["0290"]
        assert sorted(seen(connection, people.NOEL)) == ["0288", "0301", "0309", "0330"]
        assert seen(connection, people.BAKARY) == ["0512"]
        assert seen(connection, people.INES) == []


def test_the_waiting_alerts_are_of_all_three_severities(filled):
    with filled.read() as connection:
        query = select(alert.c.severity).where(alert.c.state == "open", ~alert.c.restricted)
        assert set(connection.execute(query).scalars()) == {"critical", "high", "normal"}


def test_centres_are_on_duty_by_day_and_on_call_every_evening(filled, now):
    saturday_evening = datetime(2026, 11, 28, 20, tzinfo=timezone.utc)
    with filled.read() as connection:
        centres = connection.execute(select(structure)).all()
    assert len(centres) == 2
    for centre in centres:
        assert duty_state(centre, now).duty == "duty"
        assert duty_state(centre, saturday_evening).duty == "on_call"
        assert duty_state(centre, now.replace(hour=3)).duty == "nobody"
        assert centre.visible_name == "Infos école et formation"


def test_nobody_can_sign_in_by_a_password(filled, now):
    with filled.write() as connection:
        for password in ("", "demo", "password", "awa"):
            assert authenticate(connection, people.AWA.email, password, now) is None


def test_every_child_has_a_grown_ups_consent(filled):
    with filled.read() as connection:
        consented = select(consent.c.person_id).where(consent.c.given_by == "guardian")
        beneficiaries = select(person.c.id).where(person.c.kind == "beneficiary")
        assert set(connection.execute(beneficiaries).scalars()) <= set(
            connection.execute(consented).scalars()
        )


def test_nothing_made_up_leads_to_a_real_telephone_or_mailbox(filled):
    with filled.read() as connection:
        talks = connection.execute(select(conversation)).all()
        emails = connection.execute(select(staff.c.email)).scalars().all()
        words = [
            *connection.execute(select(inbox.c.text)).scalars(),
            *connection.execute(select(outbox.c.text)).scalars(),
            *connection.execute(select(person.c.notes)).scalars(),
        ]
    assert {talk.channel for talk in talks} == {"webchat"}
    assert all(re.fullmatch(r"demo-[a-z]+", talk.address) for talk in talks)
    assert all(email.endswith("@example.org") for email in emails)
    # Nothing as long as a telephone number; the helplines' short ones are real, and meant to be.
    assert not [text for text in words if re.search(r"(?:\d[ .-]?){8}", text)]
