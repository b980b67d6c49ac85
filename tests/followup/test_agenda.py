"""What is due besides alerts, and who sees it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.db.tables import aid_request
from bot.followup import agenda, cases, closing, conversations
from bot.followup.access import ROLES
from bot.followup.promises import keep_promises, make_promise
from tests.made_up import make_conversation, make_member, make_person, make_structure
from tests.made_up_caseload import (
    make_aid_kind,
    make_appointment,
    make_due_payment,
    make_payment,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def boy(connection, home, awa):
    return make_person(connection, home, worker_id=awa.id)


@pytest.fixture
def talk(connection, boy, now):
    return make_conversation(connection, boy, unanswered_since=now, last_inbound_at=now)


def _promise(connection, talk, due_at, now, subject="training"):
    return make_promise(
        connection,
        conversation_id=talk.id,
        person_id=talk.person_id,
        subject=subject,
        due_at=due_at,
        now=now,
    )


def _ids(rows):
    return [row.id for row in rows]


def test_a_conversation_waits_once_a_human_has_it(connection, awa, boy, talk):
    assert agenda.conversations_waiting(connection, awa) == []
    conversations.take_over(connection, awa, talk.id)
    (row,) = agenda.conversations_waiting(connection, awa)
    assert (row.conversation_id, row.owner_name) == (talk.id, "Awa")
    assert row.case_number == boy.case_number
    conversations.change(connection, talk.id, unanswered_since=None)
    assert agenda.conversations_waiting(connection, awa) == []


def test_what_an_open_alert_tells_is_not_told_twice(connection, awa, talk, now):
    conversations.take_over(connection, awa, talk.id)
    _promise(connection, talk, now, now)
    made = cases.open_alert(connection, kind="task", severity="normal", talk=talk, now=now)
    assert agenda.conversations_waiting(connection, awa) == []
    assert agenda.promises_due(connection, awa, now) == []
    closing.resolve(connection, awa, made, "nothing", now)
    conversations.change(connection, talk.id, unanswered_since=now)
    assert len(agenda.conversations_waiting(connection, awa)) == 1
    assert len(agenda.promises_due(connection, awa, now)) == 1


def test_a_sealed_alert_hides_nothing_from_who_does_not_see_it(connection, awa, talk, now):
    conversations.take_over(connection, awa, talk.id)
    cases.open_alert(
        connection, kind="staff_complaint", severity="high", talk=talk, now=now, restricted=True
    )
    assert len(agenda.conversations_waiting(connection, awa)) == 1


def test_appointments_of_a_day_with_who_goes(connection, awa, boy, now):
    today = make_appointment(connection, boy, now + HOUR)
    make_appointment(connection, boy, now + DAY)
    make_appointment(connection, boy, now + HOUR, state="done")
    (row,) = agenda.appointments_between(connection, awa, now, now + 12 * HOUR)
    assert (row.id, row.staff_name, row.conversation_id) == (today.id, "Awa", None)


def test_money_near_its_day_or_past_it(connection, awa, boy, talk, now):
    today = now.date()
    late = make_due_payment(connection, boy, today - DAY)
    near = make_due_payment(connection, boy, today + 3 * DAY)
    make_due_payment(connection, boy, today + 4 * DAY)
    make_payment(connection, boy)
    rows = agenda.payments_due(connection, awa, today)
    assert _ids(rows) == [late.id, near.id]
    assert rows[0].conversation_id == talk.id


def test_aid_that_is_expected_or_that_nobody_decided_on(connection, awa, boy, now):
    kind = make_aid_kind(connection)

    def ask(state, expected_on=None, days_ago=0):
        connection.execute(
            insert(aid_request).values(
                person_id=boy.id,
                aid_kind_id=kind.id,
                state=state,
                expected_on=expected_on,
                requested_at=now - days_ago * DAY,
            )
        )

    ask("approved", now.date())
    ask("requested", days_ago=7)
    ask("requested", days_ago=6)
    ask("given", now.date())
    ask("approved", now.date() + 9 * DAY)
    rows = agenda.aid_due(connection, awa, now, now.date())
    assert sorted(row.state for row in rows) == ["approved", "requested"]


def test_promises_that_pass_within_a_day_or_have_passed(connection, awa, talk, now):
    late = _promise(connection, talk, now - HOUR, now - DAY)
    near = _promise(connection, talk, now + 23 * HOUR, now, "aid")
    _promise(connection, talk, now + 25 * HOUR, now)
    _promise(connection, talk, now, now, "complaint")
    _promise(connection, talk, now, now, "human_answer")
    keep_promises(connection, talk.id, "human_answer", now)
    assert _ids(agenda.promises_due(connection, awa, now)) == [late, near]


def test_a_promise_about_staff_is_the_focal_points(connection, home, awa, talk, now):
    made = _promise(connection, talk, now, now, "staff_complaint")
    focal = make_member(connection, home, "focal_point", "Fanta")
    assert agenda.promises_due(connection, awa, now) == []
    assert _ids(agenda.promises_due(connection, focal, now)) == [made]


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_oversee_a_colleagues_case_see_any_of_it(
    connection, home, awa, boy, now, role
):
    talk = make_conversation(connection, boy, unanswered_since=now, owner_id=awa.id)
    make_appointment(connection, boy, now + HOUR)
    make_due_payment(connection, boy, now.date())
    _promise(connection, talk, now, now)
    kind = make_aid_kind(connection)
    connection.execute(
        insert(aid_request).values(
            person_id=boy.id,
            aid_kind_id=kind.id,
            state="requested",
            requested_at=now - 9 * DAY,
        )
    )
    here = make_member(connection, home, role, "Ines")
    there = make_member(connection, make_structure(connection, "Centre Autre"), role, "Loin")
    for member, sees in ((here, ROLES[role].scope == "structure"), (there, False)):
        found = [
            agenda.conversations_waiting(connection, member),
            agenda.appointments_between(connection, member, now, now + DAY),
            agenda.payments_due(connection, member, now.date()),
            agenda.aid_due(connection, member, now, now.date()),
            agenda.promises_due(connection, member, now),
        ]
        assert [len(rows) for rows in found] == [int(sees)] * 5
