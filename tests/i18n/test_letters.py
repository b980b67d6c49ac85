"""Languages by the letters of their words."""

import pytest

from bot.i18n.catalogs import Catalogs
from bot.i18n.letters import Letters, load_letters
from bot.settings import PROJECT


@pytest.fixture(scope="module")
def letters():
    return Letters({"xx": ["baba", "babo", "dabɔ"], "yy": ["titi", "tiki", "kiti"]})


def test_words_like_those_of_a_language_are_likely_its_own(letters):
    assert letters.probabilities(["bada"])["xx"] > 0.9
    assert letters.probabilities(["kitik"])["yy"] > 0.9


def test_more_words_make_it_surer(letters):
    assert letters.probabilities(["bat", "bad"])["xx"] > letters.probabilities(["bat"])["xx"]


def test_accents_and_special_letters_may_be_left_out(letters):
    assert letters.probabilities(["dabo"])["xx"] > 0.9


def test_probabilities_add_up_and_nothing_known_says_nothing(letters):
    assert sum(letters.probabilities(["batik"]).values()) == pytest.approx(1)
    assert letters.probabilities([]) == {"xx": 0.5, "yy": 0.5}
    assert max(letters.probabilities(["中文"]).values()) < 0.85


def test_every_language_has_its_words():
    assert set(load_letters().languages) == set(Catalogs(PROJECT / "locales").languages)
