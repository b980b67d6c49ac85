"""Languages by the letters of their words."""

import pytest

from bot.i18n.catalogs import Catalogs
from bot.i18n.letters import Letters, load_letters
from bot.settings import PROJECT


@pytest.fixture(scope="module")
def letters():
    return _letters({"xx": ["baba", "babo", "dabɔ"], "yy": ["titi", "tiki", "kiti"]})


def _letters(words):
    return Letters({language: dict.fromkeys(said, 1) for language, said in words.items()})


def test_words_like_those_of_a_language_are_likely_its_own(letters):
    assert letters.probabilities(["bada"])["xx"] > 0.9
    assert letters.probabilities(["kitik"])["yy"] > 0.9


def test_more_words_make_it_surer(letters):
    assert letters.probabilities(["bat", "bad"])["xx"] > letters.probabilities(["bat"])["xx"]


def test_accents_and_special_letters_may_be_left_out(letters):
    assert letters.probabilities(["dabo"])["xx"] > 0.9


def test_a_word_said_often_weighs_more():
    seldom = Letters({"xx": {"la": 1, "baba": 1}, "yy": {"la": 1, "titi": 1}})
    often = Letters({"xx": {"la": 30, "baba": 1}, "yy": {"la": 1, "titi": 1}})
    assert often.probabilities(["la"])["xx"] > seldom.probabilities(["la"])["xx"] + 0.05


def test_what_is_made_of_no_languages_letters_is_known_for_that(letters):
    assert letters.known_share(["baba", "titi"]) == 1
    assert letters.known_share(["xkcd"]) == 0
    assert letters.known_share([]) == 0


def test_dioula_is_told_as_it_is_spelt_in_lessons_and_as_in_french():
    letters = load_letters()
    for words in ("ne bɛ taga dugu la", "ne bè taga dougou la", "ne be taga dougou la"):
        assert letters.probabilities(words.split())["dyu"] > 0.9, words


def test_probabilities_add_up_and_nothing_known_says_nothing(letters):
    assert sum(letters.probabilities(["batik"]).values()) == pytest.approx(1)
    assert letters.probabilities([]) == {"xx": 0.5, "yy": 0.5}
    assert max(letters.probabilities(["中文"]).values()) < 0.85


def test_every_language_has_its_words():
    assert set(load_letters().languages) == set(Catalogs(PROJECT / "locales").languages)
