"""A trained file is current until something changes that training would show."""

import pytest

from bot.trained import Trained

CODE = '"""What it is."""\n\ndef share():\n    """Return a share."""\n    return 0.5  # half\n'
KIND = Trained(prefix="some-", suffix=".npz", inputs=("*.py", "words/*.yml"))


@pytest.fixture
def project(tmp_path):
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "fr.yml").write_text("mot: autre", encoding="utf-8")
    (tmp_path / "fit.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def test_a_file_is_current_while_its_inputs_are_the_same(project):
    models = project / "models"
    models.mkdir()
    assert not KIND.is_current(models, project)
    KIND.file(models, project).touch()
    assert KIND.is_current(models, project)


@pytest.mark.parametrize(
    "written",
    [
        CODE.replace("# half", "# the half of it"),
        CODE.replace("What it is.", "Something else.").replace("Return a share.", "Say how much."),
        CODE.replace('    """Return a share."""\n', "").replace("return 0.5", "return (0.5)"),
    ],
)
def test_what_stands_about_code_changes_nothing(project, written):
    before = KIND.stamp(project)
    (project / "fit.py").write_text(written, encoding="utf-8")
    assert KIND.stamp(project) == before


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("fit.py", CODE.replace("0.5", "0.6")),
        ("fit.py", CODE.replace("0.5", '"0.5"')),
        ("more.py", CODE),
        ("words/fr.yml", "mot: autres"),
        ("words/en.yml", "mot: autre"),
    ],
)
def test_what_training_would_show_changes_the_stamp(project, file, written):
    before = KIND.stamp(project)
    (project / file).write_text(written, encoding="utf-8")
    assert KIND.stamp(project) != before
