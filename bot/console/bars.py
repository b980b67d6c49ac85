"""Counts over time as the geometry of stacked bars: the template makes SVG of it.

No library, as in ``bot.console.chart``. Units are those of a grid of ``WIDTH`` by ``HEIGHT``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 634, 12, 180
# Of its share of the width, a bar takes so much.
_FULL = 0.72
_WIDEST = 48
_LABELS = 6
_LEVELS = 4


@dataclass(frozen=True)
class Part:
    """One colour of a bar."""

    name: str
    y: float
    height: float
    count: int


@dataclass(frozen=True)
class Bar:
    """One day or week. ``label``: whether its date is written below."""

    x: float
    first: date
    parts: tuple[Part, ...]
    label: bool

    @property
    def total(self) -> int:
        """What it counts in all."""
        return sum(part.count for part in self.parts)


@dataclass(frozen=True)
class Bars:
    """A drawing. ``levels`` are (count, y), the highest first; every so many bars has a label."""

    bars: tuple[Bar, ...]
    levels: tuple[tuple[int, float], ...]
    bar_width: float
    every: int
    left: float = _LEFT
    right: float = _RIGHT
    bottom: float = _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


Counts = Sequence[tuple[date, Mapping[str, int]]]


def draw_bars(counts: Counts, names: Sequence[str]) -> Bars | None:
    """Return the drawing of counts, oldest first; None where nothing was counted.

    Args:
        names: of the parts of each bar, the lowest first.
    """
    highest = max((sum(each.values()) for _first, each in counts), default=0)
    if highest == 0:
        return None
    step = _step(highest)
    top = -(-highest // step) * step
    share = (_RIGHT - _LEFT) / len(counts)
    width = round(min(share * _FULL, _WIDEST), 1)
    every = -(-len(counts) // _LABELS)

    def y_of(count: int) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * count / top, 1)

    def parts_of(each: Mapping[str, int]) -> tuple[Part, ...]:
        below, parts = 0, []
        for name in names:
            count = each.get(name, 0)
            if count:
                height = round(y_of(below) - y_of(below + count), 1)
                parts.append(Part(name, y_of(below + count), height, count))
            below += count
        return tuple(parts)

    bars = [
        Bar(
            x=round(_LEFT + share * (number + 0.5) - width / 2, 1),
            first=first,
            parts=parts_of(each),
            # Counted from the newest, which is always written.
            label=(len(counts) - 1 - number) % every == 0,
        )
        for number, (first, each) in enumerate(counts)
    ]
    levels = [(count, y_of(count)) for count in range(top, -1, -step)]
    return Bars(tuple(bars), tuple(levels), width, every)


def _step(highest: int) -> int:
    """Return a round distance between levels: 1, 2, 5, 10, 20, ..."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * _LEVELS >= highest:
                return factor * size
        size *= 10
