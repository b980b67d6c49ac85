"""The language belongs to the person; the question about it is rows, and rare."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.db.tables import person
from bot.followup import conversations, languages
from bot.followup.conversations import get_conversation
from tests.made_up import make_conversation, make_person


@pytest.fixture
def boy(connection, home):
    return make_person(connection, home)


def _languages(connection):
    return connection.execute(select(person.c.language).order_by(person.c.id)).scalars().all()


def test_a_choice_is_the_persons_once_the_name_is_confirmed(connection, boy):
    talk = make_conversation(connection, boy)
    languages.choose_language(connection, talk, "dyu")
    assert get_conversation(connection, talk.id).language == "dyu"
    assert _languages(connection) == ["dyu"]


def test_before_that_it_stays_with_the_conversation(connection, boy):
    talk = make_conversation(connection, boy)
    conversations.change(connection, talk.id, enrolment="name_asked")
    talk = get_conversation(connection, talk.id)
    languages.choose_language(connection, talk, "dyu")
    assert get_conversation(connection, talk.id).language == "dyu"
    assert _languages(connection) == ["fr"]


def test_an_offer_of_one_person_does_not_silence_that_of_another_on_the_phone(
    connection, home, boy, now
):
    mother = make_person(connection, home, case_number="2", kind="caregiver")
    talk = make_conversation(connection, boy)
    languages.note_offer(connection, talk, "en", now)
    languages.answer_offer(connection, talk, "no")
    later = now + timedelta(days=2)
    assert not languages.may_offer(connection, talk, "en", later)
    assert languages.may_offer(connection, talk, "dyu", later)
    conversations.change(connection, talk.id, person_id=mother.id)
    assert languages.may_offer(connection, get_conversation(connection, talk.id), "en", later)


def test_without_a_question_there_is_nothing_to_answer(connection, boy):
    talk = make_conversation(connection, boy)
    assert languages.answer_offer(connection, talk, "yes") is None
