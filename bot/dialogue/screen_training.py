"""Training of the safety screen's learned layer: from ``nlu/`` to one file of plain numbers.

It stands here because scikit-learn may be imported here; the screen never imports it. What is
chosen below was chosen by cross-validation on the examples of ``nlu/`` (docs/understanding.md).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety.chart import Chart
from bot.safety.examples import read_examples, read_intents
from bot.safety.flags import CATEGORIES, RedFlag, worst
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.grams import BUCKETS, grams
from bot.safety.learned import ALARM, CRITICAL, LEARNED, Column, LearnedModel
from bot.safety.pattern_layer import PatternLayer
from bot.safety.screen import PATTERNS
from bot.safety.text import expand
from bot.settings import PROJECT, Settings

# Intents whose sentences are a danger, though of which kind and severity nobody has noted.
DANGER_INTENTS = frozenset({"report_danger", "report_other_child"})
# Intents of which some sentences are a danger and some are none.
_MIXED_INTENTS = frozenset(
    {
        "complain_staff",
        "report_sick",
        "report_bad",
        "ask_shelter",
        "ask_family_contact",
    }
)
_PENALTY = 1.0
# How much more a sentence counts that only sounds like a danger: there are few, and they are near.
_HARD_WEIGHT = 3.0
_FOLDS = 3
_SEED = 0
_LARGEST = 2**15 - 1
# Which share of what is no danger may raise an alarm, in cross-validation.
_EVERYDAY_ALARMS = 0.005
_HARD_ALARMS = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """A sentence to learn from, read. ``flag`` is None where nothing must be raised."""

    chart: Chart
    flag: RedFlag | None
    hard: bool

    @property
    def alarms(self) -> bool:
        """Whether an alarm is due."""
        return self.flag is not None and self.flag.alarms


def train_screen(settings: Settings, *, force: bool = False, project: Path = PROJECT) -> Path:
    """Train the layer of today's files unless it exists, and return its file.

    It appears under its name when it is whole; then older ones are removed.
    """
    target = LEARNED.file(settings.model_path, project)
    if target.exists() and not force:
        return target
    grammar = load_grammar(PATTERNS)
    model = fit(read_samples(project / "nlu", grammar))
    settings.model_path.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    model.save(part)
    part.replace(target)
    for path in LEARNED.others(settings.model_path, target):
        path.unlink()
    return target


def read_samples(nlu: Path, grammar: Grammar) -> list[Sample]:
    """Read all sentences that the layer learns from, each once.

    The flag of a sentence of ``DANGER_INTENTS`` is the one the patterns see; where they see none,
    and where they see one in everyday sentences, it is left out.
    """
    patterns = PatternLayer(grammar)
    known: set[str] = set()
    samples = []

    for file in sorted(nlu.glob("*/red_flags.yml")):
        for example in read_examples(file):
            expanded = expand(example.text)
            known.add(expanded)
            chart = grammar.chart(expanded)
            samples.append(Sample(chart, example.flag, hard=not example.everyday))
    for file in sorted(nlu.glob("*/nlu*.yml")):
        for intent, text in read_intents(file):
            expanded = expand(text)
            if intent in _MIXED_INTENTS or expanded in known:
                continue
            known.add(expanded)
            chart = grammar.chart(expanded)
            seen = worst(patterns.flags(chart))
            danger = intent in DANGER_INTENTS
            if danger == (seen is not None and seen.alarms):
                samples.append(Sample(chart, seen, hard=False))
    return samples


def fit(samples: Sequence[Sample]) -> LearnedModel:
    """Fit all columns."""
    features = _features([sample.chart for sample in samples])
    alarms = np.array([sample.alarms for sample in samples])
    hard = np.array([sample.hard for sample in samples])
    flags = [sample.flag for sample in samples if sample.flag and sample.alarms]
    dangers = features[alarms]
    weights = np.where(hard & ~alarms, _HARD_WEIGHT, 1.0)
    threshold = _threshold(features, alarms, hard, weights)
    alarm = _column(_classifier().fit(features, alarms, sample_weight=weights), threshold)
    critical = np.array([flag.severity == "critical" for flag in flags])
    columns = {ALARM: alarm, CRITICAL: _column(_classifier().fit(dangers, critical))}
    for category in CATEGORIES:
        of_category = np.array([flag.category == category for flag in flags])
        columns[category] = _column(_classifier().fit(dangers, of_category))
    return LearnedModel(columns)


def _features(charts: Sequence[Chart]) -> Any:
    """Return a sparse matrix, a message a row."""
    from scipy.sparse import csr_matrix

    starts, buckets, values = [0], array("i"), array("d")
    for chart in charts:
        for block, value in grams(chart):
            buckets.extend(block)
            values.extend([value] * len(block))
        starts.append(len(buckets))
    matrix = csr_matrix((values, buckets, starts), shape=(len(charts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def _threshold(
    features: Any, alarms: NDArray[np.bool_], hard: NDArray[np.bool_], weights: Floats
) -> float:
    """Return the score above which few enough sentences that are no danger raise an alarm."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    scores: Floats = cross_val_predict(
        _classifier(),
        features,
        alarms,
        cv=folds,
        method="decision_function",
        fit_params={"sample_weight": weights},
    )
    return max(
        float(np.quantile(scores[~alarms & ~hard], 1 - _EVERYDAY_ALARMS)),
        float(np.quantile(scores[~alarms & hard], 1 - _HARD_ALARMS)),
    )


def _classifier() -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=_PENALTY, random_state=_SEED)


def _column(fitted: Any, threshold: float = 0.0) -> Column:
    weights = fitted.coef_[0]
    scale = float(np.abs(weights).max()) / _LARGEST
    whole = array("h", np.rint(weights / scale).astype(np.int16).tobytes())
    return Column(whole, scale, float(fitted.intercept_[0]) - threshold)
