"""How well intents are told apart: figures from what was meant and what was recognised.

Pure functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.evaluate.shares import Share, share

OUT_OF_SCOPE = "out_of_scope"
_CONFIDENCE_BINS = 10


@dataclass(frozen=True)
class Recognised:
    """A message, what it means, what it was taken for, and how sure the answer was (0 to 1)."""

    text: str
    expected: str
    got: str
    confidence: float

    @property
    def right(self) -> bool:
        """Whether it is the right intent."""
        return self.got == self.expected


@dataclass(frozen=True)
class IntentScore:
    """How well one intent is told from all others."""

    name: str
    precision: Share
    recall: Share

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        together = self.precision.of + self.recall.of
        return 2 * self.recall.count / together if together else 0.0


def accuracy(recognised: Iterable[Recognised]) -> Share:
    """Return the share of messages whose intent is right."""
    return share(recognised, lambda case: case.right)


def given_up(recognised: Iterable[Recognised]) -> Share:
    """Return the share answered ``out_of_scope`` among the messages that mean something else."""
    return share(in_scope(recognised), lambda case: case.got == OUT_OF_SCOPE)


def mistaken(recognised: Iterable[Recognised]) -> Share:
    """Return the share of messages taken for another intent than they are, not asked about."""
    return share(recognised, lambda case: not case.right and case.got != OUT_OF_SCOPE)


def in_scope(recognised: Iterable[Recognised]) -> list[Recognised]:
    """Return the messages that mean one of the other intents."""
    return [case for case in recognised if case.expected != OUT_OF_SCOPE]


def named(recognised: Iterable[Recognised]) -> list[Recognised]:
    """Return the messages for which an intent other than ``out_of_scope`` was given."""
    return [case for case in recognised if case.got != OUT_OF_SCOPE]


def intent_scores(recognised: Sequence[Recognised]) -> list[IntentScore]:
    """Return the score of each expected intent, the worst first."""
    expected = Counter(case.expected for case in recognised)
    got = Counter(case.got for case in recognised)
    right = Counter(case.expected for case in recognised if case.right)
    scores = [
        IntentScore(name, Share(right[name], got[name]), Share(right[name], expected[name]))
        for name in expected
    ]
    return sorted(scores, key=lambda score: (score.f1, score.name))


def macro_f1(recognised: Sequence[Recognised]) -> float:
    """Return the mean F1 of the expected intents, each counting the same; of nothing, 0."""
    scores = intent_scores(recognised)
    return sum(score.f1 for score in scores) / len(scores) if scores else 0.0


def taken_for(recognised: Iterable[Recognised], intent: str) -> Counter[str]:
    """Return what the messages of ``intent`` were wrongly taken for, and how often."""
    return Counter(case.got for case in recognised if case.expected == intent and not case.right)


def calibration_error(recognised: Sequence[Recognised]) -> float:
    """Return the expected calibration error over ten equal bins of confidence; of nothing, 0.

    It is the mean distance between how sure the answers were and how often they were right.
    """
    bins: dict[int, list[Recognised]] = {}
    for case in recognised:
        at = min(int(case.confidence * _CONFIDENCE_BINS), _CONFIDENCE_BINS - 1)
        bins.setdefault(at, []).append(case)
    gaps = sum(
        abs(sum(case.confidence - case.right for case in inside)) for inside in bins.values()
    )
    return gaps / len(recognised) if recognised else 0.0
