"""What respelling knows (``bot.safety.respelling``), counted in the examples of ``nlu/``.

How often words are said, alone and behind one another, in all sentences of a language; and which
sound is mistaken for which, in the pairs of ``red_flags_by_ear.yml``: messages as somebody wrote
them by ear, and as school spells them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from bot.safety.respelling import SOUNDS, Costs, Respelling, Usage, counted
from bot.safety.word_sounds import heard

# A word said less often is not learned: it may be a misspelling.
_LEARNED_FROM = 5
# Two words, one behind the other, said less often are not.
_PAIRS_FROM = 2
# A sentence in which more than this share of the words is said less often than so is one written
# by ear itself, and tells nothing of how words are spelt.
_ODD, _ODD_SHARE = 20, 0.15
_ROUNDS = 4
# What a mistake costs that was never seen.
_NEVER_SEEN = 7.0

Pair = tuple[str, str]


def learn_respelling(
    sentences: Mapping[str, Iterable[str]],
    pairs: Mapping[str, Iterable[Pair]],
) -> Respelling:
    """Return what examples teach.

    Args:
        sentences: of each language, as ``text.expand`` writes them.
        pairs: of each language the messages as typed and as meant, written so too.
    """
    return Respelling(
        {
            language: _usage(
                [text.split() for text in texts], learn_costs(pairs[language], language)
            )
            for language, texts in sentences.items()
        }
    )


def learn_costs(pairs: Iterable[Pair], language: str) -> Costs:
    """Return what it costs to have mistaken a sound, from messages as typed and as meant.

    By expectation and maximisation, each pair aligned in the one best way (Brill and Moore, 2000,
    do so for letters).
    """
    heard_so = [(_heard(typed, language), _heard(meant, language)) for typed, meant in pairs]
    costs = {typed + meant: float(typed != meant) for typed in SOUNDS for meant in SOUNDS}
    for _ in range(_ROUNDS):
        seen = Counter(two for typed, meant in heard_so for two in _aligned(typed, meant, costs))
        costs = _costs(seen)
    return np.array([[costs[typed + meant] for meant in SOUNDS] for typed in SOUNDS], np.float32)


def _costs(seen: Counter[str]) -> dict[str, float]:
    """Return how much rarer each mistake is than the right sound, as a logarithm."""
    places = sum(count for two, count in seen.items() if two[1] != " ")

    def cost(typed: str, meant: str) -> float:
        if typed == meant:
            return 0.0
        mistaken, right = seen[typed + meant], seen[meant * 2] if meant != " " else places
        return max(0.0, math.log(right / mistaken)) if right and mistaken else _NEVER_SEEN

    return {typed + meant: cost(typed, meant) for typed in SOUNDS for meant in SOUNDS}


def _aligned(typed: str, meant: str, costs: Mapping[str, float]) -> list[str]:
    """Return the sounds of the cheapest alignment, typed and meant one behind the other."""
    best = [[(0.0, "")] * (len(meant) + 1) for _ in range(len(typed) + 1)]
    for row in range(len(typed) + 1):
        for column in range(len(meant) + 1):
            ways = []
            if row and column:
                ways.append((row - 1, column - 1, typed[row - 1] + meant[column - 1]))
            if row:
                ways.append((row - 1, column, typed[row - 1] + " "))
            if column:
                ways.append((row, column - 1, " " + meant[column - 1]))
            if ways:
                best[row][column] = min((best[r][c][0] + costs[two], two) for r, c, two in ways)
    aligned = []
    row, column = len(typed), len(meant)
    while row or column:
        two = best[row][column][1]
        aligned.append(two)
        row -= two[0] != " "
        column -= two[1] != " "
    return aligned


def _heard(text: str, language: str) -> str:
    words = [word for word in text.split() if word.isalpha()]
    return "".join(sound for sound in "".join(heard(words, language)) if sound in SOUNDS)


def _usage(sentences: Sequence[Sequence[str]], costs: Costs) -> Usage:
    often = Counter(word for words in sentences for word in words)
    counts, pairs = Counter[str](), Counter[tuple[str, str]]()
    for parts in sentences:
        words = [part for part in parts if part.isalpha()]
        if sum(often[word] < _ODD for word in words) > _ODD_SHARE * len(words):
            continue
        said = counted(parts)
        counts.update(said)
        pairs.update(pairwise(said))
    known = [word for word, count in counts.most_common() if count >= _LEARNED_FROM]
    numbers = {word: number for number, word in enumerate(known)}
    kept = {
        (numbers[first], numbers[second]): count
        for (first, second), count in pairs.items()
        if count >= _PAIRS_FROM and first in numbers and second in numbers
    }
    return Usage(
        words=tuple(known),
        counts=np.array([counts[word] for word in known], np.int32),
        pairs=np.array(sorted(kept), np.uint16).reshape(-1, 2),
        pair_counts=np.array([kept[two] for two in sorted(kept)], np.int32),
        costs=costs,
    )
