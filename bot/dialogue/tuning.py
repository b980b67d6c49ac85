"""Teaches the sentence encoder what a danger is: all its layers, by gradient descent.

As it comes, it puts "he hit me" beside "he hit the jackpot"; what it has learned here it applies to
words that no example has. It is the encoder of ``bot.safety.meaning`` written once more, in
TensorFlow, which can follow the gradients and which Rasa brings along; what comes out are arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bot.dialogue.coarse import Layers
from bot.safety.meaning import BRANCHES, Net

_ROUNDS, _BATCH, _HIDDEN = 3, 64, 256
# How many kinds of phrases it learns to see.
_PHRASES = 256
_RATE, _LAST_RATE = 1e-3, 2e-5
_DROPOUT = 0.1
# Brings the numbers of a vector of length 1 to the size that a net learns from best.
_STRETCH = 10.0
# So many batches are sorted by length at a time: a batch costs what its longest message costs.
_SORTED = 40
_NOTHING = -1
_TINY = 1e-6


def tune(
    layers: Layers,
    pieces: NDArray[np.float32],
    messages: Sequence[Sequence[int]],
    classes: NDArray[np.str_],
    seed: int,
) -> tuple[Layers, Net]:
    """Return the encoder's layers and a net on top, fitted to tell the classes of messages.

    Says how far it is on standard output. It takes one core: others may tune beside it. The same
    ``seed`` gives the same numbers.

    Args:
        layers: those of the encoder, by their names in ``bot.safety.meaning``.
        pieces: the vector of each piece of a word, a row each; they stay as they are.
        messages: the numbers of the pieces of each.
        classes: what each message is.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    names, due = np.unique(classes, return_inverse=True)
    encoder = _Encoder(layers, pieces)
    hidden = tf.keras.layers.Dense(_HIDDEN, "relu")
    out = tf.keras.layers.Dense(len(names))
    dropout = tf.keras.layers.Dropout
    model = tf.keras.Sequential([encoder, dropout(_DROPOUT), hidden, dropout(_DROPOUT), out])
    batches = _Batches(messages, due, seed)
    steps = _ROUNDS * len(batches)
    model.compile(
        tf.keras.optimizers.Adam(
            tf.keras.optimizers.schedules.PolynomialDecay(_RATE, steps, _LAST_RATE)
        ),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    model.fit(batches, epochs=_ROUNDS, shuffle=False, verbose=2)
    kernel = hidden.kernel.numpy()
    kernel[:-_PHRASES] *= _STRETCH
    arrays = {
        "hidden": kernel,
        "hidden.bias": hidden.bias.numpy(),
        "out": out.kernel.numpy(),
        "out.bias": out.bias.numpy(),
    }
    net = Net(tuple(map(str, names)), {key: a.astype(np.float16) for key, a in arrays.items()})
    return encoder.layers(), net


class _Encoder(tf.keras.layers.Layer):
    """Reads messages padded with ``_NOTHING``, and gives the vectors of ``meaning.Encoder``."""

    def __init__(self, layers: Layers, pieces: NDArray[np.float32]) -> None:
        super().__init__()
        self._pieces = tf.constant(pieces)
        self._of = {name: tf.Variable(array, name=name) for name, array in layers.items()}
        (read,) = layers["read.gain"].shape
        drawn = tf.keras.initializers.GlorotUniform()((read, _PHRASES))
        self._of["phrase"] = tf.Variable(drawn, name="phrase")
        self._of["phrase.bias"] = tf.Variable(tf.zeros(_PHRASES), name="phrase.bias")

    def layers(self) -> Layers:
        """Return the layers as they are now."""
        return {name: variable.numpy() for name, variable in self._of.items()}

    def call(self, numbers: Any) -> Any:
        """Return the vector of each message."""
        of = self._of
        said = tf.cast(numbers != _NOTHING, tf.float32)[..., tf.newaxis]
        pieces = said * tf.gather(self._pieces, tf.maximum(numbers, 0))
        low = _level(_times(pieces, of["narrow"]) + of["narrow.bias"])
        low = said * (low * of["narrow.gain"] + of["narrow.shift"])
        read = [pieces]
        branches = tf.split(low, len(BRANCHES), -1)
        for at, (reach, before) in enumerate(BRANCHES):
            branch = branches[at]
            for step in "ab":
                layer = f"branch{reach}{step}"
                windows = _windows(branch, reach, before)
                seen = _times(windows, of[layer]) + of[f"{layer}.bias"]
                branch = said * (branch + tf.nn.relu(seen))
            read.append(branch)
        every = said * (_level(tf.concat(read, -1)) * of["read.gain"] + of["read.shift"])
        length = tf.reduce_sum(said, 1)
        whole = tf.reduce_sum(every, 1) @ of["whole"] + length * of["whole.bias"]
        whole /= tf.sqrt(length)
        first = tf.nn.relu(whole @ of["top1"])
        second = tf.nn.relu(whole @ of["past1"] + first @ of["top2"])
        third = tf.nn.relu(second @ of["top3"])
        vectors = tf.nn.l2_normalize(tf.tanh(second @ of["past2"] + third @ of["top4"]), 1)
        phrases = said * tf.nn.relu(_times(every, of["phrase"]) + of["phrase.bias"])
        return tf.concat([_STRETCH * vectors, tf.reduce_max(phrases, 1)], 1)


def _times(rows: Any, layer: Any) -> Any:
    # "@" would multiply message by message: a round would take half as long again.
    return tf.tensordot(rows, layer, 1)


def _level(rows: Any) -> Any:
    rows -= tf.reduce_mean(rows, -1, keepdims=True)
    return rows / tf.sqrt(tf.reduce_mean(rows**2, -1, keepdims=True) + _TINY)


def _windows(rows: Any, reach: int, before: int) -> Any:
    padded = tf.pad(rows, [[0, 0], [before, reach - 1 - before], [0, 0]])
    length = tf.shape(rows)[1]
    return tf.concat([padded[:, at : at + length] for at in range(reach)], -1)


class _Batches(tf.keras.utils.Sequence):
    """All messages once a round, each round in another order, those of like length together."""

    def __init__(self, messages: Sequence[Sequence[int]], due: NDArray[np.int_], seed: int) -> None:
        self._messages, self._due = messages, due
        self._random = np.random.default_rng(seed)
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        order = self._random.permutation(len(self._messages))
        self._batches: list[NDArray[np.int_]] = []
        for start in range(0, len(order), _BATCH * _SORTED):
            some = order[start : start + _BATCH * _SORTED]
            some = some[np.argsort([len(self._messages[at]) for at in some], kind="stable")]
            batches = [some[at : at + _BATCH] for at in range(0, len(some), _BATCH)]
            self._random.shuffle(batches)
            self._batches += batches

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, at: int) -> tuple[NDArray[np.int32], NDArray[np.int_]]:
        rows = self._batches[at]
        longest = max(len(self._messages[row]) for row in rows)
        numbers = np.full((len(rows), longest), _NOTHING, np.int32)
        for line, row in enumerate(rows):
            numbers[line, : len(self._messages[row])] = self._messages[row]
        return numbers, self._due[rows]
