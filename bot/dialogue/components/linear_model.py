"""A linear model of texts: trained with scikit-learn, stored as plain arrays, run with numpy.

A text is two lists of grams, each weighed by TF-IDF and brought to length 1, and where an encoder
gave one, a vector of length 1. At run time no scikit-learn is called or even imported: for one
short text its checks cost more than the sums.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.components.grams import Analyzer, normalize, phrases, pieces

Floats = NDArray[np.float32]

_ANALYZERS: tuple[Analyzer, ...] = (pieces, phrases)
_TERMS_FILE, _ARRAYS_FILE = "terms.json", "arrays.npz"
# Grams of a single example teach nothing about others, and are half of all; but the example itself
# shall be understood when it comes again, be it one emoji or one word of a language with few.
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
        dense_weights: what each dimension of a text's vector says for each label, by row; no rows
            where the model was trained without vectors.
        intercept: the score of each label before a gram is seen.
        temperature: divides scores so that their softmax is as sure as it is right.
    """

    labels: tuple[str, ...]
    terms: tuple[dict[str, int], ...]
    idf: Floats
    weights: Floats
    dense_weights: Floats
    intercept: Floats
    temperature: float

    @property
    def wants_vector(self) -> bool:
        """Whether the model was trained with vectors."""
        return len(self.dense_weights) > 0

    def probabilities(self, text: str, vector: Floats | None = None) -> NDArray[np.float64]:
        """Return the probability of each label: all the same if no gram is known.

        What is half unknown is half as sure, whatever the known half says.

        Args:
            text: the text.
            vector: its vector, if and only if the model was trained with vectors.
        """
        normalized = normalize(text)
        scores = np.zeros(len(self.labels))
        shares_known = []
        for analyzer, terms in zip(_ANALYZERS, self.terms, strict=True):
            grams = Counter(analyzer(normalized))
            known = {terms[gram]: times for gram, times in grams.items() if gram in terms}
            length = 0.0
            if known:
                rows = np.fromiter(known, dtype=np.intp)
                times = np.fromiter(known.values(), dtype=np.float32)
                values = (1 + np.log(times)) * self.idf[rows]
                length = float(np.linalg.norm(values))
                scores += (values / length) @ self.weights[rows]
            # A gram it does not know weighs as much as the rarest it knows.
            unknown = (len(grams) - len(known)) * self.rarest**2
            if grams:
                shares_known.append(length / math.sqrt(length**2 + unknown))
        # A vector alone means nothing: even keys pressed at random have one.
        if scores.any():
            scores += self.intercept
            if vector is not None:
                scores += vector @ self.dense_weights
        share_known = sum(shares_known) / len(shares_known) if shares_known else 1
        return softmax(scores * share_known / self.temperature)

    @cached_property
    def rarest(self) -> float:
        """The inverse document frequency of the rarest gram."""
        return float(self.idf.max(initial=0))

    def save(self, folder: Path) -> None:
        """Write the model into ``folder``, without code in it: loading runs nothing."""
        content = {
            "labels": self.labels,
            "terms": [list(terms) for terms in self.terms],
            "temperature": self.temperature,
        }
        (folder / _TERMS_FILE).write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        np.savez(
            folder / _ARRAYS_FILE,
            idf=self.idf,
            weights=self.weights,
            dense_weights=self.dense_weights,
            intercept=self.intercept,
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
                dense_weights=arrays["dense_weights"],
                intercept=arrays["intercept"],
                temperature=content["temperature"],
            )


def train(
    texts: Sequence[str], labels: Sequence[str], vectors: Floats | None = None
) -> LinearModel:
    """Train a model.

    Args:
        texts: the examples.
        labels: the label of each.
        vectors: the vector of each, by row, if an encoder gave them.

    Raises:
        ValueError: there are fewer than two labels, or one has fewer examples than there are folds
            to measure on.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer

    _refuse_too_few(labels)
    normalized = [normalize(text) for text in texts]
    vectorizers = [
        TfidfVectorizer(
            analyzer=analyzer,
            vocabulary=_vocabulary(analyzer, normalized),
            sublinear_tf=True,
            dtype=np.float32,
        )
        for analyzer in _ANALYZERS
    ]
    if vectors is None:
        vectors = np.zeros((len(texts), 0), dtype=np.float32)
    blocks = [v.fit_transform(normalized) for v in vectorizers]
    features = hstack([*blocks, csr_matrix(vectors)], format="csr")
    classifier = _classifier().fit(features, labels)
    # For two labels scikit-learn keeps the scores of the second alone.
    weights, intercept = classifier.coef_, classifier.intercept_
    if len(intercept) == 1:
        weights = np.vstack([-weights, weights])
        intercept = np.concatenate([-intercept, intercept])
    of_grams, of_vectors = np.split(weights.T, [weights.shape[1] - vectors.shape[1]])
    return LinearModel(
        labels=tuple(str(label) for label in classifier.classes_),
        terms=_number([v.get_feature_names_out().tolist() for v in vectorizers]),
        idf=np.concatenate([v.idf_ for v in vectorizers]).astype(np.float32),
        weights=np.ascontiguousarray(of_grams, dtype=np.float32),
        dense_weights=np.ascontiguousarray(of_vectors, dtype=np.float32),
        intercept=intercept.astype(np.float32),
        temperature=_fit_temperature(features, np.asarray(labels)),
    )


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn scores into probabilities, along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return result


def _vocabulary(analyzer: Analyzer, normalized: Sequence[str]) -> list[str]:
    counts = Counter(gram for text in normalized for gram in set(analyzer(text)))
    whole = set(normalized)
    return sorted(g for g, count in counts.items() if count >= _MIN_EXAMPLES or g in whole)


def _fit_temperature(features: Any, labels: NDArray[np.str_]) -> float:
    """Return the temperature with the least log loss on a third of the examples, not trained on."""
    from scipy.optimize import minimize_scalar
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold

    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    rest, measured = next(folds.split(features, labels))
    scores = _classifier().fit(features[rest], labels[rest]).decision_function(features[measured])
    if scores.ndim == 1:
        scores = np.column_stack([-scores, scores])
    known = np.unique(labels)
    best = minimize_scalar(
        lambda temperature: log_loss(labels[measured], softmax(scores / temperature), labels=known),
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
