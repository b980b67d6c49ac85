"""Greetings, pleas and thanks as people put them around what they say, to learn what says nothing.

``bot.safety.courtesies`` takes away the commonest; of what people say for politeness there is no
end, and whoever learned from messages that mostly go without took the rest for what is meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

FILE = "courtesies.yml"
# What courtesies alone say.
INTENTS = frozenset({"greet", "goodbye", "thank"})


@dataclass(frozen=True)
class Courtesies:
    """What is put before a message, and what behind it."""

    before: tuple[str, ...]
    behind: tuple[str, ...]

    def around(self, text: str, random: np.random.Generator) -> str:
        """Return a message with a courtesy before it, behind it, or both."""
        before = self.before[random.integers(len(self.before))]
        behind = self.behind[random.integers(len(self.behind))]
        return (f"{before} {text}", f"{text} {behind}", f"{before} {text} {behind}")[
            random.integers(3)
        ]


def read_courtesies(path: Path) -> Courtesies:
    """Read a file of courtesies: lists under ``before`` and ``behind``."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Courtesies(tuple(read["before"]), tuple(read["behind"]))
