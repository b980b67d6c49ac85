"""Courtesies are put around messages, to learn that they say nothing."""

import numpy as np

from bot.dialogue.politeness import FILE, Courtesies, read_courtesies
from bot.safety.courtesies import said
from bot.settings import PROJECT


def test_a_message_gets_one_before_it_or_behind_it_or_both():
    courtesies = Courtesies(("bjr", "cc"), ("svp",))
    random = np.random.default_rng(0)
    around = {courtesies.around("mon kit", random) for _ in range(100)}
    assert around == {
        "bjr mon kit",
        "cc mon kit",
        "mon kit svp",
        "bjr mon kit svp",
        "cc mon kit svp",
    }


def test_there_are_enough_in_both_languages_and_each_stands_once():
    for language in ("fr", "en"):
        courtesies = read_courtesies(PROJECT / "nlu" / language / FILE)
        for some in (courtesies.before, courtesies.behind):
            assert len(set(some)) == len(some) >= 150
        # What is known as one is taken away before anything is learned.
        assert any(said(f"{before} mon kit") != "mon kit" for before in courtesies.before)
