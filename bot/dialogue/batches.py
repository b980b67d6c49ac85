"""From which messages a net learns in a round, and in which batches.

After a round some messages are told surely, after two rounds half of them, and to learn these once
more costs as much as the others and changes little. Therefore only one in four of them is learned
again, and counts for the four; the others all are. What a message lost when it was learned last
tells which it is: after "Accelerating Deep Learning by Focusing on the Biggest Losers"
(https://arxiv.org/abs/1910.00762).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int_]

BATCH = 64
# What stands in the place of a piece where a message is shorter than the longest of its batch.
NOTHING = -1
# A message that lost less is told surely: its class has a probability of 95 % or more.
_SURE = 0.05
_ONE_IN = 4
# So many batches are sorted by length at a time: a batch costs what its longest message costs.
_SORTED = 40


def worth_learning(
    losses: NDArray[np.float32], random: np.random.Generator
) -> tuple[Rows, NDArray[np.float32]]:
    """Return the messages of the next round, in any order, and how much each message counts.

    Args:
        losses: what each message lost when it was learned last; infinite where it never was.
        random: what is drawn from.
    """
    sure = losses < _SURE
    drawn = random.random(len(losses)) < 1 / _ONE_IN
    weights = np.where(sure, _ONE_IN, 1).astype(np.float32)
    return random.permutation(np.flatnonzero(~sure | drawn)), weights


def in_batches(rows: Rows, lengths: NDArray[np.int_], random: np.random.Generator) -> list[Rows]:
    """Return the batches of a round, of messages of like length, in any order.

    Args:
        rows: the messages of the round.
        lengths: the length of each message that there is.
        random: what is drawn from.
    """
    every = []
    for start in range(0, len(rows), BATCH * _SORTED):
        some = rows[start : start + BATCH * _SORTED]
        some = some[np.argsort(lengths[some], kind="stable")]
        batches = [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        random.shuffle(batches)
        every += batches
    return every


def padded(messages: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    """Return the numbers of the pieces of messages, a row each."""
    numbers = np.full((len(messages), max(map(len, messages))), NOTHING, np.int32)
    for row, message in zip(numbers, messages, strict=True):
        row[: len(message)] = message
    return numbers
