"""How somebody has been over time: five faces for the week and for sleep, 5 is best."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.engine import Connection, Row

from bot.console.chart import Chart, draw_scores
from bot.followup.checkins import LOW, checkins_of

# Half a year of weekly news.
_SHOWN = 26
_BEST = 5


@dataclass(frozen=True)
class Wellbeing:
    """The drawing and the same as rows, newest first. ``low_count``: how many had a low face."""

    chart: Chart
    rows: tuple[Row, ...]
    low_count: int

    @property
    def latest(self) -> Row:
        """The newest check-in with a score."""
        return self.rows[0]


def wellbeing_of(connection: Connection, person_id: int, now: datetime) -> Wellbeing | None:
    """Return how a person has been; None where nobody knows."""
    rows = [
        row
        for row in checkins_of(connection, person_id, _SHOWN)
        if row.week is not None or row.sleep is not None
    ]
    chart = draw_scores(
        [(name, _scores(rows, name)) for name in ("week", "sleep")],
        low=LOW,
        highest=_BEST,
        now=now,
    )
    if chart is None:
        return None
    low = [row for row in rows if min(row.week or _BEST, row.sleep or _BEST) <= LOW]
    return Wellbeing(chart, tuple(rows), len(low))


def _scores(rows: list[Row], name: str) -> list[tuple[datetime, int]]:
    oldest_first = reversed(rows)
    return [(row.at, row[name]) for row in oldest_first if row[name] is not None]
