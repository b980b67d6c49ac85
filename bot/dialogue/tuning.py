"""Teaches the sentence encoder what a danger is: all its layers, by gradient descent.

As it comes, it puts "he hit me" beside "he hit the jackpot"; what it has learned here it applies to
words that no example has. It is the encoder of ``bot.safety.meaning`` written once more, in
TensorFlow, which can follow the gradients and which Rasa brings along; what comes out are arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bot.dialogue.batches import BATCH, NOTHING, in_batches, padded, worth_learning
from bot.dialogue.coarse import Layers
from bot.safety.meaning import BRANCHES, Net
from bot.safety.pieces import END

_ROUNDS, _HIDDEN = 3, 256
# How many kinds of phrases it learns to see.
_PHRASES = 256
_RATE, _LAST_RATE = 1e-3, 2e-5
_DROPOUT = 0.1
# The share of pieces that is not read, others each time: no word alone is to tell what it means.
# Learned from a quarter of the sentences, a reader so misses 12.9 and not 14.3 % of the strangers'
# critical dangers where 2 % of their ordinary messages raise an alarm.
_UNREAD = 0.1
# Brings the numbers of a vector of length 1 to the size that a net learns from best.
_STRETCH = 10.0
_TINY = 1e-6


def tune(
    layers: Layers,
    pieces: NDArray[np.float32],
    messages: Sequence[Sequence[int]],
    classes: NDArray[np.str_],
    seed: int,
) -> tuple[Layers, Net]:
    """Return the encoder's layers and a net on top, fitted to tell the classes of messages.

    Says how far it is on standard error. It takes one core: others may tune beside it. The same
    ``seed`` gives the same numbers.

    Args:
        layers: those of the encoder, by their names in ``bot.safety.meaning``.
        pieces: the vector of each piece of a word, a row each; they stay as they are.
        messages: the numbers of the pieces of each.
        classes: what each message is.
    """
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    names, due = np.unique(classes, return_inverse=True)
    encoder = _Encoder(layers, pieces)
    hidden = tf.keras.layers.Dense(_HIDDEN, "relu")
    out = tf.keras.layers.Dense(len(names))
    dropout = tf.keras.layers.Dropout
    model = tf.keras.Sequential([encoder, dropout(_DROPOUT), hidden, dropout(_DROPOUT), out])
    _fit(model, messages, due, seed)
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


def _fit(model: Any, messages: Sequence[Sequence[int]], due: NDArray[np.int_], seed: int) -> None:
    optimizer = tf.keras.optimizers.Adam(_RATE)
    learn = _step(model, optimizer)
    random = np.random.default_rng(seed)
    lengths = np.array([len(message) for message in messages])
    losses = np.full(len(messages), np.inf, np.float32)
    began = monotonic()
    for turn in range(_ROUNDS):
        rows, weights = worth_learning(losses, random)
        batches = in_batches(rows, lengths, random)
        for at, batch in enumerate(batches):
            done = (turn + at / len(batches)) / _ROUNDS
            optimizer.learning_rate.assign(_RATE + (_LAST_RATE - _RATE) * done)
            numbers = padded([messages[row] for row in batch])
            losses[batch] = learn(numbers, due[batch], weights[batch]).numpy()
        minutes = (monotonic() - began) / 60
        tf.print(
            f"Reader {seed + 1}, round {turn + 1} of {_ROUNDS}: {len(rows)} messages learned,",
            f"mean loss {losses.mean():.3f}, {minutes:.0f} minutes so far",
        )


def _step(model: Any, optimizer: Any) -> Callable[..., Any]:
    """Return what learns a batch, and gives what each message lost."""
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
    signature = [
        tf.TensorSpec([None, None], tf.int32),
        tf.TensorSpec([None], tf.int64),
        tf.TensorSpec([None], tf.float32),
    ]

    @tf.function(input_signature=signature, autograph=False)
    def learn(numbers: Any, due: Any, weights: Any) -> Any:
        numbers = _some_unread(numbers)
        with tf.GradientTape() as tape:
            losses = loss(due, model(numbers, training=True))
            total = tf.reduce_sum(weights * losses) / BATCH
        gradients = tape.gradient(total, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return losses

    return learn


def _some_unread(numbers: Any) -> Any:
    """Take some pieces out of messages, in whose places nothing stands then."""
    unread = (tf.random.uniform(tf.shape(numbers)) < _UNREAD) & (numbers > END)
    return tf.where(unread, NOTHING, numbers)


class _Encoder(tf.keras.layers.Layer):
    """Reads messages padded with ``NOTHING``, and gives the vectors of ``meaning.Encoder``."""

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
        said = tf.cast(numbers != NOTHING, tf.float32)[..., tf.newaxis]
        pieces = said * tf.gather(self._pieces, tf.maximum(numbers, 0))
        low = _level(_times(pieces, of["narrow"]) + of["narrow.bias"])
        low = said * (low * of["narrow.gain"] + of["narrow.shift"])
        read = [pieces]
        branches = tf.split(low, len(BRANCHES), -1)
        for at, (reach, before) in enumerate(BRANCHES):
            branch = branches[at]
            for step in "ab":
                layer = f"branch{reach}{step}"
                seen = _seen(branch, of[layer], reach, before) + of[f"{layer}.bias"]
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


@tf.custom_gradient
def _level(rows: Any) -> Any:
    rows = rows - tf.reduce_mean(rows, -1, keepdims=True)
    scale = tf.math.rsqrt(tf.reduce_mean(tf.square(rows), -1, keepdims=True) + _TINY)
    level = scale * rows

    # Followed step by step, it would take a third longer.
    def back(change: Any) -> Any:
        along = tf.reduce_mean(change * level, -1, keepdims=True)
        return scale * (change - tf.reduce_mean(change, -1, keepdims=True) - along * level)

    return level, back


def _seen(rows: Any, layer: Any, reach: int, before: int) -> Any:
    """Return ``_windows(rows) @ layer``. Its gradient is windows again: a fifth less to do."""

    @tf.custom_gradient
    def seen(rows: Any, layer: Any) -> Any:
        windows = _windows(rows, reach, before)
        width = layer.shape[1]

        def back(change: Any) -> Any:
            turned = tf.reverse(tf.reshape(layer, [reach, -1, width]), [0])
            turned = tf.reshape(tf.transpose(turned, [0, 2, 1]), [reach * width, -1])
            flat = tf.reshape(windows, [-1, layer.shape[0]])
            return (
                _times(_windows(change, reach, reach - 1 - before), turned),
                tf.matmul(flat, tf.reshape(change, [-1, width]), transpose_a=True),
            )

        return _times(windows, layer), back

    return seen(rows, layer)


def _windows(rows: Any, reach: int, before: int) -> Any:
    padded = tf.pad(rows, [[0, 0], [before, reach - 1 - before], [0, 0]])
    length = tf.shape(rows)[1]
    return tf.concat([padded[:, at : at + length] for at in range(reach)], -1)
