"""The trained file of the screen: how messages are spelt and what is a danger, in plain arrays."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

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
        "bot/dialogue/batches.py",
        "bot/dialogue/respelling_training.py",
        "bot/dialogue/tuning.py",
        "bot/dialogue/screen_training.py",
        "bot/i18n/letters.py",
        "bot/i18n/words.yml",
        "requirements.txt",
    ),
)
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
        arrays = under("respelling", self.respelling.arrays) | under("model", self.model.arrays)
        with file.open("wb") as stream:
            # Not packed: unpacking would take most of the time in which it is read.
            np.savez(stream, reads=np.array(_reads()), **arrays)

    @classmethod
    def load(cls, file: Path) -> TrainedScreen:
        """Read what ``save`` wrote.

        Raises:
            NotTrained: it was trained for other code than today's.
        """
        with np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if str(arrays["reads"]) != _reads():
            raise NotTrained("The trained file of the safety screen is out of date.")
        respelling = Respelling.of(part(arrays, "respelling"))
        return cls(respelling, LearnedModel.of(part(arrays, "model")))


def load_trained_screen(folder: Path) -> TrainedScreen:
    """Read the newest trained file of the models' ``folder``.

    Raises:
        NotTrained: there is none, or it was trained for other code than today's.
    """
    file = TRAINED_SCREEN.newest(folder)
    if file is None:
        raise NotTrained(f"The trained file of the safety screen is not in {folder}.")
    return TrainedScreen.load(file)


def _reads() -> str:
    """Return a digest of the code that reads a message."""
    digest = sha256()
    for module in _READERS:
        digest.update(instructions(Path(__file__).with_name(module)))
    return digest.hexdigest()[:16]
