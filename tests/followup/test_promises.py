"""Every promised date is a row that is kept or not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import promise
from bot.followup.promises import keep_promises, make_promise, open_promise
from tests.made_up import make_conversation


@pytest.fixture
def talk(connection):
    return make_conversation(connection)


def _promise(connection, talk, now, subject="human_answer", hours=1):
    return make_promise(
        connection,
        conversation_id=talk.id,
        person_id=None,
        subject=subject,
        due_at=now + timedelta(hours=hours),
        now=now,
    )


def _open_id(connection, talk, subject="human_answer"):
    row = open_promise(connection, talk.id, subject)
    return row.id if row else None


def test_a_promise_is_open_until_it_is_kept(connection, talk, now):
    made = _promise(connection, talk, now)
    assert _open_id(connection, talk) == made
    keep_promises(connection, talk.id, "human_answer", now)
    assert _open_id(connection, talk) is None
    assert connection.execute(select(promise.c.kept_at)).scalar_one() == now


def test_the_newest_of_several_counts(connection, talk, now):
    _promise(connection, talk, now)
    newest = _promise(connection, talk, now, hours=2)
    assert _open_id(connection, talk) == newest


def test_keeping_one_subject_leaves_others_and_other_people_open(connection, talk, now):
    other = make_conversation(connection)
    _promise(connection, talk, now)
    _promise(connection, talk, now, subject="training")
    _promise(connection, other, now)
    keep_promises(connection, talk.id, "human_answer", now)
    assert _open_id(connection, talk, "training")
    assert _open_id(connection, other)


def test_a_promise_once_kept_keeps_its_moment(connection, talk, now):
    _promise(connection, talk, now)
    keep_promises(connection, talk.id, "human_answer", now)
    keep_promises(connection, talk.id, "human_answer", now + timedelta(days=1))
    assert connection.execute(select(promise.c.kept_at)).scalar_one() == now
