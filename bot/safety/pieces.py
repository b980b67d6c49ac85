"""The pieces that words are cut into, and what is known of each before any message is read.

Those of Google's multilingual universal sentence encoder that folded French and English need: a
word that no example has is still made of pieces that are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# The first pieces: of what is written in no letter that is known, and around a message.
UNKNOWN, BEGIN, END = range(3)
# Before the first letter of a word.
_START = "\u2581"
# How much less likely than the unlikeliest piece a letter is that stands in none (the logarithm).
_UNKNOWN_BELOW = 10.0


@dataclass(frozen=True, eq=False)
class Pieces:
    """Cuts words into the pieces that are likeliest together, and gives the vector of each.

    Attributes:
        arrays: ``pieces``, their ``likelihoods`` (the logarithm) and their vectors: ``table``, a
            row each, in steps of ``spread`` from ``middle``.
    """

    arrays: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        """Return how many pieces are known."""
        return len(self.arrays["table"])

    def cut(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of the pieces of folded ``words``, with those around a message."""
        return [BEGIN, *(number for word in words for number in self._of_word(word)), END]

    def vectors(self, numbers: NDArray[np.int_]) -> Floats:
        """Return the vectors of pieces, a row each."""
        spread, middle = self._steps
        return np.asarray(self.arrays["table"][numbers] * spread[numbers] + middle[numbers])

    def embed(self, words: Iterable[str]) -> Floats:
        """Return the vectors of the pieces of a message of folded ``words``, a row each."""
        return self.vectors(np.array(self.cut(words)))

    @cached_property
    def _steps(self) -> tuple[Floats, Floats]:
        return self.arrays["spread"].astype(np.float32), self.arrays["middle"].astype(np.float32)

    @cached_property
    def _known(self) -> dict[str, tuple[int, float]]:
        names = str(self.arrays["pieces"]).split("\n")
        likelihoods = self.arrays["likelihoods"].astype(float).tolist()
        return {
            piece: (at, score)
            for at, (piece, score) in enumerate(zip(names, likelihoods, strict=True))
            if at > END
        }

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._known), default=1)

    @cached_property
    def _unknown(self) -> float:
        return min((score for _, score in self._known.values()), default=0.0) - _UNKNOWN_BELOW

    def _of_word(self, word: str) -> list[int]:
        letters = _START + word
        # For each place in the word: the best score up to there, the last piece and its start.
        best: list[tuple[float, int, int]] = [(0.0, UNKNOWN, 0)]
        for end in range(1, len(letters) + 1):
            # A letter that stands in no piece is better than nothing.
            ways = [(best[end - 1][0] + self._unknown, UNKNOWN, end - 1)]
            for start in range(max(0, end - self._longest), end):
                known = self._known.get(letters[start:end])
                if known is not None:
                    ways.append((best[start][0] + known[1], known[0], start))
            best.append(max(ways))
        numbers, at = [], len(letters)
        while at > 0:
            _, number, at = best[at]
            numbers.append(number)
        return numbers[::-1]
