"""How well the safety screen does: figures from the flag that is due and the one that was given.

Pure functions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.safety.flags import RedFlag
from tests.evaluate.shares import Share, share


@dataclass(frozen=True)
class Screened:
    """A message, the flag it should get (None: none) and the one it got."""

    text: str
    expected: RedFlag | None
    got: RedFlag | None

    @property
    def found(self) -> bool:
        """Whether the danger was seen: where an alarm is due, only an alarm counts."""
        if self.expected is None or self.got is None:
            return False
        return self.got.alarms or not self.expected.alarms

    @property
    def alarms(self) -> bool:
        """Whether an alarm was raised, due or not."""
        return self.got is not None and self.got.alarms

    @property
    def too_severe(self) -> int:
        """How many steps too severe the flag is (below 0: not severe enough); 0 without both."""
        if self.expected is None or self.got is None:
            return 0
        return self.expected.rank[0] - self.got.rank[0]

    @property
    def fault(self) -> str | None:
        """What went wrong, the worst alone; None if category and severity are right."""
        if self.expected is None:
            if self.got is None:
                return None
            return "false alarm" if self.got.alarms else "needless task"
        if self.got is None or not self.found:
            return "missed"
        if self.too_severe < 0:
            return "not severe enough"
        if self.too_severe > 0:
            return "too severe" if self.expected.alarms else "over-alarm"
        return "category" if self.got.category != self.expected.category else None


def found(screened: Iterable[Screened]) -> Share:
    """Return the share of the dangers that was seen."""
    return share(screened, lambda case: case.found)


def alarms(screened: Iterable[Screened]) -> Share:
    """Return the share of messages that got a flag of ``high`` or above, due or not."""
    return share(screened, lambda case: case.alarms)


def tasks(screened: Iterable[Screened]) -> Share:
    """Return the share of messages that got a flag of severity ``normal``, due or not."""
    return share(screened, lambda case: case.got is not None and not case.got.alarms)


def category_right(screened: Iterable[Screened]) -> Share:
    """Return the share of right categories among the dangers that got any flag."""
    pairs = _flagged(screened)
    return share(pairs, lambda pair: pair[0].category == pair[1].category)


def severity_right(screened: Iterable[Screened]) -> Share:
    """Return the share of right severities among the dangers that got any flag."""
    pairs = _flagged(screened)
    return share(pairs, lambda pair: pair[0].severity == pair[1].severity)


def of_severity(screened: Iterable[Screened], severity: str) -> list[Screened]:
    """Return the messages that should get this severity."""
    return [case for case in screened if case.expected and case.expected.severity == severity]


def of_category(screened: Iterable[Screened], category: str) -> list[Screened]:
    """Return the messages that should get this category."""
    return [case for case in screened if case.expected and case.expected.category == category]


def exactly(screened: Iterable[Screened], severity: str) -> Share:
    """Return the share of the dangers of a severity that got a flag of this very severity."""
    due = of_severity(screened, severity)
    return share(due, lambda case: case.got is not None and case.got.severity == severity)


def _flagged(screened: Iterable[Screened]) -> list[tuple[RedFlag, RedFlag]]:
    """Return what was due and what was given, of the dangers that got any flag."""
    return [(case.expected, case.got) for case in screened if case.expected and case.got]
