"""Sums said in the number words of Dioula and Mooré, which count money in units of five francs.

"waga duuru" is five thousand units: 25 000 F. Not everybody counts so, and no native speaker has
read this yet: what is read here is a guess to be asked back, never stored or compared unasked.
Sources of the words: Google's GATITOS word list, coastsystems.net (lessons), FLORES-200.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.followup.words import fold

_FRANCS_A_UNIT = 5
_LETTERS = str.maketrans({"ɔ": "o", "ɛ": "e", "ŋ": "n", "ɲ": "ny", "ɩ": "i", "ʋ": "u"})
# In the spelling that ``_plain`` makes of them.
_LARGE = {"keme": 100, "waga": 1000, "koabga": 100, "koabg": 100, "tusri": 1000, "tusr": 1000}
_ONES = {
    **{"kelen": 1, "fila": 2, "fla": 2, "saba": 3, "nani": 4, "duru": 5, "loru": 5},
    **{"woro": 6, "wolonfila": 7, "wolonwula": 7, "segin": 8, "kononton": 9},
    **{"yembre": 1, "yibu": 2, "tabo": 3, "nase": 4, "nu": 5},
}
_TENS = {"tan": 10, "mugan": 20, "bisaba": 30, "binani": 40, "biduru": 50, "piga": 10}
_AND = {"ni", "la"}


def counts_in_units(text: str) -> bool:
    """Tell whether ``text`` has a word for hundreds or thousands of units of five francs."""
    return any(word in _LARGE for word in _plain(text))


def read_counted(text: str) -> Decimal | None:
    """Return the francs that the number words in ``text`` seem to say; None without any."""
    words = _plain(text)
    units, at, found = 0, 0, False
    while at < len(words):
        large = _LARGE.get(words[at])
        at += 1
        if large is None:
            continue
        found = True
        many, at = _number(words, at)
        units += large * many
    return Decimal(units * _FRANCS_A_UNIT) if found else None


def _number(words: list[str], at: int) -> tuple[int, int]:
    """Return how many hundreds or thousands are said from ``at`` on (one if unsaid), and the end.

    "tan ni duuru" is read as fifteen of them.
    """
    total = 0
    while at < len(words):
        word = words[at]
        follows = total and word in _AND and at + 1 < len(words) and words[at + 1] in _ONES
        value = int(word) if word.isdecimal() else _TENS.get(word, _ONES.get(word))
        if follows:
            value = 0
        if value is None:
            break
        total, at = total + value, at + 1
    return total or 1, at


def _plain(text: str) -> list[str]:
    """Return the words of ``text`` in one spelling: no tones, no long vowels, ou as u."""
    folded = fold(text).translate(_LETTERS).replace("ou", "u")
    joined = re.sub(r"\bbi (?=saba|n[a]+ni|d[u]+ru)", "bi", folded)
    return re.sub(r"([aeiou])\1+", r"\1", joined).split()
