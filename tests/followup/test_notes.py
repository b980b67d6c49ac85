"""Notes of staff on a case."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.followup.access import NotAllowed
from bot.followup.notes import add_note, notes_of
from tests.made_up import make_member, make_person

HOUR = timedelta(hours=1)


def test_the_newest_stands_first_with_who_wrote_it(connection, home, awa, now):
    someone, other = make_person(connection, home), make_person(connection, home)
    for hours, words in enumerate(("un", "deux", "trois")):
        add_note(connection, awa, someone.id, f" {words} ", now + hours * HOUR)
    add_note(connection, awa, other.id, "ailleurs", now)
    newest = notes_of(connection, someone.id, 2)
    assert [(note.text, note.staff_name) for note in newest] == [("trois", "Awa"), ("deux", "Awa")]
    (older,) = notes_of(connection, someone.id, 2, before=now + HOUR)
    assert older.text == "un"


def test_notes_are_sealed(connection, home, awa, now):
    add_note(connection, awa, make_person(connection, home).id, "parapluie", now)
    stored = connection.execute(text("SELECT text FROM case_note")).scalar_one()
    assert b"parapluie" not in bytes(stored)


def test_nobody_notes_in_a_colleagues_file_or_nothing(connection, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    hers = make_person(connection, home, worker_id=sita.id)
    with pytest.raises(NotAllowed):
        add_note(connection, awa, hers.id, "bonjour", now)
    with pytest.raises(ValueError, match="says something"):
        add_note(connection, sita, hers.id, "  ", now)
