"""What a person made of a message: a row, and whatever the message calls for."""

import pytest
from sqlalchemy import select

from bot.db.tables import alert, audit, inbox, review
from bot.followup.access import NotAllowed
from bot.followup.reviews import Verdict, decide, mark_exported, unexported
from bot.followup.unclear import list_unclear
from tests.followup.unclear import make_agreed_talk, not_understood
from tests.made_up import make_member

EXAMPLE = "gnamakoudji wari"
PAYMENT = Verdict("intent", language="fr", example=EXAMPLE, intent="ask_payment")
DANGER = Verdict(
    "danger",
    language="fr",
    example=EXAMPLE,
    category="fear",
    severity="critical",
    about="self",
)


@pytest.fixture
def clarisse(connection, home):
    return make_member(connection, home, "supervisor", "Clarisse")


@pytest.fixture
def message(connection, home, now):
    talk = make_agreed_talk(connection, home, now)
    return not_understood(connection, talk, EXAMPLE, now)


def _rows(connection, table):
    return connection.execute(select(table).order_by(table.c.id)).all()


def test_a_decision_says_who_and_when_and_leads_back_to_nobody(connection, clarisse, message, now):
    decide(connection, clarisse, message, PAYMENT, now)
    (row,) = _rows(connection, review)
    assert (row.staff_id, row.at, row.verdict) == (clarisse.id, now, "intent")
    assert (row.intent, row.language, row.example) == ("ask_payment", "fr", EXAMPLE)
    assert {fk.column.table.name for fk in review.foreign_keys} == {"staff"}
    assert list_unclear(connection, clarisse, now) == []
    assert _rows(connection, alert) == []
    assert _rows(connection, audit)[-1].action == "review.intent"


def test_a_message_is_decided_once_and_by_who_may(connection, clarisse, awa, message, now):
    with pytest.raises(NotAllowed):
        decide(connection, awa, message, PAYMENT, now)
    decide(connection, clarisse, message, PAYMENT, now)
    with pytest.raises(NotAllowed):
        decide(connection, clarisse, message, DANGER, now)
    assert len(_rows(connection, review)) == 1


def test_a_danger_that_was_missed_is_an_alert_now(connection, clarisse, message, now):
    decide(connection, clarisse, message, DANGER, now)
    (opened,) = _rows(connection, alert)
    assert (opened.kind, opened.category, opened.severity) == ("red_flag", "fear", "critical")
    assert (opened.restricted, opened.state) == (False, "open")


def test_a_complaint_about_staff_is_sealed_and_nothing_of_it_is_kept(
    connection, clarisse, message, now
):
    decide(connection, clarisse, message, Verdict("complaint"), now)
    assert connection.execute(select(inbox.c.restricted)).scalar_one() is True
    (opened,) = _rows(connection, alert)
    assert (opened.kind, opened.restricted, opened.assigned_to) == ("staff_complaint", True, None)
    assert [row.example for row in _rows(connection, review)] == [None]


def test_an_export_takes_what_has_an_example_once(connection, clarisse, message, home, now):
    decide(connection, clarisse, message, PAYMENT, now)
    other = not_understood(connection, make_agreed_talk(connection, home, now), "hm", now)
    decide(connection, clarisse, other, Verdict("nothing"), now)
    (row,) = unexported(connection)
    mark_exported(connection, row.id, now, left_out=None)
    assert unexported(connection) == []
