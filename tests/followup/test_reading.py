"""What was read, and what is new since."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import read_mark
from bot.followup.reading import mark_read
from tests.made_up import make_member, make_structure


@pytest.fixture
def awa(connection):
    return make_member(connection, make_structure(connection))


def test_a_reading_is_renewed_only_after_something_happened(connection, awa, now):
    def read_at():
        return connection.execute(select(read_mark.c.read_at)).scalar_one()

    mark_read(connection, awa, "alert", 7, now, changed_at=now)
    later = now + timedelta(minutes=5)
    mark_read(connection, awa, "alert", 7, later, changed_at=now)
    assert read_at() == now
    mark_read(connection, awa, "alert", 7, later, changed_at=now + timedelta(minutes=1))
    assert read_at() == later
    mark_read(connection, awa, "alert", 7, later + timedelta(minutes=1))
    assert read_at() == later + timedelta(minutes=1)


def test_each_member_and_each_thing_has_a_mark_of_its_own(connection, awa, now):
    home = make_structure(connection, "Centre Autre")
    for member in (awa, make_member(connection, home, shown_name="Sita")):
        for kind in ("alert", "conversation"):
            mark_read(connection, member, kind, 7, now)
    assert len(connection.execute(select(read_mark)).all()) == 4


def test_an_alert_and_a_conversation_of_the_same_number_are_read_apart(connection, awa, now):
    mark_read(connection, awa, "alert", 7, now)
    mark_read(connection, awa, "conversation", 7, now + timedelta(minutes=1))
    query = select(read_mark.c.object_type, read_mark.c.read_at).order_by(read_mark.c.read_at)
    assert connection.execute(query).all() == [
        ("alert", now),
        ("conversation", now + timedelta(minutes=1)),
    ]
