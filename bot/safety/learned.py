"""The learned layer: a linear model of grams, trained elsewhere, run here without any library.

Two steps. Is it an alarm? Most messages end here: one sum. Then, which category, and is it
critical? Nothing of severity ``normal`` is learned: that something is over, the patterns tell.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bot.safety import grams
from bot.safety.chart import Chart
from bot.safety.flags import CATEGORIES, About, RedFlag
from bot.safety.function_words import only_function_words
from bot.safety.grams import BUCKETS, Blocks
from bot.trained import Trained

# The columns of a model: what is summed up for each gram.
ALARM, CRITICAL = "alarm", "critical"
COLUMNS = (ALARM, CRITICAL, *CATEGORIES)

LEARNED = Trained(
    prefix="screen-",
    suffix=".bin",
    inputs=(
        "nlu/**/*.yml",
        "bot/safety/**/*.py",
        "bot/safety/**/*.yml",
        "bot/dialogue/screen_training.py",
        "requirements.txt",
    ),
)


class NoLearnedLayer(RuntimeError):
    """There is no trained file that this code can read. The message says what to do."""


@dataclass(frozen=True)
class Column:
    """One score: ``scale`` times the sum of the weights, plus ``intercept``.

    ``weights`` are whole numbers of 16 bits, one a bucket.
    """

    weights: array[int]
    scale: float
    intercept: float

    def score(self, blocks: Blocks) -> float:
        """Return the score; above 0 is a yes."""
        weights = self.weights
        total = sum(value * sum([weights[bucket] for bucket in block]) for block, value in blocks)
        return self.scale * total + self.intercept


@dataclass(frozen=True)
class LearnedModel:
    """All columns, by name."""

    columns: dict[str, Column]

    def save(self, file: Path) -> None:
        """Write the model: a line of JSON, then the weights, packed."""
        head = {
            "reads": _reads(),
            "columns": [[name, c.scale, c.intercept] for name, c in self.columns.items()],
        }
        weights = b"".join(_little(c.weights).tobytes() for c in self.columns.values())
        file.write_bytes(json.dumps(head).encode() + b"\n" + zlib.compress(weights, 9))

    @classmethod
    def load(cls, file: Path) -> LearnedModel:
        """Read what ``save`` wrote.

        Raises:
            NoLearnedLayer: it was trained on other grams than today's.
        """
        first, _, packed = file.read_bytes().partition(b"\n")
        head = json.loads(first)
        if head["reads"] != _reads():
            raise NoLearnedLayer("The learned layer of the safety screen is out of date.")
        weights = memoryview(zlib.decompress(packed))
        columns = {}
        size = 2 * BUCKETS
        for at, (name, scale, intercept) in enumerate(head["columns"]):
            column = array("h")
            column.frombytes(weights[at * size : (at + 1) * size])
            columns[name] = Column(_little(column), scale, intercept)
        return cls(columns)


class LearnedLayer:
    """Sees what resembles the examples it was trained on."""

    def __init__(self, model: LearnedModel) -> None:
        self._model = model

    def flags(self, chart: Chart) -> Iterator[RedFlag]:
        """Yield a flag if the message is an alarm; a fragment of function words never is."""
        if only_function_words(chart.text.words):
            return
        columns = self._model.columns
        blocks = grams.grams(chart)
        if columns[ALARM].score(blocks) <= 0:
            return
        category = max(CATEGORIES, key=lambda name: columns[name].score(blocks))
        critical = columns[CRITICAL].score(blocks) > 0
        yield RedFlag(category, "critical" if critical else "high", _about(chart, category))


def load_learned_layer(folder: Path) -> LearnedLayer:
    """Read the newest trained file of the models' ``folder``.

    Raises:
        NoLearnedLayer: there is none, or it was trained on other grams than today's.
    """
    file = LEARNED.newest(folder)
    if file is None:
        raise NoLearnedLayer(f"The learned layer of the safety screen is not in {folder}.")
    return LearnedLayer(LearnedModel.load(file))


def _about(chart: Chart, category: str) -> About:
    """Tell whom it concerns, as far as the people named tell."""
    if chart.has("first_person") or not chart.has("another"):
        return "self"
    return "working_child" if category == "exploitation" else "someone_else"


def _reads() -> str:
    """Return a digest of the code that makes the grams: weights of others mean nothing."""
    return sha256(Path(grams.__file__).read_bytes()).hexdigest()[:16]


def _little(weights: array[int]) -> array[int]:
    """Return the weights with the low byte first in memory, from the machine's order or to it."""
    if sys.byteorder == "big":
        weights = array("h", weights)
        weights.byteswap()
    return weights
