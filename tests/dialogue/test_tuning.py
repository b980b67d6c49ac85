"""What is written out of the readers' training, so that it costs less, gives what it stands for."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from bot.dialogue.batches import NOTHING
from bot.dialogue.tuning import _level, _seen, _some_unread, _times, _windows
from bot.safety.meaning import BRANCHES
from bot.safety.pieces import BEGIN, END

_MESSAGES, _PIECES, _WIDE = 3, 7, 4


def _drawn(*shape):
    return tf.constant(np.random.default_rng(0).normal(size=shape), tf.float32)


def _assert_same(one, other, *arguments):
    """Fail unless two functions have the same values and the same gradients."""
    values, gradients = [], []
    for function in (one, other):
        with tf.GradientTape() as tape:
            tape.watch(arguments)
            value = function(*arguments)
            wanted = tf.reduce_sum(tf.sin(value))
        values.append(value)
        gradients.append(tape.gradient(wanted, arguments))
    np.testing.assert_allclose(values[0], values[1], atol=1e-5)
    for gradient, due in zip(*gradients, strict=True):
        np.testing.assert_allclose(gradient, due, atol=1e-4)


def _levelled_step_by_step(rows):
    middle, variance = tf.nn.moments(rows, -1, keepdims=True)
    return (rows - middle) / tf.sqrt(variance + 1e-6)


def test_levelling_has_the_gradient_of_its_steps():
    _assert_same(_level, _levelled_step_by_step, _drawn(_MESSAGES, _PIECES, _WIDE))


@pytest.mark.parametrize(("reach", "before"), BRANCHES)
def test_windows_seen_have_the_gradient_of_their_steps(reach, before):
    _assert_same(
        lambda rows, layer: _seen(rows, layer, reach, before),
        lambda rows, layer: _times(_windows(rows, reach, before), layer),
        _drawn(_MESSAGES, _PIECES, _WIDE),
        _drawn(reach * _WIDE, 5),
    )


def test_one_piece_of_ten_is_not_read_and_the_ends_always_are():
    messages = np.full((100, 52), 7, np.int32)
    messages[:, 0], messages[:, 50], messages[:, 51] = BEGIN, END, NOTHING
    read = _some_unread(tf.constant(messages)).numpy()
    np.testing.assert_array_equal(read[:, [0, 50, 51]], messages[:, [0, 50, 51]])
    pieces = read[:, 1:50]
    assert set(np.unique(pieces)) == {NOTHING, 7}
    assert 0.07 < (pieces == NOTHING).mean() < 0.13
