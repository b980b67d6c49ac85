"""News are kept answer by answer, and a low score brings staff."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import alert, checkin
from bot.followup.caller import identify
from bot.followup.checkins import keep_answer, last_score_is_low
from tests.made_up import make_conversation, make_person, make_structure


@pytest.fixture
def caller(connection, now):
    someone = make_person(connection, make_structure(connection))
    return identify(connection, make_conversation(connection, someone), now)


def _later(caller, **duration):
    return identify(caller.connection, caller.talk, caller.now + timedelta(**duration))


def _low_scores(caller):
    query = select(alert.c.severity).where(alert.c.kind == "low_score")
    return caller.connection.execute(query).scalars().all()


def test_answers_of_one_checkin_are_one_row(caller):
    first = keep_answer(caller, None, "week", 4)
    assert keep_answer(caller, first, "workshop", "some_days") == first
    kept = caller.connection.execute(select(checkin)).one()
    assert (kept.week, kept.sleep, kept.workshop, kept.at) == (4, None, "some_days", caller.now)


def test_what_is_good_calls_nobody(caller):
    keep_answer(caller, None, "week", 3)
    assert _low_scores(caller) == []


@pytest.mark.parametrize(("score", "severity"), [(2, "normal"), (1, "high")])
def test_a_low_score_opens_a_task(caller, score, severity):
    keep_answer(caller, None, "week", score)
    assert _low_scores(caller) == [severity]
    assert last_score_is_low(caller)


def test_a_steep_fall_is_high(caller):
    keep_answer(caller, None, "sleep", 4)
    keep_answer(_later(caller, days=7), None, "sleep", 2)
    assert _low_scores(caller) == ["high"]


def test_a_fall_is_measured_against_the_last_time_and_the_same_question(caller):
    first = keep_answer(caller, None, "sleep", 5)
    keep_answer(caller, first, "week", 3)
    keep_answer(_later(caller, days=7), None, "week", 2)
    assert _low_scores(caller) == ["normal"]


def test_a_score_that_rose_again_is_not_low(caller):
    keep_answer(caller, None, "week", 1)
    keep_answer(_later(caller, days=7), None, "week", 4)
    assert not last_score_is_low(caller)


def test_a_checkin_of_somebody_else_is_not_touched(caller):
    first = keep_answer(caller, None, "week", 4)
    other = make_person(caller.connection, caller.structure)
    stranger = identify(caller.connection, make_conversation(caller.connection, other), caller.now)
    with pytest.raises(LookupError):
        keep_answer(stranger, first, "week", 1)


def test_nothing_is_kept_of_a_stranger(caller):
    stranger = identify(caller.connection, make_conversation(caller.connection), caller.now)
    with pytest.raises(ValueError, match="known person"):
        keep_answer(stranger, None, "week", 4)
