"""What was written by ear is read as school spells it too."""

from __future__ import annotations

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue.components.readings import SAID, SPELT, readings
from bot.dialogue.components.respeller import Respeller
from bot.safety.trained_file import NotTrained

SPELLINGS = {"le pateron tranble": "le patron tremble"}


@pytest.fixture
def respeller() -> Respeller:
    return Respeller(lambda text: SPELLINGS.get(text, text))


def create(folder) -> Respeller:
    storage = LocalModelStorage(folder)
    config = {**Respeller.get_default_config(), "unless_surer_than": 0.95}
    context = ExecutionContext(GraphSchema({}))
    return Respeller.create(config, storage, Resource("respeller"), context)


def test_what_was_written_by_ear_has_two_readings_all_else_one(respeller):
    by_ear, well = respeller.process(
        [Message.build("Le pateron tranblé"), Message.build("Bonjour !")]
    )
    assert [by_ear.get(name) for name in readings(by_ear)] == [
        "Le pateron tranblé",
        "le patron tremble",
    ]
    assert [well.get(name) for name in readings(well)] == ["Bonjour !"]


def test_courtesies_that_were_left_out_are_not_spelt_again_either(respeller):
    message = Message.build("Bonsoir madame, le pateron tranblé. Merci")
    message.set(SAID, "le pateron tranble")
    respeller.process([message])
    assert [message.get(name) for name in readings(message)] == [
        "le pateron tranble",
        "le patron tremble",
    ]


def test_another_language_is_not_read_as_french():
    spelt = Respeller(lambda text: "je veux mon argent")
    (message,) = spelt.process([Message.build("mam dat n kenga karendoogo")])
    assert readings(message) == ["text"]


@pytest.mark.parametrize(("confidence", "read"), [(0.94, ["text", SPELT]), (0.96, ["text"])])
def test_what_is_understood_surely_is_passed_over(confidence, read):
    message = Message.build("le pateron tranblé")
    message.set("intent", {"name": "report_bad", "confidence": confidence})
    Respeller(lambda text: SPELLINGS.get(text, text), 0.95).process([message])
    assert readings(message) == read


def test_an_empty_message_has_none(respeller):
    (message,) = respeller.process([Message.build("")])
    assert readings(message) == []


def test_examples_are_learned_from_as_they_stand(respeller):
    data = respeller.process_training_data(TrainingData([Message.build("le pateron tranblé")]))
    assert data.training_examples[0].get(SPELT) is None


def test_it_spells_as_the_safety_screen_does(trained_screen, screen, tmp_path, monkeypatch):
    monkeypatch.setenv("AKOMA_MODEL_PATH", str(trained_screen))
    (message,) = create(tmp_path).process([Message.build("tonton vien dor sur moi la nui")])
    assert message.get(SPELT) == screen.respell("tonton vien dor sur moi la nui")
    assert message.get(SPELT) == "tonton vient dort sur moi la nuit"


def test_without_what_the_screen_learned_it_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("AKOMA_MODEL_PATH", str(tmp_path))
    with pytest.raises(NotTrained, match=str(tmp_path)):
        create(tmp_path / "storage")
