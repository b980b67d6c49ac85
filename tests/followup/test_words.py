"""What people write is compared with what we know."""

import pytest

from bot.followup.words import fold, mentions


def test_folding_leaves_letters_and_digits():
    assert fold("  Ça n'est PAS tombé !! ") == "ca n est pas tombe"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("je veux apprendre la couture", "Couture et broderie"),
        ("la coutur", "couture"),
        ("MECANIQUE", "mécanique"),
        ("a san pedro", "San Pedro"),
    ],
)
def test_a_name_is_found_in_a_message(text, name):
    assert mentions(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [("je suis et je reste", "Couture et broderie"), ("la voiture", "couture"), ("", "couture")],
)
def test_another_word_is_not_taken_for_the_name(text, name):
    assert not mentions(text, name)
