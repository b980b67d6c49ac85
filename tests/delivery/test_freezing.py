"""What a danger in the family keeps from leaving (safeguarding 14)."""

import pytest
from sqlalchemy import select

from bot.db.tables import person
from bot.delivery.queue import Priority, enqueue, release_held
from bot.followup import freezing
from bot.followup.staff import find_by_email
from bot.i18n.wording import Said
from tests.made_up_caseload import make_link

DANGER = "mon oncle me frappe tous les jours"


@pytest.fixture(autouse=True)
def family(desk, boy, mother):
    """The mother of the boy is told of his training."""
    with desk.database.write() as connection:
        child, caregiver = _people(connection)
        make_link(connection, caregiver, child, "sees_training")


def _people(connection):
    query = select(person).order_by(person.c.case_number)
    return connection.execute(query).all()


def _queue(desk, address, text, priority):
    talk = _talk(desk, address)
    with desk.database.write() as connection:
        enqueue(connection, talk, Said(text), desk.now, priority=priority)


def _state(desk, text):
    return next(reply.state for reply in desk.replies if reply.text == text)


async def test_what_we_start_is_held_for_the_child_and_the_mother(desk, boy, mother):
    await desk.say(boy, DANGER)
    for address in (boy, mother):
        _queue(desk, address, f"Des nouvelles ? {address}", Priority.STARTED_BY_US)
    before = len(desk.phone.accepted)
    await desk.sender.send_due()
    assert len(desk.phone.accepted) == before
    assert {_state(desk, f"Des nouvelles ? {address}") for address in (boy, mother)} == {"held"}


async def test_what_waited_for_the_mother_is_held_even_when_she_writes(desk, boy, mother):
    _queue(desk, mother, "Il commence lundi.", Priority.REPLY)
    desk.later(seconds=5)
    desk.take_in(desk.message(boy, DANGER))
    await desk.sender.send_due()
    assert await desk.say(mother, "bonjour") == ["1: bonjour"]
    assert _state(desk, "Il commence lundi.") == "held"
    assert await desk.say(mother, "allo") == ["2: allo"]
    assert _state(desk, "Il commence lundi.") == "held"


async def test_released_with_a_reason_it_leaves(desk, boy, mother):
    _queue(desk, mother, "Il commence lundi.", Priority.REPLY)
    desk.later(seconds=5)
    desk.take_in(desk.message(boy, DANGER))
    await desk.say(mother, "bonjour")
    with desk.database.write() as connection:
        child, caregiver = _people(connection)
        awa = find_by_email(connection, "awa900@exemple.test")
        freezing.release(connection, awa, child.id, [caregiver.id], "vu avec elle", desk.now)
        release_held(connection, _talk(desk, mother).id, desk.now)
    await desk.sender.send_due()
    assert _state(desk, "Il commence lundi.") == "sent"


async def test_a_cry_for_help_of_hers_is_answered_all_the_same(desk, boy, mother):
    desk.take_in(desk.message(mother, "mon mari me frappe tous les jours"))
    desk.later(seconds=5)
    desk.take_in(desk.message(boy, DANGER))
    await desk.sender.send_due()
    told = [text for address, text in desk.phone.accepted_texts if address == mother]
    assert len(told) == 1
    assert told[0].startswith("Merci de votre message.")


def _talk(desk, address):
    return next(talk for talk in desk.talks if talk.address == address)
