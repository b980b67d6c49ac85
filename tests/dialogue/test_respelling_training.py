"""How words are spelt and mistaken is counted in examples."""

from __future__ import annotations

import numpy as np
import pytest

from bot.dialogue.respelling_training import learn_costs, learn_respelling
from bot.safety.respelling import SOUNDS

SENTENCES = {
    "fr": ["je mange avec ma tante", "ma tante mange le soir", "je dors chez ma tante le soir"]
    * 90,
    "en": ["my teacher is here", "i go to my teacher this night", "this night is long"] * 90,
}
PAIRS = {
    "fr": [("je manj avek ma tant", "je mange avec ma tante")] * 3,
    "en": [("ma ticha is hia", "my teacher is here"), ("dis nait", "this night")],
}


def _cost(costs: np.ndarray, typed: str, meant: str) -> float:
    return float(costs[SOUNDS.index(typed), SOUNDS.index(meant)])


def test_a_message_by_ear_is_spelt_as_the_sentences_are():
    respelling = learn_respelling(SENTENCES, PAIRS)
    assert respelling.respell("je manj avek matante") == "je mange avec ma tante"
    assert respelling.respell("my ticha is hia dis nait") == "my teacher is here this night"


def test_where_nothing_was_learned_a_message_stays_as_it_is():
    nothing: dict[str, list] = {"fr": [], "en": []}
    assert learn_respelling(nothing, nothing).respell("je manj avek") == "je manj avek"


def test_words_behind_one_another_decide_between_words_that_sound_alike():
    sentences = {
        **SENTENCES,
        "fr": [*["il a faim ce matin", "la fin du mois"] * 90, "je vois la faim", "il a fin"],
    }
    respelling = learn_respelling(sentences, PAIRS)
    assert respelling.respell("il a fain se matain") == "il a faim ce matin"
    assert respelling.respell("la fain du moi") == "la fin du mois"


def test_sentences_written_by_ear_teach_no_spelling():
    odd = {**SENTENCES, "fr": [*SENTENCES["fr"], *["jeu manjj avekk mat ant"] * 9]}
    assert "manjj" not in learn_respelling(odd, PAIRS).usages["fr"].words


def test_a_mistake_made_often_costs_less():
    costs = learn_costs(
        [*[("libo", "libo")] * 9, ("ribu", "libu"), ("ribo", "libo"), ("mibu", "libu")], "en"
    )
    assert _cost(costs, "r", "l") < _cost(costs, "m", "l") < _cost(costs, "b", "l")
    assert _cost(costs, "l", "l") == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_pairs_every_mistake_is_dear(language):
    costs = learn_costs([], language)
    assert costs.shape == (len(SOUNDS), len(SOUNDS))
    assert (np.diag(costs) == 0).all()
    assert (costs[~np.eye(len(SOUNDS), dtype=bool)] > 5).all()
