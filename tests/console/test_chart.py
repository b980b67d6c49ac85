"""Scores over time as a drawing."""

from datetime import timedelta

from bot.console.chart import draw_scores

WEEK = timedelta(weeks=1)


def _draw(now, *weeks_and_scores):
    scores = [(now - weeks * WEEK, score) for weeks, score in weeks_and_scores]
    return draw_scores([("week", scores)], low=2, highest=5, now=now)


def test_nothing_known_is_no_drawing(now):
    assert _draw(now) is None


def test_better_stands_higher_and_later_further_right(now):
    chart = _draw(now, (2, 1), (1, 3), (0, 5))
    (curve,) = chart.curves
    xs, ys = [dot.x for dot in curve.dots], [dot.y for dot in curve.dots]
    assert xs == sorted(set(xs))
    assert ys == sorted(set(ys), reverse=True)
    assert xs[-1] == chart.right
    assert (ys[0], dict(chart.levels)[1]) == (chart.bottom, chart.bottom)


def test_the_threshold_stands_at_its_level_and_what_touches_it_is_low(now):
    chart = _draw(now, (2, 2), (1, 3), (0, 1))
    assert chart.low_y == dict(chart.levels)[2]
    assert [dot.low for dot in chart.curves[0].dots] == [True, False, True]


def test_a_long_silence_is_a_gap_and_no_line(now):
    assert len(_draw(now, (6, 3), (5, 3), (1, 3), (0, 3)).curves[0].lines) == 2
    assert len(_draw(now, (3, 3), (2, 3), (1, 3), (0, 3)).curves[0].lines) == 1
    assert len(_draw(now, (8, 3), (4, 3), (0, 3)).curves[0].lines) == 0


def test_one_score_is_a_dot_inside_the_drawing(now):
    chart = _draw(now, (0, 4))
    (dot,) = chart.curves[0].dots
    assert chart.left <= dot.x <= chart.right
    assert chart.curves[0].lines == ()


def test_the_silence_up_to_now_is_seen(now):
    chart = _draw(now, (10, 4), (9, 4))
    assert max(dot.x for dot in chart.curves[0].dots) < chart.right / 4
    assert chart.ticks[-1].at == now
