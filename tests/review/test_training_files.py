"""A line more in a training file, and no other line touched."""

from __future__ import annotations

import difflib

import pytest
import yaml

from bot.review.training_files import add_flag_example, add_intent_example
from bot.safety.examples import read_examples, read_intents
from bot.safety.flags import RedFlag


def _added(before: str, after: str) -> list[str]:
    """Return the lines that were added; none may have gone."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert [line for line in lines if line.startswith("- ")] == []
    return [line[2:] for line in lines if line.startswith("+ ")]


@pytest.mark.parametrize(
    ("intent", "before_it"),
    [("ask_payment", "    - on paie quand"), ("update_contact", "la couture, merci")],
)
def test_an_example_stands_at_the_end_of_its_intent(nlu, intent, before_it):
    path = nlu / "fr" / "nlu_money.yml"
    before = path.read_text(encoding="utf-8")
    assert add_intent_example(nlu / "fr", intent, "c'est [12 mars](date) ?") == path
    after = path.read_text(encoding="utf-8")
    assert _added(before, after) == ["    - c'est [12 mars](date) ?"]
    lines = after.splitlines()
    assert lines[lines.index("    - c'est [12 mars](date) ?") - 1].endswith(before_it)
    assert (intent, "c'est 12 mars ?") in list(read_intents(path))


def test_a_file_without_a_last_line_break_gets_one(nlu):
    path = nlu / "fr" / "nlu_money.yml"
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    add_intent_example(nlu / "fr", "update_contact", "g changé")
    assert list(read_intents(path))[-1] == ("update_contact", "g changé")


def test_the_file_with_most_of_an_intent_gets_it(nlu):
    other = nlu / "fr" / "nlu_other.yml"
    other.write_text(
        "nlu:\n- intent: update_contact\n  examples: |\n    - moved\n", encoding="utf-8"
    )
    assert add_intent_example(nlu / "fr", "update_contact", "g changé").name == "nlu_money.yml"


def test_an_intent_that_a_language_lacks_gets_its_section(nlu):
    for text in ("anyin", "arɛ o"):
        path = add_intent_example(nlu / "bci", "greet", text)
    assert list(read_intents(path)) == [("greet", "anyin"), ("greet", "arɛ o")]
    assert path.read_text(encoding="utf-8").startswith("# draft")


@pytest.mark.parametrize(
    ("keys", "example", "lines"),
    [
        (("positives", "fear", "critical"), "il arrive", ["      - il arrive"]),
        (("positives", "fear", "high"), "on me suit: ici", ["      - 'on me suit: ici'"]),
        (
            ("positives", "violence", "critical"),
            {"text": "on la tape", "about": "someone_else"},
            ["      - {text: on la tape, about: someone_else}"],
        ),
        (("positives", "fear", "normal"), "avant", ["    normal:", "      - avant"]),
        (
            ("positives", "basic_needs", "high"),
            "yes",
            ["  basic_needs:", "    high:", "      - 'yes'"],
        ),
        (("negatives", "reviewed"), "tu m'as tué", ["  reviewed:", "    - tu m'as tué"]),
    ],
)
def test_a_danger_stands_under_its_category_and_severity(nlu, keys, example, lines):
    path = nlu / "fr" / "red_flags.yml"
    before = path.read_text(encoding="utf-8")
    add_flag_example(nlu / "fr", keys, example)
    after = path.read_text(encoding="utf-8")
    assert _added(before, after) == lines
    node = yaml.safe_load(after)
    for key in keys:
        node = node[key]
    assert node[-1] == example


def test_a_language_without_dangers_gets_a_file(nlu):
    add_flag_example(nlu / "bci", ("positives", "fear", "high"), "ɲ")
    path = add_flag_example(nlu / "bci", ("negatives", "reviewed"), "wari")
    read = [(example.text, example.flag) for example in read_examples(path)]
    assert read == [("ɲ", RedFlag("fear", "high")), ("wari", None)]
    assert path.read_text(encoding="utf-8").startswith("# draft")
