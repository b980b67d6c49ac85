"""When two examples are one: the same once folded, or so alike that they count once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Shares more of its pieces than this with one that was counted: a near-duplicate.
NEAR = 0.8
_PIECE = 4


def fold(text: str) -> str:
    """Take off case, accents and punctuation; an emoji stays."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    kept = (
        " " if unicodedata.category(letter)[0] in "PZC" else letter
        for letter in decomposed
        if unicodedata.category(letter) != "Mn"
    )
    return " ".join("".join(kept).split())


def count_different(texts: Iterable[str], *, up_to: int) -> int:
    """Count examples that differ from all counted before, and stop at ``up_to``."""
    counted: list[frozenset[str]] = []
    for text in texts:
        if len(counted) == up_to:
            break
        pieces = _pieces(text)
        if all(_share(pieces, other) <= NEAR for other in counted):
            counted.append(pieces)
    return len(counted)


def _pieces(text: str) -> frozenset[str]:
    padded = f"  {re.sub(r'[0-9]', '0', fold(text))}  "
    return frozenset(padded[at : at + _PIECE] for at in range(len(padded) - _PIECE + 1))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
