"""Two spellings of a word have a key in common, two words mostly not."""

import pytest

from bot.safety.word_sounds import heard, sounds


@pytest.mark.parametrize(
    ("language", "word", "spellings"),
    [
        ("fr", "oncle", "onkl onkle"),
        ("fr", "frappe", "frap frape fraper"),
        ("fr", "serpent", "serpan cerpent"),
        ("fr", "enfant", "enfan anfan enfen"),
        ("fr", "suit", "sui suis"),
        ("en", "brother", "brota broda"),
        ("en", "night", "nait nite"),
        ("en", "teacher", "teecha ticha"),
        ("en", "the", "de"),
        ("en", "with", "wit wid"),
        ("en", "hand", "han an"),
    ],
)
def test_spellings_of_a_word_sound_alike(language, word, spellings):
    own, *others = sounds([word, *spellings.split()], language)
    assert [keys & own for keys in others if not keys & own] == []


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [("fr", "dort", "tort"), ("fr", "main", "mon"), ("en", "boy", "bow"), ("en", "sick", "sack")],
)
def test_other_words_sound_otherwise(language, word, other):
    one, two = sounds([word, other], language)
    assert not one & two


@pytest.mark.parametrize("language", ["fr", "en"])
def test_many_at_once_sound_like_each_alone(language):
    words = ["kekun", "forse", "mafnetre", "who", "teacher", "fighting", "ha", "e", "h"]
    assert heard(words, language) == [sound for word in words for sound in heard([word], language)]
    assert sounds([], language) == []
