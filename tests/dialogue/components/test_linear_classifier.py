"""The intent classifier, trained on a handful of messages."""

import uuid

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.linear_classifier import CannotLearn, LinearIntentClassifier
from bot.dialogue.components.readings import SAID, SPELT

EXAMPLES = {
    "greet": ["bonjour", "bonjour à vous", "bonsoir", "bonsoir à tous", "salut", "salut à vous"],
    "ask_payment": [
        "je veux l'argent du mois",
        "quand vient l'argent",
        "l'argent est où",
        "quand je reçois l'argent du mois",
        "où est l'argent",
    ],
    "report_sick": [
        "je suis malade",
        "mon enfant est malade",
        "je suis très malade aujourd'hui",
        "la fièvre me fatigue",
        "j'ai la fièvre",
    ],
    **{f"topic_{word}": [f"{word} {n}" for n in range(4)] for word in ("mil", "riz", "lait")},
    **{f"thing_{word}": [f"{word} {n}" for n in range(4)] for word in ("vélo", "gant", "bol")},
    **{f"place_{word}": [f"{word} {n}" for n in range(4)] for word in ("puits", "champ", "four")},
}
CONTEXT = ExecutionContext(GraphSchema({}))


def data(examples):
    return TrainingData(
        [Message.build(text, intent) for intent, texts in examples.items() for text in texts]
    )


@pytest.fixture
def storage(tmp_path):
    return LocalModelStorage(tmp_path)


@pytest.fixture
def resource():
    return Resource(uuid.uuid4().hex)


@pytest.fixture
def classifier(storage, resource):
    built = LinearIntentClassifier.create({}, storage, resource, CONTEXT)
    built.train(data(EXAMPLES))
    return built


def test_all_readings_of_a_message_count_the_same(classifier):
    message = Message.build("bojou")
    message.set(SPELT, "bonjour")
    classifier.process([message])
    sure = {reading: _confidence(classifier, reading, "greet") for reading in ("bojou", "bonjour")}
    assert sure["bojou"] < sure["bonjour"]
    assert message.get("intent")["name"] == "greet"
    assert message.get("intent")["confidence"] == pytest.approx(sum(sure.values()) / 2)


def test_what_a_message_says_is_read_instead_of_what_was_typed(classifier):
    message = Message.build("bonjour, bonjour à vous")
    message.set(SAID, "quand vient l'argent")
    classifier.process([message])
    assert message.get("intent")["name"] == "ask_payment"


def test_what_an_example_says_is_learned(storage):
    bare = ["le kit", "mon kit", "mon kit svp"]
    examples = data({**EXAMPLES, "ask_payment": [f"bonjour {text}" for text in bare]})
    for example in examples.training_examples:
        if example.get("intent") == "ask_payment":
            example.set(SAID, example.get("text").removeprefix("bonjour "))
    built = LinearIntentClassifier.create({}, storage, Resource("said"), CONTEXT)
    built.train(examples)
    same = LinearIntentClassifier.create({}, storage, Resource("bare"), CONTEXT)
    same.train(data({**EXAMPLES, "ask_payment": bare}))
    assert parse(built, "bonjour bonjour")[0]["name"] == "greet"
    assert parse(built, "kit")[0]["name"] == "ask_payment"
    for text in ("bonjour", "bonjour le kit"):
        assert parse(built, text) == parse(same, text)


def _confidence(classifier, text, intent):
    _, ranking = parse(classifier, text)
    return {guess["name"]: guess["confidence"] for guess in ranking}[intent]


def parse(classifier, text):
    (message,) = classifier.process([Message.build(text)])
    return message.get("intent"), message.get("intent_ranking")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("bonjour", "greet"),
        ("je veux mon argent", "ask_payment"),
        ("ma fille est malade", "report_sick"),
    ],
)
def test_messages_like_the_examples_get_their_intent(classifier, text, intent):
    assert parse(classifier, text)[0]["name"] == intent


def test_accents_capitals_and_punctuation_make_no_difference(classifier):
    assert parse(classifier, "J'AI LA FIEVRE !!") == parse(classifier, "j'ai la fièvre")


def test_the_ranking_holds_the_ten_best_in_order(classifier):
    intent, ranking = parse(classifier, "mon argent et la fièvre")
    confidences = [guess["confidence"] for guess in ranking]
    assert len(ranking) == 10 < len(EXAMPLES)
    assert ranking[0] == intent
    assert confidences == sorted(confidences, reverse=True)
    assert 0 <= confidences[-1] < sum(confidences) <= 1 + 1e-9


@pytest.mark.parametrize("text", ["kkww xkxk", "??", "", "🙃🙃"])
def test_what_resembles_nothing_known_is_not_believed(classifier, text):
    assert parse(classifier, text)[0]["confidence"] < 0.4


def test_words_that_nobody_knows_make_it_less_sure_and_change_no_guess(classifier):
    sure = parse(classifier, "où est l'argent")[0]
    less = parse(classifier, "où est l'argent zglorb wiktuk")[0]
    assert less["name"] == sure["name"] == "ask_payment"
    assert less["confidence"] < sure["confidence"]


def test_a_message_that_is_one_example_is_understood_even_if_no_other_has_its_words(
    classifier, storage
):
    lone = {**EXAMPLES, "greet": [*EXAMPLES["greet"], "maakye", "👋"]}
    other = LinearIntentClassifier.create({}, storage, Resource("lone"), CONTEXT)
    other.train(data(lone))
    for text in ("maakye", "👋"):
        assert parse(other, text)[0]["name"] == "greet"
        assert parse(other, text)[0]["confidence"] > parse(classifier, text)[0]["confidence"]


def test_a_loaded_classifier_answers_as_the_trained_one(classifier, storage, resource):
    loaded = LinearIntentClassifier.load({}, storage, resource, CONTEXT)
    for text in ("bonsoir", "l'argent", "rien de tout cela"):
        assert parse(loaded, text) == parse(classifier, text)


def test_examples_without_intent_are_passed_over(classifier, storage):
    both = TrainingData(data(EXAMPLES).training_examples + [Message.build("bonjour le riz")])
    other = LinearIntentClassifier.create({}, storage, Resource("other"), CONTEXT)
    other.train(both)
    assert parse(other, "bonjour") == parse(classifier, "bonjour")


def test_two_intents_are_enough(storage, resource):
    two = LinearIntentClassifier.create({}, storage, resource, CONTEXT)
    two.train(data({intent: EXAMPLES[intent] for intent in ("greet", "ask_payment")}))
    assert parse(two, "bonjour")[0]["name"] == "greet"
    assert parse(two, "l'argent du mois")[0]["name"] == "ask_payment"


def test_an_intent_with_too_few_examples_is_named(storage, resource):
    built = LinearIntentClassifier.create({}, storage, resource, CONTEXT)
    with pytest.raises(CannotLearn, match="ask_family"):
        built.train(data({**EXAMPLES, "ask_family": ["ma mère", "mon père"]}))


def test_an_untrained_classifier_says_so(storage, resource):
    built = LinearIntentClassifier.create({}, storage, resource, CONTEXT)
    with pytest.raises(RuntimeError, match="not trained"):
        built.process([Message.build("bonjour")])
