"""The learned layer: models of a message, trained elsewhere, run here in numpy alone.

One counts grams, linearly; three others read what the message means (``meaning.py``): what one of
them happens to overlook, the others, which learned in another order, mostly see. The sum decides,
in two steps. Is it an alarm? Most messages end here. Then, which category, and is it critical?
Nothing of severity ``normal`` is learned: that something is over, the patterns tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety import grams
from bot.safety.chart import Chart
from bot.safety.flags import CATEGORIES, About, RedFlag
from bot.safety.function_words import only_function_words
from bot.safety.grams import Blocks
from bot.safety.meaning import Encoder, Net, Reader
from bot.safety.pieces import Pieces
from bot.trained import Trained, instructions

Floats = NDArray[np.float64]

# What is scored: the columns of all models.
ALARM, CRITICAL = "alarm", "critical"
COLUMNS = (ALARM, CRITICAL, *CATEGORIES)
# What a net takes a message for if it is no danger; a danger is "<category>:<severity>".
HARD, HARMLESS = "hard", "harmless"
# How much the logarithm of what the nets take for likely counts beside the sum of the grams. Chosen
# among 0.15 to 0.4, on 8,400 dangers that nothing had learned from: from 0.2 to 0.3 three nets miss
# as many at any rate of false alarms on everyday messages; with 0.4 a tenth more.
_SHARE = 0.25
_LEAST = 1e-6
# What the readers add for an alarm at most where they are right: of 8,009 dangers not learned from
# that were alarms, the grams of none lacked more than 1.0, of 5 more than 0.75.
_MOST_FROM_READERS = 1.25
# A message of more words is long.
_SHORT = 14
# How far below an alarm it doubts that of the patterns: an alarm of theirs, high or critical and of
# whichever sign, counts as much as about one of this score. At a share of 0.25 all values from 0.75
# to 1.5 saw as many dangers at any rate of false alarms (6,900 sentences that it had not learned).
_SURE = 1.5
# How much less likely than the likeliest a category may be (the logarithm) to be one of two that a
# message shows. From 0.3 to 1.5 the share of dangers named rightly, by five authors unseen, is
# within 0.3 points of that of the likeliest alone.
_NEARLY = 1.5

LEARNED = Trained(
    prefix="screen-",
    suffix=".npz",
    inputs=(
        "nlu/**/*.yml",
        "bot/safety/**/*.py",
        "bot/safety/**/*.yml",
        "bot/dialogue/by_ear.py",
        "bot/dialogue/coarse.py",
        "bot/dialogue/other_languages.py",
        "bot/dialogue/batches.py",
        "bot/dialogue/tuning.py",
        "bot/dialogue/screen_training.py",
        "bot/i18n/letters.py",
        "bot/i18n/words.yml",
        "requirements.txt",
    ),
)


class NoLearnedLayer(RuntimeError):
    """There is no trained file that this code can read. The message says what to do."""


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

    def scores(self, chart: Chart) -> dict[str, float]:
        """Return the score of each column."""
        return self._joined(chart, self._counted(chart))

    def scores_if_near(self, chart: Chart) -> dict[str, float] | None:
        """Return the same; None where the grams alone tell that the readers would see no alarm.

        Reading costs most.
        """
        counted = self._counted(chart)
        if counted[COLUMNS.index(ALARM)] < self._threshold(chart) - _MOST_FROM_READERS:
            return None
        return self._joined(chart, counted)

    def _counted(self, chart: Chart) -> Floats:
        return self.linear.scores(grams.grams(chart))

    def _joined(self, chart: Chart, counted: Floats) -> dict[str, float]:
        (scores,) = join(counted, meant(self.readers, [self.pieces.embed(in_letters(chart))]))
        found = dict(zip(COLUMNS, scores.tolist(), strict=True))
        found[ALARM] -= self._threshold(chart)
        return found

    def _threshold(self, chart: Chart) -> float:
        return self.thresholds[is_long(chart)]

    def save(self, file: Path) -> None:
        """Write the model: arrays, without code in them."""
        arrays: dict[str, Any] = {
            "reads": np.array(_reads()),
            "thresholds": np.array(self.thresholds),
            "linear.weights": self.linear.weights,
            "linear.scales": self.linear.scales,
            "linear.intercepts": self.linear.intercepts,
            **_named("pieces", self.pieces.arrays),
        }
        for at, reader in enumerate(self.readers):
            arrays |= _named(f"encoder{at}", reader.encoder.arrays)
            arrays |= _named(f"net{at}", reader.net.arrays)
            arrays[f"net{at}.classes"] = np.array(reader.net.classes)
        with file.open("wb") as stream:
            # Not packed: unpacking would take most of the time in which it is read.
            np.savez(stream, **arrays)

    @classmethod
    def load(cls, file: Path) -> LearnedModel:
        """Read what ``save`` wrote.

        Raises:
            NoLearnedLayer: it was trained on other grams or another encoder than today's.
        """
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if str(arrays["reads"]) != _reads():
            raise NoLearnedLayer("The learned layer of the safety screen is out of date.")
        readers: list[Reader] = []
        while net := _part(arrays, f"net{len(readers)}"):
            classes = tuple(str(name) for name in net.pop("classes"))
            encoder = Encoder(_part(arrays, f"encoder{len(readers)}"))
            readers.append(Reader(encoder, Net(classes, net)))
        short, long = arrays["thresholds"].tolist()
        linear, pieces = LinearModel(**_part(arrays, "linear")), Pieces(_part(arrays, "pieces"))
        return cls(linear, pieces, tuple(readers), (short, long))


class LearnedLayer:
    """Sees what resembles the examples it was trained on, or means what they mean."""

    def __init__(self, model: LearnedModel) -> None:
        self._model = model

    def flags(self, chart: Chart) -> Iterator[RedFlag]:
        """Yield a flag if the message is an alarm; a fragment of function words never is."""
        if only_function_words(chart.text.words):
            return
        scores = self._model.scores_if_near(chart)
        if scores is None or scores[ALARM] <= 0:
            return
        category = max(CATEGORIES, key=lambda name: scores[name])
        critical = scores[CRITICAL] > 0
        yield RedFlag(
            category,
            "critical" if critical else "high",
            _about(chart, category),
            nearly=tuple(
                name
                for name in CATEGORIES
                if name != category and scores[name] >= scores[category] - _NEARLY
            ),
        )

    def sees_no_danger(self, chart: Chart) -> bool:
        """Tell whether it is so far from an alarm that the patterns' word does not make up for it.

        Of a fragment nothing is sure.
        """
        if only_function_words(chart.text.words):
            return False
        return self._model.scores(chart)[ALARM] < -_SURE


def load_learned_layer(folder: Path) -> LearnedLayer:
    """Read the newest trained file of the models' ``folder``.

    Raises:
        NoLearnedLayer: there is none, or it was trained on other grams than today's.
    """
    file = LEARNED.newest(folder)
    if file is None:
        raise NoLearnedLayer(f"The learned layer of the safety screen is not in {folder}.")
    return LearnedLayer(LearnedModel.load(file))


def is_long(chart: Chart) -> bool:
    """Tell whether a message tells a story: the longer, the more in it resembles something."""
    return len(chart.text.words) > _SHORT


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
    danger = likely[:, [name not in (HARD, HARMLESS) for name in classes]].sum(-1)
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


def _about(chart: Chart, category: str) -> About:
    """Tell whom it concerns, as far as the people named tell.

    Whoever is hungry, the place that gives food is named to the writer.
    """
    if category == "missing_child":
        return "someone_else"
    if category == "basic_needs" or chart.has("first_person") or not chart.has("another"):
        return "self"
    return "working_child" if category == "exploitation" else "someone_else"


def _reads() -> str:
    """Return a digest of the code that reads a message: weights for others mean nothing."""
    digest = sha256()
    for module in ("grams.py", "sounds.py", "pieces.py", "meaning.py", "learned.py"):
        digest.update(instructions(Path(__file__).with_name(module)))
    return digest.hexdigest()[:16]


def _named(name: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays of a part of the model, under their names within the whole."""
    return {f"{name}.{key}": array for key, array in arrays.items()}


def _part(arrays: dict[str, NDArray[Any]], name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a part of the model, under their names within it."""
    return {
        key.removeprefix(f"{name}."): array
        for key, array in arrays.items()
        if key.startswith(f"{name}.")
    }
