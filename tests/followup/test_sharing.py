"""Sharing a case with a colleague."""

import pytest
from sqlalchemy import select

from bot.db.tables import audit
from bot.followup import cases, conversations
from bot.followup.access import NotAllowed
from bot.followup.sharing import hand_over, share_case, shared_with, unshare_case
from tests.made_up import make_conversation, make_member, make_person, make_structure


@pytest.fixture
def someone(connection, home, awa):
    return make_person(connection, home, worker_id=awa.id)


def test_a_case_is_shared_once_and_no_longer(connection, home, awa, someone, now):
    sita = make_member(connection, home, shown_name="Sita")
    for _ in range(2):
        share_case(connection, awa, someone.id, sita.id, now)
    assert [member.shown_name for member in shared_with(connection, someone.id)] == ["Sita"]
    unshare_case(connection, awa, someone.id, sita.id, now)
    assert shared_with(connection, someone.id) == []
    actions = connection.execute(select(audit.c.action).order_by(audit.c.id)).scalars().all()
    assert actions == ["person.share", "person.share", "person.unshare"]


def test_nobody_shares_a_case_of_others_or_with_who_takes_none(connection, home, awa, someone, now):
    sita = make_member(connection, home, shown_name="Sita")
    observer = make_member(connection, home, "observer", "Ines")
    loin = make_member(connection, make_structure(connection, "Centre Autre"), shown_name="Loin")
    for member, colleague in ((sita, sita), (observer, sita), (awa, observer), (awa, loin)):
        with pytest.raises(NotAllowed):
            share_case(connection, member, someone.id, colleague.id, now)
    with pytest.raises(NotAllowed):
        unshare_case(connection, sita, someone.id, awa.id, now)


def test_a_conversation_goes_from_hand_to_hand(connection, home, awa, someone, now):
    sita = make_member(connection, home, shown_name="Sita")
    talk = make_conversation(connection, someone, owner_id=awa.id)
    assert hand_over(connection, awa, talk.id, sita.id, now).shown_name == "Sita"
    assert conversations.get_conversation(connection, talk.id).owner_id == sita.id
    with pytest.raises(NotAllowed):
        hand_over(connection, awa, talk.id, awa.id, now)
    with pytest.raises(NotAllowed):
        hand_over(connection, awa, talk.id, sita.id, now)


def test_where_a_complaint_is_open_only_a_focal_point_takes_over(
    connection, home, someone, awa, now
):
    fanta = make_member(connection, home, "focal_point", "Fanta")
    noel = make_member(connection, home, "focal_point", "Noel")
    talk = make_conversation(connection, someone, owner_id=fanta.id)
    cases.open_alert(
        connection, kind="staff_complaint", severity="high", talk=talk, now=now, restricted=True
    )
    with pytest.raises(NotAllowed):
        hand_over(connection, fanta, talk.id, awa.id, now)
    hand_over(connection, fanta, talk.id, noel.id, now)
