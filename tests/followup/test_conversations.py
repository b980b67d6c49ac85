"""Who has a conversation, and whom it belongs to."""

import pytest

from bot.db.engine import Database
from bot.followup import conversations
from bot.followup.access import NotAllowed
from tests.conftest import KEYS
from tests.made_up import make_conversation, make_member, make_person, make_structure


@pytest.fixture
def talk(connection, home):
    return make_conversation(connection, make_person(connection, home))


def _owner(connection, talk):
    return conversations.get_conversation(connection, talk.id).owner_id


def test_an_address_has_one_conversation_on_each_channel(connection, now):
    first = conversations.find_or_open(connection, "telegram", "41", now)
    assert conversations.find_or_open(connection, "telegram", "41", now).id == first.id
    assert conversations.find_or_open(connection, "whatsapp", "41", now).id != first.id
    assert (first.consent, first.enrolment, first.owner_id) == ("unknown", "none", None)


def test_two_workers_never_have_it_at_once(connection, home, talk):
    awa, sita = make_member(connection, home), make_member(connection, home, shown_name="Sita")
    assert conversations.take_over(connection, awa, talk.id) is True
    assert conversations.take_over(connection, awa, talk.id) is False
    with pytest.raises(NotAllowed, match="colleague"):
        conversations.take_over(connection, sita, talk.id)
    with pytest.raises(NotAllowed):
        conversations.hand_back(connection, sita, talk.id)
    assert _owner(connection, talk) == awa.id
    conversations.hand_back(connection, awa, talk.id)
    assert _owner(connection, talk) is None
    conversations.take_over(connection, sita, talk.id)
    assert _owner(connection, talk) == sita.id


@pytest.mark.parametrize("role", ["administrator", "partner", "observer"])
def test_who_may_not_read_a_conversation_cannot_take_it(connection, home, talk, role):
    with pytest.raises(NotAllowed):
        conversations.take_over(connection, make_member(connection, home, role), talk.id)
    assert _owner(connection, talk) is None


def test_another_structure_cannot_take_it(connection, talk):
    other = make_member(connection, make_structure(connection, "Centre Autre"))
    with pytest.raises(NotAllowed):
        conversations.take_over(connection, other, talk.id)


def test_a_person_is_known_only_once_the_name_was_confirmed(connection, home):
    someone = make_person(connection, home)
    unsure = make_conversation(connection, someone, enrolment="to_confirm")
    assert conversations.known_person(connection, unsure) is None
    conversations.change(connection, unsure.id, enrolment="confirmed")
    sure = conversations.get_conversation(connection, unsure.id)
    assert conversations.known_person(connection, sure) == someone


def test_unknown_people_are_addressed_as_vous(connection, home):
    assert conversations.address_form(None) == "vous"
    assert conversations.address_form(make_person(connection, home, address_form="tu")) == "tu"


def test_opting_out_and_in_again(connection, talk, now):
    conversations.opt_out(connection, talk.id, now)
    assert conversations.get_conversation(connection, talk.id).opted_out_at == now
    conversations.opt_in(connection, talk.id)
    assert conversations.get_conversation(connection, talk.id).opted_out_at is None


def test_while_keys_are_changed_an_address_keeps_its_conversation(database, now):
    with database.write() as connection:
        first = conversations.find_or_open(connection, "telegram", "41", now)
    later = Database(str(database.url), ("a-newer-made-up-key-0123456789-0123456789", *KEYS))
    with later.write() as connection:
        assert conversations.find_or_open(connection, "telegram", "41", now).id == first.id
        second = conversations.find_or_open(connection, "telegram", "42", now)
        assert conversations.find_or_open(connection, "telegram", "42", now).id == second.id
        assert second.id != first.id
    later.close()
