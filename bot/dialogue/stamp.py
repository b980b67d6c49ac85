"""Whether the trained model is the one that today's files would give. No Rasa: milliseconds.

The stamp is in the model's file name, so that a model and its stamp can never disagree. Rasa's
own training cache is no help here: it misses the code that a component imports.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.settings import PROJECT, Settings

_TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "nlu/**/*.yml",
    "bot/safety/**/*.py",
    "bot/safety/**/*.yml",
    "bot/dialogue/components/**/*.py",
    "requirements.txt",
)
_PREFIX = "akoma-"
_SUFFIX = ".tar.gz"


def stamp(project: Path = PROJECT) -> str:
    """Return a digest of all that training depends on."""
    digest = hashlib.sha256()
    for path in _inputs(project):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def model_file(settings: Settings, project: Path = PROJECT) -> Path:
    """Return where the model of today's files is, or would be."""
    return settings.model_path / f"{_PREFIX}{stamp(project)}{_SUFFIX}"


def is_current(settings: Settings, project: Path = PROJECT) -> bool:
    """Tell whether the model of today's files has been trained."""
    return model_file(settings, project).exists()


def newest_model(settings: Settings) -> Path | None:
    """Return the newest model, ours or one made by ``rasa train``; None if there is none."""
    models = settings.model_path.glob(f"*{_SUFFIX}")
    return max(models, key=lambda path: path.stat().st_mtime_ns, default=None)


def older_models(settings: Settings, newest: Path) -> list[Path]:
    """Return the models of ours other than ``newest``."""
    models = settings.model_path.glob(f"{_PREFIX}*{_SUFFIX}")
    return [path for path in models if path != newest]


def _inputs(project: Path) -> Iterator[Path]:
    for pattern in _TRAINED_FROM:
        yield from sorted(path for path in project.glob(pattern) if path.is_file())
