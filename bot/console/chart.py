"""Scores over time as the geometry of a drawing: the template makes SVG of it, the server alone.

No library: a drawing of two lines needs none, and what draws in the browser would weigh more than
the page. Units are those of the drawing's own grid of ``WIDTH`` by ``HEIGHT``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

WIDTH, HEIGHT = 480, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 466, 16, 190
# A silence longer than this is drawn as a gap: nothing is known of it.
_GAP = timedelta(days=21)
# So that a single point does not stand at the edge.
_SHORTEST_SPAN = timedelta(days=28)
_TICKS = 4


@dataclass(frozen=True)
class Dot:
    """One score. ``low``: at the threshold or below."""

    x: float
    y: float
    low: bool


@dataclass(frozen=True)
class Curve:
    """The scores of one question: the dots, and the lines (``points`` of SVG) between them."""

    name: str
    dots: tuple[Dot, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Tick:
    """A place on the axis of time. ``anchor``: on which side of it its label stands."""

    x: float
    at: datetime
    anchor: str


@dataclass(frozen=True)
class Chart:
    """A drawing. ``levels`` are (score, y), the highest first; ``low_y`` is the threshold."""

    curves: tuple[Curve, ...]
    levels: tuple[tuple[int, float], ...]
    ticks: tuple[Tick, ...]
    low_y: float
    left: float = _LEFT
    right: float = _RIGHT
    bottom: float = _BOTTOM
    width: int = WIDTH
    height: int = HEIGHT


Scores = Sequence[tuple[datetime, int]]


def draw_scores(
    named: Sequence[tuple[str, Scores]], *, low: int, highest: int, now: datetime
) -> Chart | None:
    """Return the drawing of scores from 1 to ``highest`` up to now; None without any score.

    Args:
        named: the name of each curve and its scores, oldest first.
        low: the threshold.
    """
    moments = [at for _name, scores in named for at, _score in scores]
    if not moments:
        return None
    start = min(min(moments), now - _SHORTEST_SPAN)
    span = (now - start).total_seconds()

    def x_of(at: datetime) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (at - start).total_seconds() / span, 1)

    def y_of(score: int) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * (score - 1) / (highest - 1), 1)

    def curve(name: str, scores: Scores) -> Curve:
        dots = tuple(Dot(x_of(at), y_of(score), score <= low) for at, score in scores)
        runs = _runs([at for at, _score in scores])
        lines = (" ".join(f"{dot.x},{dot.y}" for dot in dots[run]) for run in runs)
        return Curve(name, dots, tuple(line for line in lines if " " in line))

    steps = [start + (now - start) * step / (_TICKS - 1) for step in range(_TICKS)]
    anchors = ("start", *("middle",) * (_TICKS - 2), "end")
    return Chart(
        curves=tuple(curve(name, scores) for name, scores in named),
        levels=tuple((score, y_of(score)) for score in range(highest, 0, -1)),
        ticks=tuple(Tick(x_of(at), at, a) for at, a in zip(steps, anchors, strict=True)),
        low_y=y_of(low),
    )


def _runs(moments: Sequence[datetime]) -> list[slice]:
    """Return the parts without a gap."""
    breaks = [
        index for index in range(1, len(moments)) if moments[index] - moments[index - 1] > _GAP
    ]
    edges = [0, *breaks, len(moments)]
    return [slice(first, last) for first, last in pairwise(edges)]
