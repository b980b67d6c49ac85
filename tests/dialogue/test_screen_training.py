"""Training of the screen's learned layer: it generalises, and gives the same file twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from re import sub

import numpy as np
import pytest

from bot.dialogue.politeness import Courtesies
from bot.dialogue.screen_training import (
    TAUGHT,
    Sample,
    _joined,
    _polite,
    fit,
    given_with,
    must_learn,
    read_samples,
    spelt,
    spelt_again,
    taught_courtesies,
    train_screen,
    written_by_ear,
)
from bot.safety.courtesies import said
from bot.safety.grammar import Grammar, load_grammar
from bot.safety.learned import LearnedLayer, LearnedModel
from bot.safety.screen import PATTERNS
from bot.safety.trained_file import TRAINED_SCREEN, TrainedScreen
from bot.settings import PROJECT, Settings


@pytest.fixture(scope="module")
def grammar() -> Grammar:
    return load_grammar(PATTERNS)


@pytest.fixture(scope="module")
def samples(grammar) -> list[Sample]:
    """Give an eighth of all sentences, of every kind."""
    return read_samples(PROJECT / "nlu", grammar)[::8]


@pytest.fixture(scope="module")
def unseen(samples) -> tuple[LearnedModel, list[Sample]]:
    """Give a model of a third of the sentences, and some of the others."""
    some = samples[1::3]
    respell = spelt(some, PROJECT / "nlu").respell
    return fit(some, respell, taught_courtesies(PROJECT / "nlu")), samples[::6]


def _alarms(model: LearnedModel, samples: Sequence[Sample]) -> float:
    layer = LearnedLayer(model)
    return sum(any(layer.flags(sample.chart)) for sample in samples) / len(samples)


def test_dangers_it_was_not_trained_on_are_seen(unseen):
    model, others = unseen
    assert _alarms(model, [s for s in others if s.alarms]) >= 0.45


def test_dangers_it_was_not_trained_on_are_seen_when_written_by_ear(unseen):
    model, others = unseen
    random = np.random.default_rng(0)
    dangers = [s for s in others if s.alarms and s.language in TAUGHT]
    assert _alarms(model, [written_by_ear(s, random) for s in dangers]) >= 0.3


def test_what_is_no_danger_and_was_not_trained_on_raises_few_alarms(unseen):
    model, others = unseen
    harmless = [s for s in others if s.flag is None]
    # A small model takes feeling for a danger more often than the one in service.
    assert _alarms(model, [s for s in harmless if not s.hard]) <= 0.035
    assert _alarms(model, [s for s in harmless if s.hard]) <= 0.15


def test_two_harmless_bubbles_of_one_minute_raise_few_alarms(unseen):
    model, others = unseen
    everyday = [s for s in others if s.flag is None and not s.hard and s.language in TAUGHT]
    pairs = [
        replace(first, text=f"{first.text} {then.text}")
        for first, then in pairwise(everyday)
        if first.language == then.language
    ]
    assert _alarms(model, pairs) <= 0.06


def test_some_short_sentences_are_learned_beside_an_everyday_one_and_mean_the_same(samples):
    joined = list(_joined(samples, np.random.default_rng(0)))
    taught = [sample for sample in samples if sample.language in TAUGHT]
    assert 0.04 < len(joined) / len(taught) < 0.08
    texts = {sample.text: sample for sample in taught}
    everyday = {s.text for s in taught if s.flag is None and not s.hard}
    for sample in joined:
        assert sample.text not in texts
        # Either may be the everyday one, where both are.
        assert any(
            one in texts
            and beside in everyday
            and (texts[one].flag, texts[one].hard) == (sample.flag, sample.hard)
            for first, then in _halves(sample.text)
            for one, beside in ((first, then), (then, first))
        ), sample.text
    assert any(sample.alarms for sample in joined)


def test_some_sentences_are_learned_politely_and_mean_the_same(samples):
    courtesies = {"fr": Courtesies(("silvouplè tata", "bonjour"), ("on est trop ensemble",))}
    polite = list(_polite(samples, courtesies, np.random.default_rng(0)))
    # Written out once more: "c est" becomes "c est est".
    french = {said(sample.text): sample for sample in samples if sample.language == "fr"}
    assert 0.03 < len(polite) / len(french) < 0.06
    around = [s for s in polite if "silvouple tata" in s.text or "trop ensemble" in s.text]
    assert len(around) > 0.9 * len(polite)
    assert any(sample.alarms for sample in around)
    bare = [
        s.text.removeprefix("silvouple tata ").removesuffix(" on est trop ensemble") for s in around
    ]
    # Of a sentence that is a courtesy itself only the one around it is left.
    known = [(text, sample) for text, sample in zip(bare, around, strict=True) if text in french]
    assert len(known) > 0.95 * len(around)
    for text, sample in known:
        assert replace(sample, text="") == replace(french[text], text="")


def _halves(text: str) -> list[tuple[str, str]]:
    words = text.split()
    return [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]


def test_what_is_asked_for_is_learned_of_what_is_no_danger(unseen, samples):
    model, _ = unseen
    asked = {s.intent for s in samples if s.flag is None and not s.hard and s.intent}
    assert {"ask_payment", "report_bad", "ask_shelter"} <= asked
    for reader in model.readers:
        assert {f"harmless:{intent}" for intent in asked} <= set(reader.net.classes)


def test_what_is_written_by_ear_is_learned_as_it_is_typed_and_as_it_is_spelt(tmp_path, grammar):
    file = tmp_path / "fr" / "red_flags_by_ear.yml"
    file.parent.mkdir()
    file.write_text(
        "positives: {fear: {high: [{typed: jé per, meant: j'ai peur}]}}\n"
        "negatives: {everyday: [{typed: le mach fini, meant: le match fini}]}\n",
        encoding="utf-8",
    )
    assert [(s.text, s.alarms) for s in read_samples(tmp_path, grammar)] == [
        ("j ai peur", True),
        ("j ai per", True),
        ("le match fini", False),
        ("le mach fini", False),
    ]


def test_what_is_typed_by_ear_is_no_spelling(tmp_path, grammar):
    for language in TAUGHT:
        (tmp_path / language).mkdir()
        (tmp_path / language / "red_flags_by_ear.yml").write_text(
            "positives: {self_harm: {high: [{typed: jeveu dormi, meant: je veux dormir}]}}\n",
            encoding="utf-8",
        )
    texts = ["jeveu dormi", "je veux dormir"] * 30
    some = [Sample("fr", text, grammar, None, hard=False) for text in texts]
    assert set(spelt(some, tmp_path).usages["fr"].words) >= {"je", "veux", "dormir"}
    assert "jeveu" not in spelt(some, tmp_path).usages["fr"].words


def test_what_is_read_in_a_second_way_is_learned_so(samples):
    typed = [replace(samples[0], text="jai per"), replace(samples[0], text="j ai faim")]
    assert list(spelt_again(typed, partial(sub, "per", "peur"))) == [
        replace(samples[0], text="jai peur")
    ]


def test_what_is_written_by_ear_is_learned_as_it_is_spelt_again_too(samples):
    model = fit(samples[::64], partial(sub, "^", "universidade "), {})
    # A rare word is known as one piece where some message has it, else as several.
    begin, *pieces, end = model.pieces.cut(["universidade"])
    assert len(pieces) == 1


def test_the_same_examples_give_the_same_file(samples, tmp_path):
    for name in "ab":
        some = samples[::16]
        respelling = spelt(some, PROJECT / "nlu")
        model = fit(some, respelling.respell, taught_courtesies(PROJECT / "nlu"))
        TrainedScreen(respelling, model).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_what_comes_with_the_project_is_taken_where_it_is_of_todays_files(tmp_path):
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    given = given_with(project)
    settings = Settings(database_url="sqlite://", secret_keys=(), model_path=elsewhere)
    assert must_learn(settings, project)
    given.parent.mkdir(parents=True)
    given.write_bytes(b"numbers")
    assert not must_learn(settings, project)
    assert train_screen(settings, project=project).read_bytes() == b"numbers"
    assert [path.name for path in elsewhere.iterdir()] == [given.name]


def test_what_is_current_is_not_trained_again(trained_screen):
    file = TRAINED_SCREEN.file(trained_screen, PROJECT)
    before = file.stat().st_mtime_ns
    settings = Settings(database_url="sqlite://", secret_keys=(), model_path=trained_screen)
    assert train_screen(settings) == file
    assert file.stat().st_mtime_ns == before
