"""The examples of ``nlu/<language>/red_flags.yml``: enough of each, none twice, well screened.

How well messages are screened that nobody trained on: ``tests/dialogue/test_screen_training.py``
and ``tests/evaluate``.
"""

from __future__ import annotations

import pytest

from bot.dialogue.screen_training import DANGER_INTENTS, MIXED_INTENTS
from bot.safety.courtesies import said
from bot.safety.examples import ByEar, Example, read_by_ear, read_examples, read_intents
from bot.safety.flags import CATEGORIES, RedFlag
from bot.safety.grammar import load_grammar
from bot.safety.pattern_layer import PatternLayer
from bot.safety.screen import PATTERNS, Screen
from bot.safety.text import words
from bot.settings import PROJECT

FILES = {file.parent.name: file for file in sorted(PROJECT.glob("nlu/*/red_flags.yml"))}
EXAMPLES = {language: read_examples(file) for language, file in FILES.items()}
BY_EAR = {
    file.parent.name: read_by_ear(file)
    for file in sorted(PROJECT.glob("nlu/*/red_flags_by_ear.yml"))
}
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


def test_nothing_everyday_is_a_danger_said_plainly():
    # Nothing may doubt such a sign: "je veux supprimer mon compte" would be a wish to die.
    grammar = load_grammar(PATTERNS)
    patterns = PatternLayer(grammar)
    examples = [example for of_one in EXAMPLES.values() for example in of_one]
    everyday = {example.text for example in examples}
    for file in sorted(PROJECT.glob("nlu/*/nlu*.yml")):
        for intent, text in read_intents(file):
            # Who is well now may tell what was: over, but no everyday matter.
            if intent not in DANGER_INTENTS | MIXED_INTENTS | {"report_good"}:
                everyday.add(text)
    everyday -= {example.text for example in examples if example.flag or not example.everyday}
    plainly = [
        text
        for text in sorted(everyday)
        if any(flag.certain and flag.alarms for flag in patterns.flags(grammar.chart(said(text))))
    ]
    assert plainly == []


def _alarms(screen: Screen, texts: list[str]) -> float:
    return _share([flag is not None and flag.alarms for flag in map(screen.screen, texts)])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_meant_by_ear_is_a_danger_or_none_as_it_says(screen, language):
    dangers = [pair.meant.text for pair in BY_EAR[language] if pair.meant.flag]
    others = [pair.meant.text for pair in BY_EAR[language] if not pair.meant.flag]
    assert _alarms(screen, dangers) >= 0.98
    assert _alarms(screen, others) <= 0.05


@pytest.mark.parametrize("language", ["fr", "en"])
def test_messages_by_ear_are_many_and_none_stands_twice(language):
    pairs = BY_EAR[language]
    assert len(pairs) >= 500
    assert {pair.meant.flag.category for pair in pairs if pair.meant.flag} == set(CATEGORIES)
    assert len({" ".join(words(pair.typed)) for pair in pairs}) == len(pairs)


def test_messages_by_ear_are_read_beside_what_they_mean(tmp_path):
    file = tmp_path / "red_flags_by_ear.yml"
    file.write_text(
        "positives: {fear: {high: [{typed: jé per, meant: j'ai peur}]}}\n"
        "negatives: {everyday: [{typed: bonjou, meant: bonjour}]}\n",
        encoding="utf-8",
    )
    assert read_by_ear(file) == [
        ByEar("jé per", Example("j'ai peur", RedFlag("fear", "high"))),
        ByEar("bonjou", Example("bonjour", None, everyday=True)),
    ]
