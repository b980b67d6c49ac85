"""What a message is made of for the learned layer: three blocks of buckets.

Pieces of words, by which a misspelt word resembles the right one; pieces of how the whole message
sounds, in which phrases are found too, and words that were run together; and the labels of the
grammar (what it takes for a blow, a weapon, somebody of the house), alone and with those that
follow: they let an example stand for all sentences built alike. Each gram is hashed into one of
``BUCKETS``, so that no vocabulary is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from math import sqrt
from zlib import crc32

from bot.safety.chart import Chart
from bot.safety.pattern import is_word
from bot.safety.sounds import RULES, heard

BUCKETS = 1 << 19
# The buckets of each block, and what each of them counts.
Blocks = tuple[tuple[list[int], float], ...]

# How long each block's vector is: labels say more than letters.
_PIECES_LENGTH, _SOUNDS_LENGTH, _LABELS_LENGTH = 1.0, 1.0, 1.4
# How many letters a piece has: of a word, of a whole message.
_OF_WORD, _OF_MESSAGE = range(2, 6), range(3, 8)
# How many words after a label another may stand that is taken together with it.
_REACH = 5


def grams(chart: Chart) -> Blocks:
    """Return the buckets of a message, each bucket once in its block."""
    words = dict.fromkeys(word for word in chart.text.words if word != ",")
    return (
        _block(map(_bucket, _pieces_of(words)), _PIECES_LENGTH),
        _block(map(_bucket, _sounds(chart.text.words)), _SOUNDS_LENGTH),
        _block(_labels(chart), _LABELS_LENGTH),
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


def _pieces_of(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        yield from _pieces("p", word, _OF_WORD)


def _sounds(words: Sequence[str]) -> Iterator[str]:
    for language in RULES:
        yield from _pieces(language, heard(words, language), _OF_MESSAGE)


def _pieces(kind: str, text: str, sizes: range) -> Iterator[str]:
    padded = f" {text} "
    for size in sizes:
        for at in range(len(padded) - size + 1):
            yield kind + padded[at : at + size]


def _labels(chart: Chart) -> Iterator[int]:
    found = [[label for label in labels if not is_word(label)] for labels in chart.at]
    for at, labels in enumerate(found):
        after = {label for later in found[at + 1 : at + 1 + _REACH] for label in later}
        for label in labels:
            yield _label_bucket(label)
            for other in after:
                yield _label_bucket(label, other)
