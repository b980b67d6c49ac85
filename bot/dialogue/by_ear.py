"""Writes a sentence as somebody might who went to school little: by its sound, words run together.

Many who write to the bot write so, and most who wrote its examples do not. What is learned from is
therefore written a second time, some of it, by these rules. Each writer has habits: a rule is kept
or not for the whole of a message. French and English, on words that are folded.
"""

from __future__ import annotations

import re

import numpy as np

# How often somebody has a habit, and how often they run a word into the next: one of a letter
# ("m a"), a short one ("on ma"), any.
_HABIT = 0.55
_RUN_TOGETHER = (0.7, 0.12, 0.03)
_SHORT = 3

# In this order: what a rule has written, a later one may write otherwise again.
_FRENCH = (
    ("^est$", "e"),
    ("^et$", "e"),
    ("^ils?$", "i"),
    ("^elles?$", "el"),
    ("qu", "k"),
    ("ph", "f"),
    ("^h", ""),
    ("(?<=[aeo])u?x$", ""),
    ("eau|au", "o"),
    ("ill(?=e)", "y"),
    ("tion", "sion"),
    ("(?<=[aeiou])s(?=[aeiou])", "z"),
    (r"([b-df-hj-np-tv-z])\1", r"\1"),
    ("ge(?=[ao])|g(?=[ei])", "j"),
    ("c(?=[eiy])", "s"),
    ("c(?=[aoulr]|$)", "k"),
    ("ais$|ait$|aient$|er$|ez$|ees?$", "e"),
    ("ai|ei", "e"),
    ("oi", "wa"),
    ("oeu|eu", "e"),
    ("ain|ein|un$", "in"),
    ("e[nm](?=[bcdfgpstv])", "an"),
    ("ou(?=[aei])", "w"),
    ("y", "i"),
    ("(?<=...)ent$", ""),
    ("(?<=..)[tdspxz]$", ""),
    ("(?<=[b-df-hj-np-tv-z])es?$", ""),
)
_ENGLISH = (
    ("^th", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("^wh", "w"),
    ("^kn", "n"),
    ("^wr", "r"),
    ("igh", "ai"),
    ("gh", ""),
    ("tion", "shon"),
    ("ck", "k"),
    (r"([b-df-hj-np-tv-z])\1", r"\1"),
    ("i(?=[b-df-hj-np-tv-z]e$)", "ai"),
    ("a(?=[b-df-hj-np-tv-z]e$)", "ei"),
    ("c(?=[ei])", "s"),
    ("c(?=[aoulr]|$)", "k"),
    ("qu", "kw"),
    ("ea|ee", "i"),
    ("oo", "u"),
    ("ay$|ey$", "e"),
    ("ou", "o"),
    ("(?<=..)[eo]r$", "a"),
    ("(?<=..)ing$", "in"),
    ("(?<=...)ed$", "d"),
    ("(?<=...)e$", ""),
    ("(?<=..)y$", "i"),
    ("(?<=[nsl])[dt]$", ""),
    ("(?<=[a-z]{3})s$", ""),
    ("^my$", "mi"),
    ("^me$", "mi"),
    ("^you$", "yu"),
)
_OF = {"fr": _FRENCH, "en": _ENGLISH}


def by_ear(text: str, language: str, random: np.random.Generator) -> str:
    """Return ``text``, folded words with a space between, as somebody writes it by ear.

    Args:
        text: what ``bot.safety.text.expand`` gives.
        language: one there are rules for: "fr" or "en".
        random: which habits this writer has.

    Raises:
        KeyError: there are no rules for the language.
    """
    habits = [rule for rule in _OF[language] if random.random() < _HABIT]
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
