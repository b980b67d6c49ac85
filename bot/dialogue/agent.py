"""The door to the dialogue. Importing it loads nothing heavy; ``load_dialogue`` does."""

from __future__ import annotations

import contextlib
import sys
from types import ModuleType

import structlog

from bot.delivery.ports import Dialogue
from bot.dialogue.environment import prepare_environment
from bot.dialogue.stamp import model_file, newest_model
from bot.i18n.wording import Wording
from bot.logs import configure_logging
from bot.settings import Settings

_log = structlog.get_logger(__name__)


class NoModel(LookupError):
    """There is no trained model. The message says how to make one."""


class DialogueUnfit(RuntimeError):
    """The model, the actions and the sentences do not fit together. The message says what."""


def load_dialogue(
    settings: Settings, wording: Wording, actions: ModuleType | None = None
) -> Dialogue:
    """Load the newest model and what it needs. Takes seconds and half a gigabyte.

    Logging is configured too: as Rasa comes, it prints what people write.

    Args:
        settings: where the models are.
        wording: what words the replies.
        actions: the package with the custom actions; the project's own if None.

    Raises:
        NoModel: nothing was trained yet.
        DialogueUnfit: the model calls an action or a response that does not exist.
    """
    model = newest_model(settings)
    if model is None:
        raise NoModel(f"No model in {settings.model_path}. Train one: python -m bot train")
    prepare_environment()
    configure_logging()
    if model != model_file(settings):
        _log.warning("the model is older than what it is made of", model=model.name)
    # Standard output belongs to the command line.
    with contextlib.redirect_stdout(sys.stderr):
        import actions as projects_own
        from bot.dialogue.endpoint import find_actions
        from bot.dialogue.rasa_dialogue import RasaDialogue

        return RasaDialogue(model, wording, find_actions(actions or projects_own))
