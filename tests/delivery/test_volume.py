"""How much was written on a day, and nothing of what."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.db.tables import inbox, outbox
from bot.delivery import volume
from bot.delivery.volume import messages_by_day
from tests.made_up import make_conversation, make_member, make_person, make_structure

ZONE = "Africa/Abidjan"
DAY = timedelta(days=1)


@pytest.fixture
def connection(database):
    """Give one writing transaction on an empty database."""
    with database.write() as connection:
        yield connection


@pytest.fixture
def home(connection):
    return make_structure(connection)


@pytest.fixture
def awa(connection, home):
    return make_member(connection, home)


@pytest.fixture
def talk(connection, home):
    return make_conversation(connection, make_person(connection, home))


def _write(connection, talk, at, *, restricted=False):
    connection.execute(
        insert(inbox).values(
            channel=talk.channel,
            provider_id=f"{talk.id}-{at.isoformat()}-{restricted}",
            conversation_id=talk.id,
            kind="text",
            text="secret",
            answered_at_intake=True,
            restricted=restricted,
            sent_at=at,
            received_at=at,
            attempts=0,
        )
    )


def _answer(connection, talk, at, **values):
    row = {
        "conversation_id": talk.id,
        "author": "bot",
        "kind": "text",
        "text": "réponse",
        "priority": 2,
        "state": "sent",
        "restricted": False,
        "attempts": 1,
        "due_at": at,
        "created_at": at,
        **values,
    }
    connection.execute(insert(outbox).values(**row))


def _days(connection, member, talk, limit=50, zone=ZONE, **how):
    found = messages_by_day(connection, member, talk.person_id, zone, limit, **how)
    return [(day.on.day, day.came, day.went) for day in found]


def test_days_are_counted_newest_first(connection, awa, talk, now):
    for days in (0, 0.1, 2):
        _write(connection, talk, now - days * DAY)
    _answer(connection, talk, now)
    _answer(connection, talk, now - DAY)
    assert _days(connection, awa, talk) == [(25, 2, 1), (24, 0, 1), (23, 1, 0)]
    assert _days(connection, awa, talk, limit=1) == [(25, 2, 1)]
    assert _days(connection, awa, talk, before=now - DAY) == [(23, 1, 0)]


def test_a_day_is_the_structures(connection, awa, talk, now):
    _write(connection, talk, now.replace(hour=22))
    assert _days(connection, awa, talk, zone="Africa/Nairobi") == [(26, 1, 0)]


def test_what_never_left_and_notices_are_no_messages(connection, awa, talk, now):
    _answer(connection, talk, now, state="cancelled")
    _answer(connection, talk, now, kind="notice")
    assert _days(connection, awa, talk) == []


def test_what_is_said_about_staff_is_counted_for_the_focal_point_alone(
    connection, home, awa, talk, now
):
    _write(connection, talk, now, restricted=True)
    _answer(connection, talk, now, restricted=True)
    assert _days(connection, awa, talk) == []
    fanta = make_member(connection, home, "focal_point", "Fanta")
    assert _days(connection, fanta, talk) == [(25, 1, 1)]


def test_who_only_says_to_be_somebody_is_not_counted(connection, home, awa, now):
    someone = make_person(connection, home)
    talk = make_conversation(connection, someone, enrolment="to_confirm")
    _write(connection, talk, now)
    assert _days(connection, awa, talk) == []


@pytest.mark.parametrize("first", [1, 2, 3, 5, 8])
def test_of_very_many_messages_every_day_is_counted_whole(
    connection, awa, talk, now, monkeypatch, first
):
    monkeypatch.setattr(volume, "_LOOKED_AT_FIRST", first)
    for hours in (0, 1, 24, 25, 26, 50, 51):
        _write(connection, talk, now - timedelta(hours=hours))
    _answer(connection, talk, now - timedelta(hours=26))
    days = [(25, 2, 0), (24, 3, 1), (23, 2, 0)]
    for limit in (1, 2, 3):
        assert _days(connection, awa, talk, limit=limit) == days[:limit]
