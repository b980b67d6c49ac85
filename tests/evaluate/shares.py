"""So many of so many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

Case = TypeVar("Case")


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share, from 0 to 1; of nothing, 0."""
        return self.count / self.of if self.of else 0.0


def share(cases: Iterable[Case], holds: Callable[[Case], bool]) -> Share:
    """Return the share of the cases for which ``holds`` does."""
    answers = [holds(case) for case in cases]
    return Share(sum(answers), len(answers))
