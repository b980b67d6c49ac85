"""The examples of ``nlu/<language>/red_flags.yml``: enough of them, and screened as they say."""

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


def _share(cases: list[bool]) -> float:
    return sum(cases) / len(cases)


def test_dangers_are_seen_as_severe_as_they_are(screen):
    seen = [(e.flag, screen.screen(e.text)) for e in POSITIVES if e.flag]
    missed = [due for due, got in seen if due.alarms and not (got and got.alarms)]
    assert len(missed) <= 0.01 * len(seen)
    flagged = [(due, got) for due, got in seen if got]
    assert _share([due.category == got.category for due, got in flagged]) >= 0.95
    assert _share([due.severity == got.severity for due, got in flagged]) >= 0.95
    assert _share([due.about == got.about for due, got in flagged]) >= 0.9


def test_what_is_no_danger_raises_no_alarm(screen):
    flags = [screen.screen(example.text) for example in NEGATIVES]
    assert _share([flag is not None and flag.alarms for flag in flags]) <= 0.01


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
