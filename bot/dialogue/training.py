"""Training: from ``config.yml``, ``domain.yml`` and ``nlu/`` to one model file."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import structlog

from bot.dialogue.environment import prepare_environment
from bot.dialogue.stamp import model_file, older_models
from bot.settings import PROJECT, Settings


class TrainingFailed(RuntimeError):
    """Rasa refused the training data. The message, or standard error above it, says why."""


def train(
    settings: Settings,
    *,
    force: bool = False,
    project: Path = PROJECT,
    report: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train the model of today's files unless it exists, and return its path.

    The model appears under its name when it is whole; until then, and if training is killed, the
    one before stays in use. Then older ones are removed.

    Args:
        settings: where models are kept.
        force: train even if nothing changed.
        project: the folder with ``config.yml``, ``domain.yml`` and ``nlu/``.
        report: is told each step, a line a time.

    Raises:
        TrainingFailed: there is something wrong with the training data.
    """
    target = model_file(settings, project)
    if target.exists() and not force:
        return target
    with tempfile.TemporaryDirectory() as folder:
        trained = _train(project, Path(folder), report)
        settings.model_path.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(trained, part)
        part.replace(target)
    for path in older_models(settings, target):
        path.unlink()
    return target


def _train(project: Path, folder: Path, report: Callable[[str], None]) -> Path:
    prepare_environment()
    report("Loading Rasa")
    with contextlib.redirect_stdout(sys.stderr), _only_what_matters(report):
        from rasa.model_training import train as rasa_train
        from rasa.shared.exceptions import RasaException

        try:
            result = rasa_train(
                domain=str(project / "domain.yml"),
                config=str(project / "config.yml"),
                training_files=[str(project / "nlu")],
                output=str(folder),
                force_training=True,
            )
        except RasaException as error:
            raise TrainingFailed(str(error)) from error
        except SystemExit as end:
            raise TrainingFailed("Rasa refuses the training data, see above") from end
    if result.model is None:
        raise TrainingFailed("there is nothing to train from, see above")
    return Path(result.model)


class _Reporter(logging.Handler):
    def __init__(self, report: Callable[[str], None]) -> None:
        super().__init__()
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        self._report(record.getMessage())


@contextlib.contextmanager
def _only_what_matters(report: Callable[[str], None]) -> Iterator[None]:
    """Report each component's training, let warnings pass, and silence the debug lines.

    Rasa knows no extractor but its own, and warns that nothing uses the tables.
    """
    steps = logging.getLogger("rasa.engine.training.hooks")
    handler, level, configuration = _Reporter(report), steps.level, structlog.get_config()
    steps.addHandler(handler)
    steps.setLevel(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*but your NLU configuration does not include")
            yield
    finally:
        structlog.configure(**configuration)
        steps.setLevel(level)
        steps.removeHandler(handler)
