"""A person is promised once, a stop is told to staff, and nothing is erased by a wish."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import alert, conversation, promise
from bot.followup.caller import Caller, identify
from bot.followup.cases import open_alert
from bot.followup.checkins import keep_answer
from bot.followup.promises import keep_promises
from bot.followup.requests import (
    ask_erasure,
    ask_for_person,
    choose_language,
    leave_wrong_person,
    stop_writing,
)
from tests.made_up import make_conversation, make_person, make_structure


@pytest.fixture
def caller(connection, now):
    someone = make_person(connection, make_structure(connection))
    return identify(connection, make_conversation(connection, someone), now)


def _again(caller, **duration):
    return identify(caller.connection, caller.talk, caller.now + timedelta(**duration))


def _talk(caller):
    query = select(conversation).where(conversation.c.id == caller.talk.id)
    return caller.connection.execute(query).one()


def _all(caller, table):
    return caller.connection.execute(select(table).order_by(table.c.id)).all()


def test_a_person_is_promised_today_while_there_is_time(caller, now):
    asked = ask_for_person(caller)
    assert asked.staff_are_there
    assert not asked.already
    assert asked.by == now.replace(hour=17, minute=0)
    (made,) = _all(caller, promise)
    assert (made.subject, made.due_at) == ("human_answer", asked.by)
    assert _talk(caller).human_asked_at == now


def test_at_night_the_next_morning_is_promised(caller, now):
    night = _again(caller, hours=11)
    asked = ask_for_person(night)
    assert not asked.staff_are_there
    assert asked.by == (now + timedelta(days=1)).replace(hour=9, minute=0)


def test_a_running_promise_is_not_made_twice(caller):
    first = ask_for_person(caller)
    again = ask_for_person(_again(caller, hours=1), "not_understood")
    assert (again.by, again.already) == (first.by, True)
    assert len(_all(caller, promise)) == 1
    assert [task.kind for task in _all(caller, alert)] == ["human_asked", "not_understood"]


def test_once_answered_or_overdue_a_new_promise_is_made(caller):
    ask_for_person(caller)
    keep_promises(caller.connection, caller.talk.id, "human_answer", caller.now)
    assert not ask_for_person(_again(caller, hours=1)).already
    assert not ask_for_person(_again(caller, days=2)).already


def test_a_wish_to_be_forgotten_is_a_promise_and_a_task(caller):
    by = ask_erasure(caller)
    (task,) = _all(caller, alert)
    assert (task.kind, task.category, task.answer_by) == ("task", "erasure", by)
    assert _all(caller, promise)[0].due_at == by


def test_stop_is_a_task(caller):
    stop_writing(caller)
    assert _talk(caller).opted_out_at == caller.now
    assert [(task.kind, task.severity) for task in _all(caller, alert)] == [("stopped", "normal")]


def _with_a_low_score(caller):
    keep_answer(caller, None, "week", 2)


def _with_an_open_red_flag(caller):
    open_alert(
        caller.connection,
        kind="red_flag",
        category="fear",
        severity="high",
        talk=caller.talk,
        now=caller.now,
    )


@pytest.mark.parametrize("worry", [_with_a_low_score, _with_an_open_red_flag])
def test_stop_is_urgent_where_there_was_something_to_worry_about(caller, worry):
    worry(caller)
    stop_writing(caller)
    assert _all(caller, alert)[-1].severity == "high"


def test_a_wrong_person_is_forgotten_and_staff_know_who_was_meant(caller):
    leave_wrong_person(caller)
    talk = _talk(caller)
    assert (talk.person_id, talk.enrolment) == (None, "none")
    assert talk.opted_out_at is not None
    (task,) = _all(caller, alert)
    assert (task.kind, task.person_id) == ("wrong_person", caller.person.id)


def test_a_language_is_kept_with_the_conversation(caller):
    choose_language(caller, "dyu")
    assert _talk(caller).language == caller.language == "dyu"


def test_without_a_conversation_nothing_is_recorded(connection, caller):
    nobody = Caller(connection, caller.now, talk=None, person=None)
    assert not ask_for_person(nobody).already
    stop_writing(nobody)
    leave_wrong_person(nobody)
    ask_erasure(nobody)
    assert _all(caller, alert) == _all(caller, promise) == []
