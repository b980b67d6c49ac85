"""Which language words look like, by the letters they are made of.

A naive Bayes model over runs of 1 to 5 letters, with accents and without, of the words in
``words.yml``. It is built in half a second when first asked, and needs no library.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml

WORDS_FILE = Path(__file__).parent / "words.yml"

_LONGEST = 5
# Shorter runs any word has.
_TELLING = 3
_SMOOTHING = 1.0
# Neighbouring runs share letters; this was chosen on the sentences that are not reported on.
_WEIGHT_OF_A_LETTER = 1.1
_LONGEST_WORD = 6
# A word said often counts as so many others.
_OFTEN = 30
_PLAIN = str.maketrans({"ɛ": "e", "ɔ": "o", "ŋ": "n", "ɲ": "ny", "ɩ": "i", "ʋ": "u", "3": "e"})
# Who learnt to write in French writes Dioula so: "foura", "tchè", "dougou" for fura, cɛ, dugu.
_AS_IN_FRENCH = str.maketrans(
    {"c": "tch", "u": "ou", "ɛ": "è", "ɔ": "ô", "ɲ": "gn", "ŋ": "ng", "j": "dj"}
)
_SPELT_AS_IN_FRENCH = frozenset({"dyu"})


class Letters:
    """The model: for each run of letters how likely each language has it."""

    def __init__(self, words: Mapping[str, Mapping[str, int]]) -> None:
        """Count the runs of each language's words, each word as often as ``words`` says."""
        self.languages = tuple(words)
        found: dict[str, list[int]] = defaultdict(lambda: [0] * len(words))
        for place, language in enumerate(self.languages):
            for run, count in _count_runs(words[language]).items():
                found[run][place] = count
        totals = [
            math.log(sum(counts) + _SMOOTHING * len(found))
            for counts in zip(*found.values(), strict=True)
        ]
        # For each run the logarithm of how likely it is in each language.
        self._likely = {
            run: [
                math.log(count + _SMOOTHING) - total
                for count, total in zip(counts, totals, strict=True)
            ]
            for run, counts in found.items()
        }

    def probabilities(self, words: Sequence[str]) -> dict[str, float]:
        """Return how likely words, in lower case, are of each language: all the same for none."""
        scores = [0.0] * len(self.languages)
        for word in words:
            runs = [*_runs(word), *_runs(_plain(word))]
            weight = _WEIGHT_OF_A_LETTER * min(len(word), _LONGEST_WORD) / len(runs)
            for run in runs:
                # A run that no language has tells nothing.
                for place, likely in enumerate(self._likely.get(run, ())):
                    scores[place] += weight * likely
        best = max(scores)
        powers = [math.exp(score - best) for score in scores]
        return {
            language: power / sum(powers)
            for language, power in zip(self.languages, powers, strict=True)
        }

    def known_share(self, words: Sequence[str]) -> float:
        """Return how many of the runs of three letters stand in some word of some language."""
        runs = [run for word in words for run in _runs(word) if len(run) == _TELLING]
        return sum(run in self._likely for run in runs) / max(1, len(runs))


@cache
def load_letters() -> Letters:
    """Build the model of ``words.yml``, once."""
    return Letters(read_words())


def read_words() -> dict[str, dict[str, int]]:
    """Return how much each word of ``words.yml`` counts, in each way it is spelt, by language."""
    listed = yaml.load(WORDS_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {language: _weighed(language, **lists) for language, lists in listed.items()}


def _weighed(language: str, often: str, words: str) -> dict[str, int]:
    counts = dict.fromkeys(words.split(), 1) | dict.fromkeys(often.split(), _OFTEN)
    if language in _SPELT_AS_IN_FRENCH:
        counts = {_spelt_as_in_french(word): count for word, count in counts.items()} | counts
    return counts


def _spelt_as_in_french(word: str) -> str:
    spelt = word.translate(_AS_IN_FRENCH)
    for vowel in ("ou", "è", "ô"):
        spelt = spelt.replace(2 * vowel, vowel)
    return spelt


def _count_runs(words: Mapping[str, int]) -> Counter[str]:
    by_count: dict[int, list[str]] = defaultdict(list)
    for word, count in words.items():
        for spelling in {word, _plain(word)}:
            by_count[count] += _runs(spelling)
    counts: Counter[str] = Counter()
    for times, runs in by_count.items():
        for run, found in Counter(runs).items():
            counts[run] += times * found
    return counts


def _runs(word: str) -> list[str]:
    padded = f" {word} "
    return [
        padded[at : at + size]
        for size in range(1, _LONGEST + 1)
        for at in range(len(padded) - size + 1)
    ]


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
