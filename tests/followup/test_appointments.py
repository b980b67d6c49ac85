"""When and where somebody is to be is told to that person, and else only where ticked."""

from datetime import timedelta

from bot.followup import appointments
from tests.made_up import make_person
from tests.made_up_caseload import make_appointment, make_link


def next_appointment(connection, someone, now):
    return appointments.next_appointment(connection, someone, now)


def test_the_next_one_that_is_planned(connection, home, now):
    someone = make_person(connection, home)
    make_appointment(connection, someone, now - timedelta(hours=1))
    make_appointment(connection, someone, now + timedelta(days=1), state="moved")
    make_appointment(connection, someone, now + timedelta(days=9))
    coming = make_appointment(connection, someone, now + timedelta(days=2))
    assert next_appointment(connection, someone, now).id == coming.id


def test_a_caregiver_is_told_a_childs_only_where_places_are_ticked(connection, home, now):
    mother = make_person(connection, home, kind="caregiver")
    child = make_person(connection, home)
    coming = make_appointment(connection, child, now + timedelta(days=1))
    make_link(connection, mother, child, "sees_payments", "sees_training")
    assert next_appointment(connection, mother, now) is None
    other = make_person(connection, home, kind="caregiver")
    make_link(connection, other, child, "sees_places")
    assert next_appointment(connection, other, now).id == coming.id


def test_nobody_is_told_a_strangers(connection, home, now):
    make_appointment(connection, make_person(connection, home), now + timedelta(days=1))
    assert next_appointment(connection, make_person(connection, home), now) is None
