"""The learned layer: what is stored is what is read, and it is never silently absent."""

from __future__ import annotations

import numpy as np
import pytest

from bot.safety.flags import RedFlag
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.grams import BUCKETS, grams
from bot.safety.learned import COLUMNS, LearnedLayer, LearnedModel, LinearModel
from bot.safety.meaning import Net, Reader
from bot.safety.screen import PATTERNS
from bot.safety.text import expand
from tests.safety.test_meaning import PHRASES, made_up_encoder
from tests.safety.test_pieces import DIMENSIONS, made_up_pieces


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar(PATTERNS)


def _reader(**net: float) -> Reader:
    """Give one that takes every message for the same; for nothing at all by default."""
    classes = ("fear:critical", "fear:high", "harmless")
    arrays = {
        "hidden": np.zeros((DIMENSIONS + PHRASES, 1)),
        "hidden.bias": np.zeros(1),
        "out": np.zeros((1, len(classes))),
        "out.bias": np.array([net.get(name.replace(":", "_"), 0.0) for name in classes]),
    }
    return Reader(made_up_encoder(), Net(classes, arrays))


def _model(linear: LinearModel, *readers: Reader) -> LearnedModel:
    return LearnedModel(linear, made_up_pieces(), readers or (_reader(),), thresholds=(0.0, 1.0))


def _linear(weights: np.ndarray, intercepts: float | list[float]) -> LinearModel:
    alike = np.repeat(weights[:, np.newaxis], len(COLUMNS), axis=1).astype(np.int16)
    return LinearModel(
        alike, np.full(len(COLUMNS), 0.001), np.broadcast_to(intercepts, len(COLUMNS))
    )


@pytest.fixture
def model(grammar) -> LearnedModel:
    """Give a model that knows one message: of category fear, critical."""
    known = np.zeros(BUCKETS)
    for block, _ in grams(grammar.chart(expand("il arrive"))):
        known[block] = 300
    said = {"alarm", "critical", "fear"}
    return _model(_linear(known, [-1.5 if name in said else -3.0 for name in COLUMNS]))


@pytest.fixture
def nothing() -> LinearModel:
    return _linear(np.zeros(BUCKETS), 0.0)


@pytest.fixture
def alarmed() -> LearnedLayer:
    """Give a layer that takes every message for an alarm."""
    return LearnedLayer(_model(_linear(np.zeros(BUCKETS), 9.0)))


def test_what_was_stored_is_read_again(model, grammar):
    chart = grammar.chart(expand("il arrive"))
    stored = LearnedModel.of(model.arrays)
    assert stored.scores(chart) == model.scores(chart)
    layer = LearnedLayer(stored)
    assert list(layer.flags(chart)) == [RedFlag("fear", "critical")]
    assert list(layer.flags(grammar.chart(expand("bonjour")))) == []
    assert list(layer.flags(grammar.chart(""))) == []


def test_each_reader_is_stored(nothing, grammar):
    chart = grammar.chart(expand("il arrive"))
    model = _model(nothing, _reader(fear_high=9.0), _reader(harmless=2.0), _reader())
    assert LearnedModel.of(model.arrays).scores(chart) == model.scores(chart)


def test_of_two_readings_both_count(model, grammar):
    layer = LearnedLayer(model)
    known, other = grammar.chart(expand("il arrive")), grammar.chart(expand("bonjour"))
    alone, apart = (model.scores(chart)["fear"] for chart in (known, other))
    assert model.scores(known, other)["fear"] == pytest.approx((alone + apart) / 2)
    assert model.scores(known, other) == model.scores(other, known)
    assert list(layer.flags(other)) == []
    assert list(layer.flags(other, known)) == [RedFlag("fear", "critical")]


def test_a_message_that_may_say_two_things_must_resemble_a_danger_less(grammar):
    # To the reader it is as likely a danger as none.
    layer = LearnedLayer(_model(_linear(np.zeros(BUCKETS), -0.1), _reader(harmless=np.log(2))))
    one, other = grammar.chart(expand("il arrive")), grammar.chart(expand("il arive"))
    assert list(layer.flags(one)) == []
    assert list(layer.flags(one, other))


def test_what_a_message_means_raises_an_alarm_whatever_its_grams(nothing, grammar):
    chart = grammar.chart(expand("il arrive"))
    assert list(LearnedLayer(_model(nothing, _reader(harmless=9.0))).flags(chart)) == []
    high = LearnedLayer(_model(nothing, _reader(fear_high=9.0)))
    assert list(high.flags(chart)) == [RedFlag("fear", "high")]
    critical = LearnedLayer(_model(nothing, _reader(fear_critical=9.0)))
    assert list(critical.flags(chart)) == [RedFlag("fear", "critical")]


def test_the_surer_of_two_readers_decides(nothing, grammar):
    chart = grammar.chart(expand("il arrive"))
    sure, doubtful = _reader(fear_critical=9.0), _reader(harmless=2.0)
    overlooked = LearnedLayer(_model(nothing, doubtful))
    assert list(overlooked.flags(chart)) == []
    for readers in ((sure, doubtful), (doubtful, sure)):
        both = LearnedLayer(_model(nothing, *readers))
        assert list(both.flags(chart)) == [RedFlag("fear", "critical")]


def test_a_long_message_must_resemble_a_danger_more(grammar):
    layer = LearnedLayer(_model(_linear(np.zeros(BUCKETS), 0.5)))
    assert list(layer.flags(grammar.chart(expand("il arrive"))))
    assert list(layer.flags(grammar.chart(expand("il arrive " * 10)))) == []


def test_it_is_sure_only_of_what_is_far_from_an_alarm(grammar):
    chart = grammar.chart(expand("il arrive"))
    near, far = (LearnedLayer(_model(_linear(np.zeros(BUCKETS), score))) for score in (-0.5, -9.0))
    assert not near.sees_no_danger(chart)
    assert far.sees_no_danger(chart)
    assert not far.sees_no_danger(grammar.chart(expand("il m'a")))


def test_it_tells_whom_it_concerns_by_the_people_named(alarmed, grammar):
    (flag,) = alarmed.flags(grammar.chart(expand("il arrive chez ma fille")))
    assert flag.about == "someone_else"


@pytest.mark.parametrize("text", ["il m'a", "il ma", "he will", "elle", "et il", "c'est"])
def test_a_fragment_of_function_words_is_no_alarm(text, alarmed, grammar):
    assert list(alarmed.flags(grammar.chart(expand(text)))) == []


@pytest.mark.parametrize("text", ["il m'a frappé", "il est sur moi", "he was on me", "aide", "😭"])
def test_a_short_message_that_says_something_is_looked_at(text, alarmed, grammar):
    assert list(alarmed.flags(grammar.chart(expand(text))))
