"""Training: when it is needed, and that a model in use is never lost to it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.dialogue.stamp import is_current, model_file, newest_model, stamp
from bot.dialogue.training import TrainingFailed, train
from bot.settings import PROJECT, Settings
from tests.dialogue.conftest import ASSISTANT

INPUTS = (
    "config.yml",
    "domain.yml",
    "nlu/rules.yml",
    "nlu/fr/nlu.yml",
    "bot/safety/text.py",
    "bot/safety/spelling.yml",
    "bot/dialogue/components/classifier.py",
    "requirements.txt",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a copy of the small assistant."""
    return Path(shutil.copytree(ASSISTANT, tmp_path / "project"))


@pytest.fixture
def settings(tmp_path: Path, small_settings: Settings) -> Settings:
    """Give settings with a models folder of this test's own, that has the small model."""
    models = Path(shutil.copytree(small_settings.model_path, tmp_path / "models"))
    return Settings(database_url="sqlite://", secret_keys=(), model_path=models)


@pytest.mark.parametrize("name", INPUTS)
def test_whatever_training_depends_on_changes_the_stamp(project, name):
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("one")
    before = stamp(project)
    path.write_text("two")
    assert stamp(project) != before
    path.write_text("one")
    assert stamp(project) == before


def test_a_file_that_moves_changes_the_stamp(project):
    before = stamp(project)
    (project / "nlu/nlu.yml").rename(project / "nlu/other.yml")
    assert stamp(project) != before


def test_asking_whether_the_model_is_current_loads_no_rasa():
    script = (
        "import sys, bot.dialogue.stamp, bot.dialogue.training, bot.dialogue.agent\n"
        "print([name for name in ('rasa', 'tensorflow', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_is_current_is_not_trained_again(project, settings):
    assert is_current(settings, project)
    steps: list[str] = []
    assert train(settings, project=project, report=steps.append) == model_file(settings, project)
    assert steps == []


def test_a_change_trains_anew_and_replaces_the_model(project, settings):
    old = newest_model(settings)
    made_by_hand = settings.model_path / "20261101-by-hand.tar.gz"
    made_by_hand.touch()
    with (project / "domain.yml").open("a") as file:
        file.write("  utter_new:\n    - text: Nouveau.\n")
    assert not is_current(settings, project)
    steps: list[str] = []
    new = train(settings, project=project, report=steps.append)
    assert is_current(settings, project)
    assert newest_model(settings) == new
    assert set(settings.model_path.iterdir()) == {new, made_by_hand}
    assert old != new
    assert any("RulePolicy" in step for step in steps)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ("- rule: greeting\n    steps: [{intent: greet}, {action: utter_no}]", "contradict"),
        ("- rule: a slot\n    steps: [{intent: greet}, {slot_was_set: [{size: 1}]}]", "refuses"),
    ],
)
def test_a_training_that_fails_leaves_the_model_in_use(project, settings, rules, reason):
    old = newest_model(settings)
    with (project / "nlu/rules.yml").open("a") as file:
        file.write(f"  {rules}\n")
    with pytest.raises(TrainingFailed, match=reason):
        train(settings, project=project)
    assert newest_model(settings) == old
    assert list(settings.model_path.iterdir()) == [old]


def test_nothing_to_train_from_is_said(tmp_path, settings):
    empty = tmp_path / "empty"
    (empty / "nlu").mkdir(parents=True)
    shutil.copy(ASSISTANT / "config.yml", empty)
    (empty / "domain.yml").write_text("version: '3.1'\n")
    with pytest.raises(TrainingFailed, match="nothing to train"):
        train(settings, project=empty)
