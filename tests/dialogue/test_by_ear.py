"""Sentences written by ear: as people write them, with one writer's habits, the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from bot.dialogue.by_ear import by_ear


def _writers(text: str, language: str, writers: int = 300) -> list[str]:
    return [by_ear(text, language, np.random.default_rng(writer)) for writer in range(writers)]


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("fr", "quand", "kan"),
        ("fr", "argent", "arjan"),
        ("fr", "beaucoup", "bokou"),
        ("fr", "j ai mal", "je mal"),
        ("fr", "il m a frappe", "i ma frap"),
        ("en", "the night", "de nait"),
        ("en", "nothing", "notin"),
        ("en", "my brother", "mi brota"),
        ("en", "he is coming", "heis komin"),
    ],
)
def test_somebody_writes_it_so(language, text, written):
    assert written in _writers(text, language)


def test_one_sound_is_written_alike_throughout_a_message():
    for written in _writers("qui que quoi", "fr"):
        assert "k" not in written or "q" not in written


def test_no_word_is_lost():
    for written in _writers("et x est h s es les", "fr"):
        assert written.replace(" ", "")
        assert len(written.replace(" ", "")) >= len(["et", "x", "est", "h", "s", "es", "les"])


def test_a_pause_stands_alone():
    for written in _writers("il a mal , il pleure .", "fr"):
        assert " , " in f" {written} "
        assert written.endswith(" .")


def test_the_same_writer_writes_the_same():
    assert _writers("on m a enferme", "fr") == _writers("on m a enferme", "fr")


def test_a_language_without_rules_is_not_written_by_ear():
    with pytest.raises(KeyError):
        by_ear("n be taa", "dyu", np.random.default_rng(0))
