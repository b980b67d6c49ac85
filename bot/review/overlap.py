"""When two sentences are one: the same words once spelling, digits and punctuation do not count."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.safety.text import expand, words

_DIGITS = re.compile(r"\d+")


def same_wording(text: str) -> str:
    """Return what is left when spelling, digits and punctuation do not count."""
    return " ".join(words(_DIGITS.sub(" ", expand(text))))


def overlapping(heldout: Iterable[str], training: Iterable[str]) -> list[str]:
    """Return the held-out messages that are worded as a training sentence."""
    trained = set(map(same_wording, training)) - {""}
    return [text for text in heldout if same_wording(text) in trained]


def is_short(text: str) -> bool:
    """Whether a message has two words at most: there "stop" can only be written "stop"."""
    return len(words(text)) <= 2
