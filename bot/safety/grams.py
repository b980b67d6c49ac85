"""What a message is made of for the learned layer: two blocks of buckets.

Pieces of words, by which a misspelt word resembles the right one; and the labels of the grammar
(what it takes for a blow, a weapon, somebody of the house), alone and with those that follow: they
let an example stand for all sentences built alike. Each gram is hashed into one of ``BUCKETS``, so
that no vocabulary is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from math import sqrt
from zlib import crc32

from bot.safety.chart import Chart
from bot.safety.pattern import is_word

BUCKETS = 1 << 18
# The buckets of each block, and what each of them counts.
Blocks = tuple[tuple[list[int], float], ...]

# How long each block's vector is: labels say more than letters.
_PIECES_LENGTH, _LABELS_LENGTH = 1.0, 1.4
_SHORTEST, _LONGEST = 2, 5
# How many words after a label another may stand that is taken together with it.
_REACH = 5


def grams(chart: Chart, start: int = 0, end: int | None = None) -> Blocks:
    """Return the buckets of ``words[start:end]``, each bucket once in its block."""
    end = len(chart.text.words) if end is None else end
    words = dict.fromkeys(word for word in chart.text.words[start:end] if word != ",")
    return (
        _block(map(_bucket, _pieces(words)), _PIECES_LENGTH),
        _block(_labels(chart, start, end), _LABELS_LENGTH),
    )


def _block(found: Iterable[int], length: float) -> tuple[list[int], float]:
    # Sorted, so that sums come out the same to the last bit in every process.
    buckets = sorted(set(found))
    return buckets, length / sqrt(len(buckets) or 1)


def _bucket(gram: str) -> int:
    return crc32(gram.encode()) % BUCKETS


@cache
def _label_bucket(label: str, following: str = "") -> int:
    # Remembered, unlike what people write: the grammar has a few hundred labels.
    return _bucket(f"l{label} {following}" if following else f"l{label}")


def _pieces(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        padded = f" {word} "
        for size in range(_SHORTEST, min(_LONGEST, len(padded)) + 1):
            for at in range(len(padded) - size + 1):
                yield f"p{padded[at : at + size]}"


def _labels(chart: Chart, start: int, end: int) -> Iterator[int]:
    found = [
        [label for label in labels if not is_word(label)] for labels in islice(chart.at, start, end)
    ]
    for at, labels in enumerate(found):
        after = {label for later in found[at + 1 : at + 1 + _REACH] for label in later}
        for label in labels:
            yield _label_bucket(label)
            for other in after:
                yield _label_bucket(label, other)
