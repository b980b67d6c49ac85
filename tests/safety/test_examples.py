"""Every example of ``nlu/<language>/red_flags.yml`` is screened as it says."""

from __future__ import annotations

import pytest

from bot.safety.examples import read_examples
from bot.safety.flags import CATEGORIES
from bot.safety.text import words
from bot.settings import PROJECT

FILES = {file.parent.name: file for file in sorted(PROJECT.glob("nlu/*/red_flags.yml"))}
EXAMPLES = {language: read_examples(file) for language, file in FILES.items()}
POSITIVES = [e for examples in EXAMPLES.values() for e in examples if e.flag]
NEGATIVES = [e for examples in EXAMPLES.values() for e in examples if not e.flag]


@pytest.mark.parametrize("example", POSITIVES, ids=lambda example: example.text)
def test_a_danger_is_seen_with_its_category_severity_and_whom_it_concerns(screen, example):
    assert screen.screen(example.text) == example.flag


@pytest.mark.parametrize("example", NEGATIVES, ids=lambda example: example.text)
def test_what_is_no_danger_raises_no_alarm(screen, example):
    flag = screen.screen(example.text)
    assert flag is None or not flag.alarms


@pytest.mark.parametrize(
    ("language", "positives", "negatives"), [("fr", 350, 250), ("en", 220, 150)]
)
def test_there_are_enough_of_each_and_none_twice(language, positives, negatives):
    examples = EXAMPLES[language]
    flags = [example.flag for example in examples if example.flag]
    assert len(flags) >= positives
    assert len(examples) - len(flags) >= negatives
    assert {flag.category for flag in flags} == set(CATEGORIES)
    assert len({" ".join(words(example.text)) for example in examples}) == len(examples)
