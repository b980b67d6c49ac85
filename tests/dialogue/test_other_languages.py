"""Messages of a language's words: only of those, and those said often come more often."""

from __future__ import annotations

from collections import Counter

import numpy as np

from bot.dialogue.other_languages import made_up_messages

WORDS = {"n": 30, "ka": 30, "baara": 1, "faga": 1}


def _messages(number: int) -> list[list[str]]:
    random = np.random.default_rng(0)
    return [text.split() for text in made_up_messages(WORDS, {"faga"}, number, random)]


def test_a_message_has_one_to_ten_words_of_the_language():
    messages = _messages(300)
    assert {len(words) for words in messages} == set(range(1, 11))
    assert {word for words in messages for word in words} == {"n", "ka", "baara"}


def test_what_is_said_often_comes_more_often():
    counts = Counter(word for words in _messages(300) for word in words)
    assert counts["n"] > 10 * counts["baara"]


def test_the_same_draw_gives_the_same_messages():
    assert _messages(20) == _messages(20)
