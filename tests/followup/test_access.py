"""Who may read which conversation."""

import pytest

from bot.followup.access import (
    ROLES,
    NotAllowed,
    may_read_conversation,
    readable_conversation,
    rights_of,
)
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


def test_a_conversation_of_others_and_one_that_is_not_there_look_alike(connection):
    here, there = make_structure(connection), make_structure(connection, "Centre Autre")
    member = make_member(connection, here)
    foreign = make_conversation(connection, make_person(connection, there))
    for conversation_id in (foreign.id, foreign.id + 1000):
        with pytest.raises(NotAllowed):
            readable_conversation(connection, member, conversation_id)
