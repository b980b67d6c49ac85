"""What a message means as a whole, whichever words say it: for words that no example has.

Google's multilingual universal sentence encoder, taught by the training what a danger is and cut
down to few bits a number; and on its vector a small net. In numpy, in a millisecond or two for a
short message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety.pieces import Floats

# How many pieces each branch of the encoder reads at a time, and how many of them stand before.
BRANCHES = ((2, 0), (3, 1), (5, 2))
_GAP = max(reach for reach, _ in BRANCHES) // 2
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class Encoder:
    """Gives each message a vector: of the whole, of length 1, and of what stands out in it.

    The whole is the mean of what it says, in which one clause of a long message is lost; the other
    part has the strongest of each kind of phrase, wherever it stands.

    Attributes:
        arrays: its layers, those of whole numbers with a ``.scale`` for each column.
    """

    arrays: Mapping[str, NDArray[Any]]

    @cached_property
    def layers(self) -> dict[str, Floats]:
        """Return its layers, by name."""
        arrays = self.arrays
        return {
            name: (array * arrays[f"{name}.scale"] if f"{name}.scale" in arrays else array).astype(
                np.float32
            )
            for name, array in arrays.items()
            if not name.endswith(".scale")
        }

    def encode(self, messages: Sequence[Floats]) -> Floats:
        """Return the vectors of messages, a row each.

        Args:
            messages: of each the vectors of its pieces, a row each.
        """
        of = self.layers
        lengths = np.array([len(rows) for rows in messages])
        starts = np.cumsum(lengths + _GAP) - lengths - _GAP
        # Between two messages stand rows of zeros, so that none is read into the other.
        gap = np.zeros((_GAP, messages[0].shape[1]), np.float32)
        pieces = np.concatenate([part for rows in messages for part in (rows, gap)])
        said = np.array([[at < n] for n in lengths for at in range(n + _GAP)], np.float32)
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
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        phrases = said * np.maximum(every @ of["phrase"] + of["phrase.bias"], 0)
        return np.concatenate([vectors, np.maximum.reduceat(phrases, starts)], 1)


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

    def probabilities(self, messages: Sequence[Floats]) -> NDArray[np.float64]:
        """Return the probability of each of the net's classes, for each message.

        Args:
            messages: of each the vectors of its pieces, a row each.
        """
        return self.net.probabilities(self.encoder.encode(messages))
