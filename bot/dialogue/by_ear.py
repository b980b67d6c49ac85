"""Writes a sentence as somebody might who went to school little: by its sound, words run together.

Many who write to the bot write so, and most who wrote its examples do not. What is learned from is
therefore written a second time, some of it, by the rules of ``bot.safety.sounds``. Each writer has
habits: a rule is kept or not for the whole of a message. French and English, on folded words.
"""

from __future__ import annotations

import re

import numpy as np

from bot.safety.sounds import RULES

# How often somebody has a habit, and how often they run a word into the next: one of a letter
# ("m a"), a short one ("on ma"), any.
_HABIT = 0.55
_RUN_TOGETHER = (0.7, 0.12, 0.03)
_SHORT = 3


def by_ear(text: str, language: str, random: np.random.Generator) -> str:
    """Return ``text``, folded words with a space between, as somebody writes it by ear.

    Args:
        text: what ``bot.safety.text.expand`` gives.
        language: one there are rules for: "fr" or "en".
        random: which habits this writer has.

    Raises:
        KeyError: there are no rules for the language.
    """
    habits = [rule for rule in RULES[language] if random.random() < _HABIT]
    out: list[str] = []
    runs_on = False
    for word in text.split():
        written = word
        for heard, by_sound in habits:
            written = re.sub(heard, by_sound, written) or written
        if runs_on and word.isalpha():
            out[-1] += written
        else:
            out.append(written)
        of_length = 0 if len(word) == 1 else 1 if len(word) <= _SHORT else 2
        runs_on = word.isalpha() and random.random() < _RUN_TOGETHER[of_length]
    return " ".join(out)
