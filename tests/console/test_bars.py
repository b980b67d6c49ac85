"""Counts as the geometry of stacked bars."""

from datetime import date, timedelta

import pytest

from bot.console.bars import draw_bars

MONDAY = date(2026, 11, 23)


def _drawn(*counts):
    days = [(MONDAY + timedelta(days=n), each) for n, each in enumerate(counts)]
    return draw_bars(days, ("critical", "high"))


def test_nothing_counted_is_no_drawing():
    assert _drawn({}, {}) is None


def test_parts_stand_on_each_other_and_reach_as_high_as_their_count():
    chart = _drawn({"critical": 1, "high": 3}, {})
    level = dict(chart.levels)
    low, high = chart.bars[0].parts
    assert (low.name, low.y, low.y + low.height) == ("critical", level[1], level[0])
    assert (high.name, high.y, high.y + high.height) == ("high", level[4], level[1])
    assert (chart.bars[0].total, chart.bars[1].parts) == (4, ())


@pytest.mark.parametrize(
    ("highest", "levels"),
    [(1, [1, 0]), (4, [4, 3, 2, 1, 0]), (7, [8, 6, 4, 2, 0]), (90, [100, 50, 0])],
)
def test_levels_are_round_numbers(highest, levels):
    assert [count for count, _y in _drawn({"high": highest}).levels] == levels


def test_everything_stays_within_the_drawing_and_few_dates_are_written():
    chart = _drawn(*({"critical": n, "high": 1} for n in range(30)))
    for bar in chart.bars:
        assert chart.left <= bar.x <= bar.x + chart.bar_width <= chart.right
        assert all(part.y >= 0 and part.height > 0 for part in bar.parts)
    assert sum(bar.label for bar in chart.bars) <= 6
    assert chart.bars[-1].label
