"""Which language words look like, by the letters they are made of.

A naive Bayes model over runs of 1 to 5 letters, with accents and without, of the words in
``words.yml``. It is built in 0.2 s when first asked, and needs no library.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

WORDS_FILE = Path(__file__).parent / "words.yml"

_LONGEST = 5
_SMOOTHING = 0.3
# Neighbouring runs share letters, so they say less than as many independent signs would.
_WEIGHT_OF_A_LETTER = 0.8
_LONGEST_WORD = 6
_PLAIN = str.maketrans({"ɛ": "e", "ɔ": "o", "ŋ": "n", "ɲ": "ny", "ɩ": "i", "ʋ": "u", "3": "e"})


class Letters:
    """The model: for each run of letters how likely each language has it."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """Count the runs of each language's words."""
        self.languages = tuple(words)
        counts = [Counter(_runs_of_all(words[language])) for language in self.languages]
        known = set().union(*counts)
        totals = [math.log(sum(c.values()) + _SMOOTHING * len(known)) for c in counts]
        self._logs = {
            run: tuple(
                math.log(count[run] + _SMOOTHING) - total
                for count, total in zip(counts, totals, strict=True)
            )
            for run in known
        }
        self._unknown = tuple(math.log(_SMOOTHING) - total for total in totals)

    def probabilities(self, words: Sequence[str]) -> dict[str, float]:
        """Return how likely words, in lower case, are of each language: all the same for none."""
        scores = [0.0] * len(self.languages)
        for word in words:
            runs = [*_runs(word), *_runs(_plain(word))]
            weight = _WEIGHT_OF_A_LETTER * min(len(word), _LONGEST_WORD) / len(runs)
            for run in runs:
                for place, log in enumerate(self._logs.get(run, self._unknown)):
                    scores[place] += weight * log
        best = max(scores)
        powers = [math.exp(score - best) for score in scores]
        return {
            language: power / sum(powers)
            for language, power in zip(self.languages, powers, strict=True)
        }


@cache
def load_letters() -> Letters:
    """Build the model of ``words.yml``, once."""
    listed = yaml.load(WORDS_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return Letters({language: words.split() for language, words in listed.items()})


def _runs_of_all(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for spelling in {word, _plain(word)}:
            yield from _runs(spelling)


def _runs(word: str) -> Iterator[str]:
    padded = f" {word} "
    for size in range(1, _LONGEST + 1):
        for at in range(len(padded) - size + 1):
            yield padded[at : at + size]


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
