"""Sums said in the number words of Dioula and Mooré, which count money in units of five francs.

"waga duuru" is five thousand units: 25 000 F. "kobisi", two hundred, is the word for a thousand
and "tousa yi", two thousand, for ten thousand in a word list of Mooré. Not everybody counts so, and
no native speaker has read this yet: what is read here is a guess to be asked back, never stored or
compared unasked. Sources of the words: Google's GATITOS word list, coastsystems.net (lessons),
FLORES-200.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.followup.words import fold

_FRANCS_A_UNIT = 5
_LETTERS = str.maketrans({"ɔ": "o", "ɛ": "e", "ŋ": "n", "ɲ": "ny", "ɩ": "i", "ʋ": "u"})
# In the spelling that ``_plain`` makes of them.
_LARGE = {
    **{"keme": 100, "waga": 1000},
    **{"koabga": 100, "koabg": 100, "kobga": 100, "kobisi": 200, "koabisi": 200},
    **{"tusri": 1000, "tusr": 1000, "tusa": 1000},
}
_ONES = {
    **{"kelen": 1, "fila": 2, "fla": 2, "saba": 3, "nani": 4, "duru": 5, "loru": 5},
    **{"woro": 6, "wolonfila": 7, "wolonwula": 7, "segin": 8, "kononton": 9},
    **{"yembre": 1, "yibu": 2, "yi": 2, "tabo": 3, "ta": 3, "nase": 4, "nasa": 4, "nas": 4},
    **{"nu": 5, "yobe": 6, "yopoe": 7},
}
_TENS = {
    **{"tan": 10, "mugan": 20, "bisaba": 30, "binani": 40, "biduru": 50},
    **{"piga": 10, "pisi": 20, "pisyi": 20, "pista": 30, "pistan": 30, "pisnas": 40, "pisnu": 50},
}
_AND = {"ni", "la"}
# Stands before the numbers from two to nine in Mooré.
_PARTICLE = "a"


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
        if word == _PARTICLE and _begins_ones(words, at):
            at += 1
            continue
        follows = total and word in _AND and _begins_ones(words, at + 1)
        value = int(word) if word.isdecimal() else _TENS.get(word, _ONES.get(word))
        if follows:
            value = 0
        if value is None:
            break
        total, at = total + value, at + 1
    return total or 1, at


def _begins_ones(words: list[str], at: int) -> bool:
    if words[at : at + 1] == [_PARTICLE]:
        at += 1
    return at < len(words) and words[at] in _ONES


def _plain(text: str) -> list[str]:
    """Return the words of ``text`` in one spelling: no tones, no long vowels, ou as u.

    What makes tens or a plural of the next word is one word with it: "bi saba", "pis nu", "tus a
    naase", "koabs yi".
    """
    folded = fold(text).translate(_LETTERS).replace("ou", "u")
    plain = re.sub(r"([aeiou])\1+", r"\1", folded)
    plain = re.sub(r"\bpissi\b", "pisi", plain)
    tens = re.sub(r"\b(bi|pis) (?=(?:saba|nani|duru|yi|tan?|nase?|nu)\b)", r"\1", plain)
    tens = re.sub(r"\bpisnase\b", "pisnas", tens)
    many = rf"(?=(?:{_PARTICLE} )?(?:\d|{'|'.join((*_ONES, *_TENS))})\b)"
    return re.sub(rf"\b(?:tus|koabs|kobs) {many}", _singular, tens).split()


def _singular(found: re.Match[str]) -> str:
    return "tusri " if found.group().startswith("tus") else "koabga "
