"""The intent is read off what a message says, not off the courtesies around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.courtesy_filter import CourtesyFilter
from bot.dialogue.components.readings import SAID, readings


@pytest.fixture
def wishes(tmp_path) -> Path:
    file = tmp_path / "courtesies.yml"
    file.write_text('before: ["que la paix t\'accompagne,"]\nbehind: [svp]\n', encoding="utf-8")
    return file


def read(*texts: str) -> list[list[str]]:
    messages = CourtesyFilter([]).process([Message.build(text) for text in texts])
    return [[message.get(name) for name in readings(message)] for message in messages]


def test_what_stands_around_is_left_out():
    polite = "Bonsoir la famille, svp je voudrais qu'on me rappelle. Merci 🙏"
    assert read(polite) == [["je voudrais qu on me rappelle ."]]


def test_all_else_is_read_as_it_was_typed():
    assert read("Où est l'Argent ?", "Bonsoir madame", "slt tonton", "") == [
        ["Où est l'Argent ?"],
        ["Bonsoir madame"],
        ["slt tonton"],
        [],
    ]


def learned(courtesies: Path, *examples: Message) -> list[Message]:
    data = CourtesyFilter([courtesies]).process_training_data(TrainingData(list(examples)))
    return data.training_examples


def test_examples_are_learned_from_as_messages_are_read(wishes):
    learned_from = learned(wishes, Message.build("slt, mon kit svp", "thank"))
    assert [[example.get(n) for n in readings(example)] for example in learned_from] == [
        ["mon kit"]
    ]


def test_some_are_learned_once_more_politely_with_the_same_entities(wishes):
    examples = [
        Message.build(f"mon kit {n}", "ask_aid_status", entities=[{"start": 0, "end": 3}])
        for n in range(200)
    ]
    polite = learned(wishes, *examples)[200:]
    # What the filter takes away is none: "svp" behind.
    assert 8 < len(polite) < 40
    for example in polite:
        assert example.get("text").startswith("mon kit ")
        assert example.get(SAID) == f"que la paix t accompagne , {example.get('text')}"
        assert example.get("intent") == "ask_aid_status"
        assert example.get("entities") == [{"start": 0, "end": 3}]


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", None])
def test_courtesies_are_not_said_politely_nor_is_what_has_no_intent(wishes, intent):
    examples = [Message.build(f"bonjour {n}", intent) for n in range(100)]
    assert len(learned(wishes, *examples)) == 100


def test_what_was_typed_stays_on_the_message():
    (message,) = CourtesyFilter([]).process([Message.build("Bonjour, mon kit")])
    assert message.get("text") == "Bonjour, mon kit"


def test_rasa_builds_one(tmp_path):
    context = ExecutionContext(GraphSchema({}))
    storage, resource = LocalModelStorage(tmp_path), Resource("courtesies")
    built = CourtesyFilter.create({}, storage, resource, context)
    examples = [Message.build(f"mon kit {n}", "ask_aid_status") for n in range(100)]
    assert len(built.process_training_data(TrainingData(examples)).training_examples) > 100
