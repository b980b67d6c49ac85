"""The trades, places, dates, sums, numbers and languages that a message names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.entity_tables import EntityTables, Name, everyday_words
from bot.dialogue.components.stored import StoredComponent

_FILE = "tables.json"
# Of two patterns that find the same words, the earlier entity's wins: "12-03-2025" is a date.
_PATTERNS_FIRST = ("date", "phone")


class TableUnfit(RasaException):
    """A table of ``nlu/`` cannot be used. The message says which."""


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class TableEntityExtractor(StoredComponent[EntityTables], EntityExtractorMixin):
    """Finds the names and patterns of the tables in ``nlu/``, whatever the spelling.

    Rasa's own extractor wants names spelt as in the table, and gives an entity twice that stands in
    two tables. The value is what the tables say the words stand for, or else the words.
    """

    @classmethod
    def read(cls, folder: Path) -> EntityTables:
        """Read the tables."""
        stored = json.loads((folder / _FILE).read_text("utf-8"))
        return EntityTables(
            [Name(*name) for name in stored["names"]],
            [(entity, pattern) for entity, pattern in stored["patterns"]],
            frozenset(stored["everyday"]),
        )

    @classmethod
    def write(cls, learned: EntityTables, folder: Path) -> None:
        """Write the tables."""
        stored = {
            "names": [(name.entity, name.words, name.meaning) for name in learned.names],
            "patterns": learned.patterns,
            "everyday": sorted(learned.everyday),
        }
        (folder / _FILE).write_text(json.dumps(stored, ensure_ascii=False), "utf-8")

    def train(self, training_data: TrainingData) -> Resource:
        """Read the tables, learn from the examples which words are none of theirs, and store both.

        Raises:
            TableUnfit: a pattern is none, or a synonym belongs to no table.
        """
        return self._store(read_tables(training_data))

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to each message's entities.

        Raises:
            RuntimeError: the extractor is not trained.
        """
        tables = self._learned
        for message in messages:
            found = [
                {
                    ENTITY_ATTRIBUTE_TYPE: entity.entity,
                    ENTITY_ATTRIBUTE_START: entity.start,
                    ENTITY_ATTRIBUTE_END: entity.end,
                    ENTITY_ATTRIBUTE_VALUE: entity.value,
                }
                for entity in tables.find(message.get(TEXT) or "")
            ]
            entities = message.get(ENTITIES, []) + self.add_extractor_name(found)
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


def read_tables(training_data: TrainingData) -> EntityTables:
    """Read the lookups, synonyms and patterns of training data.

    A synonym's words are looked up too; its entity is that of the lookup in which its meaning, or
    one of its words, stands.

    Raises:
        TableUnfit: a pattern is none, or a synonym belongs to no table.
    """
    names = list(_names(training_data))
    patterns = [(found["name"], found["pattern"]) for found in training_data.regex_features]
    rank = {entity: place for place, entity in enumerate(_PATTERNS_FIRST)}
    patterns.sort(key=lambda pattern: rank.get(pattern[0], len(rank)))
    try:
        tables = EntityTables(names, patterns)
    except re.error as error:
        raise TableUnfit(f"A pattern in nlu/ is none: {error.pattern!r}: {error}") from error
    return EntityTables(names, patterns, everyday_words(tables, _rest(training_data)))


def _names(training_data: TrainingData) -> Iterator[Name]:
    entities: dict[str, str] = {}
    for table in training_data.lookup_tables:
        if isinstance(table["elements"], str):
            raise TableUnfit(
                f"List the names of {table['name']} in nlu/, not in a file of their own"
            )
        for words in table["elements"]:
            entities.setdefault(words, table["name"])
    synonyms: dict[str, str] = training_data.entity_synonyms
    by_meaning = {
        meaning: entities[words] for words, meaning in synonyms.items() if words in entities
    }
    for words, meaning in synonyms.items():
        entity = entities.get(meaning) or by_meaning.get(meaning)
        if entity is None:
            raise TableUnfit(f"No lookup has the synonym {meaning!r} or one of its words in it")
        yield Name(entity, words, meaning)
    for words, entity in entities.items():
        if words not in synonyms:
            yield Name(entity, words, words)


def _rest(training_data: TrainingData) -> Iterable[str]:
    """Yield the examples without the words of their entities."""
    for example in training_data.training_examples:
        text = example.get(TEXT) or ""
        places = [
            (e[ENTITY_ATTRIBUTE_START], e[ENTITY_ATTRIBUTE_END]) for e in example.get(ENTITIES, [])
        ]
        for start, end in sorted(places, reverse=True):
            text = f"{text[:start]} {text[end:]}"
        yield text
