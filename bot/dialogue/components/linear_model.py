"""A linear model of texts: trained with scikit-learn, stored as plain arrays, run with numpy.

A text is two lists of grams, each weighed by TF-IDF and brought to length 1. At run time no
scikit-learn is called or even imported: for one short text its checks cost more than the sums.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.components.grams import Analyzer, normalize, phrases, pieces

Floats = NDArray[np.float32]

_ANALYZERS: tuple[Analyzer, ...] = (pieces, phrases)
_TERMS_FILE, _ARRAYS_FILE = "terms.json", "arrays.npz"
# Grams of a single example teach nothing about others, and are half of all.
_MIN_EXAMPLES = 2
_PENALTY = 0.6
_FOLDS = 3
_SEED = 0


@dataclass(frozen=True)
class LinearModel:
    """Scores of labels for texts.

    Attributes:
        labels: the labels, in the order of all columns.
        terms: for each analyzer, the row of each gram it knows.
        idf: the inverse document frequency of each gram, by row.
        weights: what a gram says for each label, by row.
        intercept: the score of each label before a gram is seen.
        temperature: divides scores so that their softmax is as sure as it is right.
    """

    labels: tuple[str, ...]
    terms: tuple[dict[str, int], ...]
    idf: Floats
    weights: Floats
    intercept: Floats
    temperature: float

    def probabilities(self, text: str) -> NDArray[np.float64]:
        """Return the probability of each label: all the same if no gram is known."""
        normalized = normalize(text)
        scores = np.zeros(len(self.labels))
        for analyzer, terms in zip(_ANALYZERS, self.terms, strict=True):
            counts = Counter(terms[gram] for gram in analyzer(normalized) if gram in terms)
            if counts:
                rows = np.fromiter(counts, dtype=np.intp)
                times = np.fromiter(counts.values(), dtype=np.float32)
                values = (1 + np.log(times)) * self.idf[rows]
                scores += (values / np.linalg.norm(values)) @ self.weights[rows]
        if scores.any():
            scores += self.intercept
        return softmax(scores / self.temperature)

    def save(self, folder: Path) -> None:
        """Write the model into ``folder``, without code in it: loading runs nothing."""
        content = {
            "labels": self.labels,
            "terms": [list(terms) for terms in self.terms],
            "temperature": self.temperature,
        }
        (folder / _TERMS_FILE).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        np.savez(
            folder / _ARRAYS_FILE, idf=self.idf, weights=self.weights, intercept=self.intercept
        )

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Read what ``save`` wrote."""
        content = json.loads((folder / _TERMS_FILE).read_text("utf-8"))
        with np.load(folder / _ARRAYS_FILE, allow_pickle=False) as arrays:
            return cls(
                labels=tuple(content["labels"]),
                terms=_number(content["terms"]),
                idf=arrays["idf"],
                weights=arrays["weights"],
                intercept=arrays["intercept"],
                temperature=content["temperature"],
            )


def train(texts: Sequence[str], labels: Sequence[str]) -> LinearModel:
    """Train a model.

    Raises:
        ValueError: there are fewer than two labels, or one has fewer examples than there are folds
            to measure on.
    """
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    _refuse_too_few(labels)
    normalized = [normalize(text) for text in texts]
    vectorizers = [
        TfidfVectorizer(
            analyzer=analyzer, min_df=_MIN_EXAMPLES, sublinear_tf=True, dtype=np.float32
        )
        for analyzer in _ANALYZERS
    ]
    features = hstack([v.fit_transform(normalized) for v in vectorizers], format="csr")
    classifier = _classifier().fit(features, labels)
    # For two labels scikit-learn keeps the scores of the second alone.
    weights, intercept = classifier.coef_, classifier.intercept_
    if len(intercept) == 1:
        weights = np.vstack([-weights, weights])
        intercept = np.concatenate([-intercept, intercept])
    return LinearModel(
        labels=tuple(str(label) for label in classifier.classes_),
        terms=_number([v.get_feature_names_out().tolist() for v in vectorizers]),
        idf=np.concatenate([v.idf_ for v in vectorizers]).astype(np.float32),
        weights=np.ascontiguousarray(weights.T, dtype=np.float32),
        intercept=intercept.astype(np.float32),
        temperature=_fit_temperature(features, np.asarray(labels)),
    )


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn scores into probabilities, along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return result


def _fit_temperature(features: Any, labels: NDArray[np.str_]) -> float:
    """Return the temperature with the least log loss on examples that were not trained on."""
    from scipy.optimize import minimize_scalar
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    scores = cross_val_predict(
        _classifier(), features, labels, cv=folds, method="decision_function"
    )
    if scores.ndim == 1:
        scores = np.column_stack([-scores, scores])
    known = np.unique(labels)
    best = minimize_scalar(
        lambda temperature: log_loss(labels, softmax(scores / temperature), labels=known),
        bounds=(0.05, 2.0),
        method="bounded",
    )
    return float(best.x)


def _classifier() -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=_PENALTY, random_state=_SEED)


def _number(terms: Sequence[Sequence[str]]) -> tuple[dict[str, int], ...]:
    """Give the grams of all analyzers their rows, one after the other."""
    numbered, start = [], 0
    for known in terms:
        numbered.append({gram: row for row, gram in enumerate(known, start)})
        start += len(known)
    return tuple(numbered)


def _refuse_too_few(labels: Sequence[str]) -> None:
    counts = Counter(labels)
    if len(counts) < 2:
        raise ValueError("There must be examples of two intents at least: add some to nlu/")
    rare = sorted(label for label, count in counts.items() if count < _FOLDS)
    if rare:
        raise ValueError(f"Give these intents {_FOLDS} examples at least: {', '.join(rare)}")
