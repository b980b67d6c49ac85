"""What was written by ear, as school spells it: "jve parlé a kelkin", to somebody.

The examples are spelt as in school, more or less: of messages by ear less than half are understood
as they are typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.readings import SAID, SPELT
from bot.dialogue.components.sureness import UNLESS_SURER, is_surer
from bot.safety.second_reading import second_reading
from bot.safety.text import expand
from bot.safety.trained_file import load_respelling
from bot.settings import read_settings


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class Respeller(GraphComponent):
    """Adds to a message that was written by ear how it is spelt, as the safety screen reads it too.

    It knows no more than the screen's trained file, which it reads when it is loaded. A message
    whose intent a classifier before this one is surer of than ``unless_surer_than`` is passed over:
    what was learned by heart shall not be doubted for what it sounds like.
    """

    def __init__(self, respell: Callable[[str], str], unless_surer_than: float = 1.0) -> None:
        self._respell = respell
        self._unless_surer_than = unless_surer_than

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: by default no message is passed over."""
        return {UNLESS_SURER: 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Respeller:
        """Build one.

        Raises:
            NotTrained: there is no trained file of the screen, or none that this code can read.
        """
        settings = read_settings(demo=None, needs_key=False)
        return cls(load_respelling(settings.model_path).respell, config[UNLESS_SURER])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message of which the spelling was mended what it is then."""
        for message in messages:
            if is_surer(message, self._unless_surer_than):
                continue
            text = message.get(TEXT) or ""
            spelt = second_reading(text, message.get(SAID) or expand(text), self._respell)
            if spelt is not None:
                message.set(SPELT, spelt)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples as they are: what they teach is how people write."""
        return training_data
