"""Whether the trained dialogue is the one that today's files would give. No Rasa: milliseconds.

Rasa's own training cache is no help here: it misses the code that a component imports.
"""

from __future__ import annotations

from pathlib import Path

from bot.settings import PROJECT, Settings
from bot.trained import Trained

_MODEL = Trained(
    prefix="akoma-",
    suffix=".tar.gz",
    inputs=(
        "config.yml",
        "domain.yml",
        "nlu/*.yml",
        "nlu/*/[!r]*.yml",
        "bot/safety/courtesies.py",
        "bot/safety/text.py",
        "bot/safety/spelling.yml",
        "bot/dialogue/components/**/*.py",
        "bot/dialogue/politeness.py",
        "requirements.txt",
    ),
)


def stamp(project: Path = PROJECT) -> str:
    """Return a digest of all that training depends on."""
    return _MODEL.stamp(project)


def model_file(settings: Settings, project: Path = PROJECT) -> Path:
    """Return where the model of today's files is, or would be."""
    return _MODEL.file(settings.model_path, project)


def is_current(settings: Settings, project: Path = PROJECT) -> bool:
    """Tell whether the model of today's files has been trained."""
    return _MODEL.is_current(settings.model_path, project)


def newest_model(settings: Settings) -> Path | None:
    """Return the newest model, ours or one made by ``rasa train``; None if there is none."""
    models = settings.model_path.glob("*.tar.gz")
    return max(models, key=lambda path: path.stat().st_mtime_ns, default=None)


def older_models(settings: Settings, newest: Path) -> list[Path]:
    """Return the models of ours other than ``newest``."""
    return _MODEL.others(settings.model_path, newest)
