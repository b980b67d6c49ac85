"""What the safety screen can find: categories, severities, whom the danger concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

Severity = Literal["critical", "high", "normal"]
Category = Literal[
    "self_harm",
    "violence",
    "sexual_abuse",
    "exploitation",
    "medical_emergency",
    "basic_needs",
    "missing_child",
    "fear",
]
# Whom the danger concerns: the writer, somebody else, or another child at work or held (where the
# first advice is not to go and fetch the child alone).
About = Literal["self", "someone_else", "working_child"]

# From the worst down.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
# Which category names a message that shows several dangers of the same severity: the first here.
CATEGORIES: tuple[Category, ...] = get_args(Category)


@dataclass(frozen=True)
class RedFlag:
    """A danger seen in a message.

    ``critical``: life, body or freedom at stake now or soon. ``high``: the same day. ``normal``: a
    task for the worker, no crisis reply. ``certain``: said so plainly that nothing may doubt it.
    ``nearly``: the categories that it resembles nearly as much.
    """

    category: Category
    severity: Severity
    about: About = "self"
    certain: bool = field(default=False, compare=False)
    nearly: tuple[Category, ...] = field(default=(), compare=False)

    @property
    def alarms(self) -> bool:
        """Whether the crisis reply goes out."""
        return self.severity != "normal"

    def less_severe_than(self, other: RedFlag) -> bool:
        """Whether the other one is more urgent."""
        return SEVERITIES.index(self.severity) > SEVERITIES.index(other.severity)

    @property
    def rank(self) -> tuple[int, int]:
        """Sort key: the smallest is the flag that counts."""
        return SEVERITIES.index(self.severity), CATEGORIES.index(self.category)


def worst(flags: Iterable[RedFlag]) -> RedFlag | None:
    """Return the flag that counts: the most severe, then the first category; None without any."""
    return min(flags, key=lambda flag: flag.rank, default=None)
