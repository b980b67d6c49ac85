"""The trained file of the screen: how messages are spelt and what is a danger, in plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.safety.learned import LearnedModel
from bot.safety.named_arrays import part, under
from bot.safety.respelling import Respelling
from bot.trained import Trained, instructions

TRAINED_SCREEN = Trained(
    prefix="screen-",
    suffix=".npz",
    inputs=(
        "nlu/**/*.yml",
        "bot/safety/**/*.py",
        "bot/safety/**/*.yml",
        "bot/dialogue/by_ear.py",
        "bot/dialogue/coarse.py",
        "bot/dialogue/other_languages.py",
        "bot/dialogue/politeness.py",
        "bot/dialogue/batches.py",
        "bot/dialogue/respelling_training.py",
        "bot/dialogue/tuning.py",
        "bot/dialogue/screen_training.py",
        "bot/i18n/letters.py",
        "bot/i18n/words.yml",
        "requirements.txt",
    ),
)
_RESPELLING, _MODEL = "respelling", "model"
# The code that reads a message: what was learned for another means nothing.
_READERS = (
    "grams.py",
    "sounds.py",
    "pieces.py",
    "meaning.py",
    "learned.py",
    "respelling.py",
    "word_sounds.py",
)


class NotTrained(RuntimeError):
    """There is no trained file that this code can read. The message says what to do."""


@dataclass(frozen=True, eq=False)
class TrainedScreen:
    """All that was learned for the screen."""

    respelling: Respelling
    model: LearnedModel

    def save(self, file: Path) -> None:
        """Write it: arrays, without code in them."""
        arrays = under(_RESPELLING, self.respelling.arrays) | under(_MODEL, self.model.arrays)
        with file.open("wb") as stream:
            # Not packed: unpacking would take most of the time in which it is read.
            np.savez(stream, reads=np.array(_reads()), **arrays)

    @classmethod
    def load(cls, file: Path) -> TrainedScreen:
        """Read what ``save`` wrote.

        Raises:
            NotTrained: it was trained for other code than today's.
        """
        arrays = _read(file)
        respelling = Respelling.of(part(arrays, _RESPELLING))
        return cls(respelling, LearnedModel.of(part(arrays, _MODEL)))


def load_trained_screen(folder: Path) -> TrainedScreen:
    """Read the newest trained file of the models' ``folder``.

    Raises:
        NotTrained: there is none, or it was trained for other code than today's.
    """
    return TrainedScreen.load(_newest(folder))


def load_respelling(folder: Path) -> Respelling:
    """Read of the same only how messages are spelt: a tenth of a second.

    Raises:
        NotTrained: there is none, or it was trained for other code than today's.
    """
    return Respelling.of(part(_read(_newest(folder), _RESPELLING), _RESPELLING))


def _newest(folder: Path) -> Path:
    file = TRAINED_SCREEN.newest(folder)
    if file is None:
        raise NotTrained(f"The trained file of the safety screen is not in {folder}.")
    return file


def _read(file: Path, name: str = "") -> dict[str, NDArray[Any]]:
    """Return the arrays of which the names begin so."""
    with np.load(file, allow_pickle=False) as stored:
        if str(stored["reads"]) != _reads():
            raise NotTrained("The trained file of the safety screen is out of date.")
        return {known: stored[known] for known in stored.files if known.startswith(name)}


def _reads() -> str:
    """Return a digest of the code that reads a message."""
    digest = sha256()
    for module in _READERS:
        digest.update(instructions(Path(__file__).with_name(module)))
    return digest.hexdigest()[:16]
