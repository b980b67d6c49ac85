"""Who somebody is, and whether a written name fits."""

import pytest
from sqlalchemy import insert

from bot.db.tables import care_link
from bot.followup import people
from bot.followup.family import wards_of
from tests.made_up import make_member, make_person, make_structure


@pytest.mark.parametrize(
    ("kind", "birth_year", "child"),
    [
        ("beneficiary", None, True),
        ("caregiver", None, False),
        ("beneficiary", 2009, True),
        ("beneficiary", 2008, True),  # turns 18 this year: may still be 17
        ("beneficiary", 2007, False),
        ("caregiver", 2010, True),
    ],
)
def test_whoever_may_be_under_18_is_a_child(connection, home, now, kind, birth_year, child):
    someone = make_person(connection, home, kind=kind, birth_year=birth_year)
    assert people.is_child(someone, now) is child


def test_a_case_is_found_by_its_number_or_the_mistake_is_named(connection, home):
    someone = make_person(connection, home, case_number="0317")
    assert people.find_by_case(connection, " 0317 ").id == someone.id
    assert people.find_person(connection, someone.id).case_number == "0317"
    with pytest.raises(people.NoSuchCase, match="0318"):
        people.find_by_case(connection, "0318")
    with pytest.raises(people.NoSuchCase):
        people.find_person(connection, someone.id + 1)


def test_a_caregiver_knows_only_what_the_link_grants(connection, home):
    mother = make_person(connection, home, kind="caregiver")
    first, second = make_person(connection, home), make_person(connection, home)
    for child, payments in ((first, True), (second, False)):
        connection.execute(
            insert(care_link).values(
                caregiver_id=mother.id,
                beneficiary_id=child.id,
                relation="mother",
                sees_payments=payments,
                sees_training=True,
                sees_places=False,
            )
        )

    def wards(right):
        return [ward.id for ward in wards_of(connection, mother.id, right)]

    assert wards("sees_payments") == [first.id]
    assert wards("sees_training") == [first.id, second.id]
    assert wards("sees_places") == []


def test_a_person_is_followed_by_their_structure_a_stranger_by_the_first(connection, home):
    elsewhere = make_structure(connection, "Centre Autre")
    someone = make_person(connection, elsewhere)
    assert people.structure_of(connection, someone).id == elsewhere.id
    assert people.structure_of(connection, None).id == home.id


def test_without_any_structure_the_mistake_is_named(connection):
    with pytest.raises(LookupError, match="no structure"):
        people.structure_of(connection, None)


def test_the_worker_is_known_by_the_name_they_chose_to_show(connection, home):
    awa = make_member(connection, home)
    assert people.worker_name(connection, make_person(connection, home, worker_id=awa.id)) == "Awa"
    assert people.worker_name(connection, make_person(connection, home)) is None
    assert people.worker_name(connection, None) is None


@pytest.mark.parametrize(
    ("written", "fits"),
    [
        ("Aminata", True),
        ("aminata", True),
        ("AMINATA KONÉ", True),
        ("moi c'est Aminàta", True),
        ("amnata", True),
        ("amminata", True),
        ("aminato", True),
        ("amnato", False),
        ("Ami", False),
        ("kouadio", False),
        ("", False),
        ("123", False),
    ],
)
def test_a_name_fits_with_case_accents_and_one_typo_aside(connection, home, written, fits):
    someone = make_person(connection, home, first_name="Aminata")
    assert people.name_fits(someone, written) is fits


@pytest.mark.parametrize(("written", "fits"), [("Ali", True), ("Aly", False), ("Al", False)])
def test_in_a_short_name_a_typo_is_another_name(connection, home, written, fits):
    assert people.name_fits(make_person(connection, home, first_name="Ali"), written) is fits
