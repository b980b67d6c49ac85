"""Which words may call for help, and how loosely one is read."""

import pytest
from sqlalchemy import text

from bot.followup.access import NotAllowed
from bot.followup.people import find_person
from bot.followup.safe_word import UnfitWord, is_safe_word, names_safe_word, set_safe_word
from tests.made_up import make_member, make_person
from tests.made_up_caseload import make_programme


def test_it_is_kept_sealed_and_taken_away(connection, home, awa, now):
    someone = make_person(connection, home)
    set_safe_word(connection, awa, someone.id, " tonton parapluie ", now)
    assert find_person(connection, someone.id).safe_word == "tonton parapluie"
    stored = connection.execute(text("SELECT safe_word FROM person")).scalar_one()
    assert b"parapluie" not in bytes(stored)
    set_safe_word(connection, awa, someone.id, "", now)
    assert find_person(connection, someone.id).safe_word is None


@pytest.mark.parametrize(
    "word",
    [
        "Bonjour",
        "OUI",
        "ami",
        "1234",
        "attiéké",
        "kouadio",
        "Inventé",
        "Couture",
        "x",
        "👍🏾",
        "?!",
    ],
)
def test_what_comes_up_every_day_is_none(connection, home, awa, now, word):
    make_programme(connection, home)
    someone = make_person(connection, home)
    with pytest.raises(UnfitWord):
        set_safe_word(connection, awa, someone.id, word, now)
    assert find_person(connection, someone.id).safe_word is None


@pytest.mark.parametrize("word", ["tonton parapluie", "Girafe", "☂️☂️"])
def test_it_is_one_persons_alone(connection, home, awa, now, word):
    first, second = make_person(connection, home), make_person(connection, home)
    set_safe_word(connection, awa, first.id, word, now)
    set_safe_word(connection, awa, first.id, word, now)
    with pytest.raises(UnfitWord):
        set_safe_word(connection, awa, second.id, f" {word.upper()}!", now)


def test_nobody_sets_one_in_a_colleagues_file(connection, home, awa, now):
    sita = make_member(connection, home, shown_name="Sita")
    hers = make_person(connection, home, worker_id=sita.id)
    with pytest.raises(NotAllowed):
        set_safe_word(connection, awa, hers.id, "parapluie", now)


@pytest.mark.parametrize(
    ("word", "written", "fires"),
    [
        ("Tonton Parapluie", "TONTON PARAPLUIE !!", True),
        ("tonton parapluie", "tonton paraplui", True),
        ("tonton parapluie", "tonton parapluie 😊", True),
        ("tonton parapluie", "tonton parapluie il pleut", False),
        ("tonton parapluie", "parapluie", False),
        ("léopard", "leopard", True),
        ("☂️", "☂", True),
        ("☂️", "☂☂", False),
        ("☂️", "il pleut ☂️", False),
        ("☂️", "", False),
    ],
)
def test_it_is_the_whole_message_one_typo_aside(word, written, fires):
    assert is_safe_word(word, written) is fires
    assert not is_safe_word(None, written)


@pytest.mark.parametrize(
    ("word", "reply", "names"),
    [
        ("parapluie", "J’ai lu « PARAPLUIE ».", True),
        ("parapluie", "Des parapluies ?", False),
        ("☂️", "J’ai vu ☂", True),
        ("☂️", "J’ai vu", False),
    ],
)
def test_a_reply_is_searched_for_it(connection, home, awa, now, word, reply, names):
    someone = make_person(connection, home)
    set_safe_word(connection, awa, someone.id, word, now)
    assert names_safe_word(connection, someone.id, reply) is names
