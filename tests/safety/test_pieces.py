"""Words are cut into the likeliest pieces, letters nobody knows included."""

from __future__ import annotations

import numpy as np
import pytest

from bot.safety.pieces import BEGIN, END, UNKNOWN, Pieces

PIECES = ("<unk>", "<s>", "</s>", "▁", "▁il", "▁frappe", "▁fra", "ppe", "p", "e")
LIKELIHOODS = (0, 0, 0, -3, -4, -9, -8, -8, -6, -6)
DIMENSIONS = 4


def made_up_pieces() -> Pieces:
    """Give few pieces, with vectors of few numbers."""
    return Pieces(
        {
            "pieces": np.array("\n".join(PIECES)),
            "likelihoods": np.array(LIKELIHOODS, np.float16),
            "table": np.arange(len(PIECES) * DIMENSIONS, dtype=np.uint8).reshape(-1, DIMENSIONS)
            % 7,
            "spread": np.ones((len(PIECES), 1)),
            "middle": np.full((len(PIECES), 1), -3.0),
        }
    )


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        ([], []),
        (["il"], ["▁il"]),
        (["frappe"], ["▁frappe"]),
        (["frap"], ["▁fra", "p"]),
        (["il", "frappee"], ["▁il", "▁frappe", "e"]),
    ],
)
def test_a_word_is_cut_into_the_likeliest_pieces(words, pieces):
    numbers = made_up_pieces().cut(words)
    assert [PIECES[number] for number in numbers] == ["<s>", *pieces, "</s>"]


def test_letters_that_nobody_knows_are_passed_over():
    numbers = made_up_pieces().cut(["😭", "fraz"])
    start, fra = PIECES.index("▁"), PIECES.index("▁fra")
    assert numbers == [BEGIN, start, UNKNOWN, fra, UNKNOWN, END]


def test_the_vectors_of_a_message_are_those_of_its_pieces_in_steps_from_the_middle():
    pieces = made_up_pieces()
    begin, il, end = pieces.embed(["il"])
    assert begin.tolist() == [1, 2, 3, -3]
    assert il.tolist() == [-1, 0, 1, 2]
    assert end.tolist() == [-2, -1, 0, 1]
