"""Who may read which conversation."""

import pytest

from bot.followup import cases, closing
from bot.followup.access import (
    ROLES,
    NotAllowed,
    may_read_conversation,
    readable_conversation,
    rights_of,
)
from bot.followup.alerts import get_alert
from bot.followup.sharing import share_case, unshare_case
from tests.made_up import make_conversation, make_member, make_person, make_structure

READERS = {"social_worker", "on_call", "supervisor", "focal_point"}


@pytest.mark.parametrize("role", ROLES)
def test_case_staff_read_their_structure_and_strangers_others_read_nothing(connection, role):
    here, there = make_structure(connection), make_structure(connection, "Centre Autre")
    member = make_member(connection, here, role)
    own = make_conversation(connection, make_person(connection, here))
    foreign = make_conversation(connection, make_person(connection, there))
    stranger = make_conversation(connection)
    reads = role in READERS
    assert may_read_conversation(connection, member, own) is reads
    assert may_read_conversation(connection, member, stranger) is reads
    assert may_read_conversation(connection, member, foreign) is False
    assert rights_of(member).restricted is (role == "focal_point")


@pytest.mark.parametrize("role", sorted(READERS))
def test_a_case_of_a_colleagues_is_read_by_who_oversees_it_or_shares_it(connection, role, now):
    home = make_structure(connection)
    awa = make_member(connection, home)
    member = make_member(connection, home, role, "Sita")
    someone = make_person(connection, home, worker_id=awa.id)
    talk = make_conversation(connection, someone)
    assert may_read_conversation(connection, awa, talk)
    assert may_read_conversation(connection, member, talk) is (role != "social_worker")
    share_case(connection, awa, someone.id, member.id, now)
    assert may_read_conversation(connection, member, talk)
    unshare_case(connection, awa, someone.id, member.id, now)
    assert may_read_conversation(connection, member, talk) is (role != "social_worker")


def test_who_was_given_an_alert_reads_the_conversation_until_it_is_closed(connection, now):
    home = make_structure(connection)
    awa, sita = make_member(connection, home), make_member(connection, home, shown_name="Sita")
    talk = make_conversation(connection, make_person(connection, home, worker_id=awa.id))
    made = cases.open_alert(connection, kind="task", severity="normal", talk=talk, now=now)
    with pytest.raises(NotAllowed):
        get_alert(connection, sita, made)
    cases.assign(connection, awa, made, sita.id, now)
    assert get_alert(connection, sita, made).assigned_name == "Sita"
    assert may_read_conversation(connection, sita, talk)
    closing.resolve(connection, sita, made, "called", now)
    assert not may_read_conversation(connection, sita, talk)


def test_who_answers_reads_the_conversation(connection):
    home = make_structure(connection)
    awa, sita = make_member(connection, home), make_member(connection, home, shown_name="Sita")
    someone = make_person(connection, home, worker_id=awa.id)
    assert may_read_conversation(
        connection, sita, make_conversation(connection, someone, owner_id=sita.id)
    )


def test_a_conversation_of_others_and_one_that_is_not_there_look_alike(connection):
    here, there = make_structure(connection), make_structure(connection, "Centre Autre")
    member = make_member(connection, here)
    foreign = make_conversation(connection, make_person(connection, there))
    for conversation_id in (foreign.id, foreign.id + 1000):
        with pytest.raises(NotAllowed):
            readable_conversation(connection, member, conversation_id)
