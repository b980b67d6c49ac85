"""The learned layer: models of a message, trained elsewhere, run here in numpy alone.

One counts grams, linearly; others read what the message means (``meaning.py``): what one of them
happens to overlook, another, which learned in another order, mostly sees. The sum decides,
in two steps. Is it an alarm? Most messages end here. Then, which category, and is it critical?
Nothing of severity ``normal`` is learned: that something is over, the patterns tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety import grams
from bot.safety.chart import Chart, Text
from bot.safety.flags import CATEGORIES, About, RedFlag
from bot.safety.function_words import only_function_words
from bot.safety.grams import Blocks
from bot.safety.meaning import Encoder, Net, Reader
from bot.safety.named_arrays import part, under
from bot.safety.pieces import Pieces

Floats = NDArray[np.float64]

# What is scored: the columns of all models.
ALARM, CRITICAL = "alarm", "critical"
COLUMNS = (ALARM, CRITICAL, *CATEGORIES)
# What a net takes a message for if it is no danger: "hard", "harmless", or "harmless:<intent>"
# where that is known: who knows what is asked for takes it less often for a danger. A danger is
# "<category>:<severity>".
HARD, HARMLESS = "hard", "harmless"
# How much the logarithm of what the nets take for likely counts beside the sum of the grams. Of
# 9,500 dangers that nothing had learned from, from 0.35 to 0.7 as many are missed, with 0.25 one of
# twenty more; of these, with 0.6 the strangers' ordinary messages raise the fewest alarms.
_SHARE = 0.6
_LEAST = 1e-6
# What the readers add for an alarm at most where they are right: of 8,800 dangers not learned from
# that were alarms, the grams of none lacked more than 1.0, of 2 more than 0.75.
_MOST_FROM_READERS = 1.25
# How much lower an alarm is for a message read in two ways: their mean is seldom extreme. Of 608
# dangers written by ear in pairs that the spelling had not learned from, 591 are alarms with it and
# 587 without; of 481 harmless ones 31 and 26. See docs/screen-measured.md.
_READ_TWICE = 0.15
# A message of more words is long.
_SHORT = 14
# How far below an alarm it doubts that of the patterns: an alarm of theirs, high or critical and of
# whichever sign, counts as much as about one of this score. Of 3,189 dangers of strangers it misses
# 4 more than at 1.25, and of 4,860 harmless messages 20 fewer are an alarm.
_SURE = 0.75
# How much less likely than the likeliest a category may be (the logarithm) to be one of two that a
# message shows. From 1.0 to 2.5 as many of 1,742 dangers not learned from are named rightly, but
# for four.
_NEARLY = 2.5


@dataclass(frozen=True, eq=False)
class LinearModel:
    """Scores of all columns: ``scales`` times the sum of the weights, plus ``intercepts``.

    ``weights`` are whole numbers of 16 bits, those of a bucket side by side: a row each.
    """

    weights: NDArray[np.int16]
    scales: Floats
    intercepts: Floats

    def scores(self, blocks: Blocks) -> Floats:
        """Return the score of each column."""
        totals = sum(
            value * self.weights[block].sum(axis=0, dtype=np.int64) for block, value in blocks
        )
        return np.asarray(self.scales * totals + self.intercepts)


@dataclass(frozen=True, eq=False)
class LearnedModel:
    """Scores of all columns, from all models; above 0 is a yes.

    All readers read the same ``pieces``. ``thresholds`` are what the sum for an alarm must exceed:
    in a short message, in a long one.
    """

    linear: LinearModel
    pieces: Pieces
    readers: tuple[Reader, ...]
    thresholds: tuple[float, float]

    def scores(self, *readings: Chart) -> dict[str, float]:
        """Return the score of each column: the mean over what a message may say."""
        return self._joined(readings, self._counted(readings))

    def scores_if_near(self, *readings: Chart) -> dict[str, float] | None:
        """Return the same; None where the grams alone tell that the readers would see no alarm.

        Reading costs most.
        """
        counted = self._counted(readings)
        if counted[COLUMNS.index(ALARM)] < -_MOST_FROM_READERS:
            return None
        return self._joined(readings, counted)

    def _counted(self, readings: Sequence[Chart]) -> Floats:
        counted = np.mean([self.linear.scores(grams.grams(chart)) for chart in readings], axis=0)
        threshold = np.mean([*map(self._threshold, readings)]) - _READ_TWICE * (len(readings) > 1)
        counted[COLUMNS.index(ALARM)] -= threshold
        return np.asarray(counted)

    def _joined(self, readings: Sequence[Chart], counted: Floats) -> dict[str, float]:
        messages = [self.pieces.embed(in_letters(chart)) for chart in readings]
        scores = join(counted, meant(self.readers, messages).mean(axis=0))
        return dict(zip(COLUMNS, scores.tolist(), strict=True))

    def _threshold(self, chart: Chart) -> float:
        return self.thresholds[is_long(chart.text)]

    @property
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that was learned, to be stored."""
        stored: dict[str, NDArray[Any]] = {
            "thresholds": np.array(self.thresholds),
            "linear.weights": self.linear.weights,
            "linear.scales": self.linear.scales,
            "linear.intercepts": self.linear.intercepts,
            **under("pieces", self.pieces.arrays),
        }
        for at, reader in enumerate(self.readers):
            stored |= under(f"encoder{at}", reader.encoder.arrays)
            stored |= under(f"net{at}", reader.net.arrays)
            stored[f"net{at}.classes"] = np.array(reader.net.classes)
        return stored

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> LearnedModel:
        """Return what ``arrays`` stored."""
        readers: list[Reader] = []
        while net := part(arrays, f"net{len(readers)}"):
            classes = tuple(str(name) for name in net.pop("classes"))
            encoder = Encoder(part(arrays, f"encoder{len(readers)}"))
            readers.append(Reader(encoder, Net(classes, net)))
        short, long = arrays["thresholds"].tolist()
        linear, pieces = LinearModel(**part(arrays, "linear")), Pieces(part(arrays, "pieces"))
        return cls(linear, pieces, tuple(readers), (short, long))


class LearnedLayer:
    """Sees what resembles the examples it was trained on, or means what they mean."""

    def __init__(self, model: LearnedModel) -> None:
        self._model = model

    def flags(self, *readings: Chart) -> Iterator[RedFlag]:
        """Yield a flag if the message is an alarm; a fragment of function words never is."""
        if _is_fragment(readings):
            return
        scores = self._model.scores_if_near(*readings)
        if scores is None or scores[ALARM] <= 0:
            return
        category = max(CATEGORIES, key=lambda name: scores[name])
        critical = scores[CRITICAL] > 0
        yield RedFlag(
            category,
            "critical" if critical else "high",
            _about(readings, category),
            nearly=tuple(
                name
                for name in CATEGORIES
                if name != category and scores[name] >= scores[category] - _NEARLY
            ),
        )

    def sees_no_danger(self, *readings: Chart) -> bool:
        """Tell whether it is so far from an alarm that the patterns' word does not make up for it.

        Of a fragment nothing is sure.
        """
        return not _is_fragment(readings) and self._model.scores(*readings)[ALARM] < -_SURE


def is_long(text: Text) -> bool:
    """Tell whether a message tells a story: the longer, the more in it resembles something."""
    return len(text.words) > _SHORT


def in_letters(chart: Chart) -> list[str]:
    """Return the words that tell what a message means.

    To the encoder all signs are one, and whoever cries with three of them means the same.
    """
    return [word for word in chart.text.words if word == "," or word[0].isalnum()]


def join(counted: Floats, read: Floats) -> Floats:
    """Return the score of each column, along the last axis, from the grams' and the readers'."""
    return np.asarray(counted + _SHARE * read)


def meant(readers: Sequence[Reader], messages: Sequence[NDArray[np.float32]]) -> Floats:
    """Return what messages mean to all readers on average: a row each.

    For an alarm and for critical, how much likelier it is than not; for a category, how likely.

    Args:
        readers: who read them.
        messages: of each the vectors of its pieces, a row each.
    """
    said = [_said(reader.net.classes, reader.probabilities(messages)) for reader in readers]
    return np.asarray(np.mean(said, axis=0))


def _said(classes: Sequence[str], likely: Floats) -> Floats:
    danger = likely[:, [not name.startswith((HARD, HARMLESS)) for name in classes]].sum(-1)
    critical = likely[:, [name.endswith(":critical") for name in classes]].sum(-1)
    categories = [
        likely[:, [name.startswith(f"{category}:") for name in classes]].sum(-1)
        for category in CATEGORIES
    ]
    return np.stack(
        [
            _log(danger) - _log(1 - danger),
            _log(critical) - _log(danger - critical),
            *map(_log, categories),
        ],
        axis=-1,
    )


def _log(likely: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(likely, 0) + _LEAST))


def _is_fragment(readings: Sequence[Chart]) -> bool:
    return all(only_function_words(chart.text.words) for chart in readings)


def _about(readings: Sequence[Chart], category: str) -> About:
    """Tell whom it concerns, as far as the people named tell.

    Whoever is hungry, the place that gives food is named to the writer.
    """

    def named(label: str) -> bool:
        return any(chart.has(label) for chart in readings)

    if category == "missing_child":
        return "someone_else"
    if category == "basic_needs" or named("first_person") or not named("another"):
        return "self"
    return "working_child" if category == "exploitation" else "someone_else"
