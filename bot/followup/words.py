"""Comparing what people write with what we know: case, accents and small typos aside."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches

# Below this length one wrong letter makes another word.
_FUZZY_LENGTH = 5
_CLOSE = 0.8


def fold(text: str) -> str:
    """Return ``text`` in small letters, without accents, apostrophes and punctuation as spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (
        letter if letter.isalnum() else " "
        for letter in letters
        if not unicodedata.combining(letter)
    )
    return " ".join("".join(kept).split())


def mentions(text: str, name: str) -> bool:
    """Tell whether a word of ``name`` that carries meaning stands in ``text``, one typo allowed."""
    written = fold(text).split()
    return any(_stands_in(word, written) for word in fold(name).split() if len(word) > 2)


def _stands_in(word: str, written: list[str]) -> bool:
    if word in written:
        return True
    if len(word) < _FUZZY_LENGTH:
        return False
    long_enough = [other for other in written if len(other) >= _FUZZY_LENGTH - 1]
    return bool(get_close_matches(word, long_enough, n=1, cutoff=_CLOSE))
