"""What a message may say besides what was typed, if it was written by ear."""

from __future__ import annotations

from collections.abc import Callable

from bot.i18n.identify import surely_written_in_none_of
from bot.safety.respelling import LANGUAGES


def second_reading(text: str, written: str, respell: Callable[[str], str]) -> str | None:
    """Return how a message is read a second time, or None: most are read once.

    What is surely in another language is not: whatever became of it is not what it says.

    Args:
        text: the message as it was typed.
        written: what ``text.expand`` makes of it, with its courtesies or without.
        respell: gives what was written by ear as school spells it, all else as it is.
    """
    spelt = respell(written)
    if spelt == written or surely_written_in_none_of(LANGUAGES, text):
        return None
    return spelt
