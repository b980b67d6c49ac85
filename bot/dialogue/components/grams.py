"""What a message is made of for the classifier: pieces of words, words, and pairs of words."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from bot.safety.text import expand

Analyzer = Callable[[str], list[str]]

_SHORTEST, _LONGEST = 2, 5
_PUNCTUATION = frozenset(".,!?")


def normalize(text: str) -> str:
    """Return the words of ``text`` in the spelling of the safety screen, without punctuation.

    Without, because "??" alone would look like the questions it is known from.
    """
    return " ".join(word for word in expand(text).split() if word not in _PUNCTUATION)


def pieces(normalized: str) -> list[str]:
    """Return the runs of 2 to 5 characters in each word, a space standing for its ends.

    They make a misspelt word resemble the right one.
    """
    found: list[str] = []
    for word in normalized.split():
        padded = f" {word} "
        for size in range(_SHORTEST, min(_LONGEST, len(padded)) + 1):
            found.extend(padded[i : i + size] for i in range(len(padded) - size + 1))
    return found


def phrases(normalized: str) -> list[str]:
    """Return the words and the pairs of neighbours."""
    words = normalized.split()
    return words + [f"{first} {second}" for first, second in pairwise(words)]
