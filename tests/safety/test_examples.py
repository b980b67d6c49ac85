"""The examples of ``nlu/<language>/red_flags.yml``: enough of each, none twice, well screened.

How well messages are screened that nobody trained on: ``tests/dialogue/test_screen_training.py``
and ``tests/evaluate``.
"""

from __future__ import annotations

import pytest

from bot.safety.examples import read_examples
from bot.safety.flags import CATEGORIES
from bot.safety.text import words
from bot.settings import PROJECT

FILES = {file.parent.name: file for file in sorted(PROJECT.glob("nlu/*/red_flags.yml"))}
EXAMPLES = {language: read_examples(file) for language, file in FILES.items()}
# They are many by now: one of so many is screened, of all authors alike.
_ONE_OF = 48


def _share(cases: list[bool]) -> float:
    return sum(cases) / len(cases)


def test_what_is_flagged_is_flagged_as_the_example_says(screen):
    examples = [e for examples in EXAMPLES.values() for e in examples if e.flag][::_ONE_OF]
    seen = [(e.flag, screen.screen(e.text)) for e in examples]
    flagged = [(due, got) for due, got in seen if due and got]
    assert _share([got is not None for _, got in seen]) >= 0.8
    assert _share([due.category == got.category for due, got in flagged]) >= 0.9
    assert _share([due.severity == got.severity for due, got in flagged]) >= 0.85
    assert _share([due.about == got.about for due, got in flagged]) >= 0.8


def test_what_is_no_danger_raises_few_alarms(screen):
    negatives = [e.text for examples in EXAMPLES.values() for e in examples if not e.flag]
    flags = [screen.screen(text) for text in negatives[::_ONE_OF]]
    # Half of them were written to sound like a danger.
    assert _share([flag is not None and flag.alarms for flag in flags]) <= 0.08


@pytest.mark.parametrize(
    ("language", "positives", "negatives"), [("fr", 2000, 1200), ("en", 1800, 1100)]
)
def test_there_are_enough_of_each_and_none_twice(language, positives, negatives):
    examples = EXAMPLES[language]
    flags = [example.flag for example in examples if example.flag]
    assert len(flags) >= positives
    assert len(examples) - len(flags) >= negatives
    assert {flag.category for flag in flags} == set(CATEGORIES)
    assert len({" ".join(words(example.text)) for example in examples}) == len(examples)
