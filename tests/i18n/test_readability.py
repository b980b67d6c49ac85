"""How hard a text is to read: LIX by hand."""

import pytest

from bot.i18n.readability import lix, longest_sentence, sentences, words


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Le chat dort. Il est bien.", 3.0),  # 6 words / 2 sentences, none long
        ("Le chaton mange beaucoup.", 4 + 25),  # "beaucoup" is long, "chaton" is not
        ("Bien : oui. Non\nPeut-être", 5 / 4),  # a colon and a line end a sentence
        ("👋", 0.0),
        ("", 0.0),
    ],
)
def test_lix(text, value):
    assert lix(text) == pytest.approx(value)


def test_elided_words_are_two_and_marks_are_none():
    assert words("L'argent, c'est pour 25 000 F ?") == [
        *("L", "argent", "c", "est", "pour", "25", "000", "F"),
    ]
    assert sentences("Ah ! Il est 8 h 30. Oui…") == ["Ah", "Il est 8 h 30", "Oui"]
    assert longest_sentence("Un deux. Un deux trois ?") == 3
    assert longest_sentence("👋") == 0
