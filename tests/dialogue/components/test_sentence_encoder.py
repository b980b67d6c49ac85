"""The encoder that gives a message one vector, and what the classifier makes of it."""

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.linear_classifier import LinearIntentClassifier
from bot.dialogue.components.readings import SPELT
from bot.dialogue.components.sentence_encoder import LONGEST, SentenceEncoder

CONTEXT = ExecutionContext(GraphSchema({}))
EXAMPLES = {
    "report_sick": ["je suis malade", "la fièvre me fatigue", "je suis enrhumé", "j'ai mal"],
    "ask_work": [
        "je suis au chômage",
        "un emploi me plairait",
        "j'ai besoin d'un travail",
        "un job",
    ],
}


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory):
    storage = LocalModelStorage(tmp_path_factory.mktemp("encoder"))
    config = {**SentenceEncoder.get_default_config(), "unless_surer_than": 0.95}
    return SentenceEncoder.create(config, storage, Resource("encoder"), CONTEXT)


def vectors(encoder, *texts):
    messages = encoder.process([Message.build(text) for text in texts])
    return [message.get_dense_features("text")[1].features for message in messages]


def test_what_means_the_same_is_near(encoder):
    sick, souffrant, football = vectors(
        encoder, "I am very sick", "je suis très malade", "qui a gagné le match"
    )
    assert sick.shape == (1, 512)
    assert np.linalg.norm(sick) == pytest.approx(1, abs=1e-5)
    assert float(sick[0] @ souffrant[0]) > float(sick[0] @ football[0]) + 0.3


def test_each_reading_of_a_message_gets_its_own(encoder):
    message = Message.build("chui malade")
    message.set(SPELT, "je suis malade")
    encoder.process([message])
    (spelt,) = vectors(encoder, "je suis malade")
    assert np.allclose(message.get_dense_features(SPELT)[1].features, spelt, atol=1e-5)
    assert not np.allclose(message.get_dense_features("text")[1].features, spelt, atol=1e-2)


def test_the_end_of_a_very_long_message_is_left_out(encoder):
    long = "je veux apprendre la couture " * 40
    cut, whole = vectors(encoder, long[:LONGEST], long)
    assert np.allclose(cut, whole, atol=1e-5)


def test_an_empty_message_gets_none(encoder):
    (message,) = encoder.process([Message.build("")])
    assert message.get_dense_features("text") == (None, None)


def test_more_examples_than_go_at_once_each_get_their_own(encoder):
    texts = [f"exemple numéro {n}" for n in range(70)]
    data = encoder.process_training_data(TrainingData([Message.build(text) for text in texts]))
    alone = vectors(encoder, texts[0], texts[69])
    ends = (data.training_examples[0], data.training_examples[69])
    for example, vector in zip(ends, alone, strict=True):
        assert np.allclose(example.get_dense_features("text")[1].features, vector, atol=1e-5)


def test_the_classifier_takes_words_that_no_example_has_by_what_they_mean(encoder, storage):
    data = TrainingData(
        [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    )
    classifier = LinearIntentClassifier.create({}, storage, Resource("linear"), CONTEXT)
    classifier.train(encoder.process_training_data(data))
    loaded = LinearIntentClassifier.load({}, storage, Resource("linear"), CONTEXT)
    for text, intent in (("i am ill", "report_sick"), ("i need a profession", "ask_work")):
        (trained_on,) = classifier.process(encoder.process([Message.build(text)]))
        (message,) = loaded.process(encoder.process([Message.build(text)]))
        assert message.get("intent")["name"] == intent
        assert message.get("intent_ranking") == trained_on.get("intent_ranking")


def test_a_message_that_words_alone_made_sure_is_passed_over_by_both(encoder, storage):
    data = TrainingData(
        [Message.build(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    )
    classifier = LinearIntentClassifier.create({}, storage, Resource("linear"), CONTEXT)
    classifier.train(encoder.process_training_data(data))
    for confidence, unchanged in ((0.96, True), (0.94, False)):
        guess = {"name": "greet", "confidence": confidence}
        message = Message.build("je suis malade")
        message.set("intent", guess)
        classifier.process(encoder.process([message]))
        assert (message.get("intent") == guess) is unchanged
