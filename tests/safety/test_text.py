"""One spelling for what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.text import expand, fold, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Forcé à Travailler", "force a travailler"),
        ("aideeeez-moi", "aidez-moi"),
        ("l’œil d‘un enfant", "l'oeil d'un enfant"),
        ("mɛpɛ sɛ ɔkɔm", "mepe se okom"),
        ("m3p3 s3 ԑk)m", "mepe se ekom"),
        ("ŋ ɲama ʋi ɩ", "n nyama ui i"),
        ("аidе", "aide"),  # Cyrillic а and е
        ("15h30, le 3 à 3h, 3ans, 2m1", "15h30, le 3 a 3h, 3ans, 2m1"),
        ("25000", "25000"),
        ("papa (mon oncle) :)", "papa (mon oncle) :)"),
        ("peur 😭👍🏾", "peur 😭👍"),
        ("", ""),
    ],
)
def test_letters_are_folded(typed, folded):
    assert fold(typed) == folded


def test_words_leave_punctuation_and_keep_emoji_and_numbers():
    assert words("J'ai peur !! 😭 (25 000 F)") == ["j", "ai", "peur", "😭", "25", "000", "f"]


@pytest.mark.parametrize(
    ("typed", "expanded"),
    [
        ("G pa fin", "j ai pas fin"),
        ("c tjr kk1 ki me di sa", "c est toujours quelqu un qui me dit sa"),
        ("slt, jsuis la mtn", "salut , je suis la maintenant"),
        ("on ma volé lahen", "on ma vole l argent"),
        ("Aujourd'hui, quelqu'un t'a parlé ?", "aujourdhui , quelqu un t a parle ?"),
        ("mon komo et ma komote", "mon pere et ma mere"),
        ("I don't wanna go, pls", "i dont want to go , please"),
        ("dem dey beat my pikin", "them dey beat my child"),
        ("25 000 F et 1.500 F", "25000 f et 1500 f"),
        ("fini… à demain\nmoi", "fini a demain moi"),
        ("2m1 b1 sûr.", "demain matin bien sur ."),
    ],
)
def test_sms_and_nouchi_are_written_out(typed, expanded):
    assert expand(typed) == expanded


@given(st.text(max_size=200))
def test_any_text_can_be_folded_and_expanded(text):
    # A bracket beside a 3 may turn into letters that a second look reads anew.
    assert ")" in text or fold(fold(text)) == fold(text)
    assert "\n" not in expand(text)
    assert "  " not in expand(text)
