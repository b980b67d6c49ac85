"""The intent of a message, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.linear_model import Floats, LinearModel, train
from bot.dialogue.components.readings import readings
from bot.dialogue.components.stored import StoredComponent

_RANKING_LENGTH = 10


class CannotLearn(RasaException):
    """The examples are too few to train from. The message says which."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LinearIntentClassifier(StoredComponent[LinearModel], IntentClassifier):
    """Guesses intents with a linear model of the words, their pieces, and what an encoder adds.

    It may stand in a pipeline twice: before the encoder, where it learns from words alone, and
    behind it, for what the encoder did not pass over.

    Rasa's own classifiers take minutes to train on tens of thousands of examples, and the
    confidence they give says little about how often they are right.
    """

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        """Read the model."""
        return LinearModel.load(folder)

    @classmethod
    def write(cls, learned: LinearModel, folder: Path) -> None:
        """Write the model."""
        learned.save(folder)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have a text and an intent, and store the model.

        Raises:
            CannotLearn: they are too few.
        """
        examples = [e for e in training_data.intent_examples if readings(e)]
        try:
            model = train(
                [example.get(_as_typed(example)) for example in examples],
                [example.get(INTENT) for example in examples],
                _vectors(examples),
            )
        except ValueError as error:
            raise CannotLearn(str(error)) from error
        return self._store(model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of the best on each message.

        Raises:
            RuntimeError: the classifier is not trained.
        """
        model = self._learned
        for message in messages:
            said = [(message.get(name), _vector(message, name)) for name in readings(message)]
            unread = all(vector is None for _, vector in said)
            if model.wants_vector and unread and message.get(INTENT):
                continue  # the one before is sure
            ranking = _rank(model, said or [("", None)])
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages


def _as_typed(message: Message) -> str:
    return readings(message)[0]


def _vector(message: Message, name: str) -> Floats | None:
    _, sentence = message.get_dense_features(name)
    return None if sentence is None else sentence.features[0]


def _vectors(examples: Sequence[Message]) -> Floats | None:
    found = [_vector(example, _as_typed(example)) for example in examples]
    vectors = [vector for vector in found if vector is not None]
    return np.stack(vectors) if vectors else None


def _rank(model: LinearModel, said: Sequence[tuple[str, Floats | None]]) -> list[dict[str, Any]]:
    """Rank the intents by the mean over all that a message may say."""
    probabilities = np.mean([model.probabilities(*reading) for reading in said], axis=0)
    best = np.argsort(-probabilities, kind="stable")[:_RANKING_LENGTH]
    return [
        {"name": model.labels[index], "confidence": float(probabilities[index])} for index in best
    ]
