"""The intent of a message, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.linear_model import Floats, LinearModel, train

_RANKING_LENGTH = 10


class CannotLearn(RasaException):
    """The examples are too few to train from. The message says which."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Guesses intents with a linear model of the words, their pieces, and what an encoder adds.

    It may stand in a pipeline twice: before the encoder, where it learns from words alone, and
    behind it, for what the encoder did not pass over.

    Rasa's own classifiers take minutes to train on tens of thousands of examples, and the
    confidence they give says little about how often they are right.
    """

    def __init__(
        self, storage: ModelStorage, resource: Resource, model: LinearModel | None = None
    ) -> None:
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        """Build one that is to be trained."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        """Load a trained one.

        Raises:
            ValueError: none was stored under ``resource``.
        """
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, LinearModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have a text and an intent, and store the model.

        Raises:
            CannotLearn: they are too few.
        """
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        try:
            self._model = train(
                [e.get(TEXT) for e in examples],
                [e.get(INTENT) for e in examples],
                _vectors(examples),
            )
        except ValueError as error:
            raise CannotLearn(str(error)) from error
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of the best on each message.

        Raises:
            RuntimeError: the classifier is not trained.
        """
        if self._model is None:
            raise RuntimeError("The classifier is not trained: call train or load first")
        for message in messages:
            vector = _vector(message)
            if self._model.wants_vector and vector is None and message.get(INTENT):
                continue  # the one before is sure
            ranking = _rank(self._model, message.get(TEXT) or "", vector)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _vector(message: Message) -> Floats | None:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else sentence.features[0]


def _vectors(examples: Sequence[Message]) -> Floats | None:
    vectors = [vector for vector in map(_vector, examples) if vector is not None]
    return np.stack(vectors) if vectors else None


def _rank(model: LinearModel, text: str, vector: Floats | None) -> list[dict[str, Any]]:
    probabilities = model.probabilities(text, vector)
    best = np.argsort(-probabilities, kind="stable")[:_RANKING_LENGTH]
    return [
        {"name": model.labels[index], "confidence": float(probabilities[index])} for index in best
    ]
