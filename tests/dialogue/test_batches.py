"""Which messages a round of training has, how much they count, and how they are put together."""

from __future__ import annotations

import numpy as np
import pytest

from bot.dialogue.batches import BATCH, NOTHING, in_batches, padded, worth_learning

_MANY = 4000


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(0)


def test_what_was_never_learned_is_learned_once(random):
    rows, weights = worth_learning(np.full(_MANY, np.inf, np.float32), random)
    assert sorted(rows) == list(range(_MANY))
    assert set(weights) == {1}


def test_what_is_not_told_surely_is_always_learned_again(random):
    losses = np.tile(np.array([0.9, 0.001], np.float32), _MANY // 2)
    rows, weights = worth_learning(losses, random)
    assert set(range(0, _MANY, 2)) <= set(rows)
    assert set(weights[::2]) == {1}


def test_what_is_told_surely_is_learned_again_now_and_then_and_counts_no_less_in_all(random):
    rows, weights = worth_learning(np.full(_MANY, 0.001, np.float32), random)
    assert len(rows) == len(set(rows)) < _MANY / 3
    assert weights[rows].sum() == pytest.approx(_MANY, rel=0.1)


def test_each_message_of_a_round_is_in_one_batch(random):
    rows = np.arange(3, 1000, 3)
    batches = in_batches(rows, np.ones(1000, int), random)
    assert sorted(np.concatenate(batches)) == list(rows)
    assert max(map(len, batches)) == BATCH


def test_messages_of_like_length_are_read_together(random):
    lengths = random.integers(1, 100, _MANY)
    batches = in_batches(random.permutation(_MANY), lengths, random)
    longest = sum(len(batch) * lengths[batch].max() for batch in batches)
    assert longest < 1.1 * lengths.sum()
    # But not the short ones first.
    first, last = np.array_split([lengths[batch].mean() for batch in batches], 2)
    assert first.mean() == pytest.approx(last.mean(), rel=0.25)


def test_short_messages_are_filled_up():
    assert padded([[5, 6, 7], [8]]).tolist() == [[5, 6, 7], [8, NOTHING, NOTHING]]
