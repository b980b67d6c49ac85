"""Programmes are offered near, by trade and age; a place is asked for, never given here."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.db.tables import alert, promise, training_enrolment
from bot.followup import training
from bot.followup.caller import identify
from bot.followup.training import (
    enrolments,
    find_offers,
    is_attending,
    trainees_of,
)
from tests.made_up import make_conversation, make_person, make_structure
from tests.made_up_caseload import make_enrolment, make_link, make_programme


@pytest.fixture
def caller(connection, home, now):
    return identify(connection, make_conversation(connection, make_person(connection, home)), now)


def request_place(caller, programme_id):
    return training.request_place(caller, programme_id)


def _titles(offers):
    return [offer.title for offer in offers.fitting]


def test_a_trade_narrows_the_choice_and_an_unknown_one_does_not(connection, home, caller):
    make_programme(connection, home)
    make_programme(connection, home, trade="mécanique", title="Mécanique moto")
    assert _titles(find_offers(caller, "je veux apprendre la coutur")) == ["Couture"]
    assert len(find_offers(caller, "je veux un métier").fitting) == 2


def test_those_that_start_on_a_day_come_before_those_without_one(connection, home, caller):
    make_programme(connection, home, title="Sans date", starts_on=None)
    make_programme(connection, home, title="Février", starts_on=date(2027, 2, 1))
    make_programme(connection, home, title="Janvier", starts_on=date(2027, 1, 4))
    assert _titles(find_offers(caller, "")) == ["Janvier", "Février", "Sans date"]


def test_one_town_at_a_time_and_a_named_town_first(connection, home, caller):
    make_programme(connection, home)
    make_programme(connection, home, title="Ailleurs", town="Soubré")
    near = find_offers(caller, "couture")
    assert (_titles(near), near.elsewhere) == (["Couture"], True)
    assert _titles(find_offers(caller, "couture", not_in_town="San Pedro")) == ["Ailleurs"]
    assert _titles(find_offers(caller, "couture à soubre")) == ["Ailleurs"]


def test_ones_own_structure_comes_before_others_of_the_country(connection, home, caller):
    other = make_structure(connection, "Autre centre")
    make_programme(connection, other, title="Chez eux", starts_on=date(2026, 12, 1))
    make_programme(connection, home, title="Chez nous")
    make_programme(connection, make_structure(connection, "Accra", country="GH"), title="Ghana")
    assert _titles(find_offers(caller, "")) == ["Chez nous", "Chez eux"]


def test_full_and_closed_programmes_are_not_offered(connection, home, caller):
    make_programme(connection, home, places_left=0)
    make_programme(connection, home, open=False)
    assert find_offers(caller, "couture").fitting == []


def test_who_is_too_young_is_told_from_which_age(connection, home, caller):
    make_programme(connection, home, minimum_age=18)
    make_programme(connection, home, minimum_age=16)
    offers = find_offers(caller, "couture")
    assert (offers.fitting, offers.too_young_for) == ([], 16)


def test_asking_for_a_place_is_a_request_with_a_promise_and_a_task(connection, home, caller):
    course = make_programme(connection, home)
    asked = request_place(caller, course.id)
    assert not asked.already
    kept = connection.execute(select(training_enrolment)).one()
    assert (kept.person_id, kept.programme_id, kept.state) == (
        caller.person.id,
        course.id,
        "requested",
    )
    assert connection.execute(select(promise)).one().due_at == asked.by > caller.now
    task = connection.execute(select(alert)).one()
    assert (task.kind, task.category) == ("task", "training")


def test_asking_twice_makes_no_second_request(connection, home, caller):
    course = make_programme(connection, home)
    first = request_place(caller, course.id)
    again = request_place(caller, course.id)
    assert (again.already, again.by) == (True, first.by)
    assert len(connection.execute(select(training_enrolment)).all()) == 1


@pytest.mark.parametrize("closed", [{"places_left": 0}, {"open": False}, {"minimum_age": 18}])
def test_an_old_button_opens_no_place(connection, home, caller, closed):
    course = make_programme(connection, home, **closed)
    assert request_place(caller, course.id) is None
    assert connection.execute(select(training_enrolment)).all() == []


def test_a_stranger_and_a_caregiver_do_not_ask_for_places(connection, home, now):
    course = make_programme(connection, home)
    caregiver = make_person(connection, home, kind="caregiver")
    for someone in (None, caregiver):
        talk = make_conversation(connection, someone)
        with pytest.raises(ValueError, match="beneficiary"):
            request_place(identify(connection, talk, now), course.id)


def test_the_newest_enrolment_comes_first(connection, home, caller, now):
    course = make_programme(connection, home)
    make_enrolment(connection, caller.person, course, now, state="refused")
    assert not is_attending(connection, caller.person.id)
    make_enrolment(connection, caller.person, course, now)
    states = [row.state for row in enrolments(connection, caller.person.id)]
    assert states == ["following", "refused"]
    assert is_attending(connection, caller.person.id)


def test_a_caregiver_knows_of_the_children_where_a_worker_ticked_it(connection, home):
    mother = make_person(connection, home, kind="caregiver")
    seen, unseen = make_person(connection, home), make_person(connection, home)
    make_link(connection, mother, seen, "sees_training")
    make_link(connection, mother, unseen, "sees_payments", "sees_places")
    assert [child.id for child in trainees_of(connection, mother)] == [seen.id]
