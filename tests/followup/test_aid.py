"""Help is asked for once and decided by staff."""

import pytest
from sqlalchemy import select, update

from bot.db.tables import aid_request, alert, promise
from bot.followup import aid
from bot.followup.aid import open_kinds, requests_of
from bot.followup.caller import identify
from tests.made_up import make_conversation, make_person, make_structure
from tests.made_up_caseload import make_aid_kind


@pytest.fixture
def caller(connection, now):
    someone = make_person(connection, make_structure(connection))
    return identify(connection, make_conversation(connection, someone), now)


def request_aid(caller, aid_kind_id):
    return aid.request_aid(caller, aid_kind_id)


def test_what_is_closed_is_not_shown_and_not_given(connection, caller):
    closed = make_aid_kind(connection, name="Vélo", open=False)
    kit = make_aid_kind(connection)
    assert [kind.id for kind in open_kinds(connection)] == [kit.id]
    assert request_aid(caller, closed.id) is None


def test_a_request_has_a_promise_and_a_task(connection, caller):
    asked = request_aid(caller, make_aid_kind(connection).id)
    assert connection.execute(select(promise)).one().due_at == asked.by
    task = connection.execute(select(alert)).one()
    assert (task.kind, task.category) == ("task", "aid")
    (kept,) = requests_of(connection, caller.person.id)
    assert (kept.state, kept.name) == ("requested", "Kit de couture")


def test_what_is_being_decided_is_not_asked_for_again(connection, caller):
    kit = make_aid_kind(connection)
    request_aid(caller, kit.id)
    assert request_aid(caller, kit.id).by is None
    connection.execute(update(aid_request).values(state="refused"))
    assert request_aid(caller, kit.id).by is not None


def test_requests_are_ones_own(connection, caller, now):
    request_aid(caller, make_aid_kind(connection).id)
    other = make_person(connection, caller.structure)
    assert requests_of(connection, other.id) == []


def test_a_stranger_asks_a_person(connection, caller, now):
    kit = make_aid_kind(connection)
    stranger = identify(connection, make_conversation(connection), now)
    with pytest.raises(ValueError, match="known person"):
        request_aid(stranger, kit.id)
