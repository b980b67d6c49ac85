"""What a message says, without greetings, pleas and thanks: "bonjour madame, svp ..., merci".

The examples mostly go without. Of a message of few words that has them half the words are theirs,
and who was understood without was asked back, or taken to greet. The commonest are taken away; that
the others say nothing either is learned from examples said politely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.readings import SAID
from bot.dialogue.politeness import FILE, INTENTS, read_courtesies
from bot.safety.courtesies import said
from bot.safety.text import expand
from bot.settings import PROJECT

# The share of examples that is learned once more, said politely.
_POLITE = 0.15
_SEED = 0


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class CourtesyFilter(GraphComponent):
    """Adds to a message that has courtesies around it what it says, as the safety screen reads it.

    A message of courtesies alone says just these.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        """Take the files of what to put around examples: read when there are some."""
        self._files = files

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CourtesyFilter:
        """Build one: with the courtesies of the project's ``nlu/``, of whichever language."""
        return cls(sorted((PROJECT / "nlu").glob(f"*/{FILE}")))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add it to messages."""
        _add_what_is_said(messages)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add it to the examples too, or "c'est Awa" of "bonsoir, c'est Awa" would be new.

        And add some of the examples once more, said politely.
        """
        _add_what_is_said(training_data.training_examples)
        return training_data.merge(TrainingData(list(self._polite(training_data.intent_examples))))

    def _polite(self, examples: Iterable[Message]) -> Iterator[Message]:
        random = np.random.default_rng(_SEED)
        courtesies = [*map(read_courtesies, self._files)]
        for example in examples:
            if example.get(INTENT) not in INTENTS and random.random() < _POLITE:
                of_one = courtesies[random.integers(len(courtesies))]
                # Its entities stay where they are in the text.
                polite = said(of_one.around(example.get(TEXT), random))
                if polite != said(example.get(TEXT)):
                    yield Message(data={**example.data, SAID: polite})


def _add_what_is_said(messages: Iterable[Message]) -> None:
    for message in messages:
        text = message.get(TEXT) or ""
        plain = said(text)
        if plain != expand(text):
            message.set(SAID, plain)
