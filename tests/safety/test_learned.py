"""The learned layer: what is stored is what is read, and it is never silently absent."""

from __future__ import annotations

from array import array

import pytest

from bot.safety.flags import RedFlag
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.grams import BUCKETS, grams
from bot.safety.learned import (
    COLUMNS,
    LEARNED,
    Column,
    LearnedLayer,
    LearnedModel,
    NoLearnedLayer,
    load_learned_layer,
)
from bot.safety.screen import PATTERNS, load_screen
from bot.safety.text import expand


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar(PATTERNS)


@pytest.fixture
def model(grammar) -> LearnedModel:
    """Give a model that knows one message: of category fear, critical."""
    known = array("h", bytes(2 * BUCKETS))
    for block, _ in grams(grammar.chart(expand("il arrive"))):
        for bucket in block:
            known[bucket] = 300
    yes, no = Column(known, 0.001, -1.0), Column(known, 0.001, -2.0)
    said = {"alarm", "critical", "fear"}
    return LearnedModel({name: yes if name in said else no for name in COLUMNS})


@pytest.fixture
def file(model, tmp_path):
    path = tmp_path / f"{LEARNED.prefix}x{LEARNED.suffix}"
    model.save(path)
    return path


def test_what_was_stored_is_read_again(model, file, tmp_path, grammar):
    assert LearnedModel.load(file) == model
    layer = load_learned_layer(tmp_path)
    assert list(layer.flags(grammar.chart(expand("il arrive")))) == [RedFlag("fear", "critical")]
    assert list(layer.flags(grammar.chart(expand("bonjour")))) == []
    assert list(layer.flags(grammar.chart(""))) == []


def test_it_tells_whom_it_concerns_by_the_people_named(model, grammar):
    (flag,) = LearnedLayer(model).flags(grammar.chart(expand("il arrive chez ma fille")))
    assert flag.about == "someone_else"


@pytest.mark.parametrize("text", ["il m'a", "il ma", "he will", "elle", "et il", "c'est"])
def test_a_fragment_of_function_words_is_no_alarm(text, grammar):
    alarmed = Column(array("h", bytes(2 * BUCKETS)), 1.0, 1.0)
    layer = LearnedLayer(LearnedModel(dict.fromkeys(COLUMNS, alarmed)))
    assert list(layer.flags(grammar.chart(expand(text)))) == []


@pytest.mark.parametrize("text", ["il m'a frappé", "il est sur moi", "he was on me", "aide", "😭"])
def test_a_short_message_that_says_something_is_looked_at(text, grammar):
    alarmed = Column(array("h", bytes(2 * BUCKETS)), 1.0, 1.0)
    layer = LearnedLayer(LearnedModel(dict.fromkeys(COLUMNS, alarmed)))
    assert list(layer.flags(grammar.chart(expand(text))))


def test_a_screen_without_its_learned_layer_is_refused(tmp_path):
    with pytest.raises(NoLearnedLayer):
        load_screen(tmp_path)


def test_a_layer_trained_on_other_grams_is_refused(file):
    head, _, weights = file.read_bytes().partition(b"\n")
    file.write_bytes(head.replace(b'"reads": "', b'"reads": "0') + b"\n" + weights)
    with pytest.raises(NoLearnedLayer):
        load_screen(file.parent)
