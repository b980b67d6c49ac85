"""Links between caregivers and beneficiaries, and what each lets be known."""

import pytest

from bot.followup.access import NotAllowed
from bot.followup.family import NotACouple, links_of, readable_by_case, set_link, wards_of
from tests.made_up import make_member, make_person, make_structure


@pytest.fixture
def child(connection, home):
    return make_person(connection, home)


@pytest.fixture
def mother(connection, home):
    return make_person(connection, home, kind="caregiver", first_name="Mariam")


def test_a_link_gives_what_is_ticked_and_nothing_else(connection, awa, child, mother, now):
    set_link(connection, awa, child, mother, "mother", ["sees_payments"], now)
    assert [ward.id for ward in wards_of(connection, mother.id, "sees_payments")] == [child.id]
    assert wards_of(connection, mother.id, "sees_places") == []
    (link,) = links_of(connection, child)
    assert (link.other_id, link.first_name, link.relation) == (mother.id, "Mariam", "mother")
    (link,) = links_of(connection, mother)
    assert link.other_id == child.id


def test_said_again_it_changes_the_link_from_either_side(connection, awa, child, mother, now):
    set_link(connection, awa, child, mother, "mother", ["sees_payments"], now)
    set_link(connection, awa, mother, child, "guardian", ["sees_places"], now)
    (link,) = links_of(connection, child)
    assert (link.relation, link.sees_payments, link.sees_places) == ("guardian", False, True)


def test_two_of_a_kind_are_no_couple(connection, home, awa, child, now):
    with pytest.raises(NotACouple):
        set_link(connection, awa, child, make_person(connection, home), "sibling", [], now)
    with pytest.raises(NotACouple):
        set_link(connection, awa, child, child, "sibling", [], now)


def test_both_files_must_be_the_members(connection, home, awa, child, now):
    sita = make_member(connection, home, shown_name="Sita")
    hers = make_person(connection, home, kind="caregiver", worker_id=sita.id)
    with pytest.raises(NotAllowed):
        set_link(connection, awa, child, hers, "mother", [], now)
    assert links_of(connection, child) == []


@pytest.mark.parametrize(("relation", "rights"), [("friend", []), ("mother", ["sees_all"])])
def test_no_other_words_are_taken(connection, awa, child, mother, now, relation, rights):
    with pytest.raises(ValueError, match="relation or right"):
        set_link(connection, awa, child, mother, relation, rights, now)


def test_a_case_number_finds_readable_files_only(connection, awa, child):
    assert readable_by_case(connection, awa, f" {child.case_number} ").id == child.id
    there = make_person(connection, make_structure(connection, "Centre Autre"))
    for number in (there.case_number, "none"):
        with pytest.raises(NotAllowed):
            readable_by_case(connection, awa, number)
