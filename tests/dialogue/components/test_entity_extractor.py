"""The extractor that reads the tables of the training data."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.entity_extractor import TableEntityExtractor, TableUnfit

CONTEXT = ExecutionContext(GraphSchema({}))
LOOKUPS = [
    {"name": "trade", "elements": ["couture", "soudure"]},
    {"name": "language", "elements": ["dioula", "français"]},
    {"name": "language", "elements": ["Dioula", "French"]},
]
SYNONYMS = {"couturier": "couture", "dioula": "dyu", "bambara": "dyu"}
PATTERNS = [{"name": "date", "pattern": r"\bdemain\b", "usage": "intent"}]
EXAMPLES = [
    Message(
        {
            "text": "ta coutume, ma coutur",
            "intent": "ask",
            "entities": [{"start": 15, "end": 21, "entity": "trade", "value": "coutur"}],
        }
    )
]


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


def data(lookups=LOOKUPS, synonyms=SYNONYMS, patterns=PATTERNS):
    return TrainingData(EXAMPLES, dict(synonyms), list(patterns), list(lookups))


def train(storage, training_data):
    extractor = TableEntityExtractor.create({}, storage, Resource("tables"), CONTEXT)
    extractor.train(training_data)
    return extractor


def extract(extractor, text):
    (message,) = extractor.process([Message.build(text)])
    return [(e["entity"], e["value"], e["start"], e["end"]) for e in message.get("entities")]


def test_a_word_of_two_tables_is_found_once(storage):
    assert extract(train(storage, data()), "tu parles dioula ?") == [("language", "dyu", 10, 16)]


def test_a_synonym_is_found_as_what_it_stands_for(storage):
    extractor = train(storage, data())
    assert extract(extractor, "couturier") == [("trade", "couture", 0, 9)]
    assert extract(extractor, "le bambara") == [("language", "dyu", 3, 10)]
    assert extract(extractor, "dyu") == []


def test_a_word_of_the_examples_is_no_misspelt_name_unless_marked(storage):
    extractor = train(storage, data())
    assert extract(extractor, "c'est la coutume") == []
    assert extract(extractor, "la coutur") == [("trade", "couture", 3, 9)]


def test_a_loaded_extractor_finds_as_the_trained_one(storage):
    trained = train(storage, data())
    loaded = TableEntityExtractor.load({}, storage, Resource("tables"), CONTEXT)
    for text in ("couturier dioula demain", "la coutume", "rien"):
        assert extract(loaded, text) == extract(trained, text)


def test_other_extractors_entities_stay(storage):
    message = Message.build("demain")
    message.set("entities", [{"entity": "other"}])
    train(storage, data()).process([message])
    assert [entity["entity"] for entity in message.get("entities")] == ["other", "date"]


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        ({"synonyms": {"koura": "nulle part"}}, "nulle part"),
        ({"patterns": [{"name": "date", "pattern": "("}]}, "pattern"),
        ({"lookups": [*LOOKUPS, {"name": "place", "elements": "places.txt"}]}, "place"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(storage, broken, named):
    with pytest.raises(TableUnfit, match=named):
        train(storage, data(**broken))


def test_an_untrained_extractor_says_so(storage):
    extractor = TableEntityExtractor.create({}, storage, Resource("tables"), CONTEXT)
    with pytest.raises(RuntimeError, match="not trained"):
        extractor.process([Message.build("demain")])
