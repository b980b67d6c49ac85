"""What a message means: the vector of each, whatever stands beside it, and what a net says."""

from __future__ import annotations

import numpy as np
import pytest

from bot.safety.meaning import BRANCHES, Encoder, Net
from tests.safety.test_pieces import DIMENSIONS, made_up_pieces

PHRASES = 3


def made_up_encoder() -> Encoder:
    """Give an encoder of few numbers, drawn at random but always the same."""
    random = np.random.default_rng(0)

    def draw(size) -> np.ndarray:
        return random.normal(scale=0.3, size=size)

    narrow, wide = 2 * len(BRANCHES), DIMENSIONS + 2 * len(BRANCHES)
    arrays = {
        "narrow": draw((DIMENSIONS, narrow)),
        "narrow.bias": draw(narrow),
        "narrow.gain": np.ones(narrow),
        "narrow.shift": np.zeros(narrow),
        "read.gain": np.ones(wide),
        "read.shift": np.zeros(wide),
        "whole": draw((wide, DIMENSIONS)),
        "whole.bias": draw(DIMENSIONS),
        "phrase": draw((wide, PHRASES)),
        "phrase.bias": draw(PHRASES),
    }
    for reach, _ in BRANCHES:
        for step in "ab":
            arrays[f"branch{reach}{step}"] = draw((2 * reach, 2))
            arrays[f"branch{reach}{step}.bias"] = draw(2)
    for name in ("top1", "top2", "top3", "top4", "past1", "past2"):
        arrays[name] = draw((DIMENSIONS, DIMENSIONS))
    return Encoder(arrays)


MESSAGES = tuple(
    made_up_pieces().embed(words)
    for words in (
        [],
        ["il"],
        ["😭"],
        ["il", "frappe"],
        ["frappe", "il"],
        ["il", "frappe"] * 100,
    )
)


def test_the_vector_of_the_whole_has_length_1_and_the_order_of_words_counts():
    vectors = made_up_encoder().encode(MESSAGES)[:, :DIMENSIONS]
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1)
    assert not np.allclose(vectors[3], vectors[4])


def test_what_stands_out_does_so_wherever_it_stands_in_a_long_message():
    begin, il, end = made_up_pieces().embed(["il"])
    (_, frappe, _) = made_up_pieces().embed(["frappe"])

    def phrases(*middle: np.ndarray) -> np.ndarray:
        return made_up_encoder().encode([np.array([begin, *middle, end])])[0, DIMENSIONS:]

    # So far from both ends that it is read together with none.
    early, late = phrases(*[il] * 9, frappe, *[il] * 40), phrases(*[il] * 40, frappe, *[il] * 9)
    assert np.allclose(early, late, atol=1e-5)
    assert not np.allclose(early, phrases(*[il] * 50), atol=1e-5)
    # What is said again and again does not add up.
    assert np.allclose(phrases(*[il] * 20), phrases(*[il] * 50), atol=1e-5)


def test_a_message_means_the_same_alone_and_among_others():
    encoder = made_up_encoder()
    alone = np.concatenate([encoder.encode([message]) for message in MESSAGES])
    assert np.allclose(encoder.encode(MESSAGES), alone, atol=1e-5)


def test_whole_numbers_stand_for_what_their_scale_says():
    encoder = made_up_encoder()
    top = encoder.arrays["top4"]
    scale = np.array([1, 2, 3, 4])
    scaled = Encoder({**encoder.arrays, "top4": top / scale, "top4.scale": scale})
    assert np.allclose(scaled.encode(MESSAGES), encoder.encode(MESSAGES), atol=1e-5)


def test_a_net_gives_probabilities_for_one_vector_and_for_several():
    net = Net(
        ("fear:high", "harmless"),
        {
            "hidden": np.eye(2),
            "hidden.bias": np.zeros(2),
            "out": np.eye(2),
            "out.bias": np.zeros(2),
        },
    )
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    several = net.probabilities(vectors)
    assert several.sum(1) == pytest.approx(1)
    assert several[0, 0] > several[0, 1]
    assert net.probabilities(vectors[0]) == pytest.approx(several[0])
