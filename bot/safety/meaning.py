"""What a message means as a whole, whichever words say it: for words that no example has.

Google's multilingual universal sentence encoder, cut down by the training to the pieces of words
that French and English need and to few bits a number; and on its vector a small net that was
trained on the examples. In numpy, in a millisecond or two for a short message.
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
# How many pieces each branch of the encoder reads at a time, and how many of them stand before.
BRANCHES = ((2, 0), (3, 1), (5, 2))
_GAP = max(reach for reach, _ in BRANCHES) // 2
_BETWEEN = (UNKNOWN,) * _GAP
_TINY = 1e-12
# What of an encoder is not learned from the examples.
OF_PIECES = ("pieces", "likelihoods", "table", "spread", "middle")


class Pieces:
    """Cuts words into the pieces that the encoder knows: those that are likeliest together."""

    def __init__(self, pieces: Iterable[str], likelihoods: Iterable[float]) -> None:
        """``likelihoods``: the logarithm of each piece's."""
        self._known = {
            piece: (at, score)
            for at, (piece, score) in enumerate(zip(pieces, likelihoods, strict=True))
            if at > END
        }
        self._longest = max(map(len, self._known), default=1)
        self._unknown = min((score for _, score in self._known.values()), default=0.0) - 10.0

    def cut(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of the pieces of folded ``words``, with those around a message."""
        return [BEGIN, *(number for word in words for number in self._of_word(word)), END]

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


@dataclass(frozen=True, eq=False)
class Encoder:
    """Gives each message a vector of length 1.

    Attributes:
        arrays: what it is made of: ``pieces``, their ``likelihoods`` and their vectors (``table``
            in steps of ``spread`` from ``middle``); and its layers, those of whole numbers with a
            ``.scale`` for each column.
    """

    arrays: Mapping[str, NDArray[Any]]

    @cached_property
    def pieces(self) -> Pieces:
        """Return the pieces of words that it knows."""
        likelihoods = self.arrays["likelihoods"].astype(float).tolist()
        return Pieces(str(self.arrays["pieces"]).split("\n"), likelihoods)

    @cached_property
    def layers(self) -> dict[str, Floats]:
        """Return its layers, by name."""
        arrays = self.arrays
        return {
            name: (array * arrays[f"{name}.scale"] if f"{name}.scale" in arrays else array).astype(
                np.float32
            )
            for name, array in arrays.items()
            if name not in OF_PIECES and not name.endswith(".scale")
        }

    def vectors(self, numbers: NDArray[np.int_]) -> Floats:
        """Return the vectors of pieces, a row each."""
        spread, middle = self._steps
        return np.asarray(self.arrays["table"][numbers] * spread[numbers] + middle[numbers])

    @cached_property
    def _steps(self) -> tuple[Floats, Floats]:
        return self.arrays["spread"].astype(np.float32), self.arrays["middle"].astype(np.float32)

    def encode(self, messages: Iterable[Iterable[str]]) -> Floats:
        """Return the vectors of messages of folded words, a row each."""
        of = self.layers
        cut = [self.pieces.cut(words) for words in messages]
        lengths = np.array([len(numbers) for numbers in cut])
        starts = np.cumsum(lengths + _GAP) - lengths - _GAP
        numbers = np.array([number for of_one in cut for number in (*of_one, *_BETWEEN)])
        # Between two messages stand rows of zeros, so that none is read into the other.
        said = np.array([[at < n] for n in lengths for at in range(n + _GAP)], np.float32)
        pieces = self.vectors(numbers)
        low = pieces @ of["narrow"] + of["narrow.bias"]
        low = said * (_level(low) * of["narrow.gain"] + of["narrow.shift"])
        read = [pieces]
        for (reach, before), branch in zip(BRANCHES, np.split(low, len(BRANCHES), 1), strict=True):
            for step in "ab":
                layer = f"branch{reach}{step}"
                seen = _windows(branch, reach, before) @ of[layer] + of[f"{layer}.bias"]
                branch = said * (branch + np.maximum(seen, 0))
            read.append(branch)
        every = said * (_level(np.concatenate(read, 1)) * of["read.gain"] + of["read.shift"])
        length = lengths[:, np.newaxis].astype(np.float32)
        whole = np.add.reduceat(every, starts) @ of["whole"] + length * of["whole.bias"]
        whole /= np.sqrt(length)
        first = np.maximum(whole @ of["top1"], 0)
        second = np.maximum(whole @ of["past1"] + first @ of["top2"], 0)
        third = np.maximum(second @ of["top3"], 0)
        vectors = np.tanh(second @ of["past2"] + third @ of["top4"])
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _level(rows: Floats) -> Floats:
    """Bring each row to mean 0 and variance 1."""
    rows = rows - rows.mean(-1, keepdims=True)
    return np.asarray(rows / np.sqrt((rows**2).mean(-1, keepdims=True) + _TINY))


def _windows(rows: Floats, reach: int, before: int) -> Floats:
    """Put beside each row its neighbours, zeros where there are none."""
    padded = np.pad(rows, ((before, reach - 1 - before), (0, 0)))
    return np.concatenate([padded[at : at + len(rows)] for at in range(reach)], axis=1)


@dataclass(frozen=True, eq=False)
class Net:
    """What the vector of a message says of it: one hidden layer.

    Attributes:
        classes: what a message can be.
        arrays: ``hidden``, ``hidden.bias``, ``out``, ``out.bias``.
    """

    classes: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]]

    @cached_property
    def _layers(self) -> dict[str, Floats]:
        return {name: array.astype(np.float32) for name, array in self.arrays.items()}

    def probabilities(self, vectors: Floats) -> NDArray[np.float64]:
        """Return the probability of each class, for each vector if there are several."""
        of = self._layers
        hidden = np.maximum(vectors @ of["hidden"] + of["hidden.bias"], 0)
        scores = (hidden @ of["out"] + of["out.bias"]).astype(np.float64)
        powers = np.exp(scores - scores.max(-1, keepdims=True))
        return np.asarray(powers / powers.sum(-1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Reader:
    """An encoder and the net that reads its vectors: taught together, used together."""

    encoder: Encoder
    net: Net

    def probabilities(self, messages: Iterable[Iterable[str]]) -> NDArray[np.float64]:
        """Return the probability of each of the net's classes, for each message of folded words."""
        return self.net.probabilities(self.encoder.encode(messages))
